{#- A query of one warning about a vendor's export as a whole, such as a table that it lacks; in the columns of
    int_build_warnings.

    row_rate: an SQL expression, null by default. -#}
{% macro warning_of_export(warning_id, table_name, subject, message, row_rate=none) -%}
    select
        '{{ warning_id }}' as warning_id,
        '{{ table_name }}' as table_name,
        '{{ subject }}' as subject,
        cast(0 as bigint) as row_count,
        {{ row_rate or 'cast(null as ' ~ engine_type('double') ~ ')' }} as row_rate,
        {{ no_text('example') }},
        '{{ message }}' as message
{%- endmacro %}
