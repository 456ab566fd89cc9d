{#- On which scored dates does each unit's score of each scheme change, and to what?
    Running sums of the changes: no row for a date on which nothing changes.

    Longer than 110 lines: four kinds of changes come together, and first scores without any. -#}
{{ config(materialized='view') }}

with

units as (

    select
        unit_type,
        unit_key,
        last_scored_date,
        cast({{ dbt.dateadd('day', 1, 'started_date') }} as date) as first_scored_date
    from {{ ref('int_pql_units') }}
    where last_scored_date > started_date

),

changes as (

    select
        unit_type,
        unit_key,
        'milestone_share' as scheme,
        cast({{ dbt.dateadd('day', 1, utc_date('reached_at')) }} as date) as valid_from_date,
        cast(100 * weight as {{ engine_type('decimal(18, 10)') }}) as score_change
    from {{ ref('int_unit_milestones') }}
    union all
    select
        unit_type,
        unit_key,
        'points' as scheme,
        valid_from_date,
        points as score_change
    from {{ ref('int_unit_fit_signals') }}
    union all
    select
        unit_type,
        unit_key,
        'points' as scheme,
        valid_from_date,
        points as score_change
    from {{ ref('int_point_changes') }}

),

dated_changes as (

    {% for scheme in ['milestone_share', 'points'] -%}
    select
        unit_type,
        unit_key,
        '{{ scheme }}' as scheme,
        first_scored_date as valid_from_date,
        cast(0 as {{ engine_type('decimal(18, 10)') }}) as score_change,
        1 as first_rows
    from units
    union all
    {% endfor -%}
    select
        unit_type,
        unit_key,
        'propensity' as scheme,
        valid_from_date,
        score as score_change,
        1 as first_rows
    from {{ ref('int_propensity_scores') }}
    union all
    -- An account may be younger than what its users did.
    select
        changes.unit_type,
        changes.unit_key,
        changes.scheme,
        greatest(changes.valid_from_date, units.first_scored_date) as valid_from_date,
        changes.score_change,
        0 as first_rows
    from changes
    inner join units
        on changes.unit_type = units.unit_type and changes.unit_key = units.unit_key
    where changes.valid_from_date <= units.last_scored_date

),

steps as (

    select
        unit_type,
        unit_key,
        scheme,
        valid_from_date,
        sum(score_change) as score_change
    from dated_changes
    group by unit_type, unit_key, scheme, valid_from_date
    having sum(score_change) <> 0 or max(first_rows) = 1

),

int_score_steps as (

    select
        unit_type,
        unit_key,
        scheme,
        valid_from_date,
        cast(
            {{ running('sum(score_change)', ['unit_type', 'unit_key', 'scheme'], 'valid_from_date') }}
            as {{ engine_type('decimal(18, 10)') }}
        ) as score
    from steps

)

select *
from int_score_steps
