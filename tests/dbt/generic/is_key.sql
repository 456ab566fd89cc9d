{#- The columns tell the rows of the model apart, and none of them is null.
    columns: the columns of the key.
    version: a version column of an incremental model; only rows of its highest value are tested. -#}
{% test is_key(model, columns, version=none) %}

select {{ columns | join(', ') }}
from {{ model }}
{%- if version %}
where {{ version }} = (select max({{ version }}) from {{ model }})
{%- endif %}
group by {{ columns | join(', ') }}
having count(*) > 1 or {{ columns | join(' is null or ') }} is null

{% endtest %}
