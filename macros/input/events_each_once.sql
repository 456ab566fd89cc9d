{#- A query of the events that count, each once: from `events` those that no rule removed and whose id
    does not repeat; from `repeated_events` the copy that stays.

    events: int_events_classified.
    repeated_events: int_events_repeated.
    condition: an SQL condition on the columns of both; none for all events. Both halves repeat it, because
    an engine does not push a filter through the union.
    Result: a query with user_key, event_name, occurred_at, occurred_date, properties. -#}
{% macro events_each_once(events, repeated_events, condition=none) -%}
    select
        user_key,
        event_name,
        occurred_at,
        occurred_date,
        properties
    from {{ events }} as events
    where
        removed_by is null
        and not exists (
            select 1
            from {{ repeated_events }} as repeated_events
            where repeated_events.event_hash = events.event_hash
        )
        {%- if condition %}
        and {{ condition }}
        {%- endif %}
    union all
    select
        user_key,
        event_name,
        occurred_at,
        occurred_date,
        properties
    from {{ repeated_events }}
    where
        copy_number = 1
        {%- if condition %}
        and {{ condition }}
        {%- endif %}
{%- endmacro %}
