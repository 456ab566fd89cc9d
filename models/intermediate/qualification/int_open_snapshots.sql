{#- How many units are still open at each age: too young for the snapshot, or inside their window?
    The report says so beside each number that leaves them out. -#}
{{ config(materialized='view') }}

with

snapshots as (

    select
        unit_type,
        snapshot_age_days,
        is_at_risk,
        is_eligible
    from {{ ref('int_unit_snapshots') }}

),

conversions as (

    select max(case when is_conversion_known then 1 else 0 end) as is_known
    from {{ ref('int_pql_units') }}

),

int_open_snapshots as (

    select
        snapshots.unit_type,
        snapshots.snapshot_age_days,
        case
            when max(conversions.is_known) = 1
                then count(case when snapshots.is_at_risk and not snapshots.is_eligible then 1 end)
        end as open_unit_count
    from snapshots
    cross join conversions
    group by snapshots.unit_type, snapshots.snapshot_age_days

)

select *
from int_open_snapshots
