{#- On which scored dates do the points of each unit for behaviour change, and by how much?
    A signal's points change on the day after it occurs, and on the day after it has become older than a
    row of pql_decay.csv says, if it has not occurred again.

    Longer than 110 lines: a signal gains points when it occurs and loses them with age. -#}
{{ config(materialized='view') }}

with

signals as (

    select
        triggered_by_event,
        points,
        max_count
    from {{ ref('stg_pql_signals') }}
    where triggered_by_event is not null

),

ages as (

    select
        older_than_days,
        factor,
        next_older_than_days,
        previous_factor
    from {{ ref('int_signal_ages') }}

),

event_numbers as (

    -- Windows by numbers are cheaper than by text.
    select
        triggered_by_event as event_name,
        row_number() over (order by triggered_by_event) as event_number
    from signals
    group by triggered_by_event

),

numbered_days as (

    select
        signal_days.*,
        event_numbers.event_number,
        signal_days.unit_type = 'account' as is_account
    from {{ ref('int_unit_signal_days') }} as signal_days
    inner join event_numbers on signal_days.event_name = event_numbers.event_name

),

days as (

    select
        unit_type,
        unit_key,
        event_name,
        occurred_date,
        event_count,
        {{ running(
            'sum(event_count)', ['unit_key', 'is_account', 'event_number'], 'occurred_date'
        ) }} as total_count,
        lag(occurred_date) over (
            partition by unit_key, is_account, event_number order by occurred_date
        ) as previous_date,
        lead(occurred_date) over (
            partition by unit_key, is_account, event_number order by occurred_date
        ) as next_date
    from numbered_days

),

signal_days as (

    select
        days.unit_type,
        days.unit_key,
        days.occurred_date,
        -- Where there is none before, the points before are 0.
        coalesce({{ days_between('days.previous_date', 'days.occurred_date') }}, 1) as days_before,
        {{ days_between('days.occurred_date', 'days.next_date') }} as days_after,
        signals.points * cast(least(days.total_count, signals.max_count) as decimal(9, 0))
            as points,
        signals.points
        * cast(least(days.total_count - days.event_count, signals.max_count) as decimal(9, 0))
            as points_before
    from days
    inner join signals on days.event_name = signals.triggered_by_event

),

changes as (

    select
        signal_days.unit_type,
        signal_days.unit_key,
        signal_days.occurred_date,
        0 as older_than_days,
        signal_days.points - signal_days.points_before * ages.factor as points
    from signal_days
    inner join ages
        on
            signal_days.days_before > ages.older_than_days
            and (
                ages.next_older_than_days is null
                or signal_days.days_before <= ages.next_older_than_days
            )
    union all
    select
        signal_days.unit_type,
        signal_days.unit_key,
        signal_days.occurred_date,
        ages.older_than_days,
        signal_days.points * (ages.factor - ages.previous_factor) as points
    from signal_days
    inner join ages
        on signal_days.days_after is null or signal_days.days_after > ages.older_than_days
    where ages.older_than_days > 0

),

int_point_changes as (

    select
        unit_type,
        unit_key,
        cast({{ dbt.dateadd('day', 'older_than_days + 1', 'occurred_date') }} as date)
            as valid_from_date,
        cast(points as {{ engine_type('decimal(18, 10)') }}) as points
    from changes
    where points <> 0

)

select *
from int_point_changes
