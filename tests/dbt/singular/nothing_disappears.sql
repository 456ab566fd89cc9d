{#- Every row that was read either counts or is in data_quality_by_rule as removed. -#}
with

counts as (

    select
        (select count(*) from {{ ref('int_users_classified') }})
        + (
            select count(*)
            from {{ ref('int_events_classified') }}
            where {{ is_distinct('removed_by', "'replaced'") }}
        ) as delivered_count,
        (select count(*) from {{ ref('int_users') }})
        + (select count(*) from {{ ref('int_events') }}) as counted_count,
        (select sum(row_count) from {{ ref('data_quality_by_rule') }}) as removed_count

)

select *
from counts
where delivered_count <> counted_count + removed_count
