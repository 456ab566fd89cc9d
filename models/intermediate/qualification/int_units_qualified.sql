{#- Which units could become a lead within the window, and after how many days did they?
    The first date with a score from the entry bound on decides: later ones are further from the start. -#}
{{ config(materialized='view') }}

with

units as (

    select
        unit_type,
        unit_key,
        segment_key,
        started_at,
        started_date,
        converted_at,
        is_in_rates,
        {{ local_date('started_at') }} as start_date,
        {{ dbt.dateadd('day', var('pql_window_days'), 'started_at') }} as deadline_at
    from {{ ref('int_pql_units') }}
    -- Without a history nobody knows who became a lead.
    where {{ var('pql_history_days') }} > 0

),

schemes as (

    select scheme
    from {{ ref('int_pql_schemes') }}

),

first_leads as (

    select
        history.unit_type,
        history.unit_key,
        history.scheme,
        min(history.valid_from_date) as lead_date
    from {{ ref('int_score_history') }} as history
    inner join {{ ref('int_lead_bounds') }} as bounds on history.scheme = bounds.scheme
    where history.score >= bounds.entry_bound
    group by history.unit_type, history.unit_key, history.scheme

),

eligible_units as (

    select
        units.*,
        {{ window_has_closed('units.deadline_at', 'units') }}
        and coalesce(units.converted_at > units.started_at, true) as is_eligible
    from units
    cross join {{ ref('int_observation') }} as observation

),

int_units_qualified as (

    select
        units.unit_type,
        units.unit_key,
        units.segment_key,
        schemes.scheme,
        units.is_eligible,
        cast({{ dbt.date_trunc('week', 'units.start_date') }} as date) as cohort_week_date,
        cast({{ dbt.date_trunc('month', 'units.start_date') }} as date) as cohort_month_date,
        case
            when
                units.is_eligible
                and cast(first_leads.lead_date as timestamp) < units.deadline_at
                and coalesce(units.converted_at >= cast(first_leads.lead_date as timestamp), true)
                then {{ days_between('units.started_date', 'first_leads.lead_date') }}
        end as days_to_pql
    from eligible_units as units
    cross join schemes
    left join first_leads
        on
            units.unit_type = first_leads.unit_type
            and units.unit_key = first_leads.unit_key
            and schemes.scheme = first_leads.scheme

)

select *
from int_units_qualified
