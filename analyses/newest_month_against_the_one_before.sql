{#- Did the newest closed month of signups activate better than the one before?
    Read: one row per window; a shorter window closes sooner, so its newest month may be a later
    one. rate_change is the difference of the two rates, with its 95 % interval (Newcombe's, from
    the two Wilson intervals). Where the interval holds zero, the data do not tell.
    Pitfall: a month is closed once its last possible signup has had the whole window: the current
    month is left out on purpose. A change may come from another mix of channels: see
    activation_change_by_channel. The first month of the data may be incomplete. -#}
with

activation as (

    select
        cohort_date,
        window_days,
        eligible_user_count,
        activation_rate,
        activation_rate_ci_lower,
        activation_rate_ci_upper
    from {{ ref('activation_by_cohort') }}
    where cohort_grain = 'month' and segment_type = 'all'

),

observation as (

    select max(scored_at) as observed_until_at
    from {{ ref('pql_scores') }}

),

closed_months as (

    select
        activation.*,
        max(activation.cohort_date) over (partition by activation.window_days) as newest_month
    from activation
    cross join observation
    where
        {{ dbt.dateadd('month', 1, 'activation.cohort_date') }}
        <= {{ local_date(
            dbt.dateadd('day', '-activation.window_days', 'observation.observed_until_at')
        ) }}

),

changes as (

    select
        newest.window_days,
        newest.cohort_date as newest_month,
        newest.eligible_user_count as newest_user_count,
        newest.activation_rate as newest_rate,
        earlier.cohort_date as month_before,
        earlier.eligible_user_count as user_count_before,
        earlier.activation_rate as rate_before,
        newest.activation_rate - earlier.activation_rate as rate_change,
        {{ difference_margins('newest.activation_rate', 'earlier.activation_rate') }}
    from closed_months as newest
    left join closed_months as earlier
        on
            newest.window_days = earlier.window_days
            and newest.cohort_date
            = cast({{ dbt.dateadd('month', 1, 'earlier.cohort_date') }} as date)
    where newest.cohort_date = newest.newest_month

),

newest_month_against_the_one_before as (

    select
        window_days,
        newest_month,
        month_before,
        newest_user_count,
        user_count_before,
        cast(newest_rate as decimal(9, 3)) as newest_rate,
        cast(rate_before as decimal(9, 3)) as rate_before,
        {{ rounded_difference('rate_change') }},
        {{ difference_verdict('rate_change', 'better, beyond chance', 'worse, beyond chance') }}
            as verdict
    from changes

)

select *
from newest_month_against_the_one_before
order by window_days
