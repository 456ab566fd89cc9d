{#- Where does a row of an Amplitude export's events have its ids, name, times and properties? A row
    is an event, or says something about a user or a group. -#}
{%- set traits = trait_places('user_properties.') -%}
{%- set ids_of_user = dict(account_group_places('groups.'), **traits.ids) -%}
with

amplitude_event_rows as (

    {{ vendor_rows(
        'amplitude', 'events',
        ids={'user_id': 'user_id', 'anonymous_id': ['amplitude_id', 'device_id']},
        times=dict({
            'occurred_at': 'event_time',
            'received_at': ['server_upload_time', 'server_received_time'],
            'first_seen_at': 'user_creation_time',
        }, **traits.times),
        texts=traits.texts,
        names={'raw_event_name': 'event_type'},
        objects={'properties': 'event_properties'},
        other_ids=dict({
            'uuid': 'uuid',
            'insert_id': ['$insert_id', '_insert_id', 'insert_id'],
            'device_id': 'device_id',
        }, **ids_of_user),
    ) }}

)

select
    *,
    -- An insert_id is unique per device only.
    coalesce(
        uuid, {{ dbt.concat(["insert_id", "'|'", "coalesce(user_id, device_id)"]) }}
    ) as event_id,
    coalesce(raw_event_name, '') not in (
        '$identify', '$groupidentify', 'revenue_amount'
    ) as is_event
from amplitude_event_rows
