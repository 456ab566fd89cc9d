{#- What was removed from the raw data, by which rule, and when did it occur?
    One row per table and rule that can take its rows, also where it removed nothing. -#}
with

rules as (

    {% for table_name, rule_names in rules_by_table().items() -%}
    {% set is_last_table = loop.last -%}
    {% for rule_name in rule_names -%}
    select
        '{{ table_name }}' as table_name,
        '{{ rule_name }}' as rule_name
    {% if not (is_last_table and loop.last) -%}
    union all
    {% endif -%}
    {%- endfor %}
    {%- endfor %}

),

delivered_rows as (

    {{ count_rows_by_rule('users', ref('int_users_classified'), 'signed_up_at') }}
    union all
    {{ count_rows_by_rule('aliases', ref('int_aliases_classified'), 'aliased_at') }}
    union all
    {{ count_rows_by_rule('accounts', ref('int_accounts_classified'), 'created_at') }}
    union all
    {{ count_rows_by_rule('subscriptions', ref('int_subscriptions_classified'), 'started_at') }}
    union all
    select
        'events' as table_name,
        removed_by as rule_name,
        {{ sum_as_bigint('row_count') }} as row_count,
        min(first_delivered_at) as first_seen_at,
        max(last_delivered_at) as last_seen_at
    from {{ ref('int_event_counts') }}
    group by removed_by

),

removed_rows as (

    select *
    from delivered_rows
    where rule_name is not null
    union all
    select
        'events' as table_name,
        'duplicate_event' as rule_name,
        count(*) as row_count,
        min(coalesce(stamped_at, occurred_at)) as first_seen_at,
        max(coalesce(stamped_at, occurred_at)) as last_seen_at
    from {{ ref('int_events_repeated') }}
    where copy_number > 1

),

table_sizes as (

    select
        table_name,
        {{ sum_as_bigint('row_count') }} as delivered_row_count
    from delivered_rows
    group by table_name

),

data_quality_by_rule as (

    select
        rules.table_name,
        rules.rule_name,
        coalesce(removed_rows.row_count, 0) as row_count,
        {{ rate('coalesce(removed_rows.row_count, 0)', 'table_sizes.delivered_row_count') }}
            as row_rate,
        removed_rows.first_seen_at,
        removed_rows.last_seen_at
    from rules
    left join removed_rows
        on rules.table_name = removed_rows.table_name and rules.rule_name = removed_rows.rule_name
    left join table_sizes on rules.table_name = table_sizes.table_name

)

select *
from data_quality_by_rule
