{#- Hand-offs, leads and pql_rate_by_cohort count the same units. Whoever reaches the entry bound
    within the window is handed off in it, so the two counts agree where both windows have the same
    days and everybody counts in rates. And each hand-off is in one week, and has one number. -#}
{%- set windows_are_equal = var('pql_window_days') == var('handoff_signup_days')
    and not var('observed_from') -%}
with

handed_off as (

    select
        count(*) as unit_count,
        count(
            case
                when
                    {{ dbt.dateadd('day', var('pql_window_days'), 'leads.started_at') }}
                    <= observation.observed_until_at
                    then 1
            end
        ) as closed_unit_count,
        coalesce(sum(leads.handoff_number), 0) as handoff_count
    from {{ ref('leads_to_hand_off') }} as leads
    cross join {{ ref('int_observation') }} as observation

),

reached as (

    select coalesce(sum(reached_unit_count), 0) as unit_count
    from {{ ref('pql_rate_by_cohort') }}
    where
        cohort_grain = 'all'
        and segment_type = 'all'
        and unit_type = '{{ var("handoff_unit_type") }}'
        and scheme = '{{ var("handoff_scheme") }}'

),

weeks as (

    select
        coalesce(sum(handoff_count), 0) as handoff_count,
        max(week_start_date) as last_week_date
    from {{ ref('handoff_outcomes_by_week') }}

),

open_week as (

    select count(*) as handoff_count
    from {{ ref('int_handoffs') }} as handoffs
    cross join weeks
    where
        weeks.last_week_date is null
        or handoffs.handed_off_date
        >= cast({{ dbt.dateadd('day', 7, 'weeks.last_week_date') }} as date)

),

differences as (

    select
        'units handed off, and reached' as what,
        handed_off.closed_unit_count as one_count,
        reached.unit_count as other_count
    from handed_off
    cross join reached
    where {{ '1 = 1' if windows_are_equal else '1 = 0' }}
    union all
    select
        'hand-offs by week, and numbered' as what,
        weeks.handoff_count + open_week.handoff_count as one_count,
        handed_off.handoff_count as other_count
    from handed_off
    cross join weeks
    cross join open_week

)

select *
from differences
where one_count <> other_count
