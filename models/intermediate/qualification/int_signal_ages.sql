{#- How much of its points does a behavioural signal keep at each age, and until which age?
    Younger than every row of pql_decay.csv, it scores in full. -#}
with

decay as (

    select
        0 as older_than_days,
        cast(1 as decimal(5, 4)) as factor
    union all
    select
        older_than_days,
        factor
    from {{ ref('stg_pql_decay') }}

),

int_signal_ages as (

    select
        older_than_days,
        factor,
        lead(older_than_days) over (order by older_than_days) as next_older_than_days,
        lag(factor) over (order by older_than_days) as previous_factor
    from decay

)

select *
from int_signal_ages
