{#- Which attributes does a person with several ids have? Each id contributes its newest row. In
    each column, the first row with a value counts. -#}
with

users as (

    select *
    from {{ ref('int_users_numbered') }}
    where failed_check is null

),

merged_users as (

    select distinct user_id
    from users
    where own_id <> user_id

),

newest_rows as (

    select
        user_id,
        own_id,
        min(copy_number) as copy_number
    from users
    where user_id in (select merged_users.user_id from merged_users)
    group by user_id, own_id

),

placed_rows as (

    select
        {% for column in user_columns() -%}
        users.{{ column }},
        min(case when users.{{ column }} is not null then users.copy_number end)
            over (partition by users.user_id) as {{ column }}_place,
        {% endfor -%}
        users.user_id,
        users.copy_number
    from users
    inner join newest_rows
        on users.user_id = newest_rows.user_id and users.copy_number = newest_rows.copy_number

),

int_users_merged as (

    select
        {% for column in user_columns() -%}
        max(case when copy_number = {{ column }}_place then {{ column }} end) as {{ column }},
        {% endfor -%}
        user_id
    from placed_rows
    group by user_id

)

select *
from int_users_merged
