{#- Which behaviours has each unit done before its first snapshot?
    Only units whose first snapshot lies before the end of observation. -#}
with

snapshots as (

    select
        units.unit_type,
        units.unit_key,
        units.last_scored_date,
        {{ snapshot_date('units', snapshot_ages()[0]) }} as snapshot_date
    from {{ ref('int_pql_units') }} as units

),

counts as (

    select
        snapshots.unit_type,
        snapshots.unit_key,
        signal_days.event_name,
        sum(signal_days.event_count) as event_count
    from snapshots
    inner join {{ ref('int_unit_signal_days') }} as signal_days
        on snapshots.unit_type = signal_days.unit_type and snapshots.unit_key = signal_days.unit_key
    where
        snapshots.snapshot_date <= snapshots.last_scored_date
        and signal_days.occurred_date < snapshots.snapshot_date
    group by snapshots.unit_type, snapshots.unit_key, signal_days.event_name

),

int_unit_behaviors as (

    select
        counts.unit_type,
        counts.unit_key,
        behaviors.behavior_id
    from counts
    inner join {{ ref('stg_propensity_behaviors') }} as behaviors
        on counts.event_name = behaviors.triggered_by_event
    where counts.event_count >= behaviors.min_count

)

select *
from int_unit_behaviors
