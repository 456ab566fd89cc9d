{#- The model is a single row, as one that others cross join has to be. -#}
{% test has_one_row(model) %}

select count(*) as row_count
from {{ model }}
having count(*) <> 1

{% endtest %}
