{#- What the classified events depend on, besides the raw events: the vars that cut, read, judge and
    date them, and how the engine hashes. When one of them changes, every part is read again.

    property_events: of events_with_properties.
    Result: an SQL expression, a text. -#}
{% macro event_settings(property_events) -%}
    {%- set zone = source_time_zone() -%}
    {{ dbt.concat([
        text_literal(property_events | join('\n') ~ ' '),
        "'" ~ signup_tolerance() ~ " '",
        "'" ~ reporting_timezone() ~ " '",
        "coalesce(cast(" ~ (observed_until() or 'null') ~ " as " ~ dbt.type_string() ~ "), 'all')",
        "' '",
        hash_version(),
        "'" ~ (' ' ~ zone if zone != 'UTC') ~ (' with anonymous users' if has_anonymous_users()) ~ "'",
    ]) }}
{%- endmacro %}
