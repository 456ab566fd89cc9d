{#- A text that names a unit, a user or an account, among all units.

    units: relation with unit_type and unit_key. -#}
{% macro unit_reference(units) -%}
    {{ dbt.concat([
        units ~ '.unit_type', "'/'", 'cast(' ~ units ~ '.unit_key as ' ~ dbt.type_string() ~ ')'
    ]) }}
{%- endmacro %}
