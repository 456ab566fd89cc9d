{#- Which events and users' attributes occur in the rows that count, and which segment types have a
    value? -#}
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

    {% for table_name, rows_that_count in [
        ('users', ref('int_users')), ('accounts', ref('int_accounts')),
    ] -%}
    select
        {% for slot in segment_slots() -%}
        count(segment_{{ slot }}) as count_{{ slot }},
        {% endfor -%}
        '{{ table_name }}' as source_table
    from {{ rows_that_count }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {%- endfor %}

),

segment_types as (

    select segments.segment_type
    from {{ ref('stg_segments') }} as segments
    inner join segment_counts on segments.source_table = segment_counts.source_table
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
