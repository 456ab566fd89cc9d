{#- Which users does the seed leave out? Their ids are read as those of the raw tables. -#}
with

excluded_users as (

    select {{ trimmed_text('user_id') }} as user_id
    from {{ ref('excluded_users') }}

),

prepared_users as (

    select {{ without_point('user_id') }} as user_id
    from excluded_users

),

stg_excluded_users as (

    select distinct {{ read_word('user_id') }} as user_id
    from prepared_users

)

select *
from stg_excluded_users
where user_id is not null
