{#- To which id does each alias and each device lead?
    The first identification wins, for good. If a device has the user_id of a row of users, it leads
    nowhere: only aliases may join two users. -#}
with

devices as (

    select
        devices.anonymous_id,
        devices.user_id,
        devices.first_at
    from {{ ref('int_device_users') }} as devices
    where
        devices.first_at <= {{ credible_until() }}
        and devices.anonymous_id <> devices.user_id
        and not exists (
            select 1
            from {{ ref('stg_users') }} as signups
            where signups.user_id = devices.anonymous_id
        )

),

statements as (

    select
        alias_id,
        user_id as target_id,
        aliased_at as known_at
    from {{ ref('int_aliases_checked') }}
    where failed_check is null
    union all
    select
        anonymous_id as alias_id,
        user_id as target_id,
        first_at as known_at
    from devices

),

targets as (

    select
        alias_id,
        target_id,
        min(known_at) as known_at
    from statements
    group by alias_id, target_id

),

numbered_targets as (

    select
        *,
        row_number() over (
            partition by alias_id order by known_at asc nulls last, target_id asc
        ) as target_number
    from targets

),

int_identity_edges as (

    select
        alias_id,
        target_id,
        known_at
    from numbered_targets
    where target_number = 1

)

select *
from int_identity_edges
