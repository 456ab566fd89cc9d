{#- How much of its points does a behavioural signal keep, by its age? -#}
with

stg_pql_decay as (

    select
        older_than_days,
        factor
    from {{ ref('pql_decay') }}

)

select *
from stg_pql_decay
