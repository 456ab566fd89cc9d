{#- Which ids belong to one person, according to an Amplitude export? -#}
with

merged_ids as (

    {{ vendor_rows(
        'amplitude', 'merged_ids',
        ids={'user_id': 'merged_amplitude_id'},
        any_ids={'alias_id': 'amplitude_id'},
        times={'aliased_at': ['merge_event_time', 'merge_time']},
    ) }}

),

amplitude_aliases as (

    select
        -- A word that is no id stays: the rule illegal_alias counts it.
        alias_id,
        user_id,
        aliased_at,
        file_name,
        is_unreadable
    from merged_ids

)

select *
from amplitude_aliases
