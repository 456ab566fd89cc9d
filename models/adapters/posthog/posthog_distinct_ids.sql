{#- To whom does each distinct id belong? To the person of its highest version. Without persons:
    to each person with which it was seen. -#}
{%- set has_persons = has_vendor_table('posthog', 'persons') -%}
{%- set rows = ref('posthog_rows') -%}
with

{% if has_persons -%}
mappings as (

    {{ vendor_rows(
        'posthog', 'persons',
        any_ids={'distinct_id': 'distinct_id', 'person_id': 'person_id'},
        numbers={'mapping_version': 'person_distinct_id_version'},
    ) }}

),

ranked_mappings as (

    select
        distinct_id,
        person_id,
        rank() over (
            partition by distinct_id order by mapping_version desc nulls last
        ) as version_rank
    from mappings
    where distinct_id is not null

),

newest_mappings as (

    select
        distinct_id,
        min(person_id) as newest_person_id,
        count(distinct person_id) as person_count
    from ranked_mappings
    where version_rank = 1
    group by distinct_id

),

posthog_distinct_ids as (

    select
        distinct_id,
        person_count,
        {{ id_or_null('newest_person_id') }} as person_id,
        not {{ is_no_id('distinct_id') }} as is_of_somebody
    from newest_mappings

)

{% else -%}
posthog_distinct_ids as (

    select distinct
        anonymous_id as distinct_id,
        1 as person_count,
        user_id as person_id,
        anonymous_id is not null as is_of_somebody
    from {{ rows }}
    where user_id is not null

)

{% endif -%}
select *
from posthog_distinct_ids
