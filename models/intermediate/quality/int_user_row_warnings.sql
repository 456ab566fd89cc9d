{#- Do the rows of one user say different things, although none of them is newer? -#}
with

users as (

    -- The rows that duplicate_user compares. Rows of merged ids may differ.
    select
        own_id as user_id,
        {{ user_columns() | join(', ') }},
        updated_at
    from {{ ref('int_users_numbered') }}
    where failed_check is null

),

repeated_users as (

    select
        user_id,
        max(updated_at) as latest_updated_at
    from users
    group by user_id
    having count(*) > 1

),

latest_rows as (

    select users.*
    from users
    inner join repeated_users
        on
            users.user_id = repeated_users.user_id
            and (
                users.updated_at = repeated_users.latest_updated_at
                or repeated_users.latest_updated_at is null
            )

),

differing_users as (

    select user_id
    from latest_rows
    group by user_id
    having
        1 = 0
        {%- for column in user_columns() %}
        or min({{ column }}) <> max({{ column }})
        or (count({{ column }}) > 0 and count({{ column }}) < count(*))
        {%- endfor %}

),

differing_user_counts as (

    select
        count(*) as row_count,
        min(user_id) as example
    from differing_users

),

user_counts as (

    select count(distinct user_id) as user_count
    from users

),

int_user_row_warnings as (

    select
        'user_rows_differ' as warning_id,
        'users' as table_name,
        'user_id' as subject,
        differing_user_counts.row_count,
        {{ rate('differing_user_counts.row_count', 'user_counts.user_count') }} as row_rate,
        differing_user_counts.example,
        {{ part_of('differing_user_counts.row_count', 'user_counts.user_count') }}
        || ' users have several rows that contradict each other, such as '
        || {{ shown('differing_user_counts.example') }} || ', and nothing says which is the '
        || 'newest. Usually users is a dump a day or a log of changes: add the column updated_at, '
        || 'so that the newest row stays.' as message
    from differing_user_counts
    cross join user_counts
    where differing_user_counts.row_count > 0.01 * user_counts.user_count

)

select *
from int_user_row_warnings
