{#- The users of both samples are those of retention_by_cohort, and so are those who stayed. Chi-square is
    users * phi^2. A longer window or a smaller count has no fewer users who did it. At most one behaviour is
    recommended. The transitions from an event share out its eligible users, and the segments of a type add up
    to all users. -#}
with

samples as (

    select
        event_name,
        window_days,
        min_count,
        sum(user_count) as user_count,
        sum(retained_user_count) as retained_user_count
    from {{ ref('activation_event_candidates') }}
    group by event_name, window_days, min_count

),

retention as (

    select
        eligible_user_count,
        retained_user_count
    from {{ ref('retention_by_cohort') }}
    where
        cohort_grain = 'all' and segment_type = 'all' and cohort_anchor = 'signup'
        and period_grain = 'week' and period_number = {{ var('discovery_outcome_week') }}

),

done_counts as (

    select
        done_user_count,
        lag(done_user_count) over (
            partition by event_name, window_days, sample_name order by min_count
        ) as smaller_count_user_count,
        lead(done_user_count) over (
            partition by event_name, min_count, sample_name order by window_days
        ) as longer_window_user_count
    from {{ ref('activation_event_candidates') }}

),

recommendations as (

    select count(*) as recommendation_count
    from {{ ref('activation_event_candidates') }}
    where is_recommended

),

starts as (

    select
        segment_type,
        segment_value,
        from_event_name,
        eligible_user_count,
        sum(transition_user_count) as transition_user_count
    from {{ ref('event_transitions') }}
    group by segment_type, segment_value, from_event_name, eligible_user_count

),

starts_by_type as (

    select
        segment_type,
        from_event_name,
        sum(eligible_user_count) as eligible_user_count
    from starts
    group by segment_type, from_event_name

)

select
    'users of both samples' as identity,
    samples.user_count as found,
    retention.eligible_user_count as expected
from samples
cross join retention
where
    samples.user_count <> retention.eligible_user_count
    or samples.retained_user_count <> retention.retained_user_count
union all
select
    'chi-square is users * phi^2' as identity,
    chi_square as found,
    user_count * phi * phi as expected
from {{ ref('activation_event_candidates') }}
where abs(chi_square - user_count * phi * phi) > 0.000000001 * (1 + chi_square)
union all
select
    'a smaller count or a longer window has no fewer users' as identity,
    done_user_count as found,
    least(smaller_count_user_count, longer_window_user_count) as expected
from done_counts
where done_user_count > smaller_count_user_count or done_user_count > longer_window_user_count
union all
select
    'one recommendation, in both samples' as identity,
    recommendation_count as found,
    2 as expected
from recommendations
where recommendation_count not in (0, 2)
union all
select
    'transitions share out the eligible users' as identity,
    transition_user_count as found,
    eligible_user_count as expected
from starts
where transition_user_count <> eligible_user_count
union all
select
    'segments of a type add up to all users' as identity,
    types.eligible_user_count as found,
    totals.eligible_user_count as expected
from starts_by_type as types
inner join starts_by_type as totals
    on types.from_event_name = totals.from_event_name and totals.segment_type = 'all'
where types.eligible_user_count <> totals.eligible_user_count
