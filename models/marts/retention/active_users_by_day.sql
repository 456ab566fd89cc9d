{#- How many users use the product each day, in the week and in the month that end with it?
    Dates that have ended only: the day of the latest record is still under way. -#}
{%- set segment = ['segment_type', 'segment_value'] -%}
with

movements as (

    select
        segment_key,
        movement_date as activity_date,
        active_user_count as dau,
        wau_change,
        mau_change
    from {{ ref('int_activity_movements') }}

),

observation as (

    select
        first_signup_date,
        cast({{ dbt.dateadd('day', -1, 'observed_until_date') }} as date) as last_ended_date
    from {{ ref('int_observation') }}

),

dates as (

    {{ dates_between('observation', 'first_signup_date', 'last_ended_date', 'activity_date') }}

),

daily_movements as (

    {{ spread_over_dates(
        'movements', ref('int_segments'), sums=['dau', 'wau_change', 'mau_change'],
        dates='dates', date='activity_date',
    ) }}

),

active_users_by_day as (

    select
        activity_date,
        segment_type,
        segment_value,
        dau,
        cast({{ running('sum(wau_change)', segment, 'activity_date') }} as bigint) as wau,
        cast({{ running('sum(mau_change)', segment, 'activity_date') }} as bigint) as mau
    from daily_movements

)

select
    *,
    {{ rate('dau', 'mau') }} as stickiness_rate
from active_users_by_day
