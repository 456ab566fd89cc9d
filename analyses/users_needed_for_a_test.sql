{#- I want to test a change of activation: how many users does each of two groups need, and how many
    weeks of signups is that?
    Read: with users_per_group users in each group, a test at the significance level of the var finds a
    change from activation_rate to rate_to_find in 8 of 10 cases, if it is there. weeks_of_signups is what
    the usual signups take to fill both groups; the window of the rate comes on top.
    Pitfall: decide before the test starts and look once, when the groups are full. Whoever looks every day
    and stops at the first good one finds effects that are not there. -#}
with

activation as (

    select activation_rate
    from {{ ref('activation_by_cohort') }}
    where
        cohort_grain = 'all' and segment_type = 'all'
        and window_days = {{ var('activation_windows_days') | max }}

),

weekly_signups as (

    select signup_count
    from {{ ref('activation_by_cohort') }}
    where
        cohort_grain = 'week' and segment_type = 'all'
        and window_days = {{ var('activation_windows_days') | max }}
        and eligible_user_count = signup_count

),

usual_week as (

    select {{ percentile('signup_count', 0.5) }} as signups_per_week
    from weekly_signups

),

changes as (

    {% for change in ['-0.10', '0.05', '0.10', '0.15', '0.20', '0.30', '0.50'] -%}
    select cast('{{ change }}' as {{ engine_type('double') }}) as relative_change
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

plans as (

    select
        changes.relative_change,
        activation.activation_rate,
        usual_week.signups_per_week,
        activation.activation_rate * (1 + changes.relative_change) as rate_to_find
    from changes
    cross join activation
    cross join usual_week

),

sized_plans as (

    select
        *,
        {{ required_users_per_group(
            'activation_rate', 'rate_to_find', var('significance_level'), 0.8
        ) }} as users_per_group
    from plans

),

users_needed_for_a_test as (

    select
        cast(relative_change as decimal(9, 2)) as relative_change,
        cast(activation_rate as decimal(9, 3)) as activation_rate,
        cast(rate_to_find as decimal(9, 3)) as rate_to_find,
        users_per_group,
        case
            when signups_per_week > 0
                then cast(ceil(2 * users_per_group / signups_per_week) as bigint)
        end as weeks_of_signups
    from sized_plans

)

select *
from users_needed_for_a_test
order by relative_change
