{#- Of which files and dates does no row count, although they have at least ten rows, and which
    rules took them? -#}
with

delivered_rows as (

    select
        delivered_rows.table_name,
        delivered_rows.file_name,
        delivered_rows.rule_name,
        delivered_rows.row_count,
        cast(delivered_rows.delivered_date as {{ dbt.type_string() }}) as delivered_date,
        delivered_rows.delivered_date >= {{ utc_date('observation.first_signup_at') }}
        and delivered_rows.delivered_date <= {{ utc_date('observation.observed_until_at') }}
            as is_observed
    from {{ ref('int_delivered_rows') }} as delivered_rows
    cross join {{ ref('int_observation') }} as observation
    -- Newer rows may replace a whole delivery of the other tables, and nothing is wrong.
    where delivered_rows.table_name in ('users', 'events')

),

deliveries as (

    select
        table_name,
        'file' as subject,
        file_name as delivery,
        rule_name,
        {{ sum_as_bigint('row_count') }} as row_count
    from delivered_rows
    where file_name is not null
    group by table_name, file_name, rule_name
    union all
    select
        table_name,
        'date' as subject,
        delivered_date as delivery,
        rule_name,
        {{ sum_as_bigint('row_count') }} as row_count
    from delivered_rows
    where is_observed
    group by table_name, delivered_date, rule_name

),

lost as (

    select
        table_name,
        subject,
        delivery
    from deliveries
    group by table_name, subject, delivery
    having sum(row_count) >= 10 and count(*) = count(rule_name)

),

int_lost_deliveries as (

    select deliveries.*
    from deliveries
    inner join lost
        on
            deliveries.table_name = lost.table_name
            and deliveries.subject = lost.subject
            and deliveries.delivery = lost.delivery

)

select *
from int_lost_deliveries
