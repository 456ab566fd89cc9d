{#- A condition: a row of stg_events was there by the var observed_until: it had happened and arrived. Models
    cut, not the view, which an earlier build may have left; int_event_parts notes with which cut a part was
    read.

    events: the relation.
    Result: an SQL expression, a boolean; always true where the var is not set. -#}
{% macro had_arrived(events) -%}
    {%- if observed_until() -%}
    (
        ({{ events }}.occurred_at is null or {{ events }}.occurred_at <= {{ observed_until() }})
        and ({{ events }}.received_at is null or {{ events }}.received_at <= {{ observed_until() }})
    )
    {%- else -%}
    1 = 1
    {%- endif -%}
{%- endmacro %}
