{#- Which leads were handed off, and for which of those that sales has had time for did it convert? -#}
with

sem_handoffs as (

    select
        handoff_id,
        {{ unit_reference('handoffs') }} as unit_reference,
        unit_type,
        scheme,
        handed_off_date,
        case when is_closed and is_in_rates then 1 else 0 end as eligible_handoff_count,
        case when is_closed and is_in_rates and is_converted_in_time then 1 else 0 end
            as converted_handoff_count
    from {{ ref('int_handoffs') }} as handoffs

)

select *
from sem_handoffs
