{#- Which slices does each cohort_key count in?
    A slice has all members with the same anchor, week, month and value of one segment type. There are
    few slices, even if there are as many combinations of types as users. -#}
with

members as (

    select distinct
        cohort_key,
        cohort_anchor,
        cohort_week_date,
        cohort_month_date,
        segment_key
    from {{ ref('int_cohort_members') }}

),

int_cohort_slices as (

    select
        members.cohort_key,
        members.cohort_anchor,
        members.cohort_week_date,
        members.cohort_month_date,
        segments.segment_type,
        segments.segment_value,
        dense_rank() over (
            order by
                members.cohort_anchor,
                members.cohort_week_date,
                members.cohort_month_date,
                segments.segment_type,
                segments.segment_value
        ) as slice_key
    from members
    inner join {{ ref('int_segments') }} as segments on members.segment_key = segments.segment_key

)

select *
from int_cohort_slices
