{#- On which dates did each user use the product?
    A user is active on a date with a meaningful event. -#}
{{ config(materialized='incremental', unique_key='activity_date') }}

with

event_catalog as (

    select
        event_name,
        is_meaningful
    from {{ ref('stg_event_catalog') }}

),

definitions as (

    select
        coalesce({{ fingerprint(meaning('event_name', 'is_meaningful')) }}, '')
            as definition_version
    from event_catalog

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
        'occurred_date in (select occurred_date from dates)' if is_incremental()
    ) }}

),

user_days as (

    -- No aggregates: they would double the cost.
    select distinct
        events.user_key,
        events.occurred_date as activity_date
    from events
    left join event_catalog on events.event_name = event_catalog.event_name
    where coalesce(event_catalog.is_meaningful, {{ is_meaningful_by_itself('events.event_name') }})

),

{% if is_incremental() -%}
known as (

    select
        user_key,
        activity_date,
        is_active,
        row_version
    from {{ this }}
    where activity_date in (select dates.occurred_date from dates)

),

{% endif -%}
compared_days as (

    {% if is_incremental() -%}
    -- A day that an earlier build found active, and this one does not, stays as not active.
    select
        coalesce(user_days.user_key, known.user_key) as user_key,
        coalesce(user_days.activity_date, known.activity_date) as activity_date,
        user_days.user_key is not null as is_active,
        case when (user_days.user_key is not null) = known.is_active then known.row_version end
            as known_version
    from user_days
    full outer join known
        on user_days.user_key = known.user_key and user_days.activity_date = known.activity_date
    {%- else -%}
    select
        *,
        true as is_active,
        cast(null as bigint) as known_version
    from user_days
    {%- endif %}

),

int_user_days as (

    select
        compared_days.user_key,
        compared_days.activity_date,
        compared_days.is_active,
        {{ latest_version(ref('int_event_dates')) }} as date_version,
        definitions.definition_version,
        -- A day keeps its version unless it became active, or stopped being so.
        coalesce(compared_days.known_version, {{ next_version() }}) as row_version
    from compared_days
    cross join definitions

)

select *
from int_user_days
