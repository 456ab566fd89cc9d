{#- The p-value of a chi-square: the upper tail of its distribution, in the finite closed form. With h =
    chi_square / 2, an even number of degrees d gives exp(-h) times the sum of h^j / j! for j < d / 2; an
    odd one gives erfc(sqrt(h)) + exp(-h) times the sum of h^(j - 1/2) / gamma(j + 1/2) for 1 <= j < d / 2.
    Within 4e-15 of the value. Null where the statistic is.
    statistic: a column of doubles.
    degrees: 1 to 19, as a number or as a column of whole numbers. -#}
{% macro p_value_of_chi_square(statistic, degrees=1) -%}
    {%- set half = '(' ~ statistic ~ ' / 2)' -%}
    {%- set root = 'sqrt(' ~ statistic ~ ' / 2)' -%}
    {%- set even -%}
        exp(-{{ half }}) * {{ chi_square_series(half, degrees, first=4) }}
    {%- endset -%}
    {#- 0.886... is gamma(3/2). -#}
    {%- set odd -%}
        exp(-{{ half }}) * {{ root }} / 8.86226925452758014e-1
        * {{ chi_square_series(half, degrees, first=5) }}
    {%- endset -%}
    case
        when {{ statistic }} is null then null
        -- Beyond, the value is below 1e-280. Some engines fail where exp() is closer to 0.
        when {{ statistic }} > 1352 then 0
        {%- if degrees is not number %}
        -- A sum may pass 1 by a hair.
        when mod({{ degrees }}, 2) = 0 then least(1, {{ even }})
        when {{ degrees }} > 1 then least(1, {{ erfc(root) }} + {{ odd }})
        else {{ erfc(root) }}
        {%- elif degrees % 2 == 0 %}
        else least(1, {{ even }})
        {%- elif degrees > 1 %}
        else least(1, {{ erfc(root) }} + {{ odd }})
        {%- else %}
        else {{ erfc(root) }}
        {%- endif %}
    end
{%- endmacro %}

{#- The sum of the terms, divided by its first one: 1 + h / a * (1 + h / (a + 1) * (1 + ...)). It has one
    term more for every two degrees, from `first` degrees on; a is first / 2 - 1. -#}
{% macro chi_square_series(half, degrees, first) -%}
    {%- set last = degrees if degrees is number else 19 -%}
    {%- set series = namespace(text='1') -%}
    {%- for degree in range(first, last + 1, 2) | reverse -%}
        {%- set next_terms = half ~ ' / ' ~ (degree / 2 - 1) ~ ' * ' ~ series.text -%}
        {%- if degrees is not number -%}
            {%- set next_terms -%}
                case when {{ degrees }} >= {{ degree }} then {{ next_terms }} else 0 end
            {%- endset -%}
        {%- endif -%}
        {%- set series.text = '(1 + ' ~ next_terms ~ ')' -%}
    {%- endfor -%}
    {{ series.text }}
{%- endmacro %}
