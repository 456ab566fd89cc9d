{#- Are there ids of events that several users share? -#}
with

repeated_ids as (

    select
        repeated_events.event_hash,
        count(*) as row_count,
        count(distinct repeated_events.user_key) as user_count,
        min(known_users.user_id) as first_user_id
    from {{ ref('int_events_repeated') }} as repeated_events
    inner join {{ ref('int_users') }} as known_users
        on repeated_events.user_key = known_users.user_key
    where repeated_events.copy_number is not null and repeated_events.has_event_id
    group by repeated_events.event_hash

),

repeated_id_counts as (

    select
        count(*) as id_count,
        coalesce(sum(row_count), 0) as row_count,
        count(case when user_count > 1 then 1 end) as shared_count,
        min(case when user_count > 1 then first_user_id end) as example
    from repeated_ids

),

event_rows as (

    select coalesce(sum(id_row_count), 0) as row_count
    from {{ ref('int_event_counts') }}
    where removed_by is null

),

event_ids as (

    select
        repeated_id_counts.shared_count,
        repeated_id_counts.example,
        -- Of the ids that do not repeat, each has one row.
        cast(
            event_rows.row_count - repeated_id_counts.row_count + repeated_id_counts.id_count
            as bigint
        ) as id_count
    from event_rows
    cross join repeated_id_counts

),

int_shared_id_warnings as (

    select
        'event_ids_shared' as warning_id,
        'events' as table_name,
        'event_id' as subject,
        event_ids.shared_count as row_count,
        {{ rate('event_ids.shared_count', 'event_ids.id_count') }} as row_rate,
        event_ids.example,
        {{ part_of('event_ids.shared_count', 'event_ids.id_count') }}
        || ' event_ids are ids of several users, such as one of '
        || {{ shown('event_ids.example') }}
        || '. Usually ids restart in each file. Events of different users or names all count, but '
        || 'two of one user and name count as one: write an event_id that is unique, or leave it '
        || 'empty.'
            as message
    from event_ids
    where event_ids.shared_count > 0.01 * event_ids.id_count

)

select *
from int_shared_id_warnings
