{#- Do the leads that sales gets convert?
    A hand-off enters a rate once sales has had its time, so that a young week never looks bad. -#}
with

handoffs as (

    select
        is_converted_in_time,
        is_closed and is_in_rates as is_eligible,
        has_left_in_time and not is_converted_in_time as is_withdrawn,
        cast({{ dbt.date_trunc('week', 'handed_off_date') }} as date) as week_start_date
    from {{ ref('int_handoffs') }}

),

first_week as (

    select min(week_start_date) as first_week_date
    from handoffs

),

bounds as (

    select
        first_week.first_week_date,
        -- The last Monday whose week has ended. Weeks of hand-offs are in UTC.
        cast(
            {{ dbt.dateadd(
                'day', -7, dbt.date_trunc('week', utc_date('observation.observed_until_at'))
            ) }}
            as date
        ) as last_week_date
    from first_week
    cross join {{ ref('int_observation') }} as observation
    where first_week.first_week_date is not null

),

weeks as (

    {{ dates_between('bounds', 'first_week_date', 'last_week_date', 'week_start_date', 7) }}

),

counts as (

    select
        weeks.week_start_date,
        count(handoffs.week_start_date) as handoff_count,
        count(case when handoffs.is_eligible then 1 end) as eligible_handoff_count,
        count(case when handoffs.is_eligible and handoffs.is_converted_in_time then 1 end)
            as converted_handoff_count,
        count(case when handoffs.is_eligible and handoffs.is_withdrawn then 1 end)
            as withdrawn_handoff_count
    from weeks
    left join handoffs on weeks.week_start_date = handoffs.week_start_date
    group by weeks.week_start_date

),

trailing_counts as (

    select
        *,
        cast(
            sum(eligible_handoff_count) over (
                order by week_start_date
                rows between 3 preceding and current row
            ) as bigint
        ) as trailing_eligible_handoff_count,
        cast(
            sum(converted_handoff_count) over (
                order by week_start_date
                rows between 3 preceding and current row
            ) as bigint
        ) as trailing_converted_handoff_count
    from counts

),

handoff_outcomes_by_week as (

    select
        week_start_date,
        handoff_count,
        eligible_handoff_count,
        converted_handoff_count,
        {{ rate_with_interval(
            'handoff_conversion_rate', 'converted_handoff_count', 'eligible_handoff_count'
        ) }},
        {{ rate('(eligible_handoff_count - converted_handoff_count)', 'eligible_handoff_count') }}
            as false_discovery_rate,
        withdrawn_handoff_count,
        trailing_eligible_handoff_count,
        trailing_converted_handoff_count,
        {{ rate_with_interval(
            'trailing_false_discovery_rate',
            '(trailing_eligible_handoff_count - trailing_converted_handoff_count)',
            'trailing_eligible_handoff_count',
        ) }}
    from trailing_counts

)

select
    *,
    coalesce(trailing_false_discovery_rate_ci_lower > {{ var('false_discovery_limit') }}, false)
        as is_alert
from handoff_outcomes_by_week
