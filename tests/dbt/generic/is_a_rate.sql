{#- A share: from 0 to 1, or null where there is nothing to take a share of. -#}
{% test is_a_rate(model, column_name) %}

select {{ column_name }}
from {{ model }}
where not ({{ column_name }} >= 0 and {{ column_name }} <= 1)

{% endtest %}
