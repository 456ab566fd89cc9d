{#- Which ids belong to one person, according to a Segment export? -#}
with

aliases as (

    {{ vendor_rows(
        'segment', 'aliases',
        ids={'user_id': 'user_id'},
        any_ids={'alias_id': 'previous_id'},
        times={'aliased_at': ['timestamp', 'received_at']},
    ) }}

),

segment_aliases as (

    select
        alias_id,
        user_id,
        aliased_at,
        file_name,
        is_unreadable
    from aliases

)

select *
from segment_aliases
