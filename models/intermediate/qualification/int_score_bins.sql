{#- Which bins do scores fall into: bands, and tenths of the units?
    Every band and all ten deciles have a row, also those that nobody is in. -#}
with

sets as (

    select
        snapshot_sets.unit_type,
        schemes.scheme,
        snapshot_sets.snapshot_age_days,
        snapshot_sets.snapshot_set,
        snapshot_sets.eligible_unit_count as all_unit_count,
        snapshot_sets.converted_unit_count as all_converted_unit_count
    from {{ ref('int_snapshot_sets') }} as snapshot_sets
    cross join {{ ref('int_pql_schemes') }} as schemes

),

numbers as (

    {{ numbers(9, 'number_before') }}

),

bins as (

    select
        scheme,
        'band' as bin_type,
        cast(row_number() over (partition by scheme order by lower_bound desc) as bigint)
            as bin_number,
        band as bin_name
    from {{ ref('stg_pql_bands') }}
    union all
    select
        schemes.scheme,
        'decile' as bin_type,
        cast(numbers.number_before + 1 as bigint) as bin_number,
        cast(numbers.number_before + 1 as {{ dbt.type_string() }}) as bin_name
    from {{ ref('int_pql_schemes') }} as schemes
    cross join numbers

),

scores as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_set,
        score,
        unit_count,
        converted_unit_count,
        'band' as bin_type,
        band as bin_name
    from {{ ref('int_snapshot_scores') }}
    union all
    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_set,
        score,
        unit_count,
        converted_unit_count,
        'decile' as bin_type,
        cast(decile as {{ dbt.type_string() }}) as bin_name
    from {{ ref('int_snapshot_scores') }}

),

int_score_bins as (

    select
        sets.unit_type,
        sets.scheme,
        sets.snapshot_age_days,
        sets.snapshot_set,
        bins.bin_type,
        bins.bin_number,
        bins.bin_name,
        sets.all_unit_count,
        sets.all_converted_unit_count,
        min(scores.score) as lowest_score,
        max(scores.score) as highest_score,
        cast(coalesce(sum(scores.unit_count), 0) as bigint) as unit_count,
        cast(coalesce(sum(scores.converted_unit_count), 0) as bigint) as converted_unit_count,
        {{ sum_of_scores('scores.score', 'scores.unit_count') }} as score_sum
    from sets
    inner join bins on sets.scheme = bins.scheme
    left join scores
        on
            sets.unit_type = scores.unit_type
            and sets.scheme = scores.scheme
            and sets.snapshot_age_days = scores.snapshot_age_days
            and sets.snapshot_set = scores.snapshot_set
            and bins.bin_type = scores.bin_type
            and bins.bin_name = scores.bin_name
    group by
        sets.unit_type, sets.scheme, sets.snapshot_age_days, sets.snapshot_set, bins.bin_type,
        bins.bin_number, bins.bin_name, sets.all_unit_count, sets.all_converted_unit_count

)

select *
from int_score_bins
