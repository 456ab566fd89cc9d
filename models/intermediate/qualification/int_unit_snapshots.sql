{#- When is each unit's score held against what happened later, and what did happen?
    A unit that had converted by then is not at risk: its score foretells nothing. -#}
with

units as (

    select
        unit_type,
        unit_key,
        started_at,
        started_date,
        last_scored_date,
        converted_at,
        is_conversion_known,
        is_in_rates
    from {{ ref('int_pql_units') }}

),

ages as (

    {% for days in snapshot_ages() -%}
    select {{ days }} as snapshot_age_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

dated_units as (

    select
        units.*,
        cast(ages.snapshot_age_days as bigint) as snapshot_age_days,
        {{ snapshot_date('units', 'ages.snapshot_age_days') }} as snapshot_date
    from units
    cross join ages

),

snapshots as (

    select
        *,
        {{ dbt.dateadd('day', var('conversion_window_days'), 'snapshot_date') }} as closes_at
    from dated_units

),

int_unit_snapshots as (

    select
        snapshots.unit_type,
        snapshots.unit_key,
        snapshots.snapshot_age_days,
        snapshots.snapshot_date,
        snapshots.snapshot_date <= snapshots.last_scored_date as is_scored,
        snapshots.is_in_rates
        and (
            snapshots.converted_at is null
            or snapshots.converted_at >= cast(snapshots.snapshot_date as timestamp)
        ) as is_at_risk,
        snapshots.is_conversion_known
        and {{ window_has_closed('snapshots.closes_at', 'snapshots') }}
        and (
            snapshots.converted_at is null
            or snapshots.converted_at >= cast(snapshots.snapshot_date as timestamp)
        ) as is_eligible,
        coalesce(snapshots.converted_at < snapshots.closes_at, false) as is_converted
    from snapshots
    cross join {{ ref('int_observation') }} as observation

)

select *
from int_unit_snapshots
