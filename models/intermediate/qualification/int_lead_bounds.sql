{#- From which score on is a unit a lead, by each scheme, and below which is it one no longer?
    A scheme has no row where no band is qualified. -#}
with

qualified_bands as (

    select
        scheme,
        lower_bound,
        exit_bound,
        recommended_action,
        row_number() over (partition by scheme order by lower_bound) as place
    from {{ ref('stg_pql_bands') }}
    where is_qualified

),

int_lead_bounds as (

    select
        scheme,
        exit_bound,
        recommended_action,
        lower_bound as entry_bound
    from qualified_bands
    where place = 1

)

select *
from int_lead_bounds
