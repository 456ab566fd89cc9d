{#- Which segment still comes back in week 4 after signing up?
    Read: retention_rate is the share of the segment that was active on one of the days 28 to 34.
    difference compares it with all other users of the same kind of segment (95 % interval,
    Newcombe's). The verdict says whether that is more than chance.
    Pitfall: only users whose whole week 4 has ended count, so the newest five weeks of signups are
    absent (and all, where the var retention_weeks ends before week 4). plan_tier is the current
    plan: users who stay get to pay, so the plan is not the cause. Among a dozen rows, about one
    differs by luck: trust the wide gaps. -#}
with

retention as (

    select
        segment_type,
        segment_value,
        cohort_user_count,
        eligible_user_count,
        retained_user_count,
        retention_rate,
        retention_rate_ci_lower,
        retention_rate_ci_upper
    from {{ ref('retention_by_cohort') }}
    where
        cohort_anchor = 'signup' and cohort_grain = 'all' and period_grain = 'week'
        and period_number = 4

),

others as (

    select
        segments.segment_type,
        segments.segment_value,
        all_users.eligible_user_count - segments.eligible_user_count as other_user_count,
        all_users.retained_user_count - segments.retained_user_count as other_retained_user_count
    from retention as segments
    cross join retention as all_users
    where segments.segment_type <> 'all' and all_users.segment_type = 'all'

),

others_with_rates as (

    select
        segment_type,
        segment_value,
        {{ rate_with_interval('other_rate', 'other_retained_user_count', 'other_user_count') }}
    from others

),

differences as (

    select
        retention.*,
        others_with_rates.other_rate,
        retention.retention_rate - others_with_rates.other_rate as difference,
        {{ difference_margins('retention.retention_rate', 'others_with_rates.other_rate') }}
    from retention
    left join others_with_rates
        on
            retention.segment_type = others_with_rates.segment_type
            and retention.segment_value = others_with_rates.segment_value

),

segments_back_in_week_4 as (

    select
        segment_type,
        segment_value,
        eligible_user_count,
        retained_user_count,
        {{ rounded_rate('retention_rate') }},
        cast(other_rate as decimal(9, 3)) as rate_of_others,
        {{ rounded_difference('difference') }},
        cohort_user_count - eligible_user_count as open_user_count,
        case
            when segment_type = 'all' then 'all users'
            else {{ difference_verdict('difference', 'comes back more', 'comes back less') }}
        end as verdict
    from differences

)

select *
from segments_back_in_week_4
order by
    case when segment_type = 'all' then 0 else 1 end,
    segment_type asc, retention_rate desc nulls last, segment_value asc
