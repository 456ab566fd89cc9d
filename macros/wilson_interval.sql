{#- Two columns, <rate_name>_ci_lower and <rate_name>_ci_upper: the 95 % Wilson score interval of
    count / total, null where the total is zero. It is 0 below none and 1 above all, which rounding
    would miss by a hair. -#}
{% macro wilson_interval(count, total, rate_name) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set share = '(cast(' ~ count ~ ' as double) / ' ~ total ~ ')' -%}
    {%- set centre = '(' ~ share ~ ' + ' ~ z ** 2 / 2 ~ ' / ' ~ total ~ ')' -%}
    {%- set margin -%}
        {{ z }} * sqrt(
            {{ share }} * (1 - {{ share }}) / {{ total }} + {{ z ** 2 / 4 }} / {{ total }} / {{ total }}
        )
    {%- endset -%}
    {%- set scale = '(1 + ' ~ z ** 2 ~ ' / ' ~ total ~ ')' -%}
    case
        when {{ total }} > 0 and {{ count }} = 0 then 0
        when {{ total }} > 0 then ({{ centre }} - {{ margin }}) / {{ scale }}
    end as {{ rate_name }}_ci_lower,
    case
        when {{ total }} > 0 and {{ count }} = {{ total }} then 1
        when {{ total }} > 0 then ({{ centre }} + {{ margin }}) / {{ scale }}
    end as {{ rate_name }}_ci_upper
{%- endmacro %}
