{#- On which dates did each unit do what scores, and how often?
    Up to the last date that a scored date looks back on. -#}
with

units as (

    select
        unit_type,
        unit_key,
        last_scored_date
    from {{ ref('int_pql_units') }}
    where last_scored_date > started_date

),

int_unit_signal_days as (

    select
        units.unit_type,
        units.unit_key,
        event_days.event_name,
        event_days.occurred_utc_date as occurred_date,
        {{ sum_as_bigint('event_days.event_count') }} as event_count
    from {{ ref('int_event_days') }} as event_days
    inner join {{ ref('int_unit_members') }} as members on event_days.user_key = members.user_key
    inner join units
        on members.unit_type = units.unit_type and members.unit_key = units.unit_key
    where event_days.event_count > 0 and event_days.occurred_utc_date < units.last_scored_date
    group by units.unit_type, units.unit_key, event_days.event_name, event_days.occurred_utc_date

)

select *
from int_unit_signal_days
