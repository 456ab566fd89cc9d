{#- The latest version of an incremental model that this model reads. A model stores it in its rows, and
    asks for it in its next build (watermark).

    relation: the model that is read, for example ref('int_event_dates').
    column: its version, or the version of a model that it has read itself.
    Result: a subquery that gives one bigint; null where the model has no rows. -#}
{% macro latest_version(relation, column='row_version') -%}
    (select max({{ column }}) from {{ relation }})
{%- endmacro %}
