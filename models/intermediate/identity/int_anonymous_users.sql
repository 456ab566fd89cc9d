{#- Which devices are users of their own, and since when? There are none unless PLG_ANONYMOUS_USERS
    says that the product has no login. -#}
with

devices as (

    select
        anonymous_id,
        min(first_at) as first_at
    from {{ ref('int_device_users') }}
    where {{ 'first_at <= ' ~ credible_until() if has_anonymous_users() else '1 = 0' }}
    group by anonymous_id

),

people as (

    select distinct coalesce(identities.resolved_id, signups.user_id) as user_id
    from {{ ref('stg_users') }} as signups
    left join {{ ref('int_identities') }} as identities on signups.user_id = identities.user_id
    where signups.user_id is not null

),

int_anonymous_users as (

    select
        devices.anonymous_id as user_id,
        devices.first_at as signed_up_at
    from devices
    left join {{ ref('int_identities') }} as identities
        on devices.anonymous_id = identities.user_id
    left join people
        on coalesce(identities.resolved_id, devices.anonymous_id) = people.user_id
    where people.user_id is null

)

select *
from int_anonymous_users
