{#- Where do the earlier snapshots end, on which thresholds are chosen, and the later ones begin?
    And how many units of each set count in rates, how many of them converted? -#}
{%- set group = ['unit_type', 'snapshot_age_days'] -%}
with

counts as (

    select
        unit_type,
        snapshot_age_days,
        snapshot_date,
        count(*) as eligible_unit_count,
        count(case when is_converted then 1 end) as converted_unit_count
    from {{ ref('int_unit_snapshots') }}
    where is_eligible
    group by unit_type, snapshot_age_days, snapshot_date

),

splits as (

    select
        unit_type,
        snapshot_age_days,
        {{ split_date('min(snapshot_date)', 'max(snapshot_date)') }} as split_date
    from counts
    group by unit_type, snapshot_age_days

),

split_counts as (

    select
        counts.*,
        splits.split_date
    from counts
    inner join splits
        on
            counts.unit_type = splits.unit_type
            and counts.snapshot_age_days = splits.snapshot_age_days

),

counts_of_sets as (

    {{ rows_of_sets(
        'split_counts',
        group + ['snapshot_date', 'eligible_unit_count', 'converted_unit_count'],
    ) }}

),

totals as (

    select
        unit_type,
        snapshot_age_days,
        snapshot_set,
        min(snapshot_date) as first_snapshot_date,
        max(snapshot_date) as last_snapshot_date,
        sum(eligible_unit_count) as eligible_unit_count,
        sum(converted_unit_count) as converted_unit_count
    from counts_of_sets
    group by unit_type, snapshot_age_days, snapshot_set

),

int_snapshot_sets as (

    select
        combinations.unit_type,
        combinations.snapshot_age_days,
        combinations.snapshot_set,
        splits.split_date,
        totals.first_snapshot_date,
        totals.last_snapshot_date,
        cast(coalesce(totals.eligible_unit_count, 0) as bigint) as eligible_unit_count,
        cast(coalesce(totals.converted_unit_count, 0) as bigint) as converted_unit_count
    from {{ ref('int_snapshot_combinations') }} as combinations
    left join splits
        on
            combinations.unit_type = splits.unit_type
            and combinations.snapshot_age_days = splits.snapshot_age_days
    left join totals
        on
            combinations.unit_type = totals.unit_type
            and combinations.snapshot_age_days = totals.snapshot_age_days
            and combinations.snapshot_set = totals.snapshot_set

)

select *
from int_snapshot_sets
