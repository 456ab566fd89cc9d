{#- Which units can tell whether an early behaviour goes with paying, or with staying, and did they?
    Paying: the eligible snapshots of the first age. Staying: all units, converted or not, whose week of the outcome
    has ended. -#}
{%- set first_day = 7 * var('value_week') -%}
with

units as (

    select
        units.unit_type,
        units.unit_key,
        {{ snapshot_date('units', snapshot_ages()[0]) }} as snapshot_date,
        {{ local_date('units.started_at') }} as local_started_date,
        observation.observed_until_date
    from {{ ref('int_pql_units') }} as units
    cross join {{ ref('int_observation') }} as observation
    where units.is_in_rates and {{ var('pql_history_days') }} > 0

),

watched_units as (

    select
        unit_type,
        unit_key,
        snapshot_date,
        local_started_date
    from units
    where {{ days_between('local_started_date', 'observed_until_date') }} > {{ first_day + 6 }}

),

active_units as (

    select distinct
        members.unit_type,
        members.unit_key
    from watched_units
    inner join {{ ref('int_unit_members') }} as members
        on
            watched_units.unit_type = members.unit_type
            and watched_units.unit_key = members.unit_key
    inner join {{ ref('int_active_days') }} as active_days
        on members.user_key = active_days.user_key
    where
        {{ days_between('watched_units.local_started_date', 'active_days.activity_date') }}
        between {{ first_day }} and {{ first_day + 6 }}

),

int_value_units as (

    select
        unit_type,
        unit_key,
        'converted' as outcome,
        snapshot_date,
        is_converted as has_outcome
    from {{ ref('int_unit_snapshots') }}
    where is_eligible and snapshot_age_days = {{ snapshot_ages()[0] }}
    union all
    select
        watched_units.unit_type,
        watched_units.unit_key,
        'retained' as outcome,
        watched_units.snapshot_date,
        active_units.unit_key is not null as has_outcome
    from watched_units
    left join active_units
        on
            watched_units.unit_type = active_units.unit_type
            and watched_units.unit_key = active_units.unit_key

)

select *
from int_value_units
