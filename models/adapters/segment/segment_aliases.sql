{#- Which ids does a Segment export say to be one person? -#}
with

segment_aliases as (

    {{ vendor_rows(
        'segment', 'aliases',
        ids={'user_id': 'user_id'},
        texts={'alias_id': 'previous_id'},
        times={'timestamp': 'timestamp', 'received_at': 'received_at'},
    ) }}

)

select
    alias_id,
    user_id,
    coalesce(timestamp, received_at) as aliased_at,
    file_name,
    is_unreadable
from segment_aliases
