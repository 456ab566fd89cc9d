{#- What was decided in reading the aliases, and how often? -#}
{{ config(materialized='ephemeral') }}
with

int_alias_decisions as (

    {{ delivered_and_counted('aliases', ref('int_aliases_classified'), 'aliased_at') }}
    union all
    -- Ids that an alias or an event gives to another person.
    {{ decided('aliases', 'resolved_id', ref('int_identities'), 'known_at') }}

)

select *
from int_alias_decisions
