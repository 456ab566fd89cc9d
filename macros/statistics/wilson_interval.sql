{#- Two columns, <rate_name>_ci_lower and <rate_name>_ci_upper: the 95 % Wilson score interval of
    count / total. Both are null where the total is 0. The interval of 0 starts at 0, and that of 1 ends
    at 1; rounding would miss them by a hair.
    count, total: two counts.
    rate_name: the name of the rate. -#}
{% macro wilson_interval(count, total, rate_name) -%}
    {%- set z = 1.959963984540054 -%}
    {#- As floats, for quotients of decimals are rounded on some engines. -#}
    {%- set size = 'cast(' ~ total ~ ' as ' ~ engine_type('double') ~ ')' -%}
    {%- set share = '(' ~ count ~ ' / ' ~ size ~ ')' -%}
    {%- set centre = '(' ~ share ~ ' + ' ~ z ** 2 / 2 ~ ' / ' ~ size ~ ')' -%}
    {%- set margin -%}
        {{ z }} * sqrt(
            {{ share }} * (1 - {{ share }}) / {{ size }} + {{ z ** 2 / 4 }} / {{ size }} / {{ size }}
        )
    {%- endset -%}
    {%- set scale = '(1 + ' ~ z ** 2 ~ ' / ' ~ size ~ ')' -%}
    case
        when {{ total }} > 0 and {{ count }} = 0 then 0
        when {{ total }} > 0 then ({{ centre }} - {{ margin }}) / {{ scale }}
    end as {{ rate_name }}_ci_lower,
    case
        when {{ total }} > 0 and {{ count }} = {{ total }} then 1
        when {{ total }} > 0 then ({{ centre }} + {{ margin }}) / {{ scale }}
    end as {{ rate_name }}_ci_upper
{%- endmacro %}
