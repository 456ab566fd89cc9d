{#- Where do the week's active users come from, and how many of the last week's are gone?
    New is the first active week, not the signup's. -#}
with

movements as (

    select
        segment_key,
        week_start_date,
        new_user_count,
        retained_user_count,
        resurrected_user_count,
        churned_user_count
    from {{ ref('int_week_movements') }}

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
        cast({{ dbt.date_trunc('week', 'first_signup_date') }} as date) as first_week_date,
        -- The last Monday whose week has ended.
        cast({{ dbt.dateadd('day', -7, dbt.date_trunc('week', 'observed_until_date')) }} as date)
            as last_week_date
    from {{ ref('int_observation') }}

),

weeks as (

    {{ dates_between('observation', 'first_week_date', 'last_week_date', 'week_start_date', 7) }}

),

segment_values as (

    select distinct
        segment_type,
        segment_value
    from segments

),

cells as (

    select
        weeks.week_start_date,
        segment_values.segment_type,
        segment_values.segment_value
    from weeks
    cross join segment_values

),

movements_by_segment as (

    select
        segments.segment_type,
        segments.segment_value,
        movements.week_start_date,
        {{ sum_as_bigint('movements.new_user_count') }} as new_user_count,
        {{ sum_as_bigint('movements.retained_user_count') }} as retained_user_count,
        {{ sum_as_bigint('movements.resurrected_user_count') }} as resurrected_user_count,
        {{ sum_as_bigint('movements.churned_user_count') }} as churned_user_count
    from movements
    inner join segments on movements.segment_key = segments.segment_key
    group by segments.segment_type, segments.segment_value, movements.week_start_date

),

growth_accounting_by_week as (

    select
        cells.week_start_date,
        cells.segment_type,
        cells.segment_value,
        coalesce(movements_by_segment.new_user_count, 0) as new_user_count,
        coalesce(movements_by_segment.retained_user_count, 0) as retained_user_count,
        coalesce(movements_by_segment.resurrected_user_count, 0) as resurrected_user_count,
        coalesce(movements_by_segment.churned_user_count, 0) as churned_user_count
    from cells
    left join movements_by_segment
        on
            cells.week_start_date = movements_by_segment.week_start_date
            and cells.segment_type = movements_by_segment.segment_type
            and cells.segment_value = movements_by_segment.segment_value

)

select
    *,
    new_user_count + retained_user_count + resurrected_user_count as active_user_count
from growth_accounting_by_week
