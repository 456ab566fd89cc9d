{#- Who signed up, when, and in which segments, for metrics by any of them? -#}
with

users as (

    select
        user_key,
        account_id,
        signed_up_at,
        segment_key
    from {{ ref('int_users') }}

),

segments as (

    select
        segment_key,
        max(case when segment_type = 'acquisition_type' then segment_value end)
            as acquisition_type,
        max(case when segment_type = 'install_source' then segment_value end) as install_source,
        max(case when segment_type = 'plan_tier' then segment_value end) as plan_tier
    from {{ ref('int_segments') }}
    group by segment_key

),

sem_users as (

    select
        users.user_key,
        {{ local_date('users.signed_up_at') }} as signup_date,
        segments.acquisition_type,
        segments.install_source,
        segments.plan_tier,
        -- Never null: MetricFlow joins the counts of a query by their dimensions.
        coalesce(users.account_id, 'unknown') as account_id
    from users
    inner join segments on users.segment_key = segments.segment_key

)

select *
from sem_users
