{#- How many units did each early behaviour, and how many of them paid, or stayed?
    By set: the first two thirds of the dates of the units of an outcome, and the others. -#}
with

units as (

    select
        unit_type,
        unit_key,
        outcome,
        snapshot_date,
        has_outcome
    from {{ ref('int_value_units') }}

),

splits as (

    select
        unit_type,
        outcome,
        {{ split_date('min(snapshot_date)', 'max(snapshot_date)') }} as split_date
    from units
    group by unit_type, outcome

),

counts as (

    -- All units, under no behaviour, and those who did each one.
    select
        unit_type,
        outcome,
        snapshot_date,
        cast(null as {{ dbt.type_string() }}) as behavior_id,
        count(*) as unit_count,
        count(case when has_outcome then 1 end) as outcome_count
    from units
    group by unit_type, outcome, snapshot_date
    union all
    select
        units.unit_type,
        units.outcome,
        units.snapshot_date,
        behaviors.behavior_id,
        count(*) as unit_count,
        count(case when units.has_outcome then 1 end) as outcome_count
    from units
    inner join {{ ref('int_unit_behaviors') }} as behaviors
        on units.unit_type = behaviors.unit_type and units.unit_key = behaviors.unit_key
    group by units.unit_type, units.outcome, units.snapshot_date, behaviors.behavior_id

),

split_counts as (

    select
        counts.*,
        splits.split_date
    from counts
    inner join splits on counts.unit_type = splits.unit_type and counts.outcome = splits.outcome

),

counts_of_sets as (

    {{ rows_of_sets(
        'split_counts', ['unit_type', 'outcome', 'behavior_id', 'unit_count', 'outcome_count']
    ) }}

),

int_behavior_counts as (

    select
        unit_type,
        outcome,
        snapshot_set,
        behavior_id,
        {{ sum_as_bigint('unit_count') }} as unit_count,
        {{ sum_as_bigint('outcome_count') }} as outcome_count
    from counts_of_sets
    group by unit_type, outcome, snapshot_set, behavior_id

)

select *
from int_behavior_counts
