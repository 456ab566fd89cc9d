{#- When did each user first reach the score of a qualified lead?
    The score only rises: each completed milestone adds its weight. -#}
with

qualified_bounds as (

    -- Bounds are percent, scores are shares. A product of decimals is exact.
    select min(lower_bound) * cast(0.01 as decimal(3, 2)) as qualified_bound
    from {{ ref('stg_pql_bands') }}
    where scheme = 'milestone_share' and is_qualified

),

weights as (

    -- A user may reach several milestones at the same instant.
    select
        user_key,
        reached_at,
        sum(weight) as weight
    from {{ ref('int_milestones_reached') }}
    where is_completed
    group by user_key, reached_at

),

running_scores as (

    select
        user_key,
        reached_at,
        {{ running('sum(weight)', ['user_key'], 'reached_at') }} as running_score
    from weights

),

qualifications as (

    select
        running_scores.user_key,
        running_scores.reached_at as qualified_at
    from running_scores
    cross join qualified_bounds
    where running_scores.running_score >= qualified_bounds.qualified_bound
    union all
    -- A bound of 0 needs no milestone.
    select
        signups.user_key,
        signups.signed_up_at as qualified_at
    from {{ ref('int_users') }} as signups
    cross join qualified_bounds
    where qualified_bounds.qualified_bound = 0

),

int_first_qualifications as (

    select
        user_key,
        min(qualified_at) as qualified_at
    from qualifications
    group by user_key

)

select *
from int_first_qualifications
