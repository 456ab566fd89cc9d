{#- Which score did each unit have at each age, by each scheme?
    Only units at risk: who had converted by then is in no rate and in no comparison of scores. -#}
with

snapshots as (

    select
        snapshots.unit_type,
        snapshots.unit_key,
        snapshots.snapshot_age_days,
        snapshots.snapshot_date,
        snapshots.is_eligible,
        splits.split_date,
        snapshots.is_eligible and snapshots.is_converted as is_converted
    from {{ ref('int_unit_snapshots') }} as snapshots
    inner join {{ ref('int_snapshot_sets') }} as splits
        on
            snapshots.unit_type = splits.unit_type
            and snapshots.snapshot_age_days = splits.snapshot_age_days
            and splits.snapshot_set = 'all'
    where snapshots.is_scored and snapshots.is_at_risk

),

scores as (

    select
        unit_type,
        unit_key,
        scheme,
        valid_from_date,
        valid_until_date,
        score,
        band,
        is_qualified
    from {{ ref('int_score_history') }}

),

int_pql_snapshots as (

    select
        snapshots.unit_type,
        snapshots.unit_key,
        scores.scheme,
        snapshots.snapshot_age_days,
        snapshots.snapshot_date,
        snapshots.split_date,
        scores.score,
        scores.band,
        scores.is_qualified,
        snapshots.is_eligible,
        snapshots.is_converted
    from snapshots
    inner join scores
        on
            snapshots.unit_type = scores.unit_type
            and snapshots.unit_key = scores.unit_key
            and snapshots.snapshot_date >= scores.valid_from_date
            and (
                scores.valid_until_date is null
                or snapshots.snapshot_date < scores.valid_until_date
            )

)

select *
from int_pql_snapshots
