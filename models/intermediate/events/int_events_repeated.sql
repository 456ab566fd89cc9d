{#- Which events were delivered more than once, and which copy stays?
    Here are all events that share an event_id, or without one all that they say. Ids that restart in
    each file, or that users share, are no copies: copies agree in user and name, too.

    Few ids repeat. The first build sorts the hashes and compares neighbours, at a third of the cost of a
    window over all events; then it sorts the rows of those few ids only. Later builds look up the ids of
    events that are new, changed or gone.

    Longer than 110 lines: the two ways to find repeated ids share all that follows, and the second one
    depends on the rows of this table, which no model that this one reads can look at. -#}
{{ config(materialized='incremental', unique_key='event_hash') }}
-- depends_on: {{ ref('int_event_parts') }}, {{ ref('int_signups') }}

with

{% if is_incremental() -%}
touched_ids as (

    select event_hash
    from {{ ref('int_events_classified') }}
    where row_version > {{ watermark('event_version') }} and event_hash is not null
    {{ union_distinct() }}
    -- Copies whose part has changed since: they may be gone.
    select known.event_hash
    from {{ this }} as known
    inner join {{ ref('int_event_parts') }} as parts
        on known.part_key = parts.part_key and known.part_version < parts.row_version
    {{ union_distinct() }}
    -- Copies whose person has changed since: without an id, they had another hash.
    select known.event_hash
    from {{ this }} as known
    inner join {{ ref('int_signups') }} as signups
        on
            coalesce(known.alias_key, known.user_key) = signups.id_key
            and known.signup_version < signups.row_version

),

known_ids as (

    select distinct event_hash
    from {{ this }}
    where event_hash in (select touched_ids.event_hash from touched_ids)

),

repeated_ids as (

    -- Few columns, because this reads all rows of them. No filter on removed_by: with one, DuckDB
    -- builds a hash table of all events instead of the few ids.
    select
        event_hash,
        min(occurred_date) as first_date,
        max(occurred_date) as last_date
    from {{ ref('int_events_classified') }}
    where event_hash in (select touched_ids.event_hash from touched_ids)
    group by event_hash
    having
        count(case when removed_by is null then 1 end) > 1
        -- Of an id that repeated so far, one copy may be left.
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
        file_name,
        event_hash,
        has_event_id,
        user_key,
        alias_key,
        event_name,
        occurred_at,
        stamped_at,
        occurred_date,
        received_at,
        properties,
        part_version,
        signup_version
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
        *,
        -- Few events have properties here. Between copies alike in all of this, the file says
        -- which delivery brought the one that counts.
        row_number() over (
            partition by event_hash, user_key, event_name
            order by
                coalesce(stamped_at, occurred_at),
                properties nulls last,
                received_at nulls last,
                file_name nulls last,
                part_key
        ) as copy_number
    from events

),

event_versions as (

    -- Zero before the first event.
    select coalesce(max(row_version), 0) as event_version
    from {{ ref('int_events_classified') }}

),

written_ids as (

    -- Hash 0 stands for no event: it notes how far this table has read, even where no id repeats.
    select cast(0 as bigint) as event_hash
    from event_versions
    {% if is_incremental() -%}
    where event_version > {{ watermark('event_version') }}
    {% endif -%}
    union all
    select event_hash
    from repeated_ids
    {%- if is_incremental() %}
    union all
    -- An id without any copy left gets a row without an event, in place of its old rows.
    select event_hash
    from known_ids
    where event_hash not in (select repeated_ids.event_hash from repeated_ids)
    {%- endif %}

),

int_events_repeated as (

    select
        copies.part_key,
        copies.file_name,
        written_ids.event_hash,
        copies.has_event_id,
        copies.user_key,
        copies.alias_key,
        copies.event_name,
        copies.occurred_at,
        copies.stamped_at,
        copies.occurred_date,
        copies.received_at,
        copies.properties,
        copies.part_version,
        copies.signup_version,
        copies.copy_number,
        event_versions.event_version,
        {{ next_version() }} as row_version
    from written_ids
    cross join event_versions
    left join copies on written_ids.event_hash = copies.event_hash

)

select *
from int_events_repeated
