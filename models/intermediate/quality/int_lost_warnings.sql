{#- Of which files and dates does no row count, although they have at least ten rows? -#}
with

delivered_rows as (

    select
        table_name,
        file_name,
        delivered_date,
        rule_name,
        row_count
    from {{ ref('int_delivered_rows') }}

),

table_counts as (

    select
        table_name,
        {{ sum_as_bigint('row_count') }} as delivered_count
    from delivered_rows
    group by table_name

),

lost_files as (

    select
        'file_lost' as warning_id,
        'file' as subject,
        table_name,
        file_name as example,
        {{ sum_as_bigint('row_count') }} as row_count
    from delivered_rows
    where file_name is not null
    group by table_name, file_name
    having sum(row_count) >= 10 and count(case when rule_name is null then 1 end) = 0

),

lost_dates as (

    select
        'date_lost' as warning_id,
        'date' as subject,
        delivered_rows.table_name,
        cast(delivered_rows.delivered_date as {{ dbt.type_string() }}) as example,
        {{ sum_as_bigint('delivered_rows.row_count') }} as row_count
    from delivered_rows
    cross join {{ ref('int_observation') }} as observation
    where
        delivered_rows.delivered_date >= observation.first_signup_date
        and delivered_rows.delivered_date <= observation.observed_until_date
    group by delivered_rows.table_name, delivered_rows.delivered_date
    having
        sum(delivered_rows.row_count) >= 10
        and count(case when delivered_rows.rule_name is null then 1 end) = 0

),

lost as (

    select *
    from lost_files
    union all
    select *
    from lost_dates

),

lost_rows as (

    select
        lost.warning_id,
        lost.table_name,
        lost.subject,
        table_counts.delivered_count,
        min(lost.example) as example,
        count(*) as lost_count,
        {{ sum_as_bigint('lost.row_count') }} as row_count
    from lost
    inner join table_counts on lost.table_name = table_counts.table_name
    group by lost.warning_id, lost.table_name, lost.subject, table_counts.delivered_count

),

int_lost_warnings as (

    select
        warning_id,
        table_name,
        subject,
        row_count,
        {{ rate('row_count', 'delivered_count') }} as row_rate,
        example,
        'No row counts of ' || {{ as_text('lost_count') }} || ' '
        || case when lost_count = 1 then subject else subject || 's' end || ' of ' || table_name
        || ' (' || {{ part_of('row_count', 'delivered_count') }} || ' rows), such as '
        || {{ shown('example') }} || '. '
        || case
            when subject = 'file'
                then
                    'Usually the export was changed or ran twice: compare the columns of this file with '
                    || 'one that counts, and deliver it again, or take it away.'
            else
                'Usually one export wrote ids or times in another form: deliver the rows of this date again.'
        end as message
    from lost_rows

)

select *
from int_lost_warnings
