{#- How many users use the product each day, in the week and in the month that end with it?
    Dates that have ended only: the day of the latest record is still under way. -#}
with

spans as (

    select segment_key, activity_date, weekly_exit_date, monthly_exit_date
    from {{ ref('int_activity_spans') }}

),

segments as (

    select segment_key, segment_type, segment_value
    from {{ ref('int_segments') }}

),

observation as (

    select
        first_signup_date,
        {{ dbt.dateadd('day', -1, 'observed_until_date') }} as last_ended_date
    from {{ ref('int_observation') }}

),

dates as (

    {{ dates_between('observation', 'first_signup_date', 'last_ended_date', 'activity_date') }}

),

segment_values as (

    select distinct segment_type, segment_value
    from segments

),

movements as (

    -- A user enters the counts on a date of activity and leaves them on the exit date.
    select
        segment_key, activity_date, count(*) as dau, count(*) as wau_change, count(*) as mau_change
    from spans
    group by segment_key, activity_date
    union all
    select
        segment_key, weekly_exit_date as activity_date,
        0 as dau, -count(*) as wau_change, 0 as mau_change
    from spans
    group by segment_key, weekly_exit_date
    union all
    select
        segment_key, monthly_exit_date as activity_date,
        0 as dau, 0 as wau_change, -count(*) as mau_change
    from spans
    group by segment_key, monthly_exit_date

),

movements_by_segment as (

    select
        segments.segment_type,
        segments.segment_value,
        movements.activity_date,
        sum(movements.dau) as dau,
        sum(movements.wau_change) as wau_change,
        sum(movements.mau_change) as mau_change
    from movements
    inner join segments on movements.segment_key = segments.segment_key
    group by segments.segment_type, segments.segment_value, movements.activity_date

),

active_users_by_day as (

    select
        dates.activity_date,
        segment_values.segment_type,
        segment_values.segment_value,
        cast(coalesce(movements_by_segment.dau, 0) as bigint) as dau,
        cast(sum(coalesce(movements_by_segment.wau_change, 0)) over segment_to_date as bigint) as wau,
        cast(sum(coalesce(movements_by_segment.mau_change, 0)) over segment_to_date as bigint) as mau
    from dates
    cross join segment_values
    left join movements_by_segment
        on
            dates.activity_date = movements_by_segment.activity_date
            and segment_values.segment_type = movements_by_segment.segment_type
            and segment_values.segment_value = movements_by_segment.segment_value
    window segment_to_date as (
        partition by segment_values.segment_type, segment_values.segment_value
        order by dates.activity_date
        rows between unbounded preceding and current row
    )

)

select
    *,
    {{ rate('dau', 'mau') }} as stickiness_rate
from active_users_by_day
