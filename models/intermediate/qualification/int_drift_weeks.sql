{#- How many units came to the first age in each week, and how high did they score?
    Every week that has ended, in UTC, since the first such unit of the unit type. -#}
with

scores as (

    select
        unit_type,
        scheme,
        week_start_date,
        {{ sum_as_bigint('unit_count') }} as unit_count,
        {{ sum_as_bigint('qualified_unit_count') }} as qualified_unit_count,
        {{ sum_of_scores('score', 'unit_count') }} as score_sum
    from {{ ref('int_week_scores') }}
    group by unit_type, scheme, week_start_date

),

first_weeks as (

    select
        unit_type,
        min(week_start_date) as first_week_date
    from scores
    group by unit_type

),

spans as (

    select
        min(first_weeks.first_week_date) as first_week_date,
        -- The last Monday whose week has ended.
        max(cast({{ dbt.dateadd(
            'day', -7, dbt.date_trunc('week', utc_date('observation.observed_until_at'))
        ) }} as date)) as last_week_date
    from first_weeks
    cross join {{ ref('int_observation') }} as observation

),

weeks as (

    {{ dates_between('spans', 'first_week_date', 'last_week_date', 'week_start_date', 7) }}

),

int_drift_weeks as (

    select
        first_weeks.unit_type,
        schemes.scheme,
        weeks.week_start_date,
        scores.score_sum,
        coalesce(scores.unit_count, 0) as unit_count,
        coalesce(scores.qualified_unit_count, 0) as qualified_unit_count
    from first_weeks
    inner join weeks on first_weeks.first_week_date <= weeks.week_start_date
    cross join {{ ref('int_pql_schemes') }} as schemes
    left join scores
        on
            first_weeks.unit_type = scores.unit_type
            and schemes.scheme = scores.scheme
            and weeks.week_start_date = scores.week_start_date

)

select *
from int_drift_weeks
