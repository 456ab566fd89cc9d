{#- Which milestones has each unit completed, and when first?
    A place for now: it has its columns, and no rows. -#}
select
    cast(null as {{ dbt.type_string() }}) as unit_type,
    cast(null as bigint) as unit_key,
    cast(null as {{ dbt.type_string() }}) as milestone_id,
    cast(null as {{ engine_type('decimal(18, 12)') }}) as weight,
    cast(null as timestamp) as reached_at
from {{ ref('int_observation') }}
where 1 = 0
