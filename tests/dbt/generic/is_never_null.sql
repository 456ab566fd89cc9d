{#- None of the columns is ever null.
    columns: the columns to test.
    version: a version column of an incremental model; only rows of its highest value are tested. -#}
{% test is_never_null(model, columns, version=none) %}

select *
from {{ model }}
where
    ({{ columns | join(' is null or ') }} is null)
    {%- if version %}
    and {{ version }} = (select max({{ version }}) from {{ model }})
    {%- endif %}

{% endtest %}
