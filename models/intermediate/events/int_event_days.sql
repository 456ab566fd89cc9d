{#- On which dates did each user do what a signal or a behaviour of leads names, and how often?
    Much narrower than the events: a later build reads only the dates whose events changed. -#}
{{ config(materialized='incremental', unique_key='occurred_date') }}

with

scored_names as (

    select triggered_by_event as event_name
    from {{ ref('stg_pql_signals') }}
    where triggered_by_event is not null
    {{ union_distinct() }}
    select triggered_by_event as event_name
    from {{ ref('stg_propensity_behaviors') }}
    where triggered_by_event is not null

),

definitions as (

    select coalesce({{ fingerprint('event_name') }}, '') as definition_version
    from scored_names

),

{% if is_incremental() -%}
dates as (

    select occurred_date
    from {{ ref('int_event_dates') }}
    where row_version > {{ watermark('date_version', 'definitions') }}

),

{% endif -%}
events as (

    {{ events_each_once(
        ref('int_events_classified'),
        ref('int_events_repeated'),
        'event_name in (select event_name from scored_names)'
        ~ (' and occurred_date in (select occurred_date from dates)' if is_incremental() else '')
    ) }}

),

event_days as (

    -- A date of the reporting time zone has parts of two dates of UTC, by which leads are scored.
    select
        user_key,
        event_name,
        occurred_date,
        {{ utc_date('occurred_at') }} as occurred_utc_date,
        count(*) as event_count,
        max(occurred_at) as last_occurred_at
    from events
    group by user_key, event_name, occurred_date, {{ utc_date('occurred_at') }}

),

known_and_event_days as (

    select *
    from event_days
    {% if is_incremental() -%}
    union all
    -- A date on which no event is left replaces what an earlier build found on it.
    select
        cast(null as bigint) as user_key,
        cast(null as {{ dbt.type_string() }}) as event_name,
        dates.occurred_date,
        cast(null as date) as occurred_utc_date,
        cast(0 as bigint) as event_count,
        cast(null as timestamp) as last_occurred_at
    from dates
    left join event_days on dates.occurred_date = event_days.occurred_date
    where event_days.occurred_date is null
    {%- endif %}

),

int_event_days as (

    select
        known_and_event_days.*,
        {{ latest_version(ref('int_event_dates')) }} as date_version,
        definitions.definition_version,
        {{ next_version() }} as row_version
    from known_and_event_days
    cross join definitions

)

select *
from int_event_days
