{#- Which users count in the retention of each day since signup and since activation, and who was
    active on it? -#}
with

members as (

    select
        user_key,
        cohort_anchor,
        anchored_at,
        anchor_date
    from {{ ref('int_cohort_members') }}

),

days as (

    {{ numbers(var('retention_days'), 'day_number') }}

),

active_days as (

    select
        user_key,
        activity_date
    from {{ ref('int_active_days') }}

),

observation as (

    select observed_until_date
    from {{ ref('int_observation') }}

),

member_days as (

    select
        members.user_key,
        members.cohort_anchor,
        members.anchored_at,
        days.day_number,
        cast({{ dbt.dateadd('day', 'days.day_number', 'members.anchor_date') }} as date)
            as day_date
    from members
    cross join days

),

sem_retention as (

    select
        member_days.user_key,
        member_days.cohort_anchor,
        member_days.anchored_at,
        member_days.day_number,
        case when member_days.day_date < observation.observed_until_date then 1 else 0 end
            as eligible_user_count,
        case
            when
                member_days.day_date < observation.observed_until_date
                and active_days.user_key is not null
                then 1
            else 0
        end as retained_user_count
    from member_days
    cross join observation
    left join active_days
        on
            member_days.user_key = active_days.user_key
            and member_days.day_date = active_days.activity_date

)

select *
from sem_retention
