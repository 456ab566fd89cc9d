{#- Two columns, survival_ci_lower and survival_ci_upper: the 95 % log-log interval of a Kaplan-Meier
    survival. Where survival is 0 or 1, both are that, too.
    survival: the column of survival, from 0 to 1.
    greenwood_sum: the column of Greenwood's sum, which gives the variance of ln(survival). -#}
{% macro log_log_interval(survival, greenwood_sum) -%}
    {%- set spread -%}
        case
            when {{ survival }} > 0 and {{ survival }} < 1
                then exp(1.959963984540054 * sqrt({{ greenwood_sum }}) / abs(ln({{ survival }})))
        end
    {%- endset -%}
    coalesce(power({{ survival }}, {{ spread }}), {{ survival }}) as survival_ci_lower,
    coalesce(power({{ survival }}, 1 / {{ spread }}), {{ survival }}) as survival_ci_upper
{%- endmacro %}
