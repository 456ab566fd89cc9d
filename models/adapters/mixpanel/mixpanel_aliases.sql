{#- Which ids belong to one person, according to a Mixpanel export? It does not say since when. -#}
with

identity_mappings as (

    {{ vendor_rows(
        'mixpanel', 'identity_mappings',
        ids={'user_id': 'resolved_distinct_id'},
        any_ids={'alias_id': 'distinct_id'},
    ) }}

),

mixpanel_aliases as (

    select
        -- A word that is no id stays: the rule illegal_alias counts it.
        {{ without_device_prefix('alias_id') }} as alias_id,
        {{ without_device_prefix('user_id') }} as user_id,
        cast(null as timestamp) as aliased_at,
        file_name,
        is_unreadable
    from identity_mappings

)

select
    alias_id,
    {{ id_or_null('user_id') }} as user_id,
    aliased_at,
    file_name,
    is_unreadable
from mixpanel_aliases
