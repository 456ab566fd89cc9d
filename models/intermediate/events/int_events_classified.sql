{#- Which events were delivered, and by which rule did each of those fall that don't count?
    The one place where raw events are read, narrow: of the id two hashes (126 bits: no two ids share
    both), of the properties those of invitations (they say how many). Duplicates are settled in
    int_events_repeated.

    Only parts that changed are read again. From the other parts a row is taken up again where its
    user's signup has changed. A part is replaced as a whole; rows `replaced` keep the dates on which
    it had events, for what is built by date. -#}
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
        -- Parts that were noted under other settings wait until they are noted under these.
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

signup_versions as (

    select max(row_version) as signup_version
    from {{ ref('int_signups') }}

),

raw_events as (

    select
        part,
        event_id,
        user_id,
        event_name,
        occurred_at,
        properties,
        -- Without an id, only events that agree in everything are the same one.
        coalesce(
            event_id,
            {{ dbt.concat([
                "coalesce(cast(length(user_id) as " ~ dbt.type_string() ~ "), '')", "' '",
                "coalesce(user_id, '')", "' '",
                "coalesce(cast(length(event_name) as " ~ dbt.type_string() ~ "), '')", "' '",
                "coalesce(event_name, '')", "' '",
                "coalesce(cast(occurred_at as " ~ dbt.type_string() ~ "), '')", "' '",
                "coalesce(properties, '')",
            ]) }}
        ) as identity_text,
        case when event_id is null then '..' else '.' end as identity_end
    from {{ ref('stg_events') }}
    {% if observed_until() -%}
    -- Cut here, and not in a view that an earlier build may have left: parts are noted as read with
    -- the cut.
    where occurred_at is null or occurred_at <= {{ observed_until() }}
    {%- endif %}

),

delivered_events as (

    select
        parts.part_key,
        {{ hash_of('raw_events.identity_text') }} as event_hash,
        {{ hash_of('concat(raw_events.identity_text, raw_events.identity_end)') }}
            as event_check_hash,
        signups.user_key,
        raw_events.user_id,
        raw_events.event_name,
        raw_events.occurred_at,
        cast(raw_events.occurred_at as date) as occurred_date,
        case
            when raw_events.event_name = '{{ var("invitation_event") }}' then raw_events.properties
        end as properties,
        cast(null as {{ dbt.type_string() }}) as known_removed_by,
        parts.part_version,
        signups.signed_up_at,
        signups.is_excluded,
        cast(null as bigint) as known_version
    from raw_events
    inner join parts on raw_events.part = parts.part
    left join signups on raw_events.user_id = signups.user_id

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

    -- A new user can only have events that had no user; those are few, and cheap to look through.
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
    -- Events of the future by a clock that was behind this one; or ahead.
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
        -- Only where it has to be looked up when the user comes.
        case when classified_events.user_key is null then classified_events.user_id end as user_id,
        classified_events.event_name,
        classified_events.occurred_at,
        classified_events.occurred_date,
        classified_events.properties,
        classified_events.removed_by,
        classified_events.part_version,
        signup_versions.signup_version,
        case
            when
                coalesce(classified_events.removed_by, '')
                = coalesce(classified_events.known_removed_by, '')
                then coalesce(classified_events.known_version, {{ next_version() }})
            else {{ next_version() }}
        end as row_version
    from classified_events
    cross join signup_versions

)

select *
from int_events_classified
