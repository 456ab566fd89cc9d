{#- Which event ids may stand more than once?
    Counted by hash, which takes two thirds of the time and memory of counting the ids. Two ids of one
    hash are both here, and turn out to be single in int_events_repeated. -#}
with

events as (

    select {{ hash_of('event_id') }} as event_id_hash
    from {{ ref('int_events_classified') }}
    where removed_by is null and event_id is not null

),

int_event_ids_repeated as (

    select event_id_hash
    from events
    group by event_id_hash
    having count(*) > 1

)

select *
from int_event_ids_repeated
