{#- Which rows of a cohort mart does each cohort_key of the attempts count in? -#}
with

attempts as (

    select distinct
        cohort_key,
        cohort_week_date,
        cohort_month_date,
        segment_key
    from {{ ref('int_funnel_attempts') }}

),

observation as (

    select first_signup_date
    from {{ ref('int_observation') }}

),

int_funnel_cohorts as (

    {% for grain, date in [
        ('week', 'attempts.cohort_week_date'), ('month', 'attempts.cohort_month_date'),
        ('all', 'observation.first_signup_date'),
    ] -%}
    select
        attempts.cohort_key,
        'entry' as cohort_anchor,
        '{{ grain }}' as cohort_grain,
        {{ date }} as cohort_date,
        segments.segment_type,
        segments.segment_value
    from attempts
    inner join {{ ref('int_segments') }} as segments on attempts.segment_key = segments.segment_key
    cross join observation
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select *
from int_funnel_cohorts
