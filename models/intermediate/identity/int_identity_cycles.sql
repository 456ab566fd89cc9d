{#- Which edges close a cycle, and are dropped? The smallest id of a cycle leads back to itself,
    over no smaller id. 72 links are enough: a larger cycle stays, and stops the build like a chain
    that is too long. -#}
with

walks as (

    {{ walk(ref('int_identity_steps'), 9, smallest='smallest_id') }}

),

int_identity_cycles as (

    select from_id as alias_id
    from walks
    where from_id = smallest_id

)

select *
from int_identity_cycles
