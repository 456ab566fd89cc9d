{#- Two columns, <rate_name>_ci_lower and <rate_name>_ci_upper: the 95 % Wilson score interval of
    count / total, clamped to [0, 1], null where the total is zero. -#}
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
        when {{ total }} > 0 then greatest(({{ centre }} - {{ margin }}) / {{ scale }}, 0)
    end as {{ rate_name }}_ci_lower,
    case
        when {{ total }} > 0 then least(({{ centre }} + {{ margin }}) / {{ scale }}, 1)
    end as {{ rate_name }}_ci_upper
{%- endmacro %}
