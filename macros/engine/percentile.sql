{#- The exact percentile of a numeric column, linearly interpolated; `share` is 0.5 for the median. -#}
{% macro percentile(column, share) -%}
    {{ return(adapter.dispatch('percentile')(column, share)) }}
{%- endmacro %}

{% macro default__percentile(column, share) -%}
    percentile_cont({{ share }}) within group (order by {{ column }})
{%- endmacro %}

{#- BigQuery's percentile_cont is no aggregate, and its aggregate no exact one: between the two neighbours
    of the place that the share says, in the ordered array of the group. -#}
{% macro bigquery__percentile(column, share) -%}
    {%- set ordered = 'array_agg(' ~ column ~ ' ignore nulls order by ' ~ column ~ ')' -%}
    {%- set place = '(' ~ share ~ ' * (count(' ~ column ~ ') - 1))' -%}
    {%- set below = ordered ~ '[safe_offset(cast(floor(' ~ place ~ ') as int64))]' -%}
    {%- set above = ordered ~ '[safe_offset(cast(ceil(' ~ place ~ ') as int64))]' -%}
    {{ below }} + ({{ above }} - {{ below }}) * ({{ place }} - floor({{ place }}))
{%- endmacro %}
