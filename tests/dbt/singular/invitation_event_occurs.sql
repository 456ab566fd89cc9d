{#- The event of the var invitation_event occurs, where you have changed it: no definition holds the
    name, so definition_matches_nothing does not look at it. This is a warning only, because nobody may
    have invited anybody yet. -#}
{{ config(severity='warn') }}
with

events as (

    select value_name
    from {{ ref('int_occurring_names') }}
    where kind = 'event'

)

select count(*) as other_event_count
from events
where '{{ var("invitation_event") }}' <> 'invite_sent'
having
    count(*) > 0
    and count(case when value_name = '{{ var("invitation_event") }}' then 1 end) = 0
