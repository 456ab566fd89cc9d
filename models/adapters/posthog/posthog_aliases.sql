{#- Which ids belong to one person, according to a PostHog export? Each distinct id belongs to its
    person; no export says since when. -#}
with

posthog_aliases as (

    select
        distinct_id as alias_id,
        person_id as user_id,
        cast(null as timestamp) as aliased_at,
        {{ no_text('file_name') }},
        false as is_unreadable
    from {{ ref('posthog_distinct_ids') }}
    -- Without persons, each event has its person.
    where {{ '1 = 1' if has_vendor_table('posthog', 'persons') else '1 = 0' }}

)

select *
from posthog_aliases
