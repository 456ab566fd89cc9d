{#- How many users use the product each day, in the week and in the month that end with it?
    Dates that have ended only: the day of the latest record is still under way. -#}
with

movements as (

    select
        segment_key,
        movement_date,
        active_user_count,
        wau_change,
        mau_change
    from {{ ref('int_activity_movements') }}

),

segments as (

    select
        segment_key,
        segment_type,
        segment_value
    from {{ ref('int_segments') }}

),

observation as (

    select
        first_signup_date,
        cast({{ dbt.dateadd('day', -1, 'observed_until_date') }} as date) as last_ended_date
    from {{ ref('int_observation') }}

),

dates as (

    {{ dates_between('observation', 'first_signup_date', 'last_ended_date', 'activity_date') }}

),

segment_values as (

    select distinct
        segment_type,
        segment_value
    from segments

),

cells as (

    select
        dates.activity_date,
        segment_values.segment_type,
        segment_values.segment_value
    from dates
    cross join segment_values

),

movements_by_segment as (

    select
        segments.segment_type,
        segments.segment_value,
        movements.movement_date,
        {{ sum_as_bigint('movements.active_user_count') }} as active_user_count,
        {{ sum_as_bigint('movements.wau_change') }} as wau_change,
        {{ sum_as_bigint('movements.mau_change') }} as mau_change
    from movements
    inner join segments on movements.segment_key = segments.segment_key
    group by segments.segment_type, segments.segment_value, movements.movement_date

),

daily_movements as (

    select
        cells.activity_date,
        cells.segment_type,
        cells.segment_value,
        coalesce(movements_by_segment.active_user_count, 0) as dau,
        coalesce(movements_by_segment.wau_change, 0) as wau_change,
        coalesce(movements_by_segment.mau_change, 0) as mau_change
    from cells
    left join movements_by_segment
        on
            cells.activity_date = movements_by_segment.movement_date
            and cells.segment_type = movements_by_segment.segment_type
            and cells.segment_value = movements_by_segment.segment_value

),

active_users_by_day as (

    select
        activity_date,
        segment_type,
        segment_value,
        dau,
        cast(sum(wau_change) over (
            partition by segment_type, segment_value
            order by activity_date
            rows between unbounded preceding and current row
        ) as bigint) as wau,
        cast(sum(mau_change) over (
            partition by segment_type, segment_value
            order by activity_date
            rows between unbounded preceding and current row
        ) as bigint) as mau
    from daily_movements

)

select
    *,
    {{ rate('dau', 'mau') }} as stickiness_rate
from active_users_by_day
