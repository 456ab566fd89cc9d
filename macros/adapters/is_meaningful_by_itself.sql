{#- Whether an event that is not in the event_catalog is meaningful: your own events are. A vendor's own
    events, such as posthog_pageview and those that GA4 collects by itself, don't show use of the
    product.

    event_name: an SQL expression. -#}
{% macro is_meaningful_by_itself(event_name) -%}
    {%- set source = plg_source() -%}
    {%- if source == 'canonical' -%}
        true
    {%- else -%}
        not (
            substr({{ event_name }}, 1, {{ source | length + 1 }}) = '{{ source }}_'
            {%- if source == 'ga4' %}
            or {{ event_name }} in ('user_engagement', 'session_start', 'first_visit', 'page_view', 'screen_view')
            {%- endif %}
        )
    {%- endif -%}
{%- endmacro %}

{#- What the event_catalog says about an event, as one text: the names that are not meaningful; with a
    vendor's export also the other names and the source.

    event_name, is_meaningful: columns of the catalog. -#}
{% macro meaning(event_name, is_meaningful) -%}
    {%- set source = plg_source() -%}
    {%- if source == 'canonical' -%}
        case when not {{ is_meaningful }} then {{ event_name }} end
    {%- else -%}
        {{ dbt.concat([event_name, 'case when ' ~ is_meaningful ~ " then ' " ~ source ~ "' else ' not " ~ source
            ~ "' end"]) }}
    {%- endif -%}
{%- endmacro %}
