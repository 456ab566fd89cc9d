{#- Which meaningful events has each user tried, when first, and how often in the first days?
    A row holds the events of the shortest discovery window that they lie in; a longer window adds up its
    rows and those of the shorter ones. A later build reads again all events of the users who were active
    on a date that changed, or whose signup did.

    Longer than 110 lines: a later build has to find the users whom it reads again, and those who have
    nothing left. -#}
{%- set windows = discovery_windows() -%}
{{ config(materialized='incremental', unique_key='user_key') }}
-- depends_on: {{ ref('int_user_days') }}

with

event_catalog as (

    select
        event_name,
        is_meaningful
    from {{ ref('stg_event_catalog') }}

),

definitions as (

    select
        concat(
            coalesce({{ fingerprint(meaning('event_name', 'is_meaningful')) }}, ''),
            ' {{ windows | join(" ") }}'
        ) as definition_version
    from event_catalog

),

{% if is_incremental() -%}
dates as (

    select occurred_date
    from {{ ref('int_event_dates') }}
    where row_version > {{ watermark('date_version', 'definitions') }}

),

touched_users as (

    -- Whoever has a meaningful event on such a date, or had one by an earlier build.
    select user_days.user_key
    from {{ ref('int_user_days') }} as user_days
    inner join dates on user_days.activity_date = dates.occurred_date
    {{ union_distinct() }}
    -- The windows begin at the signup.
    select user_key
    from {{ ref('int_signups') }}
    where row_version > {{ watermark('signup_version', 'definitions') }}
    {{ union_distinct() }}
    -- After a change of definitions: all users who are here.
    select user_key
    from {{ this }}
    where definition_version <> (select definitions.definition_version from definitions)

),

{% endif -%}
events as (

    {{ events_each_once(
        ref('int_events_classified'),
        ref('int_events_repeated'),
        'user_key in (select user_key from touched_users)' if is_incremental()
    ) }}

),

aged_events as (

    select
        events.user_key,
        events.event_name,
        events.occurred_at,
        {{ whole_days_between('users.signed_up_at', 'events.occurred_at') }} as elapsed_days
    from events
    inner join {{ ref('int_users') }} as users on events.user_key = users.user_key
    left join event_catalog on events.event_name = event_catalog.event_name
    where coalesce(event_catalog.is_meaningful, {{ is_meaningful_by_itself('events.event_name') }})

),

windowed_events as (

    select
        user_key,
        event_name,
        occurred_at,
        case
            {% for days in windows -%}
            when elapsed_days < {{ days }} then {{ days }}
            {% endfor -%}
        end as window_days
    from aged_events

),

tried_events as (

    select
        user_key,
        event_name,
        window_days,
        min(occurred_at) as first_occurred_at,
        count(*) as event_count
    from windowed_events
    group by user_key, event_name, window_days

),

known_and_tried_events as (

    select *
    from tried_events
    {% if is_incremental() -%}
    union all
    -- A user who has no such event, or none any more, keeps one row, without a name.
    select
        touched_users.user_key,
        cast(null as {{ dbt.type_string() }}) as event_name,
        cast(null as integer) as window_days,
        cast(null as timestamp) as first_occurred_at,
        cast(0 as bigint) as event_count
    from touched_users
    left join tried_events on touched_users.user_key = tried_events.user_key
    where tried_events.user_key is null
    {%- endif %}

),

int_tried_events as (

    select
        known_and_tried_events.*,
        row_number() over (
            partition by known_and_tried_events.user_key, known_and_tried_events.event_name
            order by known_and_tried_events.first_occurred_at
        ) = 1 as is_first,
        {{ latest_version(ref('int_event_dates')) }} as date_version,
        {{ latest_version(ref('int_signups')) }} as signup_version,
        definitions.definition_version,
        {{ next_version() }} as row_version
    from known_and_tried_events
    cross join definitions

)

select *
from int_tried_events
