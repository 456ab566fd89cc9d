{#- The column never exceeds `bound`, a column or an expression of columns of the same row. -#}
{% test is_at_most(model, column_name, bound) %}

select *
from {{ model }}
where {{ column_name }} > {{ bound }}

{% endtest %}
