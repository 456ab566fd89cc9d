{#- What share of users, and of accounts, becomes a qualified lead?
    Cohorts are those of the start of a unit: an account may be older than its first user.

    Longer than 110 lines: an account has cohorts of its own, and a median is found in counts by day. -#}
with

counts_by_key as (

    select
        unit_type,
        scheme,
        cohort_week_date,
        cohort_month_date,
        segment_key,
        days_to_pql,
        count(*) as unit_count,
        count(case when is_eligible then 1 end) as eligible_unit_count
    from {{ ref('int_units_qualified') }}
    group by
        unit_type,
        scheme,
        cohort_week_date,
        cohort_month_date,
        segment_key,
        days_to_pql

),

counts_by_slice as (

    select
        counts.unit_type,
        counts.scheme,
        counts.cohort_week_date,
        counts.cohort_month_date,
        segments.segment_type,
        segments.segment_value,
        counts.days_to_pql,
        sum(counts.unit_count) as unit_count,
        sum(counts.eligible_unit_count) as eligible_unit_count
    from counts_by_key as counts
    inner join {{ ref('int_unit_segments') }} as segments
        on counts.segment_key = segments.segment_key
    group by
        counts.unit_type,
        counts.scheme,
        counts.cohort_week_date,
        counts.cohort_month_date,
        segments.segment_type,
        segments.segment_value,
        counts.days_to_pql

),

counts_by_day as (

    {% for grain, date in [
        ('week', 'counts.cohort_week_date'), ('month', 'counts.cohort_month_date'),
        ('all', 'observation.first_signup_date'),
    ] -%}
    select
        '{{ grain }}' as cohort_grain,
        {{ date }} as cohort_date,
        counts.segment_type,
        counts.segment_value,
        counts.unit_type,
        counts.scheme,
        counts.days_to_pql,
        sum(counts.unit_count) as unit_count,
        sum(counts.eligible_unit_count) as eligible_unit_count,
        sum(case when counts.days_to_pql is not null then counts.unit_count else 0 end)
            as reached_unit_count
    from counts_by_slice as counts
    {% if grain == 'all' -%}
    cross join {{ ref('int_observation') }} as observation
    {% endif -%}
    group by
        {{ date }},
        counts.segment_type,
        counts.segment_value,
        counts.unit_type,
        counts.scheme,
        counts.days_to_pql
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

places as (

    select
        *,
        {{ running(
            'sum(reached_unit_count)',
            [
                'cohort_grain', 'cohort_date', 'segment_type', 'segment_value', 'unit_type', 'scheme'
            ],
            'days_to_pql asc nulls last'
        ) }} as place,
        sum(reached_unit_count) over (
            partition by
                cohort_grain, cohort_date, segment_type, segment_value, unit_type, scheme
        ) as reached_count
    from counts_by_day

),

pql_rate_by_cohort as (

    -- Of an even number of units, the median is the mean of the two in the middle.
    select
        {{ cohort_columns() }},
        unit_type,
        scheme,
        {{ sum_as_bigint('unit_count') }} as unit_count,
        {{ sum_as_bigint('eligible_unit_count') }} as eligible_unit_count,
        {{ sum_as_bigint('reached_unit_count') }} as reached_unit_count,
        cast(
            min(case when 2 * place >= reached_count then days_to_pql end)
            + min(case when 2 * place > reached_count then days_to_pql end)
            as {{ engine_type('double') }}
        ) / 2 as median_days_to_pql
    from places
    group by {{ cohort_columns() }}, unit_type, scheme

)

select
    {{ cohort_columns() }},
    unit_type,
    scheme,
    unit_count,
    eligible_unit_count,
    reached_unit_count,
    {{ rate_with_interval('pql_rate', 'reached_unit_count', 'eligible_unit_count') }},
    median_days_to_pql
from pql_rate_by_cohort
