{#- Which rows of a vendor's export are left out, and why? -#}
{{ config(materialized='ephemeral') }}
{%- set left_out = adapter_of('left_out') -%}
with

decisions as (

    {% for table_name, decision in decisions_to_leave_out() -%}
    select
        '{{ table_name }}' as table_name,
        '{{ decision }}' as decision
    union all
    {% endfor -%}
    select
        {{ no_text('table_name') }},
        {{ no_text('decision') }}
    from (select 1 as placeholder) as no_rows
    where 1 = 0

),

int_left_out_decisions as (

    {% if left_out -%}
    select
        decisions.table_name,
        decisions.decision,
        count(left_out.decision) as row_count,
        min(left_out.seen_at) as first_seen_at,
        max(left_out.seen_at) as last_seen_at
    from decisions
    left join {{ left_out }} as left_out
        on decisions.table_name = left_out.table_name and decisions.decision = left_out.decision
    group by decisions.table_name, decisions.decision
    {%- else -%}
    select
        table_name,
        decision,
        cast(0 as bigint) as row_count,
        cast(null as timestamp) as first_seen_at,
        cast(null as timestamp) as last_seen_at
    from decisions
    {%- endif %}

)

select *
from int_left_out_decisions
