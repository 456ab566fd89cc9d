{#- What is an example of the rows that each rule removed, and what do rows without a key lack?
    The smallest value, so that every build names the same.
    Longer than 110 lines: each table has columns of its own. -#}
with

removed_rows as (

    {% for table_name, classified, id, required, other_column in [
        ('users', ref('int_users_classified'), 'user_id', {'delivered_at': 'created_at'}, 'user_id'),
        ('aliases', ref('int_aliases_classified'), 'alias_id', {'alias_id': 'alias_id'}, 'user_id'),
        ('accounts', ref('int_accounts_classified'), 'account_id', {'account_id': 'account_id'}, 'created_at'),
        (
            'subscriptions', ref('int_subscriptions_classified'), 'coalesce(account_id, user_id)', {
                'monthly_amount': 'monthly_amount',
                'started_at': 'started_at',
                'subscription_id': 'subscription_id',
            }, 'account_id',
        ),
        (
            'metric_history', ref('int_metric_history_classified'), 'metric_id',
            {'metric_id': 'metric_id'}, 'definitions_version',
        ),
    ] -%}
    select
        '{{ table_name }}' as table_name,
        removed_by as rule_name,
        {{ id }} as user_id,
        cast(null as {{ dbt.type_string() }}) as event_name,
        file_name,
        1 as row_count,
        case
            {% for column, name in required.items() -%}
            when {{ column }} is null then '{{ name }}'
            {% endfor -%}
            else '{{ other_column }}'
        end as missing_column
    from {{ classified }}
    where removed_by is not null
    union all
    {% endfor -%}
    select
        'events' as table_name,
        removed_by as rule_name,
        unknown_user_example as user_id,
        event_name,
        file_name,
        row_count,
        case
            when first_delivered_at is null then 'timestamp'
            when event_name is null then 'event_name'
            else 'user_id'
        end as missing_column
    from {{ ref('int_event_counts') }}
    where removed_by is not null
    union all
    select
        'events' as table_name,
        'duplicate_event' as rule_name,
        cast(null as {{ dbt.type_string() }}) as user_id,
        event_name,
        file_name,
        1 as row_count,
        'user_id' as missing_column
    from {{ ref('int_events_repeated') }}
    where copy_number > 1

),

missing_columns as (

    select
        table_name,
        rule_name,
        missing_column,
        row_number() over (
            partition by table_name, rule_name order by sum(row_count) desc, missing_column asc
        ) as place
    from removed_rows
    group by table_name, rule_name, missing_column

),

examples as (

    select
        table_name,
        rule_name,
        case
            when rule_name in ('unreadable_row', 'missing_key')
                then coalesce(min(file_name), min(event_name), min(user_id))
            else coalesce(min(user_id), min(event_name), min(file_name))
        end as example
    from removed_rows
    group by table_name, rule_name

),

int_removed_examples as (

    select
        examples.table_name,
        examples.rule_name,
        examples.example,
        case when examples.rule_name = 'missing_key' then missing_columns.missing_column end
            as missing_column
    from examples
    inner join missing_columns
        on
            examples.table_name = missing_columns.table_name
            and examples.rule_name = missing_columns.rule_name
            and missing_columns.place = 1

)

select *
from int_removed_examples
