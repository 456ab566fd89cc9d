{#- Which dates are there to group by?
    MetricFlow's time spine: every day from the first signup to the end of observation. -#}
with

observation as (

    select
        first_signup_date,
        observed_until_date
    from {{ ref('int_observation') }}

),

sem_dates as (

    {{ dates_between('observation', 'first_signup_date', 'observed_until_date', 'date_day') }}

)

select *
from sem_dates
