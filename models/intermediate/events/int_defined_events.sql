{#- Which events do milestones, funnels, playbooks and conversions need, and how many invitations?
    Of properties, only what is asked for is kept: the count of invitations, and which filters match.

    Longer than 110 lines: seven lists of names are read, and a later build has to know which of the former
    events are gone. -#}
{{ config(materialized='incremental', unique_key='occurred_date') }}
{%- set filters = property_filters(ref('int_property_filters')) -%}

with

defined_names as (

    select triggered_by_event as event_name
    from {{ ref('stg_milestones') }}
    {{ union_distinct() }}
    select event_name
    from {{ ref('stg_funnels') }}
    where event_name is not null
    {{ union_distinct() }}
    select event_name
    from {{ ref('stg_funnel_exclusions') }}
    {{ union_distinct() }}
    select event_name
    from {{ ref('stg_event_catalog') }}
    where is_friction
    {{ union_distinct() }}
    select '{{ var("invitation_event") }}' as event_name
    {{ union_distinct() }}
    select triggered_by_event as event_name
    from {{ ref('stg_playbooks') }}
    where triggered_by_event is not null
    {%- if var('conversion_event') %}
    {{ union_distinct() }}
    select {{ text_literal(var('conversion_event')) }} as event_name
    {%- endif %}

),

definition_texts as (

    select event_name as definition_text
    from defined_names
    {%- for filter in filters %}
    union all
    select {{ text_literal('filter ' ~ filter.values() | list) }} as definition_text
    {%- endfor %}

),

definitions as (

    select
        concat({{ fingerprint('definition_text') }}, ' {{ var("invitation_event") }}')
            as definition_version
    from definition_texts

),

{% if is_incremental() -%}
dates as (

    select occurred_date
    from {{ ref('int_event_dates') }}
    where row_version > {{ watermark('date_version', 'definitions') }}

),

{% endif -%}
events as (

    {{ events_each_once(
        ref('int_events_classified'),
        ref('int_events_repeated'),
        'event_name in (select event_name from defined_names)'
        ~ (' and occurred_date in (select occurred_date from dates)' if is_incremental() else '')
    ) }}

),

defined_events as (

    select
        events.user_key,
        events.event_name,
        events.occurred_date,
        events.occurred_at,
        case
            when events.event_name = '{{ var("invitation_event") }}'
                then greatest(coalesce({{ json_integer('events.properties', 'count') }}, 1), 1)
        end as invitation_count,
        {{ matched_filters(filters, 'events') }} as matched_filters
    from events

),

known_and_defined_events as (

    select *
    from defined_events
    {% if is_incremental() -%}
    union all
    -- What a user did on the date by an earlier build, but not by this one. A row without a time
    -- stays, so that the models below look at this user again.
    select distinct
        known.user_key,
        known.event_name,
        known.occurred_date,
        cast(null as timestamp) as occurred_at,
        cast(null as bigint) as invitation_count,
        cast(null as {{ dbt.type_string() }}) as matched_filters
    from {{ this }} as known
    inner join dates on known.occurred_date = dates.occurred_date
    left join defined_events
        on
            known.user_key = defined_events.user_key
            and known.event_name = defined_events.event_name
            and known.occurred_date = defined_events.occurred_date
    where defined_events.user_key is null
    {%- endif %}

),

int_defined_events as (

    select
        known_and_defined_events.*,
        {{ latest_version(ref('int_event_dates')) }} as date_version,
        definitions.definition_version,
        {{ next_version() }} as row_version
    from known_and_defined_events
    cross join definitions

)

select *
from int_defined_events
