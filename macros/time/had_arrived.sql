{#- A condition: a row of stg_events had happened and arrived by the var observed_until. Models
    apply this cut, and not the view, because an earlier build may have left it. int_event_parts notes
    the cut with which a part was read.

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
