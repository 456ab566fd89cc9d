{#- Which three signals, milestones or behaviours did most to make each unit a lead?
    Equal contributions are in the order of their ids. -#}
with

ranked_signals as (

    select
        handoff_id,
        signal_id,
        row_number() over (
            partition by handoff_id
            order by contribution desc, signal_id asc
        ) as place
    from {{ ref('int_handoff_contributions') }}
    where contribution > 0

),

places as (

    select
        handoff_id,
        max(case when place = 1 then signal_id end) as first_signal,
        max(case when place = 2 then {{ dbt.concat(["', '", 'signal_id']) }} end) as second_signal,
        max(case when place = 3 then {{ dbt.concat(["', '", 'signal_id']) }} end) as third_signal
    from ranked_signals
    group by handoff_id

),

int_handoff_signals as (

    select
        handoff_id,
        {{ dbt.concat([
            'first_signal', "coalesce(second_signal, '')", "coalesce(third_signal, '')",
        ]) }} as top_signals
    from places

)

select *
from int_handoff_signals
