{#- Which events were delivered, and which rule removes each of those that don't count?
    This is the one place where raw events are read. It stores little: two hashes of the id (126 bits, so
    no two ids share both) and the properties of invitations (they say how many).
    int_events_repeated settles duplicates.

    A build reads only the parts that changed. From other parts it takes a row again where the signup of
    its user has changed. It replaces a part as a whole; rows `replaced` keep the dates on which the part
    had events, for the models that are built by date.

    Longer than 110 lines: what a build has to classify again depends on the rows of this table, and no
    model that this one reads can look at them. -#}
{{ config(materialized='incremental', unique_key='part_key') }}

with

parts as (

    select
        part,
        part_key,
        row_version as part_version
    from {{ ref('int_event_parts') }}
    {% if is_incremental() -%}
    where
        row_version > {{ watermark('part_version') }}
        -- Parts noted with other settings wait until int_event_parts notes them with these.
        and (
            select count(*)
            from {{ ref('int_event_parts') }} as noted_parts
            where noted_parts.build_settings <> {{ event_settings() }}
        ) = 0
    {%- endif %}

),

signups as (

    select
        user_id,
        user_key,
        signed_up_at,
        is_excluded
    from {{ ref('int_signups') }}

),

delivered_events as (

    select
        parts.part_key,
        {{ hash_of('events.event_identity') }} as event_hash,
        {{ hash_of(
            "concat(events.event_identity, case when events.event_id is null then '..' else '.' end)"
        ) }} as event_check_hash,
        signups.user_key,
        events.user_id,
        events.event_name,
        events.occurred_at,
        cast(events.occurred_at as date) as occurred_date,
        case when events.event_name = '{{ var("invitation_event") }}' then events.properties end
            as properties,
        cast(null as {{ dbt.type_string() }}) as known_removed_by,
        parts.part_version,
        signups.signed_up_at,
        signups.is_excluded,
        cast(null as bigint) as known_version
    from {{ ref('stg_events') }} as events
    inner join parts on events.part = parts.part
    left join signups on events.user_id = signups.user_id
    {% if observed_until() -%}
    -- The cut is here, not in a view that an earlier build may have left: int_event_parts notes with
    -- which cut a part was read.
    where events.occurred_at is null or events.occurred_at <= {{ observed_until() }}
    {%- endif %}

),

{% if is_incremental() -%}
changed_signups as (

    select
        user_id,
        user_key,
        first_version <= {{ watermark('signup_version') }} as is_known
    from {{ ref('int_signups') }}
    where row_version > {{ watermark('signup_version') }}

),

affected_parts as (

    -- A new user can only have events that had no user. Those are few, and cheap to search.
    select part_key
    from {{ this }}
    where
        removed_by = 'unknown_user'
        and user_id in (select changed_signups.user_id from changed_signups)
    {{ union_distinct() }}
    select part_key
    from {{ this }}
    where
        user_key in (
            select changed_signups.user_key
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
    where removed_by is null and occurred_at > {{ credible_until() }}

),

known_events as (

    select
        known.part_key,
        known.event_hash,
        known.event_check_hash,
        coalesce(known.user_key, signups_by_id.user_key) as user_key,
        known.user_id,
        known.event_name,
        known.occurred_at,
        known.occurred_date,
        known.properties,
        known.removed_by as known_removed_by,
        known.part_version,
        coalesce(signups.signed_up_at, signups_by_id.signed_up_at) as signed_up_at,
        coalesce(signups.is_excluded, signups_by_id.is_excluded) as is_excluded,
        known.row_version as known_version
    from {{ this }} as known
    left join signups on known.user_key = signups.user_key
    left join signups as signups_by_id on known.user_id = signups_by_id.user_id
    where
        known.part_key in (select affected_parts.part_key from affected_parts)
        and known.part_key not in (select parts.part_key from parts)

),

replaced_dates as (

    select distinct
        known.part_key,
        cast(null as bigint) as event_hash,
        cast(null as bigint) as event_check_hash,
        cast(null as bigint) as user_key,
        cast(null as {{ dbt.type_string() }}) as user_id,
        cast(null as {{ dbt.type_string() }}) as event_name,
        cast(null as timestamp) as occurred_at,
        known.occurred_date,
        cast(null as {{ dbt.type_string() }}) as properties,
        'replaced' as known_removed_by,
        parts.part_version,
        cast(null as timestamp) as signed_up_at,
        cast(null as boolean) as is_excluded,
        cast(null as bigint) as known_version
    from {{ this }} as known
    inner join parts on known.part_key = parts.part_key

),

{% endif -%}
events as (

    select *
    from delivered_events
    {% if is_incremental() -%}
    union all
    select *
    from known_events
    union all
    select *
    from replaced_dates
    {%- endif %}

),

classified_events as (

    select
        events.*,
        case
            when events.known_removed_by = 'replaced' then 'replaced'
            when
                (events.user_id is null and events.user_key is null)
                or events.event_name is null
                or events.occurred_at is null
                then 'missing_key'
            when events.occurred_at > {{ credible_until() }} then 'future_event'
            when events.is_excluded then 'excluded_user'
            when events.signed_up_at is null then 'unknown_user'
            when events.occurred_at < events.signed_up_at then 'before_signup'
        end as removed_by
    from events

),

int_events_classified as (

    select
        classified_events.part_key,
        classified_events.event_hash,
        classified_events.event_check_hash,
        classified_events.user_key,
        -- Needed only to find the events of a user who signs up later.
        case when classified_events.user_key is null then classified_events.user_id end as user_id,
        classified_events.event_name,
        classified_events.occurred_at,
        classified_events.occurred_date,
        classified_events.properties,
        classified_events.removed_by,
        classified_events.part_version,
        {{ latest_version(ref('int_signups')) }} as signup_version,
        -- A row keeps its version where the same rule applies as before.
        coalesce(
            case
                when
                    coalesce(classified_events.removed_by, '')
                    = coalesce(classified_events.known_removed_by, '')
                    then classified_events.known_version
            end,
            {{ next_version() }}
        ) as row_version
    from classified_events

)

select *
from int_events_classified
