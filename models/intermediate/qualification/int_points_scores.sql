{#- How many points has each user earned by behaviour, and how many by fit?
    A behavioural signal fades with the age of its latest occurrence (pql_decay.csv). Fit counts in full. -#}
with

users as (

    select
        user_key,
        plan_tier,
        install_source
    from {{ ref('int_users') }}

),

signals as (

    select
        triggered_by_event,
        user_column,
        user_value,
        points,
        max_count
    from {{ ref('stg_pql_signals') }}

),

signal_counts as (

    select
        user_key,
        event_name,
        event_count,
        last_occurred_at
    from {{ ref('int_signal_counts') }}

),

ages as (

    -- The factor of an age is that of what occurred before_at, but not since_at or later.
    select
        ages.factor,
        ages.older_than_days = 0 as is_youngest,
        {{ dbt.dateadd('day', '-ages.older_than_days', 'observation.observed_until_at') }}
            as before_at,
        {{ dbt.dateadd('day', '-ages.next_older_than_days', 'observation.observed_until_at') }}
            as since_at
    from {{ ref('int_signal_ages') }} as ages
    cross join {{ ref('int_observation') }} as observation

),

behavior_signals as (

    select
        signal_counts.user_key,
        signals.points
        * cast(least(signal_counts.event_count, signals.max_count) as decimal(9, 0))
        * ages.factor as points
    from signal_counts
    inner join signals on signal_counts.event_name = signals.triggered_by_event
    inner join ages
        on
            (ages.is_youngest or signal_counts.last_occurred_at < ages.before_at)
            and (ages.since_at is null or signal_counts.last_occurred_at >= ages.since_at)

),

behavior_points as (

    select
        user_key,
        sum(points) as behavior_points
    from behavior_signals
    group by user_key

),

fit_points as (

    select
        users.user_key,
        sum(signals.points) as fit_points
    from users
    inner join signals
        on
            case signals.user_column
                when 'plan_tier' then users.plan_tier
                when 'install_source' then users.install_source
            end = signals.user_value
    group by users.user_key

),

int_points_scores as (

    {% set points = engine_type('decimal(18, 10)') -%}
    select
        users.user_key,
        cast(coalesce(behavior_points.behavior_points, 0) as {{ points }}) as behavior_points,
        cast(coalesce(fit_points.fit_points, 0) as {{ points }}) as fit_points
    from users
    left join behavior_points on users.user_key = behavior_points.user_key
    left join fit_points on users.user_key = fit_points.user_key

)

select *
from int_points_scores
