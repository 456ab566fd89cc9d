{#- A channel brought a spike of signups: were they as good as its other users?
    Read: a spike is a week with at least 30 signups of a channel and at least twice its average of
    the four weeks before. Compare its activation rate with that of the channel's other weeks (95 %
    interval of the difference, Newcombe's); week_4_retention_rate says whether they came back. No
    rows: no spike.
    Pitfall: where the interval holds zero, the data do not tell. Where eligible_user_count is below
    signup_count, the cohort is still open. A channel that grows fast or resumes after a pause has
    "spikes" too, and few other weeks: see other_user_count. One spike in twenty looks different by
    luck. -#}
with

activation as (

    select
        cohort_grain,
        cohort_date,
        segment_value as channel,
        signup_count,
        eligible_user_count,
        activated_user_count
    from {{ ref('activation_by_cohort') }}
    where
        cohort_grain in ('all', 'week') and segment_type = 'install_source'
        and window_days = {{ var('activation_windows_days') | max }}

),

retention as (

    select
        cohort_date,
        segment_value as channel,
        eligible_user_count,
        retention_rate,
        retention_rate_ci_lower,
        retention_rate_ci_upper
    from {{ ref('retention_by_cohort') }}
    where
        cohort_anchor = 'signup' and cohort_grain = 'week' and segment_type = 'install_source'
        and period_grain = 'week' and period_number = 4

),

weeks as (

    -- Every week of every channel: a week without a signup has no row in the marts of cohorts.
    select
        week_start_date,
        segment_value as channel
    from {{ ref('growth_accounting_by_week') }}
    where segment_type = 'install_source'

),

signups as (

    select
        weeks.week_start_date,
        weeks.channel,
        coalesce(activation.signup_count, 0) as signup_count,
        coalesce(activation.eligible_user_count, 0) as eligible_user_count,
        coalesce(activation.activated_user_count, 0) as activated_user_count,
        avg(cast(coalesce(activation.signup_count, 0) as {{ engine_type('double') }})) over (
            partition by weeks.channel order by weeks.week_start_date
            rows between 4 preceding and 1 preceding
        ) as usual_signup_count,
        row_number() over (partition by weeks.channel order by weeks.week_start_date) as week_number
    from weeks
    left join activation
        on
            weeks.channel = activation.channel and weeks.week_start_date = activation.cohort_date
            and activation.cohort_grain = 'week'

),

spikes as (

    select
        signups.week_start_date,
        signups.channel,
        signups.signup_count,
        signups.usual_signup_count,
        signups.eligible_user_count,
        signups.activated_user_count,
        channels.eligible_user_count - signups.eligible_user_count as other_user_count,
        channels.activated_user_count - signups.activated_user_count as other_activated_count
    from signups
    inner join activation as channels
        on signups.channel = channels.channel and channels.cohort_grain = 'all'
    where
        signups.week_number > 4 and signups.signup_count >= 30
        and signups.signup_count >= 2 * signups.usual_signup_count

),

spikes_with_rates as (

    select
        *,
        {{ rate_with_interval('spike_rate', 'activated_user_count', 'eligible_user_count') }},
        {{ rate_with_interval('other_rate', 'other_activated_count', 'other_user_count') }}
    from spikes

),

differences as (

    select
        *,
        spike_rate - other_rate as difference,
        {{ difference_margins('spike_rate', 'other_rate') }}
    from spikes_with_rates

),

signup_spikes as (

    select
        differences.week_start_date as signup_week,
        differences.channel,
        differences.signup_count,
        cast(differences.usual_signup_count as decimal(18, 1)) as usual_signup_count,
        differences.eligible_user_count,
        cast(differences.spike_rate as decimal(9, 3)) as activation_rate,
        differences.other_user_count,
        cast(differences.other_rate as decimal(9, 3)) as activation_rate_of_other_weeks,
        {{ rounded_difference('difference') }},
        retention.eligible_user_count as week_4_eligible_user_count,
        {{ rounded_rate('retention.retention_rate', 'week_4_retention_rate') }},
        {{ difference_verdict('difference', 'better, beyond chance', 'worse, beyond chance') }}
            as verdict
    from differences
    left join retention
        on
            differences.channel = retention.channel
            and differences.week_start_date = retention.cohort_date

)

select *
from signup_spikes
order by signup_week, channel
