{#- Where does each id of a chain lead after eight links, and over which smallest id? -#}
with

int_identity_steps as (

    {{ walk(ref('int_identity_links'), 8, smallest='to_id') }}

)

select *
from int_identity_steps
