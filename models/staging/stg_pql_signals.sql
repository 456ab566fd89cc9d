{#- Which events and attributes score points for a user, how many, and how often? -#}
with

pql_signals as (

    select
        signal_id,
        triggered_by_event,
        user_column,
        user_value,
        points,
        max_count
    from {{ ref('pql_signals') }}

),

stg_pql_signals as (

    select
        signal_id,
        points,
        nullif({{ trimmed_text('triggered_by_event') }}, '') as triggered_by_event,
        nullif(user_column, '') as user_column,
        nullif({{ trimmed_text('user_value') }}, '') as user_value,
        coalesce(max_count, 1) as max_count
    from pql_signals

)

select *
from stg_pql_signals
