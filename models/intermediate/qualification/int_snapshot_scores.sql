{#- How many units had each score, how many of them converted, and how many stand above it?
    All of calibration reads these rows: scores are few where units are many. -#}
{%- set group = ['unit_type', 'scheme', 'snapshot_age_days', 'snapshot_set'] -%}
with

snapshots as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_date,
        split_date,
        score,
        band,
        is_qualified,
        is_converted
    from {{ ref('int_pql_snapshots') }}
    where is_eligible

),

counts as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_date,
        split_date,
        score,
        band,
        is_qualified,
        count(*) as unit_count,
        count(case when is_converted then 1 end) as converted_unit_count
    from snapshots
    group by
        unit_type, scheme, snapshot_age_days, snapshot_date, split_date, score, band, is_qualified

),

counts_of_sets as (

    {{ rows_of_sets('counts', group[:3] + [
        'score', 'band', 'is_qualified', 'unit_count', 'converted_unit_count',
    ]) }}

),

scores as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_set,
        score,
        band,
        is_qualified,
        cast(sum(unit_count) as bigint) as unit_count,
        cast(sum(converted_unit_count) as bigint) as converted_unit_count
    from counts_of_sets
    group by
        unit_type, scheme, snapshot_age_days, snapshot_set, score, band, is_qualified

),

ranked_scores as (

    select
        *,
        cast({{ running('sum(unit_count)', group, 'score desc') }} as bigint) - unit_count
            as unit_count_above,
        cast({{ running('sum(converted_unit_count)', group, 'score desc') }} as bigint)
        - converted_unit_count as converted_unit_count_above,
        cast(
            sum(unit_count) over (partition by {{ group | join(', ') }}) as bigint
        ) as all_unit_count
    from scores

),

int_snapshot_scores as (

    select
        *,
        -- Ties stay together, so a decile may be empty, or larger than a tenth.
        1 + cast(
            floor(cast(10 * unit_count_above as {{ engine_type('double') }}) / all_unit_count)
            as bigint
        ) as decile
    from ranked_scores

)

select *
from int_snapshot_scores
