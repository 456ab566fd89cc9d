{#- Which rows of a cohort mart does each slice count in?
    It counts in its week, its month, and `all`, which starts with the first signup. -#}
with

slices as (

    select distinct
        slice_key,
        cohort_anchor,
        cohort_week_date,
        cohort_month_date,
        segment_type,
        segment_value
    from {{ ref('int_cohort_slices') }}

),

observation as (

    select first_signup_date
    from {{ ref('int_observation') }}

),

int_slice_cohorts as (

    {% for grain, date in [
        ('week', 'slices.cohort_week_date'), ('month', 'slices.cohort_month_date'),
        ('all', 'observation.first_signup_date'),
    ] -%}
    select
        slices.slice_key,
        slices.cohort_anchor,
        '{{ grain }}' as cohort_grain,
        {{ date }} as cohort_date,
        slices.segment_type,
        slices.segment_value
    from slices
    cross join observation
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select *
from int_slice_cohorts
