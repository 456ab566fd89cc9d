{#- segment_tests counts the same users as the marts whose metrics it compares, and all of them.
    Where two values are tested, both and all of them at once have one statistic. -#}
with

marts as (

    select
        'activation_rate' as metric_id,
        cast(window_days as {{ dbt.type_string() }}) as item,
        segment_type,
        segment_value,
        eligible_user_count as user_count,
        activated_user_count as event_count
    from {{ ref('activation_by_cohort') }}
    where cohort_grain = 'all' and window_days = {{ var('activation_windows_days') | max }}
    union all
    select
        'milestone_completion_rate' as metric_id,
        milestone_id as item,
        segment_type,
        segment_value,
        eligible_user_count as user_count,
        completed_user_count as event_count
    from {{ ref('milestone_completion_by_cohort') }}
    where cohort_grain = 'all'
    union all
    select
        'retention_rate' as metric_id,
        {{ join_texts(["'day_'", 'cast(period_number as ' ~ dbt.type_string() ~ ')']) }} as item,
        segment_type,
        segment_value,
        eligible_user_count as user_count,
        retained_user_count as event_count
    from {{ ref('retention_by_cohort') }}
    where
        cohort_grain = 'all' and cohort_anchor = 'activation'
        and period_grain = 'day' and period_number in (7, 30)
    union all
    select
        'time_to_milestone' as metric_id,
        milestone_id as item,
        segment_type,
        segment_value,
        at_risk_count as user_count,
        null as event_count
    from {{ ref('milestone_survival_curve') }}
    where day_number = 0
    union all
    select
        'time_to_first_value' as metric_id,
        'all' as item,
        segment_type,
        segment_value,
        at_risk_count as user_count,
        null as event_count
    from {{ ref('time_to_first_value_curve') }}
    where day_number = 0

),

wrong_counts as (

    select
        marts.metric_id,
        marts.item,
        marts.segment_type,
        marts.segment_value
    from marts
    left join {{ ref('segment_tests') }} as tests
        on
            {{ same_test('marts', 'tests') }}
            and marts.segment_value = tests.segment_value
            and tests.comparison = 'one_value'
    where
        marts.segment_type <> 'all' and marts.user_count > 0
        and (
            tests.user_count is null
            or tests.user_count <> marts.user_count
            or tests.event_count <> marts.event_count
        )

),

wrong_statistics as (

    select
        metric_id,
        item,
        segment_type,
        max(segment_value) as segment_value
    from {{ ref('segment_tests') }}
    where group_count = 2 and statistic is not null
    group by metric_id, item, segment_type
    having max(statistic) - min(statistic) > 1e-9 * max(statistic)

)

select *
from wrong_counts
union all
select *
from wrong_statistics
