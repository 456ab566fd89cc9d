{#- How many users come to each week, come back, or stay away from it?
    The first active date of a user's week tells what came before, the last one what comes after. -#}
with

active_days as (

    select
        user_key,
        activity_date,
        previous_active_date,
        next_active_date,
        cast({{ dbt.date_trunc('week', 'activity_date') }} as date) as week_start_date
    from {{ ref('int_active_days') }}
    where activity_date is not null

),

users as (

    select
        user_key,
        segment_key
    from {{ ref('int_user_segments') }}

),

week_ends as (

    -- A date between the first and the last of a user's week tells nothing.
    select
        users.segment_key,
        active_days.week_start_date,
        case
            when active_days.previous_active_date is null then 'new'
            when active_days.previous_active_date >= active_days.week_start_date then null
            when
                active_days.previous_active_date
                >= cast({{ dbt.dateadd('day', -7, 'active_days.week_start_date') }} as date)
                then 'retained'
            else 'resurrected'
        end as arrival,
        coalesce(
            active_days.next_active_date
            >= cast({{ dbt.dateadd('day', 14, 'active_days.week_start_date') }} as date),
            true
        ) as is_followed_by_churn
    from active_days
    inner join users on active_days.user_key = users.user_key

),

counts as (

    select
        segment_key,
        week_start_date,
        count(case when arrival = 'new' then 1 end) as new_user_count,
        count(case when arrival = 'retained' then 1 end) as retained_user_count,
        count(case when arrival = 'resurrected' then 1 end) as resurrected_user_count,
        count(case when is_followed_by_churn then 1 end) as churning_user_count
    from week_ends
    group by segment_key, week_start_date

),

int_week_movements as (

    select
        segment_key,
        week_start_date,
        new_user_count,
        retained_user_count,
        resurrected_user_count,
        0 as churned_user_count
    from counts
    union all
    -- A user who is not active in the week after has churned in that week.
    select
        segment_key,
        cast({{ dbt.dateadd('day', 7, 'week_start_date') }} as date) as week_start_date,
        0 as new_user_count,
        0 as retained_user_count,
        0 as resurrected_user_count,
        churning_user_count as churned_user_count
    from counts

)

select *
from int_week_movements
