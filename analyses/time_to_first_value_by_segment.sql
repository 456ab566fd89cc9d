{#- How long until half of a segment has reached first value, and how sure is that?
    Read: half had reached it by half_reached_on_day; the true day lies, with 95 % confidence, from
    half_ci_earliest_day to half_ci_latest_day (where the curve's interval crosses one half). Null:
    the curve did not get there by last_day, its end; so an empty latest day means "or later, or
    never". The shares within 7 and 30 days say the same at a fixed day (null where the var
    first_value_curve_days ends the curve before it).
    Pitfall: days are whole elapsed days, so day 0 is the first 24 hours. Users still on their way
    count for as long as they were watched: the curve needs no closed window, but with few users at
    risk it shakes. plan_tier is the current plan: users may pay because they found value. -#}
with

curve as (

    select
        segment_type,
        segment_value,
        day_number,
        at_risk_count,
        survival_probability,
        survival_ci_lower,
        survival_ci_upper
    from {{ ref('time_to_first_value_curve') }}

),

segments as (

    -- One half with the tolerance of the marts: it may arrive as 0.5000000000000001.
    select
        segment_type,
        segment_value,
        max(case when day_number = 0 then at_risk_count end) as user_count,
        min(case when survival_probability <= 0.5 + 1e-12 then day_number end)
            as half_reached_on_day,
        min(case when survival_ci_lower <= 0.5 + 1e-12 then day_number end)
            as half_ci_earliest_day,
        min(case when survival_ci_upper <= 0.5 + 1e-12 then day_number end)
            as half_ci_latest_day,
        max(case when day_number = 6 then 1 - survival_probability end)
            as reached_within_7_days_rate,
        max(case when day_number = 29 then 1 - survival_probability end)
            as reached_within_30_days_rate,
        max(case when day_number = 29 then 1 - survival_ci_upper end)
            as reached_within_30_days_rate_ci_lower,
        max(case when day_number = 29 then 1 - survival_ci_lower end)
            as reached_within_30_days_rate_ci_upper,
        max(case when day_number = 29 then at_risk_count end) as at_risk_on_day_29_count,
        max(day_number) as last_day
    from curve
    group by segment_type, segment_value

),

time_to_first_value_by_segment as (

    select
        segment_type,
        segment_value,
        user_count,
        half_reached_on_day,
        half_ci_earliest_day,
        half_ci_latest_day,
        last_day,
        cast(reached_within_7_days_rate as decimal(9, 3)) as reached_within_7_days_rate,
        cast(reached_within_30_days_rate as decimal(9, 3)) as reached_within_30_days_rate,
        cast(reached_within_30_days_rate_ci_lower as decimal(9, 3))
            as reached_within_30_days_rate_ci_lower,
        cast(reached_within_30_days_rate_ci_upper as decimal(9, 3))
            as reached_within_30_days_rate_ci_upper,
        at_risk_on_day_29_count
    from segments

)

select *
from time_to_first_value_by_segment
order by
    case when segment_type = 'all' then 0 else 1 end,
    segment_type asc, half_reached_on_day asc nulls last, reached_within_30_days_rate desc,
    segment_value asc
