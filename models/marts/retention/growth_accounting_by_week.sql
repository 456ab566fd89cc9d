{#- Where do the week's active users come from, and how many of last week's are gone?
    A user is new in the first active week, which may come after the signup's. -#}
with

observation as (

    select
        cast({{ dbt.date_trunc('week', 'first_signup_date') }} as date) as first_week_date,
        -- The last Monday whose week has ended.
        cast({{ dbt.dateadd('day', -7, dbt.date_trunc('week', 'observed_until_date')) }} as date)
            as last_week_date
    from {{ ref('int_observation') }}

),

weeks as (

    {{ dates_between('observation', 'first_week_date', 'last_week_date', 'week_start_date', 7) }}

),

growth_accounting_by_week as (

    {{ spread_over_dates(
        ref('int_week_movements'), ref('int_segments'), dates='weeks', date='week_start_date',
        sums=[
            'new_user_count', 'retained_user_count', 'resurrected_user_count',
            'churned_user_count',
        ],
    ) }}

)

select
    *,
    new_user_count + retained_user_count + resurrected_user_count as active_user_count
from growth_accounting_by_week
