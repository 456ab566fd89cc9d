{#- Who are the 50 hottest leads now, and why?
    Read: start at the top. Points come first, since they fade when a user goes quiet. For equal
    points, product-qualified leads come first, then the newer qualification, then the higher
    milestone score. reason says what the score is made of; points_action and milestone_action say
    what each scheme recommends; account_pql_count is the number of product-qualified leads in the
    account: one call may do for all of them.
    Pitfall: "now" is scored_at, the end of the data. The milestone score never fades: a lead may
    have qualified long ago and left. The two schemes may disagree, and neither is a probability to
    buy. Fit uses the current plan: a user who already pays is a customer to grow, not a lead to
    win. -#}
with

scores as (

    select
        user_id,
        account_id,
        signed_up_at,
        scored_at,
        milestone_score,
        milestone_band,
        milestone_action,
        is_pql,
        qualified_at,
        points_score,
        behavior_points,
        fit_points,
        points_band,
        points_action
    from {{ ref('pql_scores') }}

),

account_leads as (

    select
        account_id,
        count(*) as account_pql_count
    from scores
    where is_pql and account_id is not null
    group by account_id

),

ranked_leads as (

    select
        scores.*,
        coalesce(account_leads.account_pql_count, 0) as account_pql_count,
        row_number() over (
            order by
                scores.points_score desc,
                case when scores.is_pql then 0 else 1 end,
                scores.qualified_at desc nulls last,
                scores.milestone_score desc,
                scores.user_id asc
        ) as lead_rank
    from scores
    left join account_leads on scores.account_id = account_leads.account_id

),

hottest_leads as (

    select
        lead_rank,
        user_id,
        account_id,
        account_pql_count,
        cast(points_score as decimal(9, 1)) as points_score,
        points_band,
        points_action,
        cast(milestone_score as decimal(9, 2)) as milestone_score,
        milestone_band,
        milestone_action,
        is_pql,
        cast(cast(behavior_points as decimal(9, 1)) as {{ dbt.type_string() }})
        || ' points for behaviour'
        || case
            when fit_points > 0
                then
                    ', ' || cast(cast(fit_points as decimal(9, 1)) as {{ dbt.type_string() }})
                    || ' for fit'
            else ''
        end
        || case
            when is_pql and qualified_at is not null
                then
                    '; product-qualified by its milestones since '
                    || cast({{ local_date('qualified_at') }} as {{ dbt.type_string() }})
            when milestone_score > 0
                then
                    '; completed milestones worth '
                    || cast(cast(milestone_score as decimal(9, 2)) as {{ dbt.type_string() }})
                    || ', not enough to qualify'
            else '; completed no milestone so far'
        end as reason,
        signed_up_at,
        qualified_at,
        scored_at
    from ranked_leads
    where lead_rank <= 50 and (is_pql or points_score > 0 or milestone_score > 0)

)

select *
from hottest_leads
order by lead_rank
