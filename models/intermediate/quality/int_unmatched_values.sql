{#- Which values that a definition names does nothing in the data have? -#}
with

named_values as (

    select
        table_name,
        column_name,
        kind,
        value_name
    from {{ ref('int_named_values') }}

),

occurring_names as (

    select
        kind,
        value_name
    from {{ ref('int_occurring_names') }}

),

excluded_users as (

    select distinct user_id
    from {{ ref('int_users_classified') }}
    where removed_by = 'excluded_user'

),

unmatched_names as (

    select
        named_values.table_name,
        named_values.column_name,
        named_values.kind,
        named_values.value_name
    from named_values
    left join occurring_names
        on
            named_values.kind = occurring_names.kind
            and named_values.value_name = occurring_names.value_name
    where named_values.kind <> 'user_id' and occurring_names.value_name is null

),

users_without_row as (

    select
        named_values.table_name,
        named_values.column_name,
        named_values.kind,
        named_values.value_name,
        signups.user_key
    from named_values
    left join {{ ref('int_identities') }} as identities
        on named_values.value_name = identities.user_id
    left join excluded_users
        on coalesce(identities.resolved_id, named_values.value_name) = excluded_users.user_id
    left join {{ ref('int_signups') }} as signups on named_values.value_name = signups.user_id
    where named_values.kind = 'user_id' and excluded_users.user_id is null

),

users_with_events as (

    -- Of an excluded user, events alone may be delivered. This looks for those few users only.
    select distinct user_key
    from {{ ref('int_events_classified') }}
    where
        removed_by = 'excluded_user'
        and user_key in (select users_without_row.user_key from users_without_row)

),

unmatched_values as (

    select *
    from unmatched_names
    union all
    select
        users_without_row.table_name,
        users_without_row.column_name,
        users_without_row.kind,
        users_without_row.value_name
    from users_without_row
    left join users_with_events on users_without_row.user_key = users_with_events.user_key
    where users_with_events.user_key is null

),

int_unmatched_values as (

    select
        *,
        {{ plain_spelling('value_name') }} as spelling
    from unmatched_values
    -- Where no event counts, no name is right or wrong.
    where exists (
        select 1
        from occurring_names
        where occurring_names.kind = 'event'
    )

)

select *
from int_unmatched_values
