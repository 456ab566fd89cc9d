{#- What is each metric's value for each weekly cohort whose outcome is known?
    A family with a metric on the scorecard has a model int_<family>_kpi_weeks, named here. -#}
{%- set families = [
    ref('int_activation_kpi_weeks'),
    ref('int_qualification_kpi_weeks'),
    ref('int_referral_kpi_weeks'),
    ref('int_retention_kpi_weeks'),
] -%}
{%- set window_began_at = dbt.dateadd(
    'hour', '-weeks.maturity_hours', 'observation.observed_until_at'
) -%}
with

weeks as (

    {% for weeks in families -%}
    select
        metric_id,
        week_start_date,
        current_value,
        user_count,
        achieved_user_count,
        maturity_hours
    from {{ weeks }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {%- endfor %}

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

unmeasured as (

    select distinct metric_id
    from {{ ref('int_scorecard_gaps') }}
    where is_direct

),

int_scorecard_weeks as (

    select
        weeks.metric_id,
        weeks.week_start_date,
        weeks.user_count,
        unmeasured.metric_id is null as is_measured,
        case when unmeasured.metric_id is null then weeks.current_value end as current_value,
        case when unmeasured.metric_id is null then weeks.achieved_user_count end
            as achieved_user_count
    from weeks
    cross join observation
    left join unmeasured on weeks.metric_id = unmeasured.metric_id
    where
        -- The week had ended when the window of its last signup began. Hand-offs have weeks in UTC.
        case
            when weeks.metric_id = 'handoff_conversion_rate'
                then {{ utc_date(window_began_at) }}
            else {{ local_date(window_began_at) }}
        end
        >= cast({{ dbt.dateadd('day', 7, 'weeks.week_start_date') }} as date)

)

select *
from int_scorecard_weeks
