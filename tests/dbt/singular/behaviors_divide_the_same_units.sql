{#- Those who did a behaviour and the others are the same units for every behaviour.
    They are those of pql_calibration at the first age. Earlier and later ones are all. -#}
with

units as (

    select
        unit_type,
        outcome,
        snapshot_set,
        behavior_id,
        done_unit_count + other_unit_count as unit_count,
        done_outcome_count + other_outcome_count as outcome_count
    from {{ ref('early_behavior_value') }}

),

spans as (

    select
        unit_type,
        outcome,
        snapshot_set,
        min(unit_count) as least_unit_count,
        max(unit_count) as most_unit_count,
        min(outcome_count) as least_outcome_count,
        max(outcome_count) as most_outcome_count
    from units
    group by unit_type, outcome, snapshot_set

),

totals as (

    select
        unit_type,
        outcome,
        behavior_id,
        sum(case when snapshot_set = 'all' then unit_count else -unit_count end) as surplus,
        sum(case when snapshot_set = 'all' then outcome_count else -outcome_count end)
            as outcome_surplus
    from units
    group by unit_type, outcome, behavior_id

)

select
    'the same units for every behaviour' as promise,
    unit_type,
    outcome,
    snapshot_set
from spans
where least_unit_count <> most_unit_count or least_outcome_count <> most_outcome_count
union all
select
    'those of pql_calibration' as promise,
    units.unit_type,
    units.outcome,
    units.snapshot_set
from units
inner join {{ ref('pql_calibration') }} as calibration
    on
        units.unit_type = calibration.unit_type
        and units.snapshot_set = calibration.snapshot_set
        and calibration.snapshot_age_days = {{ snapshot_ages()[0] }}
where
    units.outcome = 'converted'
    and (
        units.unit_count <> calibration.eligible_unit_count
        or units.outcome_count <> calibration.converted_unit_count
    )
union all
select
    'earlier and later are all' as promise,
    unit_type,
    outcome,
    'all' as snapshot_set
from totals
where surplus <> 0 or outcome_surplus <> 0
