{#- Does a PostHog export lack its persons, or does a distinct id belong to two of them? -#}
{{ config(materialized='ephemeral') }}
{%- if not execute or plg_source() == 'posthog' -%}
with

shared_ids as (

    select
        count(*) as id_count,
        count(case when person_count > 1 then 1 end) as row_count,
        min(case when person_count > 1 then distinct_id end) as example
    from {{ ref('posthog_distinct_ids') }}

),

int_posthog_warnings as (

    select
        'two_persons' as warning_id,
        'aliases' as table_name,
        'distinct_id' as subject,
        row_count,
        {{ rate('row_count', 'id_count') }} as row_rate,
        example,
        {{ part_of('row_count', 'id_count') }}
        || ' distinct ids, such as ' || {{ shown('example') }}
        || ', belong to two persons in the same person_distinct_id_version. The build takes '
        || 'the smallest person_id. Usually files of two projects are mixed: export one '
        || 'project.'
            as message
    from shared_ids
    where row_count > 0
    {%- if not has_vendor_table('posthog', 'persons') %}
    union all
    select
        'no_merges' as warning_id,
        'aliases' as table_name,
        'persons' as subject,
        0 as row_count,
        {{ rate('0', 'id_count') }} as row_rate,
        {{ no_text('example') }},
        'The table persons is missing. So each event has the person of its time, merged people '
        || 'count twice, and no trait is known. Export the persons, too, and put '
        || 'them beside the events.' as message
    from shared_ids
    {%- endif %}

)

select *
from int_posthog_warnings
{%- else -%}
{{ no_warnings() }}
{%- endif %}
