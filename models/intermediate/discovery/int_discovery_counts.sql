{#- How many users did each journey event at least so often in each discovery window, and how many of
    them stayed?
    A row for every event, window, count and sample, also where nobody did it. -#}
with

users as (

    select
        user_key,
        sample_name,
        is_retained
    from {{ ref('int_discovery_users') }}

),

sample_names as (

    select 'train' as sample_name
    union all
    select 'confirm' as sample_name

),

samples as (

    select
        sample_names.sample_name,
        count(users.user_key) as user_count,
        count(case when users.is_retained then 1 end) as retained_user_count
    from sample_names
    left join users on sample_names.sample_name = users.sample_name
    group by sample_names.sample_name

),

windows as (

    {% for days in discovery_windows() -%}
    select {{ days }} as window_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

min_counts as (

    {% for count in var('discovery_counts') | sort -%}
    select {{ count }} as min_count
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

cells as (

    select
        journey_events.event_name,
        windows.window_days,
        min_counts.min_count,
        samples.sample_name,
        samples.user_count,
        samples.retained_user_count
    from {{ ref('int_journey_events') }} as journey_events
    cross join windows
    cross join min_counts
    cross join samples

),

int_discovery_counts as (

    select
        cells.event_name,
        cells.window_days,
        cells.min_count,
        cells.sample_name,
        cells.user_count,
        cells.retained_user_count,
        coalesce({{ sum_as_bigint('event_counts.user_count') }}, 0) as done_user_count,
        coalesce({{ sum_as_bigint('event_counts.retained_user_count') }}, 0)
            as done_retained_user_count
    from cells
    left join {{ ref('int_early_event_counts') }} as event_counts
        on
            cells.sample_name = event_counts.sample_name
            and cells.event_name = event_counts.event_name
            and cells.window_days = event_counts.window_days
            and cells.min_count <= event_counts.event_count
    group by
        cells.event_name,
        cells.window_days,
        cells.min_count,
        cells.sample_name,
        cells.user_count,
        cells.retained_user_count

)

select *
from int_discovery_counts
