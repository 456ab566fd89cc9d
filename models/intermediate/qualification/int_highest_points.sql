{#- How many points can a user have at most, by behaviour and by fit?
    Of each column of users only one value can fit. Those on plan_tier do not count. -#}
with

highest_signals as (

    select
        'behavior' as part,
        points * cast(max_count as decimal(9, 0)) as points
    from {{ ref('stg_pql_signals') }}
    where triggered_by_event is not null and points > 0
    union all
    select
        user_column as part,
        cast(max(points) as decimal(27, 4)) as points
    from {{ ref('stg_pql_signals') }}
    where user_column <> 'plan_tier' and points > 0
    group by user_column

),

int_highest_points as (

    select coalesce(sum(points), 0) as highest_points
    from highest_signals

)

select *
from int_highest_points
