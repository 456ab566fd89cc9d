{#- Do newer signups reach first value more often, and faster?
    Read: reached_rate answers "more often". median_days and p90_days answer "faster", among users
    who got there within the window. km_median_days is the day by which half of all signups had
    first value, users still on their way included; it is empty where half have not got there (yet).
    Pitfall: read a speed beside its share: a product that loses its slow users looks faster. In a
    month that is not closed, all columns but km_median_days describe its early signups only, and
    km_median_days rests on the few who were watched that long. -#}
with

first_value as (

    select
        cohort_date,
        signup_count,
        eligible_user_count,
        reached_user_count,
        reached_rate,
        reached_rate_ci_lower,
        reached_rate_ci_upper,
        median_time_to_first_value_seconds,
        p90_time_to_first_value_seconds,
        km_median_time_to_first_value_days
    from {{ ref('time_to_first_value_by_cohort') }}
    where cohort_grain = 'month' and segment_type = 'all'

),

first_value_by_signup_month as (

    select
        cohort_date as signup_month,
        signup_count,
        eligible_user_count,
        reached_user_count,
        {{ rounded_rate('reached_rate') }},
        cast(median_time_to_first_value_seconds / 86400 as decimal(9, 2)) as median_days,
        cast(p90_time_to_first_value_seconds / 86400 as decimal(9, 2)) as p90_days,
        cast(km_median_time_to_first_value_days as decimal(9, 0)) as km_median_days,
        signup_count - eligible_user_count as open_user_count,
        case
            when eligible_user_count = signup_count then 'closed'
            when eligible_user_count = 0 then 'open'
            else 'partly open'
        end as state
    from first_value

)

select *
from first_value_by_signup_month
order by signup_month
