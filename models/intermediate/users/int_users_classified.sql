{#- Which signups count, and which rule removes each of the others?
    The first rule that applies removes a row. -#}
with

first_ids as (

    select
        user_id,
        own_id
    from {{ ref('int_users_numbered') }}
    where copy_number = 1 and failed_check is null

),

classified_users as (

    select
        numbered.*,
        case
            when numbered.failed_check is not null then numbered.failed_check
            when numbered.copy_number > 1 and numbered.own_id <> first_ids.own_id
                then 'merged_user'
            when numbered.copy_number > 1 then 'duplicate_user'
            when excluded_people.user_id is not null then 'excluded_user'
        end as removed_by
    from {{ ref('int_users_numbered') }} as numbered
    left join first_ids on numbered.user_id = first_ids.user_id
    left join {{ ref('int_excluded_people') }} as excluded_people
        on numbered.user_id = excluded_people.user_id

),

int_users_classified as (

    select
        classified_users.file_name,
        classified_users.user_id,
        classified_users.own_id,
        classified_users.signed_up_at as delivered_at,
        {% for column in user_columns() -%}
        case
            when
                classified_users.removed_by is null
                or classified_users.removed_by = 'excluded_user'
                then coalesce(classified_users.{{ column }}, merged.{{ column }})
            else classified_users.{{ column }}
        end as {{ column }},
        {% endfor -%}
        classified_users.signup_found_by,
        classified_users.updated_at,
        classified_users.removed_by,
        -- A newer row says what is true of a user today, not when they signed up.
        case
            when
                classified_users.removed_by is null
                or classified_users.removed_by = 'excluded_user'
                then classified_users.first_signed_up_at
            else classified_users.signed_up_at
        end as signed_up_at
    from classified_users
    left join {{ ref('int_users_merged') }} as merged
        on classified_users.user_id = merged.user_id

)

select *
from int_users_classified
