{#- What only GA4 needs. -#}

{#- The intraday tables of dates that have a daily table, which takes their place: a list of names. -#}
{% macro ga4_replaced_tables() -%}
    {%- set there = vendor_table_names('ga4', 'events') + vendor_table_names('ga4', 'events_intraday') -%}
    {%- set found = [] -%}
    {%- for name in there if name.startswith('events_intraday_')
        and name | replace('events_intraday_', 'events_') in there -%}
        {%- do found.append(name) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- The value of a parameter as JSON text: its text, else its number, also where that is in quotes; null where it
    has none.

    value: SQL of the columns or keys string_value, int_value, float_value and double_value, all text; what
        stands before their names. -#}
{% macro ga4_value(value) -%}
    {%- set number = 'coalesce(' ~ value ~ 'int_value, ' ~ value ~ 'float_value, ' ~ value ~ 'double_value)' -%}
    case
        when {{ value }}string_value is not null then {{ as_json(value ~ 'string_value', dbt.type_string()) }}
        else {{ json_number_of_text(number) }}
    end
{%- endmacro %}
