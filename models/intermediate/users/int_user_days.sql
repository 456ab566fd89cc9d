{#- On which dates did each user use the product?
    A user is active on a date with a meaningful event. -#}
{{ config(materialized='incremental', unique_key='activity_date') }}

with

meaningless_events as (

    -- An event that is not in the catalog is meaningful.
    select event_name
    from {{ ref('event_catalog') }}
    where not coalesce(is_meaningful, false)

),

definitions as (

    select coalesce({{ fingerprint('event_name') }}, '') as definition_version
    from meaningless_events

),

{% if is_incremental() -%}
dates as (

    select occurred_date
    from {{ ref('int_event_dates') }}
    where
        row_version
        > {{ watermark('date_version', '(select definition_version from definitions)') }}

),

{% endif -%}
date_versions as (

    select max(row_version) as date_version
    from {{ ref('int_event_dates') }}

),

events as (

    {{ events_each_once(
        ref('int_events_classified'),
        ref('int_events_repeated'),
        'occurred_date in (select occurred_date from dates)' if is_incremental()
    ) }}

),

user_days as (

    -- Distinct rows, without aggregates: those would double the cost.
    select distinct
        events.user_key,
        events.occurred_date as activity_date
    from events
    left join meaningless_events on events.event_name = meaningless_events.event_name
    where meaningless_events.event_name is null

),

{% if is_incremental() -%}
known_days as (

    select
        known.user_key,
        known.activity_date,
        known.is_active,
        known.row_version
    from {{ this }} as known
    inner join dates on known.activity_date = dates.occurred_date

),

compared_days as (

    -- A day that was thought to be active, and is not, stays without activity.
    select
        coalesce(user_days.user_key, known_days.user_key) as user_key,
        coalesce(user_days.activity_date, known_days.activity_date) as activity_date,
        user_days.user_key is not null as is_active,
        case
            when (user_days.user_key is not null) = known_days.is_active
                then known_days.row_version
        end as known_version
    from user_days
    full outer join known_days
        on
            user_days.user_key = known_days.user_key
            and user_days.activity_date = known_days.activity_date

),

{% else -%}
compared_days as (

    select
        user_key,
        activity_date,
        true as is_active,
        cast(null as bigint) as known_version
    from user_days

),

{% endif -%}
int_user_days as (

    select
        compared_days.user_key,
        compared_days.activity_date,
        compared_days.is_active,
        date_versions.date_version,
        definitions.definition_version,
        -- row_version asks for days that became active, or are so no more.
        coalesce(compared_days.known_version, {{ next_version() }}) as row_version
    from compared_days
    cross join date_versions
    cross join definitions

)

select *
from int_user_days
