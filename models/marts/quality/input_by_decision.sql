{#- What was decided in reading the raw data, and how often?
    One row per table and decision that is possible with the source, even if it was never made. -#}
with

input_by_decision as (

    {% for decisions in [
        ref('int_user_decisions'), ref('int_event_decisions'), ref('int_alias_decisions'),
        ref('int_account_decisions'), ref('int_subscription_decisions'),
        ref('int_segment_decisions'), ref('int_left_out_decisions'),
    ] -%}
    select
        table_name,
        decision,
        cast(row_count as bigint) as row_count,
        first_seen_at,
        last_seen_at
    from {{ decisions }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {%- endfor %}

)

select *
from input_by_decision
