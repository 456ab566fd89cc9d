{#- How many rows did each file deliver for each date, and which rule removed them?
    Every delivered row is in one of the counts; rule_name is null where the rows count. -#}
with

classified_rows as (

    {% for table, classified, seen_at in [
        ('users', ref('int_users_classified'), 'delivered_at'),
        ('aliases', ref('int_aliases_classified'), 'aliased_at'),
        ('accounts', ref('int_accounts_classified'), 'created_at'),
        ('subscriptions', ref('int_subscriptions_classified'), 'started_at'),
        ('metric_history', ref('int_metric_history_classified'), 'observed_until_at'),
    ] -%}
    select
        '{{ table }}' as table_name,
        file_name,
        {{ utc_date(seen_at) }} as delivered_date,
        removed_by as rule_name,
        1 as row_count
    from {{ classified }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {%- endfor %}

),

delivered_events as (

    select
        'events' as table_name,
        file_name,
        delivered_date,
        removed_by as rule_name,
        row_count
    from {{ ref('int_event_counts') }}

),

repeated_events as (

    select
        'events' as table_name,
        file_name,
        {{ utc_date('coalesce(stamped_at, occurred_at)') }} as delivered_date
    from {{ ref('int_events_repeated') }}
    where copy_number > 1

),

all_rows as (

    select *
    from classified_rows
    union all
    select *
    from delivered_events
    union all
    -- int_event_counts counts every copy as a row that no rule removed.
    select
        repeated_events.*,
        'duplicate_event' as rule_name,
        1 as row_count
    from repeated_events
    union all
    select
        repeated_events.*,
        cast(null as {{ dbt.type_string() }}) as rule_name,
        -1 as row_count
    from repeated_events

),

int_delivered_rows as (

    select
        table_name,
        file_name,
        delivered_date,
        rule_name,
        {{ sum_as_bigint('row_count') }} as row_count
    from all_rows
    group by table_name, file_name, delivered_date, rule_name
    having sum(row_count) > 0

)

select *
from int_delivered_rows
