{#- Which fit signals does each unit have, and since when?
    A place for now: it has its columns, and no rows. -#}
select
    cast(null as {{ dbt.type_string() }}) as unit_type,
    cast(null as bigint) as unit_key,
    cast(null as {{ dbt.type_string() }}) as signal_id,
    cast(null as decimal(18, 10)) as points,
    cast(null as date) as valid_from_date
from {{ ref('int_observation') }}
where 1 = 0
