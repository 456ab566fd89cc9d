{#- Which users count in the retention of each day since signup and since activation, and who was
    active on it? -#}
with

members as (

    select
        members.user_key,
        members.cohort_anchor,
        members.anchor_date,
        {{ closed_day_count() }} as closed_day_count
    from {{ ref('int_cohort_members') }} as members
    cross join {{ ref('int_observation') }} as observation

),

days as (

    select period_number as day_number
    from {{ ref('int_retention_periods') }}
    where period_grain = 'day'

),

active_days as (

    select
        user_key,
        activity_date
    from {{ ref('int_active_days') }}

),

member_days as (

    select
        members.user_key,
        members.cohort_anchor,
        members.anchor_date,
        days.day_number,
        days.day_number < members.closed_day_count as is_eligible,
        cast({{ dbt.dateadd('day', 'days.day_number', 'members.anchor_date') }} as date)
            as day_date
    from members
    cross join days

),

sem_retention as (

    select
        member_days.user_key,
        member_days.cohort_anchor,
        member_days.anchor_date,
        member_days.day_number,
        case when member_days.is_eligible then 1 else 0 end as eligible_user_count,
        case when member_days.is_eligible and active_days.user_key is not null then 1 else 0 end
            as retained_user_count
    from member_days
    left join active_days
        on
            member_days.user_key = active_days.user_key
            and member_days.day_date = active_days.activity_date

)

select *
from sem_retention
