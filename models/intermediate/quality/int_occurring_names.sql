{#- Which events and attributes of users occur in the rows that count? -#}
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
    {% endfor %}
)

select *
from int_occurring_names
