{#- Which schemes score units?
    Propensity exists where a behaviour has a weight. -#}
{{ config(materialized='view') }}

with

weights as (

    select count(weight) as weight_count
    from {{ ref('stg_propensity_behaviors') }}
    where behavior_id <> 'intercept'

),

int_pql_schemes as (

    select 'milestone_share' as scheme
    union all
    select 'points' as scheme
    union all
    select 'propensity' as scheme
    from weights
    where weight_count > 0

)

select *
from int_pql_schemes
