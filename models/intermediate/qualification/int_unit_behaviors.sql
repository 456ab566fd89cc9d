{#- Which behaviours has each unit done before its first snapshot?
    A place for now: it has its columns, and no rows. -#}
select
    cast(null as {{ dbt.type_string() }}) as unit_type,
    cast(null as bigint) as unit_key,
    cast(null as {{ dbt.type_string() }}) as behavior_id
from {{ ref('int_observation') }}
where 1 = 0
