{#- To whom does each alias and each device belong? An id that is not here belongs to itself, or to
    nobody. -#}
with

chains as (

    {{ walk(ref('int_identity_paths'), 8) }}

),

int_identities as (

    select
        edges.alias_id as user_id,
        edges.known_at,
        coalesce(chains.to_id, edges.target_id) as resolved_id,
        next_paths.from_id is not null as is_chain_too_long
    from {{ ref('int_identity_edges') }} as edges
    left join {{ ref('int_identity_cycles') }} as cycles on edges.alias_id = cycles.alias_id
    left join chains on edges.alias_id = chains.from_id
    -- After 64 links a chain has ended.
    left join {{ ref('int_identity_paths') }} as next_paths on chains.to_id = next_paths.from_id
    where cycles.alias_id is null

)

select *
from int_identities
