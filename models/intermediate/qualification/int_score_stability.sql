{#- How far are the scores of each week from those that thresholds were chosen on?
    The bins are the deciles of the earlier units. A score below all of them falls into the lowest. -#}
with

deciles as (

    select
        unit_type,
        scheme,
        bin_number,
        lowest_score,
        unit_count as reference_unit_count
    from {{ ref('int_score_bins') }}
    where
        snapshot_age_days = {{ snapshot_ages()[0] }}
        and snapshot_set = 'earlier' and bin_type = 'decile' and unit_count > 0

),

bins as (

    select
        *,
        cast(sum(reference_unit_count) over (partition by unit_type, scheme) as bigint)
            as all_reference_unit_count,
        lead(lowest_score) over (partition by unit_type, scheme order by lowest_score)
            as next_lowest_score,
        count(*) over (partition by unit_type, scheme) as bin_count,
        row_number() over (partition by unit_type, scheme order by lowest_score) = 1 as is_lowest
    from deciles

),

counts as (

    select
        scores.unit_type,
        scores.scheme,
        scores.week_start_date,
        bins.bin_number,
        {{ sum_as_bigint('scores.unit_count') }} as unit_count
    from {{ ref('int_week_scores') }} as scores
    inner join bins
        on
            scores.unit_type = bins.unit_type
            and scores.scheme = bins.scheme
            and (scores.score >= bins.lowest_score or bins.is_lowest)
            and (bins.next_lowest_score is null or scores.score < bins.next_lowest_score)
    group by scores.unit_type, scores.scheme, scores.week_start_date, bins.bin_number

),

bins_of_weeks as (

    select
        weeks.unit_type,
        weeks.scheme,
        weeks.week_start_date,
        weeks.unit_count as all_unit_count,
        bins.reference_unit_count,
        bins.all_reference_unit_count,
        bins.bin_count,
        coalesce(counts.unit_count, 0) as unit_count
    from {{ ref('int_drift_weeks') }} as weeks
    inner join bins on weeks.unit_type = bins.unit_type and weeks.scheme = bins.scheme
    left join counts
        on
            weeks.unit_type = counts.unit_type
            and weeks.scheme = counts.scheme
            and weeks.week_start_date = counts.week_start_date
            and bins.bin_number = counts.bin_number

),

int_score_stability as (

    select
        unit_type,
        scheme,
        week_start_date,
        all_reference_unit_count as reference_unit_count,
        bin_count,
        sum(
            {{ stability_of_bin(
                'unit_count', 'all_unit_count', 'reference_unit_count', 'all_reference_unit_count',
                'bin_count',
            ) }}
        ) as psi
    from bins_of_weeks
    group by unit_type, scheme, week_start_date, all_reference_unit_count, bin_count

)

select *
from int_score_stability
