{#- Which values of which segment types does each combination of units hold?
    A place for now: it has its columns, and no rows. -#}
select
    cast(null as bigint) as segment_key,
    cast(null as {{ dbt.type_string() }}) as segment_type,
    cast(null as {{ dbt.type_string() }}) as segment_value
from {{ ref('int_observation') }}
where 1 = 0
