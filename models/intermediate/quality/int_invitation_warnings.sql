{#- Does k see most of the signups that invitations brought?
    It sees those within the time after the inviter's signup that the var viral_window_days says. -#}
with

users as (

    select
        user_id,
        signed_up_at,
        invited_by
    from {{ ref('int_users') }}
    where acquisition_type = 'invited'

),

invited_signups as (

    select
        users.user_id,
        users.signed_up_at < inviters.signed_up_at
        or users.signed_up_at >= {{
            dbt.dateadd('day', var('viral_window_days'), 'inviters.signed_up_at')
        }} as is_outside
    from users
    inner join {{ ref('int_users') }} as inviters on users.invited_by = inviters.user_id

),

invited_signup_counts as (

    select
        count(*) as signup_count,
        count(case when is_outside then 1 end) as row_count,
        min(case when is_outside then user_id end) as example
    from invited_signups

),

int_invitation_warnings as (

    select
        'invited_outside_window' as warning_id,
        'users' as table_name,
        'invited_by' as subject,
        row_count,
        {{ rate('row_count', 'signup_count') }} as row_rate,
        example,
        {{ part_of('row_count', 'signup_count') }} || ' invited users signed up later than '
        || '{{ var("viral_window_days") }} days after their inviter did, or before, such as '
        || {{ shown('example') }} || ': k counts the others alone. Usually people invite long after '
        || 'their own signup: raise the var viral_window_days.' as message
    from invited_signup_counts
    where row_count > 0.5 * signup_count

)

select *
from int_invitation_warnings
