{#- How does each user score now, by milestones and by points?
    Two schemes side by side: the share of milestones completed, and points for behaviour and fit. -#}
with

users as (

    select
        user_key,
        user_id,
        account_id,
        signed_up_at
    from {{ ref('int_users') }}

),

users_qualified as (

    select
        user_key,
        milestone_score,
        milestone_band,
        milestone_action,
        is_pql,
        qualified_at
    from {{ ref('int_milestone_scores') }}

),

users_points as (

    select
        user_key,
        behavior_points,
        fit_points,
        'points' as scheme,
        behavior_points + fit_points as points_score
    from {{ ref('int_points_scores') }}

),

bands as (

    select
        scheme,
        band,
        recommended_action,
        is_lowest,
        lower_bound,
        next_lower_bound
    from {{ ref('stg_pql_bands') }}
    where scheme = 'points'

),

observation as (

    select observed_until_at
    from {{ ref('int_observation') }}

),

pql_scores as (

    select
        users.user_id,
        users.account_id,
        users.signed_up_at,
        observation.observed_until_at as scored_at,
        users_qualified.milestone_score,
        users_qualified.milestone_band,
        users_qualified.milestone_action,
        users_qualified.is_pql,
        users_qualified.qualified_at,
        cast(users_points.points_score as {{ engine_type('decimal(18, 10)') }}) as points_score,
        users_points.behavior_points,
        users_points.fit_points,
        bands.band as points_band,
        bands.recommended_action as points_action
    from users
    inner join users_qualified on users.user_key = users_qualified.user_key
    inner join users_points on users.user_key = users_points.user_key
    left join bands
        on
            -- An equality, too, without which BigQuery makes no left join.
            users_points.scheme = bands.scheme
            and (bands.is_lowest or users_points.points_score >= bands.lower_bound)
            and (
                bands.next_lower_bound is null
                or users_points.points_score < bands.next_lower_bound
            )
    cross join observation

)

select *
from pql_scores
