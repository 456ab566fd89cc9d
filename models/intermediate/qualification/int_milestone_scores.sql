{#- How much of the product has each user been through, and is that enough to call?
    The weights of completed milestones, added up in decimals. -#}
with

users as (

    select
        user_key,
        signed_up_at
    from {{ ref('int_users') }}

),

completed_milestones as (

    select
        user_key,
        reached_at,
        weight
    from {{ ref('int_milestones_reached') }}
    where is_completed

),

bands as (

    select
        scheme,
        band,
        recommended_action,
        is_qualified,
        -- Bounds are percent, scores shares. A product of decimals is exact.
        lower_bound * cast(0.01 as decimal(3, 2)) as lower_bound,
        next_lower_bound * cast(0.01 as decimal(3, 2)) as next_lower_bound
    from {{ ref('stg_pql_bands') }}
    where scheme = 'milestone_share'

),

qualified_bound as (

    select min(lower_bound) as qualified_bound
    from bands
    where is_qualified

),

weights as (

    -- Milestones may be reached at the same instant.
    select
        user_key,
        reached_at,
        sum(weight) as weight
    from completed_milestones
    group by user_key, reached_at

),

running_scores as (

    select
        user_key,
        reached_at,
        sum(weight) over (
            partition by user_key
            order by reached_at
            rows between unbounded preceding and current row
        ) as running_score
    from weights

),

scores as (

    select
        user_key,
        sum(weight) as milestone_score
    from completed_milestones
    group by user_key

),

qualifications as (

    select
        running_scores.user_key,
        min(running_scores.reached_at) as qualified_at
    from running_scores
    cross join qualified_bound
    where running_scores.running_score >= qualified_bound.qualified_bound
    group by running_scores.user_key

),

user_scores as (

    select
        users.user_key,
        cast(coalesce(scores.milestone_score, 0) as {{ engine_type('decimal(18, 12)') }})
            as milestone_score,
        'milestone_share' as scheme,
        case
            when qualified_bound.qualified_bound = 0 then users.signed_up_at
            else qualifications.qualified_at
        end as qualified_at
    from users
    cross join qualified_bound
    left join scores on users.user_key = scores.user_key
    left join qualifications on users.user_key = qualifications.user_key

),

int_milestone_scores as (

    select
        user_scores.user_key,
        user_scores.milestone_score,
        bands.band as milestone_band,
        bands.recommended_action as milestone_action,
        user_scores.qualified_at,
        coalesce(bands.is_qualified, false) as is_pql
    from user_scores
    left join bands
        on
            -- An equality, too, without which BigQuery makes no left join.
            user_scores.scheme = bands.scheme
            and user_scores.milestone_score >= bands.lower_bound
            and (
                bands.next_lower_bound is null
                or user_scores.milestone_score < bands.next_lower_bound
            )

)

select *
from int_milestone_scores
