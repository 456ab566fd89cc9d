{#- Where do the week's active users come from, and how many of the last week's are gone?
    New is the first active week, not the signup's. -#}
with

user_weeks as (

    select
        segment_key,
        week_start_date,
        next_week_start_date,
        arrival,
        is_followed_by_churn
    from {{ ref('int_user_weeks') }}

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
        {{ dbt.date_trunc('week', 'first_signup_date') }} as first_week_date,
        -- The last Monday whose week has ended.
        {{ dbt.dateadd('day', -7, dbt.date_trunc('week', 'observed_until_date')) }}
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

movements as (

    select
        segment_key,
        week_start_date,
        count(case when arrival = 'new' then 1 end) as new_user_count,
        count(case when arrival = 'retained' then 1 end) as retained_user_count,
        count(case when arrival = 'resurrected' then 1 end) as resurrected_user_count,
        0 as churned_user_count
    from user_weeks
    group by segment_key, week_start_date
    union all
    select
        segment_key,
        next_week_start_date as week_start_date,
        0 as new_user_count,
        0 as retained_user_count,
        0 as resurrected_user_count,
        count(*) as churned_user_count
    from user_weeks
    where is_followed_by_churn
    group by segment_key, next_week_start_date

),

movements_by_segment as (

    select
        segments.segment_type,
        segments.segment_value,
        movements.week_start_date,
        {{ total('movements.new_user_count') }} as new_user_count,
        {{ total('movements.retained_user_count') }} as retained_user_count,
        {{ total('movements.resurrected_user_count') }} as resurrected_user_count,
        {{ total('movements.churned_user_count') }} as churned_user_count
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
