{#- How long does it take until the outcome of a user is known?
    0 where there is nothing to wait for. -#}
with

milestones as (

    select
        timeframe_hours,
        is_required
    from {{ ref('stg_milestones') }}

),

int_longest_windows as (

    select
        coalesce(max(case when is_required then timeframe_hours end), 0)
            as activation_window_hours,
        coalesce(max(timeframe_hours), 0) as longest_timeframe_hours
    from milestones

)

select *
from int_longest_windows
