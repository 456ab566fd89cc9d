{#- Which weekly cohorts are still open, and how many users are still inside their window?
    Read: until closes_on, the rate of the cohort covers only closed_user_count of its signup_count;
    open_user_count may yet activate. Call no such cohort worse or better. No rows: every window has
    closed.
    Pitfall: rate_so_far counts the users of the first days of the week, each over a whole window.
    It is fair to them, says nothing about the others, and rests on few users: mind its interval. -#}
with

activation as (

    select
        cohort_date,
        window_days,
        signup_count,
        eligible_user_count,
        activation_rate,
        activation_rate_ci_lower,
        activation_rate_ci_upper
    from {{ ref('activation_by_cohort') }}
    where cohort_grain = 'week' and segment_type = 'all'

),

observation as (

    select max(scored_at) as observed_until_at
    from {{ ref('pql_scores') }}

),

open_cohorts as (

    select
        activation.cohort_date as signup_week,
        activation.window_days,
        cast(
            {{ dbt.dateadd('day', '7 + activation.window_days', 'activation.cohort_date') }} as date
        ) as closes_on,
        case
            when
                {{ dbt.dateadd('day', 7, 'activation.cohort_date') }}
                > {{ local_date('observation.observed_until_at') }}
                then 'still signing up'
            when activation.eligible_user_count = 0 then 'nobody closed'
            else 'partly closed'
        end as state,
        activation.signup_count,
        activation.eligible_user_count as closed_user_count,
        activation.signup_count - activation.eligible_user_count as open_user_count,
        cast(
            sum(activation.signup_count - activation.eligible_user_count)
                over (partition by activation.window_days)
            as bigint
        ) as open_user_count_of_all_weeks,
        {{ rounded_rate('activation.activation_rate', 'rate_so_far') }}
    from activation
    cross join observation
    where activation.eligible_user_count < activation.signup_count

)

select *
from open_cohorts
order by window_days desc, signup_week asc
