{#- Are the users of the events those of the table users? -#}
with

delivered_events as (

    select
        {{ sum_as_bigint('row_count') }} as event_count,
        {{ sum_as_bigint("case when removed_by = 'unknown_user' then row_count else 0 end") }}
            as unknown_count
    from {{ ref('int_event_counts') }}
    where
        -- The rules of which these rows are clear: they have a name and a credible time,
        coalesce(removed_by, '') not in ('unreadable_row', 'missing_key', 'future_event')
        -- and a user_id of their own.
        and not coalesce(is_anonymous, false)

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

int_unknown_user_warnings as (

    select
        'unknown_users' as warning_id,
        'events' as table_name,
        'user_id' as subject,
        delivered_events.unknown_count as row_count,
        {{ rate('delivered_events.unknown_count', 'delivered_events.event_count') }} as row_rate,
        unknown_examples.example,
        {{ part_of('delivered_events.unknown_count', 'delivered_events.event_count') }}
        || ' events belong to nobody in users: they have the user_id '
        || {{ shown('unknown_examples.example') }}
        || coalesce(', users has ' || {{ shown('user_examples.user_id') }}, '')
        || '. Usually the two tables write the ids of users differently (zeros in front, capitals, '
        || 'another system): write user_id of events as in users.' as message
    from delivered_events
    cross join unknown_examples
    cross join user_examples
    where delivered_events.unknown_count > 0.5 * delivered_events.event_count

)

select *
from int_unknown_user_warnings
