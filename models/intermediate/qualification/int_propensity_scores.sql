{#- How likely is each unit to convert, by what it did before its first snapshot?
    No rows where no behaviour has a weight. -#}
with

weights as (

    select
        behavior_id,
        weight
    from {{ ref('stg_propensity_behaviors') }}
    where weight is not null

),

scheme as (

    select
        count(case when behavior_id <> 'intercept' then 1 end) as behavior_count,
        coalesce(max(case when behavior_id = 'intercept' then weight end), 0) as intercept
    from weights

),

units as (

    select
        units.unit_type,
        units.unit_key,
        units.last_scored_date,
        {{ snapshot_date('units', snapshot_ages()[0]) }} as valid_from_date
    from {{ ref('int_pql_units') }} as units

),

done_weights as (

    select
        done.unit_type,
        done.unit_key,
        sum(weights.weight) as weight
    from {{ ref('int_unit_behaviors') }} as done
    inner join weights on done.behavior_id = weights.behavior_id
    group by done.unit_type, done.unit_key

),

log_odds as (

    -- Beyond 50 a score is 0 or 100, and an exponential may be too large for an engine.
    select
        units.unit_type,
        units.unit_key,
        units.valid_from_date,
        cast(
            least(greatest(scheme.intercept + coalesce(done_weights.weight, 0), -50), 50)
            as {{ engine_type('double') }}
        ) as log_odds
    from units
    cross join scheme
    left join done_weights
        on units.unit_type = done_weights.unit_type and units.unit_key = done_weights.unit_key
    where scheme.behavior_count > 0 and units.valid_from_date <= units.last_scored_date

),

int_propensity_scores as (

    -- In four decimals, halves up.
    select
        unit_type,
        unit_key,
        valid_from_date,
        cast(
            cast(cast(floor(1000000 / (1 + exp(-log_odds)) + 0.5) as bigint) as decimal(18, 0))
            * cast(0.0001 as decimal(5, 4)) as {{ engine_type('decimal(18, 10)') }}
        ) as score
    from log_odds

)

select *
from int_propensity_scores
