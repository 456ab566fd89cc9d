{#- Which persons does a PostHog export hold, and which of them are users? PostHog makes a
    person of each device; a user has been identified. -#}
{%- set has_persons = has_vendor_table('posthog', 'persons') -%}
{%- set traits = trait_places('properties.') -%}
with

{% if has_persons -%}
delivered_persons as (

    {{ vendor_rows(
        'posthog', 'persons',
        ids=dict({'person_id': 'person_id'}, **traits.ids),
        times=dict({'person_created_at': 'created_at'}, **traits.times),
        numbers={'person_version': 'person_version'},
        texts=dict({
            'deleted': 'is_deleted',
            'identified': 'properties.$is_identified',
            'properties': 'properties',
        }, **traits.texts),
    ) }}

),

numbered_persons as (

    -- Rows of one version agree. The rest of the order makes every build choose the same one.
    select
        *,
        row_number() over (
            partition by person_id
            order by
                person_version desc nulls last,
                deleted desc nulls last,
                person_created_at asc nulls last,
                properties asc nulls last
        ) as version_number
    from delivered_persons
    where person_id is not null

),

persons as (

    select
        person_id,
        person_created_at,
        {% for column in trait_columns() -%}
        {{ column }},
        {% endfor -%}
        coalesce(lower(deleted) in ('true', '1'), false) as is_deleted,
        coalesce(lower(identified) in ('true', '1'), false) as is_said_identified
    from numbered_persons
    where version_number = 1

),

{% else -%}
persons as (

    select distinct
        person_id,
        cast(null as timestamp) as person_created_at,
        {{ no_traits() }},
        false as is_deleted,
        false as is_said_identified
    from {{ ref('posthog_distinct_ids') }}

),

{% endif -%}
acting_ids as (

    select distinct anonymous_id
    from {{ ref('posthog_rows') }}
    where raw_event_name = '$identify' or {{ is_signup_event('event_name') }}

),

holders as (

    select
        distinct_ids.person_id,
        count(*) > 1
        or max(case when acting_ids.anonymous_id is not null then 1 else 0 end) = 1
        or min(case when {{ regex_matches(
            'lower(distinct_ids.distinct_id)', '[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}'
        ) }} then 1 else 0 end) = 0 as has_identified_id
    from {{ ref('posthog_distinct_ids') }} as distinct_ids
    left join acting_ids on distinct_ids.distinct_id = acting_ids.anonymous_id
    where distinct_ids.is_of_somebody
    group by distinct_ids.person_id

),

posthog_persons as (

    select
        persons.*,
        holders.person_id is not null
        and (holders.has_identified_id or persons.is_said_identified) as is_identified
    from persons
    left join holders on persons.person_id = holders.person_id

)

select *
from posthog_persons
