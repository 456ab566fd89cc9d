{#- What do the metrics of leads lack, where they have nobody to count?
    Without accounts no account becomes a lead. Where nobody is known to pay, no hand-off converts or fails to. -#}
{{ config(materialized='view') }}
{%- set missing_inputs = [
    ('account_pql_rate', 'column', 'account_id', 'account_count'),
    ('handoff_conversion_rate', 'table', 'subscriptions', 'known_count'),
] -%}
{%- if var('conversion_event') -%}
    {%- do missing_inputs.append(
        ('handoff_conversion_rate', 'event', var('conversion_event'), 'known_count')
    ) -%}
{%- endif %}
with

units as (

    select
        count(case when unit_type = 'account' then 1 end) as account_count,
        count(case when is_conversion_known then 1 end) as known_count
    from {{ ref('int_pql_units') }}

),

int_lead_gaps as (

    {% for metric_id, kind, name, count in missing_inputs -%}
    select
        '{{ metric_id }}' as metric_id,
        '{{ kind }}' as missing_kind,
        {{ text_literal(name) }} as missing_name
    from units
    where {{ count }} = 0
    {{ 'union all' if not loop.last }} {% endfor %}
)

select *
from int_lead_gaps
