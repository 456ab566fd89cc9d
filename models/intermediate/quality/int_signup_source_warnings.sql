{#- Does an export have users without a known signup? In canonical tables the signup is created_at,
    and data_quality_by_rule counts users without it. -#}
{{ config(materialized='ephemeral') }}
with

users as (

    select
        user_id,
        signup_found_by
    from {{ ref('int_users_classified') }}
    where user_id is not null and signup_found_by is not null

),

counts as (

    select
        count(*) as user_count,
        count(case when signup_found_by = 'unknown' then 1 end) as row_count,
        min(case when signup_found_by = 'unknown' then user_id end) as example
    from users

),

int_signup_source_warnings as (

    select
        'signup_unknown' as warning_id,
        'users' as table_name,
        'created_at' as subject,
        row_count,
        {{ rate('row_count', 'user_count') }} as row_rate,
        example,
        {{ part_of('row_count', 'user_count') }}
        || ' users have no signup, such as ' || {{ shown('example') }}
        || ': their first row is within {{ var("unknown_signup_days") }} days of the start of the '
        || 'export. Name a signup trait (var traits) or a signup event (var signup_event).'
            as message
    from counts
    where row_count > 0

)

select *
from int_signup_source_warnings
