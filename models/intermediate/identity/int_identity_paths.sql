{#- Where does each id of a chain lead after eight links, now that cycles are open? -#}
with

open_links as (

    select
        links.from_id,
        links.to_id
    from {{ ref('int_identity_links') }} as links
    left join {{ ref('int_identity_cycles') }} as cycles on links.from_id = cycles.alias_id
    where cycles.alias_id is null

),

int_identity_paths as (

    {{ walk('open_links', 8) }}

)

select *
from int_identity_paths
