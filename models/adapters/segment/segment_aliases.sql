{#- Which ids belong to one person, according to a Segment export? -#}
with

aliases as (

    {{ vendor_rows(
        'segment', 'aliases',
        ids={'user_id': 'user_id'},
        any_ids={'alias_id': 'previous_id'},
        times={'timestamp': 'timestamp', 'received_at': 'received_at'},
    ) }}

),

segment_aliases as (

    select
        alias_id,
        user_id,
        file_name,
        is_unreadable,
        coalesce(timestamp, received_at) as aliased_at
    from aliases

)

select *
from segment_aliases
