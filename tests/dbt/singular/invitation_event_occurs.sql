{#- The event of the var invitation_event occurs, where you have changed it: no table holds the name, so
    definition_matches_nothing does not look at it. This is a warning only, because nobody may have invited
    anybody yet. -#}
{{ config(severity='warn') }}
select '{{ var("invitation_event") }}' as event_name
from {{ ref('int_observation') }}
where
    '{{ var("invitation_event") }}' <> 'invite_sent'
    and not exists (
        select 1
        from {{ ref('int_occurring_names') }}
        where kind = 'event' and value_name = '{{ var("invitation_event") }}'
    )
    and exists (
        select 1
        from {{ ref('int_occurring_names') }}
        where kind = 'event'
    )
