{#- Which events were delivered more than once, and which copy stays?
    Few ids repeat: neighbours in the order of their hashes tell which, at a third of the cost of a
    window over all events, and only their rows are sorted. Later builds look up the ids of events that
    are new, changed or gone. -#}
{{ config(materialized='incremental', unique_key='event_hash') }}
-- depends_on: {{ ref('int_event_parts') }}

with

{% if is_incremental() -%}
touched_ids as (

    select event_hash
    from {{ ref('int_events_classified') }}
    where row_version > {{ watermark('event_version') }} and event_hash is not null
    {{ union_distinct() }}
    -- Copies that went with the part which held them.
    select known.event_hash
    from {{ this }} as known
    inner join {{ ref('int_event_parts') }} as parts
        on known.part_key = parts.part_key and known.part_version < parts.row_version

),

known_ids as (

    select distinct event_hash
    from {{ this }}
    where event_hash in (select touched_ids.event_hash from touched_ids)

),

repeated_ids as (

    -- Narrow, for these columns are read in full; and without a filter on the rule, which would
    -- make DuckDB take the many for the few and hash all events.
    select
        event_hash,
        min(occurred_date) as first_date,
        max(occurred_date) as last_date
    from {{ ref('int_events_classified') }}
    where event_hash in (select touched_ids.event_hash from touched_ids)
    group by event_hash
    having
        count(case when removed_by is null then 1 end) > 1
        -- The only copy left of an id may have been another one's repetition so far.
        or event_hash in (select known_ids.event_hash from known_ids)

),

{% else -%}
event_ids as (

    select
        event_hash,
        lag(event_hash) over ({{ partition_by_bucket('event_hash') }} order by event_hash)
            as event_hash_before
    from {{ ref('int_events_classified') }}
    where removed_by is null

),

repeated_ids as (

    select distinct event_hash
    from event_ids
    where event_hash = event_hash_before

),

{% endif -%}
events as (

    select
        part_key,
        event_hash,
        event_check_hash,
        user_key,
        event_name,
        occurred_at,
        occurred_date,
        properties,
        part_version
    from {{ ref('int_events_classified') }}
    where
        {% if is_incremental() -%}
        occurred_date >= (select min(repeated_ids.first_date) from repeated_ids)
        and occurred_date <= (select max(repeated_ids.last_date) from repeated_ids)
        and {% endif -%}
        removed_by is null
        and event_hash in (select repeated_ids.event_hash from repeated_ids)

),

copies as (

    select
        events.*,
        -- Copies that differ in nothing but their properties: any may stay, unless they are
        -- invitations, and those kept their properties.
        row_number() over (
            partition by events.event_hash, events.event_check_hash
            order by
                events.occurred_at,
                signups.user_id,
                events.event_name,
                events.properties nulls last
        ) as copy_number
    from events
    inner join {{ ref('int_signups') }} as signups on events.user_key = signups.user_key

),

event_versions as (

    -- Zero before the first event.
    select coalesce(max(row_version), 0) as event_version
    from {{ ref('int_events_classified') }}

),

ids_without_events as (

    -- The note of how far this table has read, also where no id repeats.
    select cast(0 as bigint) as event_hash
    from event_versions
    {% if is_incremental() -%}
    where event_version > {{ watermark('event_version') }}
    union all
    -- No copy is left: a row without an event takes the place.
    select event_hash
    from known_ids
    where event_hash not in (select copies.event_hash from copies)
    {%- endif %}

),

repeated_events as (

    select *
    from copies
    union all
    select
        cast(null as bigint) as part_key,
        event_hash,
        cast(null as bigint) as event_check_hash,
        cast(null as bigint) as user_key,
        cast(null as {{ dbt.type_string() }}) as event_name,
        cast(null as timestamp) as occurred_at,
        cast(null as date) as occurred_date,
        cast(null as {{ dbt.type_string() }}) as properties,
        cast(null as bigint) as part_version,
        cast(null as bigint) as copy_number
    from ids_without_events

),

int_events_repeated as (

    select
        repeated_events.*,
        event_versions.event_version,
        {{ next_version() }} as row_version
    from repeated_events
    cross join event_versions

)

select *
from int_events_repeated
