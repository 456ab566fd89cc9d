{#- How many points has each user earned by behaviour, and how many by fit?
    A behavioural signal counts half once its latest occurrence is no longer fresh. Fit counts in full. -#}
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

observation as (

    select
        {{ dbt.dateadd('day', -7, 'observed_until_at') }} as fresh_since_at
    from {{ ref('int_observation') }}

),

behavior_signals as (

    select
        signal_counts.user_key,
        signals.points
        * cast(least(signal_counts.event_count, signals.max_count) as decimal(9, 0))
        * case
            when signal_counts.last_occurred_at < observation.fresh_since_at
                then cast(0.5 as decimal(2, 1))
            else cast(1 as decimal(2, 1))
        end as points
    from signal_counts
    inner join signals on signal_counts.event_name = signals.triggered_by_event
    cross join observation

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

    select
        users.user_key,
        cast(coalesce(behavior_points.behavior_points, 0) as decimal(18, 5)) as behavior_points,
        cast(coalesce(fit_points.fit_points, 0) as decimal(18, 5)) as fit_points
    from users
    left join behavior_points on users.user_key = behavior_points.user_key
    left join fit_points on users.user_key = fit_points.user_key

)

select *
from int_points_scores
