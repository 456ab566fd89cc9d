{#- Which users and accounts can become leads, since when, and when did each convert?
    A place for now: it has its columns, and no rows. -#}
select
    cast(null as {{ dbt.type_string() }}) as unit_type,
    cast(null as bigint) as unit_key,
    cast(null as {{ dbt.type_string() }}) as unit_id,
    cast(null as {{ dbt.type_string() }}) as account_id,
    cast(null as timestamp) as started_at,
    cast(null as date) as started_date,
    cast(null as date) as last_scored_date,
    cast(null as timestamp) as converted_at,
    cast(null as boolean) as is_conversion_known,
    cast(null as boolean) as is_in_rates,
    cast(null as bigint) as segment_key
from {{ ref('int_observation') }}
where 1 = 0
