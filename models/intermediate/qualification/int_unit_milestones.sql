{#- Which milestones has each unit completed, and when first? -#}
with

members as (

    select
        unit_type,
        unit_key,
        user_key
    from {{ ref('int_unit_members') }}

),

int_unit_milestones as (

    select
        members.unit_type,
        members.unit_key,
        reached.milestone_id,
        max(reached.weight) as weight,
        min(reached.reached_at) as reached_at
    from {{ ref('int_milestones_reached') }} as reached
    inner join members on reached.user_key = members.user_key
    where reached.is_completed
    group by members.unit_type, members.unit_key, reached.milestone_id

)

select *
from int_unit_milestones
