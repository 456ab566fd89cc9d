{#- No more users are active on a date than have signed up by then, segment by segment. -#}
with

signups as (

    select
        segments.segment_type,
        segments.segment_value,
        {{ local_date('members.signed_up_at') }} as signup_date,
        count(*) as signup_count
    from {{ ref('int_user_segments') }} as members
    inner join {{ ref('int_segments') }} as segments on members.segment_key = segments.segment_key
    group by segments.segment_type, segments.segment_value, {{ local_date('members.signed_up_at') }}

),

populations as (

    select
        active_users.activity_date,
        active_users.segment_type,
        active_users.segment_value,
        active_users.mau,
        sum(signups.signup_count) over (
            partition by active_users.segment_type, active_users.segment_value
            order by active_users.activity_date
            rows between unbounded preceding and current row
        ) as population_count
    from {{ ref('active_users_by_day') }} as active_users
    left join signups
        on
            active_users.segment_type = signups.segment_type
            and active_users.segment_value = signups.segment_value
            and active_users.activity_date = signups.signup_date

)

select *
from populations
where mau > coalesce(population_count, 0)
