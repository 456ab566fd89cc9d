{#- Where do users drop out of each funnel, and how long does each step take?
    Users count once the window of the funnel has closed. The cohort is that of the entry. -#}
with

steps as (

    select
        funnel_id,
        step_number,
        step_name,
        is_optional
    from {{ ref('int_funnel_steps') }}

),

counts as (

    {{ spread_over_cohorts(
        ref('int_funnel_step_counts'), ref('int_funnel_cohorts'), anchor='entry',
        by=['funnel_id', 'step_number'],
        sums=[
            'entered_user_count', 'eligible_user_count', 'previous_user_count',
            'reached_user_count', 'dropped_with_exclusion_user_count',
        ],
    ) }}

),

durations as (

    select
        {{ cohort_columns() }},
        funnel_id,
        step_number,
        mean_seconds,
        median_seconds,
        p75_seconds,
        median_seconds_from_entry
    from {{ ref('int_funnel_durations') }}

),

funnel_conversion_by_cohort as (

    select
        {{ cohort_columns('counts') }},
        counts.funnel_id,
        counts.step_number,
        steps.step_name,
        steps.is_optional,
        counts.entered_user_count,
        counts.eligible_user_count,
        counts.previous_user_count,
        counts.reached_user_count,
        -- Nobody drops out at an optional step.
        case
            when not steps.is_optional then counts.previous_user_count - counts.reached_user_count
        end as dropped_user_count,
        case
            when not steps.is_optional then counts.dropped_with_exclusion_user_count
        end as dropped_with_exclusion_user_count,
        durations.mean_seconds,
        durations.median_seconds,
        durations.p75_seconds,
        durations.median_seconds_from_entry
    from counts
    inner join steps
        on counts.funnel_id = steps.funnel_id and counts.step_number = steps.step_number
    left join durations
        on
            {{ same_cohort('counts', 'durations') }}
            and counts.funnel_id = durations.funnel_id
            and counts.step_number = durations.step_number

)

select
    {{ cohort_columns() }},
    funnel_id,
    step_number,
    step_name,
    is_optional,
    entered_user_count,
    eligible_user_count,
    previous_user_count,
    reached_user_count,
    {{ rate_with_interval(
        'conversion_from_previous_rate', 'reached_user_count', 'previous_user_count'
    ) }},
    {{ rate_with_interval(
        'conversion_from_entry_rate', 'reached_user_count', 'eligible_user_count'
    ) }},
    dropped_user_count,
    {{ rate('dropped_user_count', 'previous_user_count') }} as drop_off_rate,
    dropped_with_exclusion_user_count,
    mean_seconds,
    median_seconds,
    p75_seconds,
    median_seconds_from_entry
from funnel_conversion_by_cohort
