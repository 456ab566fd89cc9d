{#- What the events that were taken in depend on, beside the raw events: the vars that cut and read them,
    and how the engine hashes. A text. -#}
{% macro event_settings() -%}
    {{ dbt.concat([
        "'" ~ var('invitation_event') ~ " '",
        "coalesce(cast(" ~ (observed_until() or 'null') ~ " as " ~ dbt.type_string() ~ "), 'all')",
        "' '",
        hash_version(),
    ]) }}
{%- endmacro %}
