{#- Do ids mean in one place what they mean in another? -#}
with

delivered_events as (

    select
        {{ sum_as_bigint('row_count') }} as event_count,
        {{ sum_as_bigint("case when rule_name = 'unknown_user' then row_count else 0 end") }}
            as unknown_count
    from {{ ref('int_delivered_rows') }}
    where
        table_name = 'events'
        -- The rules of which these rows are clear: they have a user, a name and a credible time.
        and coalesce(rule_name, '') not in ('unreadable_row', 'missing_key', 'future_event')

),

unknown_examples as (

    select min(unknown_user_example) as example
    from {{ ref('int_event_counts') }}
    where removed_by = 'unknown_user'

),

user_examples as (

    select min(user_id) as user_id
    from {{ ref('int_users') }}

),

repeated_ids as (

    select
        repeated.event_hash,
        count(*) as row_count,
        count(distinct repeated.user_key) as user_count,
        min(users.user_id) as first_user_id
    from {{ ref('int_events_repeated') }} as repeated
    inner join {{ ref('int_users') }} as users on repeated.user_key = users.user_key
    where repeated.copy_number is not null and repeated.has_event_id
    group by repeated.event_hash

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
            event_rows.row_count - repeated_id_counts.row_count + repeated_id_counts.id_count as bigint
        ) as id_count
    from event_rows
    cross join repeated_id_counts

),

int_identity_warnings as (

    select
        'unknown_users' as warning_id,
        'events' as table_name,
        'user_id' as subject,
        delivered_events.unknown_count as row_count,
        {{ rate('delivered_events.unknown_count', 'delivered_events.event_count') }} as row_rate,
        unknown_examples.example,
        {{ part_of('delivered_events.unknown_count', 'delivered_events.event_count') }}
        || ' events belong to nobody in users: they say ' || {{ shown('unknown_examples.example') }}
        || coalesce(', users says ' || {{ shown('user_examples.user_id') }}, '')
        || '. Usually the two tables write the ids of users differently (zeros in front, capitals, '
        || 'another system): write user_id of events as in users.' as message
    from delivered_events
    cross join unknown_examples
    cross join user_examples
    where delivered_events.unknown_count > 0.5 * delivered_events.event_count
    union all
    select
        'event_ids_shared' as warning_id,
        'events' as table_name,
        'event_id' as subject,
        event_ids.shared_count as row_count,
        {{ rate('event_ids.shared_count', 'event_ids.id_count') }} as row_rate,
        event_ids.example,
        {{ part_of('event_ids.shared_count', 'event_ids.id_count') }}
        || ' event_ids are ids of several users, such as one of ' || {{ shown('event_ids.example') }}
        || '. Usually ids restart in each file. Events of different users or names all count, but two of '
        || 'one user and name count as one: write an event_id that is unique, or leave it empty.' as message
    from event_ids
    where event_ids.shared_count > 0.01 * event_ids.id_count

)

select *
from int_identity_warnings
