{#- Which units count in the rate of leads of each scheme, and who became a lead in time? -#}
with

sem_leads as (

    select
        {{ unit_reference('units') }} as unit_reference,
        qualified.scheme,
        units.unit_type,
        {{ local_date('units.started_at') }} as start_date,
        qualified.scheme = '{{ var("handoff_scheme") }}' as is_handed_off_by,
        case when qualified.is_eligible then 1 else 0 end as eligible_unit_count,
        case when qualified.days_to_pql is not null then 1 else 0 end as reached_unit_count
    from {{ ref('int_units_qualified') }} as qualified
    inner join {{ ref('int_pql_units') }} as units
        on qualified.unit_type = units.unit_type and qualified.unit_key = units.unit_key

)

select *
from sem_leads
