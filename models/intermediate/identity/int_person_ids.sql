{#- Which ids does each person have, and when did the person sign up? -#}
with

users as (

    select
        user_id,
        signed_up_at
    from {{ ref('int_users_classified') }}
    where removed_by is null

),

people as (

    select
        users.signed_up_at,
        coalesce(users.user_id, excluded_people.user_id) as user_id,
        excluded_people.user_id is not null as is_excluded
    from users
    full outer join {{ ref('int_excluded_people') }} as excluded_people
        on users.user_id = excluded_people.user_id

),

aliases as (

    select
        identities.user_id,
        identities.resolved_id as person_id,
        people.signed_up_at,
        coalesce(people.is_excluded, false) as is_excluded,
        people.user_id is null as is_unknown
    from {{ ref('int_identities') }} as identities
    left join people on identities.resolved_id = people.user_id

),

int_person_ids as (

    select
        user_id,
        user_id as person_id,
        signed_up_at,
        is_excluded
    from people
    union all
    select
        user_id,
        person_id,
        signed_up_at,
        is_excluded
    from aliases
    union all
    -- People who are known only by an alias or a device.
    select distinct
        person_id as user_id,
        person_id,
        signed_up_at,
        is_excluded
    from aliases
    where is_unknown

)

select *
from int_person_ids
