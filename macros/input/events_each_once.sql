{#- A query of the events that count, each once: of `events` (int_events_classified) those that no rule
    removed and whose id is not repeated, and of `repeated_events` (int_events_repeated) the copy that
    stays. Where `condition` is given, a condition on their columns, only the events that meet it: said
    in both halves, for an engine does not look behind a union which rows are asked for. -#}
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
