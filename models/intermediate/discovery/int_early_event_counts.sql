{#- How many users did each journey event exactly so often in each discovery window, and how many of
    them stayed?
    Counts stop at the largest one that is asked for, so there are few rows. -#}
with

users as (

    select
        user_key,
        sample_name,
        is_retained
    from {{ ref('int_discovery_users') }}

),

windows as (

    {% for days in discovery_windows() -%}
    select {{ days }} as window_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

user_counts as (

    select
        users.user_key,
        users.sample_name,
        users.is_retained,
        tried_events.event_name,
        windows.window_days,
        least(sum(tried_events.event_count), {{ var('discovery_counts') | max }}) as event_count
    from {{ ref('int_tried_events') }} as tried_events
    inner join users on tried_events.user_key = users.user_key
    inner join {{ ref('int_journey_events') }} as journey_events
        on tried_events.event_name = journey_events.event_name
    inner join windows on tried_events.window_days <= windows.window_days
    group by
        users.user_key,
        users.sample_name,
        users.is_retained,
        tried_events.event_name,
        windows.window_days

),

int_early_event_counts as (

    select
        sample_name,
        event_name,
        window_days,
        cast(event_count as integer) as event_count,
        count(*) as user_count,
        count(case when is_retained then 1 end) as retained_user_count
    from user_counts
    group by sample_name, event_name, window_days, event_count

)

select *
from int_early_event_counts
