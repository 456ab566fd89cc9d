{#- What only GA4 needs. -#}

{#- The names of the intraday tables that a daily table replaces. -#}
{% macro ga4_replaced_tables() -%}
    {%- set there = vendor_table_names('ga4', 'events') + vendor_table_names('ga4', 'events_intraday') -%}
    {%- set found = [] -%}
    {%- for name in there if name.startswith('events_intraday_')
        and name | replace('events_intraday_', 'events_') in there -%}
        {%- do found.append(name) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- The value of a parameter as JSON text: its text, else its number, even if the number is in quotes;
    null if it has no value.

    before, after: SQL around the names string_value, int_value, float_value and double_value; all of
        these are text. -#}
{% macro ga4_value(before, after='') -%}
    {%- set numbers = [] -%}
    {%- for name in ['int_value', 'float_value', 'double_value'] -%}
        {%- do numbers.append(before ~ name ~ after) -%}
    {%- endfor -%}
    {%- set text = before ~ 'string_value' ~ after -%}
    case
        when {{ text }} is not null then {{ as_json(text, dbt.type_string()) }}
        else {{ json_number_of_text('coalesce(' ~ numbers | join(', ') ~ ')') }}
    end
{%- endmacro %}
