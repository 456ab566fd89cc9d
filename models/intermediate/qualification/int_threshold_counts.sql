{#- How many units would each threshold have flagged, and how many of them converted?
    Thresholds are the scores that occur, and the bounds of bands; the same list in every set. -#}
{%- set group = ['unit_type', 'scheme', 'snapshot_age_days', 'snapshot_set'] -%}
{%- set score_type = engine_type('decimal(18, 10)') -%}
with

sets as (

    select
        snapshot_sets.unit_type,
        schemes.scheme,
        snapshot_sets.snapshot_age_days,
        snapshot_sets.snapshot_set,
        snapshot_sets.eligible_unit_count,
        snapshot_sets.converted_unit_count
    from {{ ref('int_snapshot_sets') }} as snapshot_sets
    cross join {{ ref('int_pql_schemes') }} as schemes

),

scores as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_set,
        unit_count,
        converted_unit_count,
        cast(score as {{ score_type }}) as threshold
    from {{ ref('int_snapshot_scores') }}

),

thresholds as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        threshold
    from scores
    where snapshot_set = 'all'
    {{ union_distinct() }}
    select
        sets.unit_type,
        sets.scheme,
        sets.snapshot_age_days,
        cast(bands.lower_bound as {{ score_type }}) as threshold
    from sets
    inner join {{ ref('stg_pql_bands') }} as bands on sets.scheme = bands.scheme

),

counts as (

    select
        sets.unit_type,
        sets.scheme,
        sets.snapshot_age_days,
        sets.snapshot_set,
        thresholds.threshold,
        sets.eligible_unit_count,
        sets.converted_unit_count,
        coalesce(scores.unit_count, 0) as unit_count,
        coalesce(scores.converted_unit_count, 0) as converted_count
    from sets
    inner join thresholds
        on
            sets.unit_type = thresholds.unit_type
            and sets.scheme = thresholds.scheme
            and sets.snapshot_age_days = thresholds.snapshot_age_days
    left join scores
        on
            sets.unit_type = scores.unit_type
            and sets.scheme = scores.scheme
            and sets.snapshot_age_days = scores.snapshot_age_days
            and sets.snapshot_set = scores.snapshot_set
            and thresholds.threshold = scores.threshold

),

int_threshold_counts as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_set,
        threshold,
        eligible_unit_count,
        converted_unit_count,
        cast({{ running('sum(unit_count)', group, 'threshold desc') }} as bigint)
            as flagged_unit_count,
        cast({{ running('sum(converted_count)', group, 'threshold desc') }} as bigint)
            as flagged_converted_unit_count
    from counts

)

select *
from int_threshold_counts
