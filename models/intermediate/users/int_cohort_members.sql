{#- To which signup cohort, and which activation cohort, does each user belong, and does a rate
    count them?
    Members with the same cohort_key share anchor, week, month and segments. -#}
with

users as (

    select
        signups.user_key,
        signups.signed_up_at,
        segments.segment_key,
        coalesce(signups.signed_up_at >= observation.observed_from_at, true)
            as is_in_rates
    from {{ ref('int_users') }} as signups
    inner join {{ ref('int_user_segments') }} as segments on signups.user_key = segments.user_key
    cross join {{ ref('int_observation') }} as observation

),

users_activated as (

    select
        user_key,
        activated_at
    from {{ ref('int_users_activated') }}

),

anchors as (

    select
        user_key,
        segment_key,
        is_in_rates,
        'signup' as cohort_anchor,
        signed_up_at as anchored_at
    from users
    union all
    select
        users.user_key,
        users.segment_key,
        users.is_in_rates,
        'activation' as cohort_anchor,
        users_activated.activated_at as anchored_at
    from users
    inner join users_activated on users.user_key = users_activated.user_key

),

dated_anchors as (

    select
        *,
        {{ local_date('anchored_at') }} as anchor_date
    from anchors

),

members as (

    select
        *,
        cast({{ dbt.date_trunc('week', 'anchor_date') }} as date) as cohort_week_date,
        cast({{ dbt.date_trunc('month', 'anchor_date') }} as date) as cohort_month_date
    from dated_anchors

),

int_cohort_members as (

    select
        *,
        dense_rank() over (
            order by cohort_anchor, cohort_week_date, cohort_month_date, segment_key
        ) as cohort_key
    from members

)

select *
from int_cohort_members
