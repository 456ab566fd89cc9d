{#- Are there files or dates of which no row counts? -#}
with

lost_deliveries as (

    select
        table_name,
        subject,
        delivery,
        rule_name,
        row_count
    from {{ ref('int_lost_deliveries') }}

),

table_counts as (

    select
        table_name,
        {{ sum_as_bigint('row_count') }} as delivered_count
    from {{ ref('int_delivered_rows') }}
    group by table_name

),

rule_counts as (

    select
        table_name,
        subject,
        rule_name,
        row_number() over (
            partition by table_name, subject
            order by sum(row_count) desc, rule_name asc
        ) as place
    from lost_deliveries
    group by table_name, subject, rule_name

),

lost_rows as (

    select
        lost_deliveries.table_name,
        lost_deliveries.subject,
        rule_counts.rule_name,
        table_counts.delivered_count,
        min(lost_deliveries.delivery) as example,
        count(distinct lost_deliveries.delivery) as delivery_count,
        {{ sum_as_bigint('lost_deliveries.row_count') }} as row_count
    from lost_deliveries
    inner join table_counts on lost_deliveries.table_name = table_counts.table_name
    inner join rule_counts
        on
            lost_deliveries.table_name = rule_counts.table_name
            and lost_deliveries.subject = rule_counts.subject
            and rule_counts.place = 1
    group by
        lost_deliveries.table_name,
        lost_deliveries.subject,
        rule_counts.rule_name,
        table_counts.delivered_count

),

int_lost_warnings as (

    select
        case when subject = 'file' then 'file_lost' else 'date_lost' end as warning_id,
        table_name,
        subject,
        row_count,
        {{ rate('row_count', 'delivered_count') }} as row_rate,
        example,
        {{ part_of('row_count', 'delivered_count') }} || ' rows of ' || table_name || ' are '
        || 'those of '
        || {{ as_text('delivery_count') }} || ' ' || subject
        || case when delivery_count = 1 then '' else 's' end || ' without any row that counts, '
        || 'such as '
        || {{ shown('example') }} || '; the rule ' || rule_name || ' removed most of them. '
        || case
            when row_count = delivered_count then 'The warning about that rule says what fixes it.'
            when rule_name = 'duplicate_event'
                then
                    'Usually they were delivered twice, which does no harm: take one delivery away.'
            when rule_name = 'duplicate_user'
                then
                    'Usually each dump of users holds all of them, and older dumps can go. Without '
                    || 'the column updated_at nothing says which dump is the newest: add it.'
            when rule_name in ('anonymous_event', 'anonymous_before_signup')
                then
                    'These are visits before the signup, or of visitors who never signed up: '
                    || 'nothing is wrong.'
            when subject = 'file'
                then
                    'Usually the export of this file was changed: compare its columns with those '
                    || 'of a file that counts, and deliver it again.'
            else
                'Usually the export of this date wrote ids or times in another form: deliver its '
                || 'rows again.'
        end as message
    from lost_rows

)

select *
from int_lost_warnings
