{#- Which distinct_ids belong to users? Those that have a profile or into which others were merged,
    except devices. -#}
with

people as (

    {{ vendor_rows(
        'mixpanel', 'people',
        ids={'distinct_id': ['$distinct_id', 'distinct_id', '_distinct_id']},
    ) }}

),

identity_mappings as (

    {{ vendor_rows(
        'mixpanel', 'identity_mappings',
        ids={'distinct_id': 'resolved_distinct_id'},
    ) }}

),

distinct_ids as (

    select distinct_id
    from people
    union all
    select distinct_id
    from identity_mappings

),

mixpanel_identified as (

    select distinct distinct_id as user_id
    from distinct_ids
    where distinct_id not like '$device:%'

)

select *
from mixpanel_identified
