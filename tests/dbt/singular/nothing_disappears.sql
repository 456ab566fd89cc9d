{#- Every row that was read either counts or is in data_quality_by_rule as removed. -#}
with

counts as (

    select
        'users' as table_name,
        (select count(*) from {{ ref('int_users_classified') }}) as delivered_count,
        (select count(*) from {{ ref('int_users') }}) as counted_count
    union all
    select
        'aliases' as table_name,
        (select count(*) from {{ ref('int_aliases_classified') }}) as delivered_count,
        (
            select count(*)
            from {{ ref('int_aliases_classified') }}
            where removed_by is null
        ) as counted_count
    union all
    select
        'events' as table_name,
        (
            select count(*)
            from {{ ref('int_events_classified') }}
            where {{ is_distinct('removed_by', "'replaced'") }}
        ) as delivered_count,
        (select count(*) from {{ ref('int_events') }}) as counted_count

),

removed_counts as (

    select
        table_name,
        sum(row_count) as removed_count
    from {{ ref('data_quality_by_rule') }}
    group by table_name

)

select
    counts.table_name,
    counts.delivered_count,
    counts.counted_count,
    removed_counts.removed_count
from counts
inner join removed_counts on counts.table_name = removed_counts.table_name
where counts.delivered_count <> counts.counted_count + removed_counts.removed_count
