{#- Neighbouring rows of a unit's history differ in score, and one ends where the next begins.
    The first begins on the day after the start, that of propensity on the first snapshot. -#}
with

neighbours as (

    select
        unit_type,
        unit_id,
        scheme,
        valid_from_date,
        valid_until_date,
        is_latest,
        score,
        lag(score) over (
            partition by unit_type, unit_id, scheme order by valid_from_date
        ) as previous_score,
        lag(valid_until_date) over (
            partition by unit_type, unit_id, scheme order by valid_from_date
        ) as previous_until_date,
        row_number() over (
            partition by unit_type, unit_id, scheme order by valid_from_date
        ) as place,
        row_number() over (
            partition by unit_type, unit_id, scheme order by valid_from_date desc
        ) as place_from_the_end
    from {{ ref('pql_score_history') }}

),

units as (

    select
        units.unit_type,
        units.unit_id,
        units.last_scored_date,
        cast({{ dbt.dateadd('day', 1, 'units.started_date') }} as date) as first_scored_date,
        {{ snapshot_date('units', snapshot_ages()[0]) }} as first_snapshot_date
    from {{ ref('int_pql_units') }} as units

)

select
    neighbours.unit_type,
    neighbours.unit_id,
    neighbours.scheme,
    neighbours.valid_from_date
from neighbours
left join units
    on neighbours.unit_type = units.unit_type and neighbours.unit_id = units.unit_id
where
    units.unit_id is null
    or neighbours.valid_from_date > units.last_scored_date
    or (neighbours.place > 1 and neighbours.score = neighbours.previous_score)
    or (
        neighbours.place > 1
        and {{ is_distinct('neighbours.previous_until_date', 'neighbours.valid_from_date') }}
    )
    or (
        neighbours.place = 1
        and neighbours.valid_from_date <> case neighbours.scheme
            when 'propensity' then units.first_snapshot_date
            else units.first_scored_date
        end
    )
    or neighbours.is_latest <> (neighbours.place_from_the_end = 1)
    or neighbours.is_latest <> (neighbours.valid_until_date is null)
