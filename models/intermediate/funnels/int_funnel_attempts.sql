{#- When did each user enter each funnel, is the window over, and did the user get to the end?
    Attempts with the same cohort_key share week, month and segments. -#}
with

entries as (

    select
        history.user_key,
        history.funnel_id,
        history.reached_at as entered_at,
        {{ dbt.dateadd('hour', 'steps.timeframe_hours', 'history.reached_at') }} as deadline_at
    from {{ ref('int_funnel_step_history') }} as history
    inner join {{ ref('int_funnel_steps') }} as steps
        on history.funnel_id = steps.funnel_id and history.step_number = steps.step_number
    where steps.is_first and history.reached_at is not null

),

completions as (

    select
        history.user_key,
        history.funnel_id
    from {{ ref('int_funnel_step_history') }} as history
    inner join {{ ref('int_funnel_steps') }} as steps
        on history.funnel_id = steps.funnel_id and history.step_number = steps.step_number
    where steps.is_last and history.reached_at is not null

),

members as (

    select
        user_key,
        segment_key,
        is_in_rates
    from {{ ref('int_cohort_members') }}
    where cohort_anchor = 'signup'

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

attempts as (

    select
        entries.user_key,
        entries.funnel_id,
        members.segment_key,
        entries.entered_at,
        {{ local_date('entries.entered_at') }} as entered_date,
        entries.deadline_at,
        {{ window_has_closed('entries.deadline_at') }} as is_eligible,
        completions.user_key is not null as is_completed
    from entries
    inner join members on entries.user_key = members.user_key
    cross join observation
    left join completions
        on
            entries.user_key = completions.user_key
            and entries.funnel_id = completions.funnel_id

),

dated_attempts as (

    select
        *,
        cast({{ dbt.date_trunc('week', 'entered_date') }} as date) as cohort_week_date,
        cast({{ dbt.date_trunc('month', 'entered_date') }} as date) as cohort_month_date
    from attempts

),

int_funnel_attempts as (

    select
        *,
        dense_rank() over (order by cohort_week_date, cohort_month_date, segment_key) as cohort_key
    from dated_attempts

)

select *
from int_funnel_attempts
