{#- How many signups and events count on each date? -#}
with

date_rows as (

    select
        {{ utc_date('signed_up_at') }} as record_date,
        1 as row_count
    from {{ ref('int_users') }}
    union all
    select
        occurred_utc_date as record_date,
        row_count
    from {{ ref('int_event_counts') }}
    where removed_by is null
    union all
    -- int_event_counts counts every copy.
    select
        {{ utc_date('occurred_at') }} as record_date,
        -1 as row_count
    from {{ ref('int_events_repeated') }}
    where copy_number > 1

),

int_record_dates as (

    select
        record_date,
        {{ sum_as_bigint('row_count') }} as row_count
    from date_rows
    group by record_date
    having sum(row_count) > 0

)

select *
from int_record_dates
