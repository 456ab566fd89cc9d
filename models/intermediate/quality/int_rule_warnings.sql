{#- Which rule took so many rows that the data or a setting must be wrong? -#}
with

rule_counts as (

    select
        table_name,
        rule_name,
        {{ sum_as_bigint('row_count') }} as row_count
    from {{ ref('int_delivered_rows') }}
    group by table_name, rule_name

),

table_counts as (

    select
        table_name,
        {{ sum_as_bigint('row_count') }} as delivered_count
    from rule_counts
    group by table_name

),

user_tables as (

    select max(updated_at) as updated_at
    from {{ ref('int_users_classified') }}

),

signup_dates as (

    select
        {{ utc_date('signed_up_at') }} as signup_date,
        count(*) as user_count
    from {{ ref('int_users') }}
    group by {{ utc_date('signed_up_at') }}

),

migrations as (

    -- More than half of all signups on one date: the date of a migration.
    select coalesce(2 * max(user_count) > sum(user_count), 1 = 0) as is_likely
    from signup_dates

),

rules as (

    select
        rule_counts.table_name,
        rule_counts.rule_name,
        rule_counts.row_count,
        table_counts.delivered_count,
        {{ rate('rule_counts.row_count', 'table_counts.delivered_count') }} as row_rate,
        examples.example,
        examples.missing_column
    from rule_counts
    inner join table_counts on rule_counts.table_name = table_counts.table_name
    inner join {{ ref('int_removed_examples') }} as examples
        on
            rule_counts.table_name = examples.table_name
            and rule_counts.rule_name = examples.rule_name
    cross join user_tables
    where
        (rule_counts.rule_name <> 'duplicate_user' or user_tables.updated_at is null)
        -- Many visitors never sign up, and nothing is wrong.
        and rule_counts.rule_name not in ('anonymous_event', 'anonymous_before_signup')

),

int_rule_warnings as (

    select
        'rule_took_much' as warning_id,
        rules.table_name,
        rules.rule_name as subject,
        rules.row_count,
        rules.row_rate,
        rules.example,
        {{ part_of('rules.row_count', 'rules.delivered_count') }} || ' rows of ' || rules.table_name
        || ' were removed by the rule ' || rules.rule_name
        || coalesce(', such as those of ' || {{ shown('rules.example') }}, '')
        || coalesce('; most of them have no ' || rules.missing_column || ' that can be read', '')
        || '. '
        || ({{ usual_cause(
            'rules.table_name', 'rules.rule_name', 'rules.missing_column',
            is_migration='migrations.is_likely',
            is_most='2 * rules.row_count > rules.delivered_count'
        ) }}) as message
    from rules
    cross join migrations
    where
        rules.row_rate > cast({{ var('removed_rows_warning') }} as {{ engine_type('double') }})

)

select *
from int_rule_warnings
