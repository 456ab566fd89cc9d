{#- Which edges are links of a chain, because an alias leads to an id that leads on? There are few,
    so following chains costs next to nothing. -#}
with

edges as (

    select
        alias_id,
        target_id
    from {{ ref('int_identity_edges') }}

),

int_identity_links as (

    select
        alias_id as from_id,
        target_id as to_id
    from edges
    where
        target_id in (select aliases.alias_id from edges as aliases)
        or alias_id in (select targets.target_id from edges as targets)

)

select *
from int_identity_links
