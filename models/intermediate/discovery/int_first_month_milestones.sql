{#- Which milestones did each user reach in the first week, and which from then to day 30?
    Users count once 30 days since the signup have closed; one who reached none has a row without a
    milestone. -#}
with

members as (

    select
        user_key,
        anchored_at as signed_up_at,
        is_in_rates
    from {{ ref('int_cohort_members') }}
    where cohort_anchor = 'signup'

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

users as (

    select
        members.user_key,
        {{ dbt.dateadd('day', 7, 'members.signed_up_at') }} as first_week_end_at,
        {{ dbt.dateadd('day', 30, 'members.signed_up_at') }} as first_month_end_at
    from members
    cross join observation
    where {{ window_has_closed(dbt.dateadd('day', 30, 'members.signed_up_at')) }}

),

int_first_month_milestones as (

    select
        users.user_key,
        reached.milestone_id,
        reached.reached_at < users.first_week_end_at as is_in_first_week
    from users
    left join {{ ref('int_milestones_reached') }} as reached
        on
            users.user_key = reached.user_key
            and users.first_month_end_at > reached.reached_at

)

select *
from int_first_month_milestones
