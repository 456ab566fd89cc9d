{#- Every event that a definition names occurs. One that never does is probably misspelt. This is a
    warning only, because nobody may have used a new feature yet. -#}
{{ config(severity='warn') }}
{%- set unseen_events %}
with

definitions as (

    select
        'milestones.csv, row of ' || milestone_id || ', column triggered_by_event' as place,
        triggered_by_event as event_name
    from {{ ref('stg_milestones') }}
    union all
    select
        'pql_signals.csv, row of ' || signal_id || ', column triggered_by_event' as place,
        triggered_by_event as event_name
    from {{ ref('stg_pql_signals') }}
    where triggered_by_event is not null
    union all
    select
        'dbt_project.yml, var invitation_event' as place,
        '{{ var("invitation_event") }}' as event_name

)

select
    definitions.place,
    definitions.event_name
from definitions
where not exists (
    select 1
    from {{ ref('int_events_classified') }} as events
    where events.event_name = definitions.event_name and events.removed_by is null
)
{% endset %}
{%- if execute and flags.WHICH in ('build', 'test') -%}
    {%- for place, event_name in run_query(unseen_events).rows -%}
        {%- do exceptions.warn(
            place ~ ": '" ~ event_name ~ "' never occurs in the events that count; correct its "
            ~ "spelling, or leave it if nobody has got there yet."
        ) -%}
    {%- endfor -%}
{%- endif -%}
{{ unseen_events }}
