{#- Which periods since the anchor does retention look at, and from which day to which?
    Days are counted from the anchor's date, which is day 0; first and last are part of the period. -#}
with

{% for grain, _, last_number in retention_steps() -%}
{{ grain }}_numbers as (

    {{ numbers(last_number, 'period_number') }}

),

{% endfor -%}
int_retention_periods as (

    {% for grain, length, _ in retention_steps() -%}
    select
        '{{ grain }}' as period_grain,
        period_number,
        {{ length }} * period_number as period_start_day,
        {{ length }} * period_number + {{ length - 1 }} as period_end_day,
        {% if grain == 'day' -%}
        period_number <= {{ var('retention_days') }} as is_in_mart
        {%- else -%}
        true as is_in_mart
        {%- endif %}
    from {{ grain }}_numbers
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor -%}
    {% for grain, number, first_day, last_day in retention_spans() -%}
    union all
    select
        '{{ grain }}' as period_grain,
        {{ number }} as period_number,
        {{ first_day }} as period_start_day,
        {{ last_day }} as period_end_day,
        {{ 'false' if grain == 'day' else 'true' }} as is_in_mart
    {% endfor %}
)

select *
from int_retention_periods
