{#- On which dates did each unit do what scores, and how often?
    A place for now: it has its columns, and no rows. -#}
select
    cast(null as {{ dbt.type_string() }}) as unit_type,
    cast(null as bigint) as unit_key,
    cast(null as {{ dbt.type_string() }}) as event_name,
    cast(null as date) as occurred_date,
    cast(null as bigint) as event_count
from {{ ref('int_observation') }}
where 1 = 0
