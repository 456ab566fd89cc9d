{#- A condition to add to a where: the row had occurred and arrived by observed_until. Empty if the var is not set. -#}
{% macro and_delivered_by_observed_until() -%}
    {%- if observed_until() -%}
        and (occurred_at is null or occurred_at <= {{ observed_until() }})
        and (received_at is null or received_at <= {{ observed_until() }})
    {%- endif -%}
{%- endmacro %}

{#- A query of rows that are no events, in the columns of <vendor>_left_out; of those delivered by observed_until.

    rows: the relation, with occurred_at and received_at.
    condition: which rows they are.
    decision: why, as in input_by_decision. -#}
{% macro events_left_out(rows, condition='not is_event', decision='not_an_event') -%}
    select
        'events' as table_name,
        '{{ decision }}' as decision,
        occurred_at as seen_at
    from {{ rows }}
    where {{ condition }} {{ and_delivered_by_observed_until() }}
{%- endmacro %}
