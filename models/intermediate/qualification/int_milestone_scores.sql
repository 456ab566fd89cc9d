{#- How much of the product has each user been through, and is that enough to call?
    The score is the sum of the weights of completed milestones, in decimals. -#}
with

users as (

    select user_key
    from {{ ref('int_users') }}

),

scores as (

    select
        user_key,
        sum(weight) as milestone_score
    from {{ ref('int_milestones_reached') }}
    where is_completed
    group by user_key

),

users_qualified as (

    select
        user_key,
        qualified_at
    from {{ ref('int_users_qualified') }}

),

bands as (

    select
        scheme,
        band,
        recommended_action,
        is_qualified,
        -- Bounds are percent, scores are shares. A product of decimals is exact.
        lower_bound * cast(0.01 as decimal(3, 2)) as lower_bound,
        next_lower_bound * cast(0.01 as decimal(3, 2)) as next_lower_bound
    from {{ ref('stg_pql_bands') }}
    where scheme = 'milestone_share'

),

user_scores as (

    select
        users.user_key,
        cast(coalesce(scores.milestone_score, 0) as {{ engine_type('decimal(18, 12)') }})
            as milestone_score,
        'milestone_share' as scheme,
        users_qualified.qualified_at
    from users
    left join scores on users.user_key = scores.user_key
    left join users_qualified on users.user_key = users_qualified.user_key

),

int_milestone_scores as (

    select
        user_scores.user_key,
        user_scores.milestone_score,
        bands.band as milestone_band,
        bands.recommended_action as milestone_action,
        user_scores.qualified_at,
        coalesce(bands.is_qualified, false) as is_pql
    from user_scores
    left join bands
        on
            -- BigQuery makes no left join without an equality.
            user_scores.scheme = bands.scheme
            and user_scores.milestone_score >= bands.lower_bound
            and (
                bands.next_lower_bound is null
                or user_scores.milestone_score < bands.next_lower_bound
            )

)

select *
from int_milestone_scores
