{#- Which events and attributes of users occur in the rows that count, and which segment types
    have a value? -#}
with

events as (

    select distinct event_name
    from {{ ref('int_event_counts') }}
    where removed_by is null and row_count > 0

),

users as (

    select
        plan_tier,
        install_source
    from {{ ref('int_users') }}
    group by plan_tier, install_source

),

segment_counts as (

    select
        {% for slot in segment_slots() -%}
        count(segment_{{ slot }}) as count_{{ slot }},
        {% endfor -%}
        count(*) as user_count
    from {{ ref('int_user_traits') }}

),

segment_types as (

    select segments.segment_type
    from {{ ref('stg_segments') }} as segments
    cross join segment_counts
    where
        case segments.slot
            {% for slot in segment_slots() -%}
            when {{ slot }} then segment_counts.count_{{ slot }}
            {% endfor -%}
        end > 0

),

int_occurring_names as (

    select
        'event' as kind,
        event_name as value_name
    from events
    {% for column in ['plan_tier', 'install_source'] -%}
    union all
    select distinct
        '{{ column }}' as kind,
        {{ column }} as value_name
    from users
    where {{ column }} is not null
    {% endfor -%}
    union all
    select
        'segment_type' as kind,
        segment_type as value_name
    from segment_types
)

select *
from int_occurring_names
