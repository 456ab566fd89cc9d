{#- How much of its points does a behavioural signal keep, by its age? -#}
select
    older_than_days,
    factor
from {{ ref('pql_decay') }}
