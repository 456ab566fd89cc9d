{#- How many users enter and leave the active users of the week and of the month on each date?
    A user enters on a date of activity and leaves on the exit date. -#}
with

spans as (

    select
        segment_key,
        activity_date,
        weekly_exit_date,
        monthly_exit_date
    from {{ ref('int_activity_spans') }}

),

movements as (

    select
        segment_key,
        activity_date as movement_date,
        count(*) as active_user_count,
        count(*) as wau_change,
        count(*) as mau_change
    from spans
    group by segment_key, activity_date
    union all
    select
        segment_key,
        weekly_exit_date as movement_date,
        0 as active_user_count,
        -count(*) as wau_change,
        0 as mau_change
    from spans
    group by segment_key, weekly_exit_date
    union all
    select
        segment_key,
        monthly_exit_date as movement_date,
        0 as active_user_count,
        0 as wau_change,
        -count(*) as mau_change
    from spans
    group by segment_key, monthly_exit_date

),

int_activity_movements as (

    select
        segment_key,
        movement_date,
        {{ sum_as_bigint('active_user_count') }} as active_user_count,
        {{ sum_as_bigint('wau_change') }} as wau_change,
        {{ sum_as_bigint('mau_change') }} as mau_change
    from movements
    group by segment_key, movement_date

)

select *
from int_activity_movements
