{#- A condition: a user counts in a rate. The window has ended by observed_until_at, and the user did not
    sign up before observed_from_at, when events were not yet recorded.

    deadline: an SQL expression, the end of the user's window.
    members: relation with is_in_rates. The query reads int_observation as `observation`.
    Result: an SQL expression, a boolean. -#}
{% macro window_has_closed(deadline, members='members') -%}
    ({{ members }}.is_in_rates and {{ deadline }} <= observation.observed_until_at)
{%- endmacro %}

{#- How many of a member's dates count in a rate, from the anchor's date on: those that have ended by
    observed_until_at; none where the user signed up before observed_from_at. Date n counts where n is
    below.

    members: relation with anchor_date and is_in_rates. The query reads int_observation as
        `observation`.
    Result: an SQL expression, a whole number. -#}
{% macro closed_day_count(members='members') -%}
    case
        when {{ members }}.is_in_rates
            then {{ days_between(members ~ '.anchor_date', 'observation.observed_until_date') }}
        else 0
    end
{%- endmacro %}
