{#- Which leads were handed off, and which of those that sales has had time for converted? -#}
with

sem_handoffs as (

    select
        handoffs.handoff_id,
        {{ unit_reference('handoffs') }} as unit_reference,
        handoffs.unit_type,
        handoffs.scheme,
        handoffs.handed_off_date,
        case when handoffs.is_closed and handoffs.is_in_rates then 1 else 0 end
            as eligible_handoff_count,
        case
            when handoffs.is_closed and handoffs.is_in_rates and handoffs.is_converted_in_time
                then 1
            else 0
        end as converted_handoff_count
    from {{ ref('int_handoffs') }} as handoffs

)

select *
from sem_handoffs
