{#- Does the event of every milestone occur? One that never does is most likely misspelt. A
    warning, as a feature may be too young to have been used. -#}
{{ config(severity='warn') }}
{%- set unseen_milestones %}
select
    milestones.milestone_id,
    milestones.triggered_by_event
from {{ ref('stg_milestones') }} as milestones
left join {{ ref('int_defined_events') }} as events
    on milestones.triggered_by_event = events.event_name
where events.event_name is null
{% endset %}
{%- if execute and flags.WHICH in ('build', 'test') -%}
    {%- for milestone_id, event_name in run_query(unseen_milestones).rows -%}
        {%- do exceptions.warn(
            "milestones.csv, row of " ~ milestone_id ~ ", column triggered_by_event: '"
            ~ event_name ~ "' never occurs in the events that count; correct its spelling, or leave "
            ~ "it if nobody has got there yet."
        ) -%}
    {%- endfor -%}
{%- endif -%}
{{ unseen_milestones }}
