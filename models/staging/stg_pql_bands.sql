{#- Which scores does each band hold?
    A band goes up to the next one's lower bound. The lowest band also holds all scores below it. -#}
with

pql_bands as (

    select
        scheme,
        band,
        lower_bound,
        exit_bound,
        recommended_action,
        is_qualified
    from {{ ref('pql_bands') }}

),

stg_pql_bands as (

    select
        scheme,
        band,
        lower_bound,
        recommended_action,
        coalesce(exit_bound, lower_bound) as exit_bound,
        coalesce(is_qualified, false) as is_qualified,
        row_number() over (partition by scheme order by lower_bound) = 1 as is_lowest,
        lead(lower_bound) over (partition by scheme order by lower_bound) as next_lower_bound
    from pql_bands

)

select *
from stg_pql_bands
