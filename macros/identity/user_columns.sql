{#- The columns that say something of a user, in the order in which ties between rows are broken. -#}
{% macro user_columns() -%}
    {%- set columns = ['account_id', 'plan_tier', 'install_source', 'invited_by'] -%}
    {%- for slot in segment_slots() -%}
        {%- do columns.append('segment_' ~ slot) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
