{#- Which rows of a cohort mart does each cohort_key count in?
    Those of its slices: three cohort grains times the segment types. -#}
with

int_cohort_segments as (

    select
        slices.cohort_key,
        cohorts.cohort_anchor,
        cohorts.cohort_grain,
        cohorts.cohort_date,
        cohorts.segment_type,
        cohorts.segment_value
    from {{ ref('int_cohort_slices') }} as slices
    inner join {{ ref('int_slice_cohorts') }} as cohorts on slices.slice_key = cohorts.slice_key

)

select *
from int_cohort_segments
