{#- What was decided in reading the aliases, and how often? -#}
with

int_alias_decisions as (

    {{ delivered_and_counted(
        'aliases', ref('int_aliases_classified'), 'aliased_at', 'aliased_at'
    ) }}
    union all
    -- Ids of another person than themselves, be it by an alias or by an event.
    select
        'aliases' as table_name,
        'resolved_id' as decision,
        count(*) as row_count,
        min(known_at) as first_seen_at,
        max(known_at) as last_seen_at
    from {{ ref('int_identities') }}

)

select *
from int_alias_decisions
