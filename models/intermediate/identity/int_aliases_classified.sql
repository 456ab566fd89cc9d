{#- Which aliases count, and which rule removes each of the others?
    The first rule that applies removes a row. -#}
with

numbered_aliases as (

    select
        aliases.*,
        edges.target_id,
        row_number() over (
            partition by aliases.alias_id, aliases.user_id, aliases.failed_check
            order by aliases.aliased_at asc nulls last, aliases.file_name asc nulls last
        ) as copy_number
    from {{ ref('int_aliases_checked') }} as aliases
    left join {{ ref('int_identity_edges') }} as edges on aliases.alias_id = edges.alias_id

),

int_aliases_classified as (

    select
        aliases.file_name,
        aliases.alias_id,
        aliases.user_id,
        aliases.aliased_at,
        case
            when aliases.failed_check is not null then aliases.failed_check
            when aliases.user_id <> aliases.target_id then 'second_target'
            when aliases.copy_number > 1 then 'duplicate_alias'
            when cycles.alias_id is not null then 'alias_cycle'
        end as removed_by
    from numbered_aliases as aliases
    left join {{ ref('int_identity_cycles') }} as cycles on aliases.alias_id = cycles.alias_id

)

select *
from int_aliases_classified
