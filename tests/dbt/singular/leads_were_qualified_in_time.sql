{#- A user whose score is at the qualified bound, or above it, has qualified_at, between signup
    and now. Nobody below the bound has it. -#}
with

qualified_bound as (

    select min(lower_bound) as lower_bound
    from {{ ref('stg_pql_bands') }}
    where scheme = 'milestone_share' and is_qualified

)

select
    scores.user_id,
    scores.milestone_score,
    scores.qualified_at
from {{ ref('pql_scores') }} as scores
cross join qualified_bound
where
    (scores.milestone_score * 100 >= qualified_bound.lower_bound)
    <> (scores.qualified_at is not null)
    or scores.qualified_at < scores.signed_up_at
    or scores.qualified_at > scores.scored_at
