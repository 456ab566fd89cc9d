{#- Which events were delivered, and which rule removes each of those that don't count?
    Only this model and int_device_users read raw events. It stores little: a
    hash that copies of an event share, and the properties of invitations (they say how many) and
    of events with a property that a funnel asks for.
    int_events_repeated settles duplicates, and int_event_counts counts the rows.

    An event belongs to the person with its user_id, else to the owner of its device (int_signups).

    Clocks disagree, and some exports have dates only. So an event a little before the signup counts, at
    the signup: occurred_at says when it counts, stamped_at what was delivered, where that differs.

    A build reads only the parts that changed. It classifies other parts again, from this table, where an
    id has become another person's, or a person's signup has changed. It replaces a part as a whole; rows
    `replaced` keep the dates on which the part had events, for the models that are built by date. An event
    that moves with its signup leaves one, too.

    Longer than 110 lines: what a build has to classify again depends on the rows of this table, and no
    model that this one reads can look at them. -#}
{{ config(
    materialized='incremental',
    unique_key='part_key',
    pre_hook="{{ stop_before_first_delivery(ref('stg_events')) }}"
) }}
{%- set property_events = events_with_properties(ref('int_property_filters')) -%}
with

parts as (

    {{ changed_parts(ref('int_event_parts'), property_events) }}

),

signups as (

    select
        user_id,
        id_key,
        user_key,
        signed_up_at,
        {{ tolerated_from('signed_up_at') }} as tolerated_from,
        cast({{ utc_date('signed_up_at') }} as timestamp) as signup_midnight,
        is_excluded
    from {{ ref('int_signups') }}

),

delivered_events as (

    select
        parts.part_key,
        events.file_name,
        events.is_unreadable,
        events.event_id is not null as has_event_id,
        case when events.event_id is not null then {{ hash_of('events.event_id') }} end as id_hash,
        -- Without an id, two events are the same only if they agree in everything.
        case
            when events.event_id is null
                then {{ hash_of_all(['events.occurred_at', "coalesce(events.properties, '')"]) }}
        end as content_hash,
        signups.id_key,
        signups.user_key,
        coalesce(events.user_id, events.anonymous_id) as user_id,
        events.user_id is null and events.anonymous_id is not null as is_anonymous,
        events.event_name,
        case when events.raw_event_name <> events.event_name then events.raw_event_name end
            as raw_event_name,
        events.occurred_at as delivered_at,
        events.received_at,
        case
            when events.event_name in ({{ text_literals(property_events) }})
                then events.properties
        end as properties,
        {{ sum_of_decisions('events') }} as decisions,
        cast(null as {{ dbt.type_string() }}) as known_removed_by,
        cast(null as timestamp) as known_occurred_at,
        cast(null as bigint) as known_id_key,
        cast(null as bigint) as known_user_key,
        parts.part_version,
        signups.signed_up_at,
        signups.tolerated_from,
        signups.signup_midnight,
        signups.is_excluded,
        cast(null as bigint) as known_version
    from {{ ref('stg_events') }} as events
    inner join parts on events.part = parts.part
    left join signups on coalesce(events.user_id, events.anonymous_id) = signups.user_id
    where {{ had_arrived('events') }}

),

{% if is_incremental() -%}
changed_signups as (

    select
        user_id,
        id_key,
        first_version <= {{ watermark('signup_version') }} as is_known
    from {{ ref('int_signups') }}
    where row_version > {{ watermark('signup_version') }}

),

affected_parts as (

    -- A new id can only have events that had no person. Those are few, and cheap to search.
    select part_key
    from {{ this }}
    where
        removed_by in ('unknown_user', 'anonymous_event')
        and user_id in (select changed_signups.user_id from changed_signups)
    {{ union_distinct() }}
    select part_key
    from {{ this }}
    where
        coalesce(alias_key, user_key) in (
            select changed_signups.id_key
            from changed_signups
            where changed_signups.is_known
        )
    {{ union_distinct() }}
    -- Events that were in the future and no longer are; or the reverse, by another build's clock.
    select part_key
    from {{ this }}
    where removed_by = 'future_event' and occurred_at <= {{ credible_until() }}
    {{ union_distinct() }}
    select part_key
    from {{ this }}
    where
        removed_by is null
        and coalesce(stamped_at, occurred_at) > {{ credible_until() }}

),

known_events as (

    select
        known.part_key,
        known.file_name,
        coalesce(known.removed_by = 'unreadable_row', false) as is_unreadable,
        known.has_event_id,
        case when known.has_event_id then known.event_hash end as id_hash,
        known.content_hash,
        coalesce(signups.id_key, signups_by_id.id_key) as id_key,
        coalesce(signups.user_key, signups_by_id.user_key) as user_key,
        known.user_id,
        known.is_anonymous,
        known.event_name,
        known.raw_event_name,
        coalesce(known.stamped_at, known.occurred_at) as delivered_at,
        known.received_at,
        known.properties,
        known.decisions,
        known.removed_by as known_removed_by,
        known.occurred_at as known_occurred_at,
        coalesce(known.alias_key, known.user_key) as known_id_key,
        known.user_key as known_user_key,
        known.part_version,
        coalesce(signups.signed_up_at, signups_by_id.signed_up_at) as signed_up_at,
        coalesce(signups.tolerated_from, signups_by_id.tolerated_from) as tolerated_from,
        coalesce(signups.signup_midnight, signups_by_id.signup_midnight) as signup_midnight,
        coalesce(signups.is_excluded, signups_by_id.is_excluded) as is_excluded,
        known.row_version as known_version
    from {{ this }} as known
    left join signups on coalesce(known.alias_key, known.user_key) = signups.id_key
    left join signups as signups_by_id on known.user_id = signups_by_id.user_id
    where
        known.part_key in (select affected_parts.part_key from affected_parts)
        and known.part_key not in (select parts.part_key from parts)
        and {{ is_distinct('known.removed_by', "'replaced'") }}

),

{% endif -%}
events as (

    select *
    from delivered_events
    {% if is_incremental() -%}
    union all
    select *
    from known_events
    {%- endif %}

),

checked_events as (

    select
        events.*,
        case
            when events.is_unreadable then 'unreadable_row'
            when
                (events.user_id is null and events.user_key is null)
                or events.event_name is null
                or events.delivered_at is null
                then 'missing_key'
            when events.delivered_at > {{ credible_until() }} then 'future_event'
            when events.is_excluded then 'excluded_user'
            when events.signed_up_at is null and events.is_anonymous then 'anonymous_event'
            when events.signed_up_at is null then 'unknown_user'
            -- A visit before the signup does not mean a wrong clock.
            when events.is_anonymous and events.delivered_at < events.signed_up_at
                then 'anonymous_before_signup'
            -- Midnight of the signup's own date may be a date without a time.
            when
                events.delivered_at < events.tolerated_from
                and events.delivered_at <> events.signup_midnight
                then 'before_signup'
        end as removed_by
    from events

),

timed_events as (

    select
        *,
        case
            when removed_by is null and delivered_at < signed_up_at then signed_up_at
            else delivered_at
        end as occurred_at
    from checked_events

),

{% if is_incremental() -%}
replaced_dates as (

    -- Each date with events of a part that is read again,
    select
        known.part_key,
        known.occurred_date,
        parts.part_version,
        {{ next_version() }} as row_version
    from {{ this }} as known
    inner join parts on known.part_key = parts.part_key
    {{ union_distinct() }}
    -- each date from which an event moves with its signup,
    select
        part_key,
        {{ local_date('known_occurred_at') }} as occurred_date,
        part_version,
        {{ next_version() }} as row_version
    from known_events
    where
        known_removed_by is null
        and (
            (
                known_occurred_at <> delivered_at
                and {{ is_distinct('known_occurred_at', 'signed_up_at') }}
            )
            or (
                known_occurred_at = delivered_at
                and delivered_at < signed_up_at
                and delivered_at >= tolerated_from
            )
        )
    {{ union_distinct() }}
    -- and what such rows said before.
    select
        known.part_key,
        known.occurred_date,
        known.part_version,
        known.row_version
    from {{ this }} as known
    where
        known.removed_by = 'replaced'
        and known.part_key in (select affected_parts.part_key from affected_parts)
        and known.part_key not in (select parts.part_key from parts)

),

{% endif -%}
int_events_classified as (

    select
        part_key,
        file_name,
        has_event_id,
        coalesce(
            id_hash,
            {{ hash_of_all(['content_hash', 'coalesce(user_key, 0)', "coalesce(event_name, '')"]) }}
        ) as event_hash,
        content_hash,
        user_key,
        case when id_key <> user_key then id_key end as alias_key,
        -- Needed only to find the events of an id that belongs to a person later.
        case when user_key is null then user_id end as user_id,
        is_anonymous,
        event_name,
        raw_event_name,
        occurred_at,
        case when delivered_at <> occurred_at then delivered_at end as stamped_at,
        {{ local_date('occurred_at') }} as occurred_date,
        received_at,
        properties,
        decisions,
        removed_by,
        part_version,
        {{ latest_version(ref('int_signups')) }} as signup_version,
        -- A row keeps its version if person, rule and time did not change.
        coalesce(
            case
                when
                    coalesce(removed_by, '') = coalesce(known_removed_by, '')
                    and not ({{ is_distinct('occurred_at', 'known_occurred_at') }})
                    and not ({{ is_distinct('user_key', 'known_user_key') }})
                    and not ({{ is_distinct('id_key', 'known_id_key') }})
                    then known_version
            end,
            {{ next_version() }}
        ) as row_version
    from timed_events
    {% if is_incremental() -%}
    union all
    select
        part_key,
        cast(null as {{ dbt.type_string() }}) as file_name,
        cast(null as boolean) as has_event_id,
        cast(null as bigint) as event_hash,
        cast(null as bigint) as content_hash,
        cast(null as bigint) as user_key,
        cast(null as bigint) as alias_key,
        cast(null as {{ dbt.type_string() }}) as user_id,
        cast(null as boolean) as is_anonymous,
        cast(null as {{ dbt.type_string() }}) as event_name,
        cast(null as {{ dbt.type_string() }}) as raw_event_name,
        cast(null as timestamp) as occurred_at,
        cast(null as timestamp) as stamped_at,
        occurred_date,
        cast(null as timestamp) as received_at,
        cast(null as {{ dbt.type_string() }}) as properties,
        cast(null as smallint) as decisions,
        'replaced' as removed_by,
        part_version,
        {{ latest_version(ref('int_signups')) }} as signup_version,
        row_version
    from replaced_dates
    {%- endif %}

)

select *
from int_events_classified
