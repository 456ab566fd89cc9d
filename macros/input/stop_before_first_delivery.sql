{#- Before events are read: stops a build as of a time at which no event had arrived, because the var
    observed_until is before the first received_at. Every event would be cut, as if nobody used the product.
    Without the var, or without any time of arrival, there is nothing to look at.

    events: stg_events. -#}
{% macro stop_before_first_delivery(events) -%}
    {%- if execute and observed_until() -%}
        {#- Most often the first rows that an engine looks at had arrived. -#}
        {%- set arrived = run_query(
            'select 1 from ' ~ events ~ ' where received_at <= ' ~ observed_until() ~ ' limit 1'
        ) -%}
        {%- if not arrived.rows -%}
            {%- set until, first = run_query(
                'select ' ~ observed_until() ~ ', min(received_at) from ' ~ events
            ).rows[0] -%}
            {%- if first is not none -%}
                {{ exceptions.raise_compiler_error(
                    'The var observed_until is ' ~ until ~ ' UTC, but the first event arrived at ' ~ first
                    ~ ' UTC (column received_at): nothing had been delivered by then. Set observed_until to '
                    ~ 'that time or a later one, or to null.'
                ) }}
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
