{#- Where observed_until_at is a midnight, the history says of that date what pql_scores says.
    That is milestone_score times 100, and points_score less the points of plan_tier. Users with an event at that instant are left out:
    pql_scores counts it, the history doesn't. So are those whose history ended before. -#}
with

observation as (

    select
        observed_until_at,
        {{ utc_date('observed_until_at') }} as scored_date
    from {{ ref('int_observation') }}
    where observed_until_at = cast({{ utc_date('observed_until_at') }} as timestamp)

),

late_users as (

    select signals.user_key
    from {{ ref('int_signal_counts') }} as signals
    inner join observation on signals.last_occurred_at = observation.observed_until_at
    {{ union_distinct() }}
    select reached.user_key
    from {{ ref('int_milestones_reached') }} as reached
    inner join observation on reached.reached_at = observation.observed_until_at

),

plan_points as (

    select
        signups.user_key,
        sum(signals.points) as point_sum
    from {{ ref('int_users') }} as signups
    inner join {{ ref('stg_pql_signals') }} as signals on signups.plan_tier = signals.user_value
    where signals.user_column = 'plan_tier'
    group by signups.user_key

),

expected as (

    select
        units.unit_key,
        scores.milestone_score * 100 as milestone_share,
        scores.points_score - coalesce(plan_points.point_sum, 0) as points
    from {{ ref('pql_scores') }} as scores
    inner join {{ ref('int_pql_units') }} as units
        on scores.user_id = units.unit_id and units.unit_type = 'user'
    inner join observation on units.last_scored_date = observation.scored_date
    left join plan_points on units.unit_key = plan_points.user_key
    left join late_users on units.unit_key = late_users.user_key
    where late_users.user_key is null and units.last_scored_date > units.started_date

)

select
    expected.unit_key,
    history.scheme,
    history.score,
    expected.milestone_share,
    expected.points
from expected
left join {{ ref('int_score_history') }} as history
    on
        expected.unit_key = history.unit_key
        and history.unit_type = 'user'
        and history.is_latest
        and history.scheme in ('milestone_share', 'points')
where
    history.score is null
    or history.score
    <> case history.scheme when 'points' then expected.points else expected.milestone_share end
