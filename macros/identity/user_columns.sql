{#- The columns that say something of a user, in the order in which ties between rows are broken. -#}
{% macro user_columns() -%}
    {{ return(['account_id', 'plan_tier', 'install_source', 'invited_by']) }}
{%- endmacro %}
