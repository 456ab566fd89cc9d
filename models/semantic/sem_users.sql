{#- Who signed up, when, and in which segments, for metrics by any of them? -#}
with

users as (

    select
        user_key,
        account_id,
        signed_up_at
    from {{ ref('int_users') }}

),

shipped_types as (

    select
        segment_key,
        max(case when segment_type = 'install_source' then segment_value end) as install_source,
        max(case when segment_type = 'plan_tier' then segment_value end) as plan_tier
    from {{ ref('int_segments') }}
    group by segment_key

),

-- Never null: MetricFlow joins the counts of a query by their dimensions.
sem_users as (

    select
        users.user_key,
        {{ local_date('users.signed_up_at') }} as signup_date,
        segments.acquisition_type,
        {% for slot in segment_slots() -%}
        coalesce(segments.segment_{{ slot }}, 'unknown') as segment_{{ slot }},
        {% endfor -%}
        coalesce(shipped_types.install_source, 'unknown') as install_source,
        coalesce(shipped_types.plan_tier, 'unknown') as plan_tier,
        coalesce(users.account_id, 'unknown') as account_id
    from users
    inner join {{ ref('int_user_segments') }} as segments on users.user_key = segments.user_key
    inner join shipped_types on segments.segment_key = shipped_types.segment_key

)

select *
from sem_users
