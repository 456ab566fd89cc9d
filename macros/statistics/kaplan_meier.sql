{#- A query of the Kaplan-Meier estimate: what share has not had the event after each day of a life table?
    On a day, events come before the ends of observation.
    life_table: relation with the columns of `by`, day_number, event_count, censored_count and
        at_risk_count; a row for each day on which something happened.
    by: the columns of a group, each with its own life table.
    Result: the columns of life_table, survival_probability, and greenwood_sum for log_log_interval. -#}
{% macro kaplan_meier(life_table, by) -%}
    {%- set double = engine_type('double') -%}
    {#- The logarithm of the share that is left after the day; null where nobody is. -#}
    {%- set log_step -%}
        case
            when event_count < at_risk_count
                then ln(1 - cast(event_count as {{ double }}) / at_risk_count)
        end
    {%- endset -%}
    {%- set greenwood_step -%}
        case
            when event_count < at_risk_count
                then
                    cast(event_count as {{ double }})
                    / at_risk_count
                    / (at_risk_count - event_count)
        end
    {%- endset -%}
    select
        {% for name in by -%}
        {{ name }},
        {% endfor -%}
        day_number,
        event_count,
        censored_count,
        at_risk_count,
        case
            when event_count = at_risk_count then 0
            else exp({{ running('sum(' ~ log_step ~ ')', by, 'day_number') }})
        end as survival_probability,
        {{ running('sum(' ~ greenwood_step ~ ')', by, 'day_number') }} as greenwood_sum
    from {{ life_table }}
{%- endmacro %}

{#- A query with a row for each group and day of a curve, also where nothing happened.
    survival: relation with the columns that kaplan_meier gives.
    curves: relation with the columns of `by` and user_count, the users of the group's life table.
    days: relation with day_number.
    by: the columns of a group.
    Result: the columns of `by`, day_number, user_count, event_count, censored_count; survival_probability
        and greenwood_sum, null on days of which survival has no row. -#}
{% macro days_of_curve(survival, curves, days, by) -%}
    select
        {% for name in by -%}
        curves.{{ name }},
        {% endfor -%}
        days.day_number,
        curves.user_count,
        survival.survival_probability,
        survival.greenwood_sum,
        coalesce(survival.event_count, 0) as event_count,
        coalesce(survival.censored_count, 0) as censored_count
    from {{ curves }} as curves
    cross join {{ days }} as days
    left join {{ survival }} as survival
        on
            {% for name in by -%}
            curves.{{ name }} = survival.{{ name }}
            and {% endfor -%}
            days.day_number = survival.day_number
{%- endmacro %}

{#- A query that says for each day of a curve who is at risk, and carries survival over quiet days.
    curve_days: relation with the columns that days_of_curve gives.
    by: the columns of a group.
    Result: the columns of `by`, day_number, at_risk_count, event_count, censored_count,
        survival_probability, greenwood_sum. -#}
{% macro carry_survival(curve_days, by) -%}
    select
        {% for name in by -%}
        {{ name }},
        {% endfor -%}
        day_number,
        event_count,
        censored_count,
        user_count + event_count + censored_count
        - cast({{ running('sum(event_count + censored_count)', by, 'day_number') }} as bigint)
            as at_risk_count,
        -- Survival never rises and Greenwood's sum never falls: the extreme so far is the latest value.
        coalesce({{ running('min(survival_probability)', by, 'day_number') }}, 1)
            as survival_probability,
        coalesce({{ running('max(greenwood_sum)', by, 'day_number') }}, 0) as greenwood_sum
    from {{ curve_days }}
{%- endmacro %}
