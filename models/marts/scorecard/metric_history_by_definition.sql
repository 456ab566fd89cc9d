{#- Did the number move, or its definition?
    Without users there is no row, as in every mart. -#}
with

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}
    where first_signup_at is not null

),

weeks as (

    select
        metric_id,
        week_start_date,
        current_value
    from {{ ref('int_scorecard_changes') }}

),

version_values as (

    select
        metric_id,
        week_start_date,
        definitions_version,
        false as is_current,
        observed_until_at,
        value
    from {{ ref('int_metric_history') }}
    union all
    select
        weeks.metric_id,
        weeks.week_start_date,
        versions.definitions_version,
        true as is_current,
        observation.observed_until_at,
        weeks.current_value
    from weeks
    cross join {{ ref('int_definitions_version') }} as versions
    cross join observation

),

logged as (

    select
        definitions_version,
        valid_from_date,
        owner,
        change
    from {{ ref('definition_log') }}

),

metric_history_by_definition as (

    select
        version_values.metric_id,
        version_values.week_start_date,
        version_values.definitions_version,
        logged.valid_from_date,
        logged.owner,
        logged.change,
        version_values.is_current,
        version_values.observed_until_at,
        version_values.value,
        weeks.current_value as current_definition_value,
        weeks.current_value - version_values.value as difference,
        coalesce(version_values.observed_until_at = observation.observed_until_at, false)
            as is_comparable
    from version_values
    cross join observation
    left join weeks
        on
            version_values.metric_id = weeks.metric_id
            and version_values.week_start_date = weeks.week_start_date
    left join logged on version_values.definitions_version = logged.definitions_version

)

select *
from metric_history_by_definition
