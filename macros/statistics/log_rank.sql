{#- Two columns of sums over days, for the log-rank test of two groups: expected_events, the events that the
    first group would have if both had the same hazard, and event_variance, the variance of its events.
    One row a day with an event: the query groups what belongs to one test.
    events_of_both: the column of both groups' events on the day.
    at_risk, at_risk_of_both: the columns of users at risk on the day, in the first group and in both. -#}
{% macro log_rank_sums(events_of_both, at_risk, at_risk_of_both) -%}
    {%- set double = engine_type('double') -%}
    {%- set events = 'cast(' ~ events_of_both ~ ' as ' ~ double ~ ')' -%}
    {%- set expected = events ~ ' * ' ~ at_risk ~ ' / ' ~ at_risk_of_both -%}
    {{ stable_sum(expected) }} as expected_events,
    -- A day with one user at risk says nothing about the difference.
    coalesce({{ stable_sum(
        expected ~ ' * (' ~ at_risk_of_both ~ ' - ' ~ at_risk ~ ') / ' ~ at_risk_of_both
        ~ ' * (' ~ at_risk_of_both ~ ' - ' ~ events_of_both ~ ') / nullif(' ~ at_risk_of_both ~ ' - 1, 0)'
    ) }}, 0) as event_variance
{%- endmacro %}

{#- Four columns: log_rank_statistic, a chi-square of one degree of freedom; hazard_ratio, how much more
    often the first group has the event (Peto's estimate); hazard_ratio_ci_lower and _ci_upper, its 95 %
    interval. Null without enough data: minimum_group_users users (var) and 5 expected events in each
    group, and a variance above 0.
    events, users: the columns of the first group's counts.
    other_events, other_users: those of the second group.
    expected_events and event_variance are beside them. -#}
{% macro log_rank_columns(events, users, other_events, other_users) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set surplus = '(' ~ events ~ ' - expected_events)' -%}
    {%- set is_enough -%}
        {{ users }} >= {{ var('minimum_group_users') }}
        and {{ other_users }} >= {{ var('minimum_group_users') }}
        and {{ rounded('expected_events', 9) }} >= 5
        and {{ rounded(events ~ ' + ' ~ other_events ~ ' - expected_events', 9) }} >= 5
        and event_variance > 0
    {%- endset -%}
    case when {{ is_enough }} then power({{ surplus }}, 2) / event_variance end
        as log_rank_statistic,
    case when {{ is_enough }} then {{ bounded_exp(surplus ~ ' / event_variance') }} end
        as hazard_ratio,
    case
        when {{ is_enough }}
            then {{ bounded_exp(
                '(' ~ surplus ~ ' - ' ~ z ~ ' * sqrt(event_variance)) / event_variance'
            ) }}
    end as hazard_ratio_ci_lower,
    case
        when {{ is_enough }}
            then {{ bounded_exp(
                '(' ~ surplus ~ ' + ' ~ z ~ ' * sqrt(event_variance)) / event_variance'
            ) }}
    end as hazard_ratio_ci_upper
{%- endmacro %}

{#- exp(x), where some engines fail with numbers too large or too close to 0: it stays between 1e-304 and
    1e304. -#}
{% macro bounded_exp(x) -%}
    exp(least(greatest({{ x }}, -700), 700))
{%- endmacro %}
