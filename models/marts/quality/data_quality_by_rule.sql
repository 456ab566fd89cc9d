{#- What was removed from the raw data, by which rule, and when did it occur?
    One row per rule, also where it removed nothing. -#}
with

rules as (

    {% for rule_name in [
        'missing_key', 'future_event', 'duplicate_user', 'excluded_user', 'unknown_user',
        'before_signup', 'duplicate_event',
    ] -%}
    select '{{ rule_name }}' as rule_name
    {% if not loop.last -%}
    union all
    {% endif -%}
    {%- endfor %}

),

removed_rows as (

    select
        removed_by as rule_name,
        signed_up_at as seen_at
    from {{ ref('int_users_classified') }}
    where removed_by is not null
    union all
    select
        removed_by as rule_name,
        occurred_at as seen_at
    from {{ ref('int_events_classified') }}
    where removed_by is not null
    union all
    select
        'duplicate_event' as rule_name,
        occurred_at as seen_at
    from {{ ref('int_events_repeated') }}
    where copy_number > 1

),

data_quality_by_rule as (

    select
        rules.rule_name,
        count(removed_rows.rule_name) as row_count,
        min(removed_rows.seen_at) as first_seen_at,
        max(removed_rows.seen_at) as last_seen_at
    from rules
    left join removed_rows on rules.rule_name = removed_rows.rule_name
    group by rules.rule_name

)

select *
from data_quality_by_rule
