{#- Which combinations of unit type, age and set has calibration, whoever is eligible?
    A product without accounts has those of accounts, too; without units there are none. -#}
{{ config(materialized='view') }}

with

unit_types as (

    select 'user' as unit_type
    union all
    select 'account' as unit_type

),

ages as (

    {% for days in snapshot_ages() -%}
    select cast({{ days }} as bigint) as snapshot_age_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

snapshot_sets as (

    select 'earlier' as snapshot_set
    union all
    select 'later' as snapshot_set
    union all
    select 'all' as snapshot_set

),

int_snapshot_combinations as (

    select
        unit_types.unit_type,
        ages.snapshot_age_days,
        snapshot_sets.snapshot_set
    from unit_types
    cross join ages
    cross join snapshot_sets
    where
        exists (select 1 from {{ ref('int_pql_units') }})
        -- No history, no calibration.
        and {{ var('pql_history_days') }} > 0

)

select *
from int_snapshot_combinations
