{#- What was decided in reading the aliases, and how often? -#}
{{ config(materialized='ephemeral') }}
with

int_alias_decisions as (

    {{ delivered_and_counted('aliases', ref('int_aliases_classified'), 'aliased_at') }}
    union all
    -- Ids of another person than themselves, be it by an alias or by an event.
    {{ decided('aliases', 'resolved_id', ref('int_identities'), 'known_at') }}

)

select *
from int_alias_decisions
