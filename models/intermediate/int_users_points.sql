{#- How many points has each user earned by behaviour, and how many by fit?
    A behavioural signal counts half once its latest occurrence is no longer fresh; fit never halves. -#}
with

users as (

    select
        user_id,
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

events as (

    select
        user_id,
        event_name,
        count(*) as occurrence_count,
        max(occurred_at) as last_occurred_at
    from {{ ref('int_defined_events') }}
    group by user_id, event_name

),

observation as (

    select
        {{ dbt.dateadd('day', -var('signal_fresh_days'), 'observed_until_at') }} as fresh_since_at
    from {{ ref('int_observation') }}

),

behavior_signals as (

    select
        events.user_id,
        signals.points
        * cast(least(events.occurrence_count, signals.max_count) as decimal(9, 0))
        * case
            when events.last_occurred_at < observation.fresh_since_at then 0.5
            else 1.0
        end as points
    from events
    inner join signals on events.event_name = signals.triggered_by_event
    cross join observation

),

behavior_points as (

    select
        user_id,
        sum(points) as behavior_points
    from behavior_signals
    group by user_id

),

fit_points as (

    select
        users.user_id,
        sum(signals.points) as fit_points
    from users
    inner join signals
        on
            case signals.user_column
                when 'plan_tier' then users.plan_tier
                when 'install_source' then users.install_source
            end = signals.user_value
    group by users.user_id

),

int_users_points as (

    select
        users.user_id,
        cast(coalesce(behavior_points.behavior_points, 0) as decimal(18, 5)) as behavior_points,
        cast(coalesce(fit_points.fit_points, 0) as decimal(18, 5)) as fit_points
    from users
    left join behavior_points on users.user_id = behavior_points.user_id
    left join fit_points on users.user_id = fit_points.user_id

)

select *
from int_users_points
