{#- A condition to add to a where: the row had occurred and arrived by observed_until. Empty if the var is not set. -#}
{% macro and_delivered_by_observed_until() -%}
    {%- if observed_until() -%}
        and (occurred_at is null or occurred_at <= {{ observed_until() }})
        and (received_at is null or received_at <= {{ observed_until() }})
    {%- endif -%}
{%- endmacro %}
