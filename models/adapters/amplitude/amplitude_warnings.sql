{#- Does an Amplitude export lack the users who were merged? -#}
with

amplitude_warnings as (

    select
        'no_merges' as warning_id,
        'aliases' as table_name,
        'merged_ids' as subject,
        0 as row_count,
        cast(null as {{ engine_type('double') }}) as row_rate,
        {{ no_text('example') }},
        'There are no merged_ids: a user whom Amplitude has merged counts twice. Export the merged '
        || 'Amplitude IDs, too, and put them beside the events.'
            as message
    where {{ '1 = 0' if has_vendor_table('amplitude', 'merged_ids') else '1 = 1' }}

)

select *
from amplitude_warnings
