{#- What was each unit's score on each day?
    A place for now: it has its columns, and no rows. -#}
select
    cast(null as {{ dbt.type_string() }}) as unit_type,
    cast(null as bigint) as unit_key,
    cast(null as {{ dbt.type_string() }}) as scheme,
    cast(null as date) as valid_from_date,
    cast(null as date) as valid_until_date,
    cast(null as boolean) as is_latest,
    cast(null as decimal(18, 10)) as score,
    cast(null as decimal(18, 10)) as normalized_score,
    cast(null as {{ dbt.type_string() }}) as band,
    cast(null as {{ dbt.type_string() }}) as recommended_action,
    cast(null as boolean) as is_qualified,
    cast(null as boolean) as is_lead
from {{ ref('int_observation') }}
where 1 = 0
