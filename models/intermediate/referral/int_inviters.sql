{#- How many invitations did each user send within the time after signup?
    Only users whose window has closed. is_fully_observed says that even the last user whom they could
    bring has had the time to activate. -#}
with

members as (

    select
        user_key,
        anchored_at as signed_up_at,
        cohort_key,
        is_in_rates
    from {{ ref('int_cohort_members') }}
    where cohort_anchor = 'signup'

),

invitations as (

    select
        user_key,
        occurred_at,
        invitation_count
    from {{ ref('int_defined_events') }}
    where event_name = '{{ var("invitation_event") }}' and occurred_at is not null

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

windows as (

    select activation_window_hours
    from {{ ref('int_longest_windows') }}

),

closed_windows as (

    select
        members.user_key,
        members.cohort_key,
        members.signed_up_at,
        {{ dbt.dateadd('day', var('viral_window_days'), 'members.signed_up_at') }} as deadline_at
    from members
    cross join observation
    where
        {{ window_has_closed(
            dbt.dateadd('day', var('viral_window_days'), 'members.signed_up_at')
        ) }}

),

invitation_totals as (

    select
        closed_windows.user_key,
        {{ sum_as_bigint('invitations.invitation_count') }} as invitation_count
    from closed_windows
    inner join invitations
        on
            closed_windows.user_key = invitations.user_key
            and closed_windows.deadline_at > invitations.occurred_at
    group by closed_windows.user_key

),

int_inviters as (

    select
        closed_windows.user_key,
        closed_windows.cohort_key,
        closed_windows.signed_up_at,
        closed_windows.deadline_at,
        coalesce(invitation_totals.invitation_count, 0) as invitation_count,
        {{ dbt.dateadd('hour', 'windows.activation_window_hours', 'closed_windows.deadline_at') }}
        <= observation.observed_until_at as is_fully_observed
    from closed_windows
    cross join windows
    cross join observation
    left join invitation_totals on closed_windows.user_key = invitation_totals.user_key

)

select *
from int_inviters
