{#- What was decided in reading a row of the events. A row may have several decisions, so it stores
    their sum; each is a power of two. So int_event_counts groups by one narrow number. -#}

{#- Each decision, and the condition on a row of stg_events. -#}
{% macro event_decisions(events='events') -%}
    {{ return({
        'time_from_fallback': events ~ '.has_fallback_time',
        'time_zone_applied': events ~ '.is_zone_applied',
        'id_illegal': events ~ '.has_illegal_id',
        'person_at_ingestion': events ~ '.is_person_at_ingestion',
        'name_changed': events ~ '.raw_event_name <> ' ~ events ~ '.event_name',
        'name_kept': events ~ '.raw_event_name = ' ~ events ~ '.event_name',
    }) }}
{%- endmacro %}

{#- The sum for a row.

    events: the relation.
    Result: an SQL expression, a smallint. -#}
{% macro sum_of_decisions(events) -%}
    cast(
        {%- for condition in event_decisions(events).values() %}
        {{ '+ ' if not loop.first }}case when {{ condition }} then {{ 2 ** loop.index0 }} else 0 end
        {%- endfor %}
        as smallint
    )
{%- endmacro %}

{#- Whether a sum has a decision.

    decision: its name.
    sum: an SQL expression, a sum_of_decisions.
    Result: an SQL condition. -#}
{% macro has_decision(decision, sum) -%}
    {%- set power, found = 2 ** (event_decisions().keys() | list).index(decision), [] -%}
    {%- for number in range(2 ** event_decisions() | length) if (number // power) % 2 -%}
        {%- do found.append(number) -%}
    {%- endfor -%}
    {{ sum }} in ({{ found | join(', ') }})
{%- endmacro %}

{#- The decisions on events that are possible with the source. -#}
{% macro decisions_of_events() -%}
    {%- set found = ['id_illegal', 'name_changed'] -%}
    {%- do found.append('time_from_fallback') if plg_source() in ('segment', 'snowplow') -%}
    {%- do found.append('time_zone_applied') if plg_source() == 'mixpanel' -%}
    {%- do found.append('person_at_ingestion') if plg_source() == 'posthog' -%}
    {{ return(found) }}
{%- endmacro %}

{#- The possible sources of a signup with the source, by the names in stg_users. -#}
{% macro ways_to_a_signup() -%}
    {%- set found = [] -%}
    {%- if plg_source() != 'canonical' -%}
        {%- do found.extend(['signup_event', 'first_seen', 'unknown']) -%}
        {%- do found.append('trait') if plg_source() != 'snowplow' -%}
        {%- do found.append('vendor') if plg_source() not in ('segment', 'snowplow') -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}

{#- The reasons to leave rows out that are possible with the source, each with the raw table that they would be in. -#}
{% macro decisions_to_leave_out() -%}
    {%- set source, found = plg_source(), [] -%}
    {%- if source in ('segment', 'amplitude', 'mixpanel', 'posthog', 'snowplow') -%}
        {%- do found.append(('events', 'not_an_event')) -%}
    {%- endif -%}
    {%- if source == 'posthog' -%}
        {%- do found.extend([('users', 'person_not_identified'), ('users', 'person_deleted')]) -%}
    {%- endif -%}
    {%- if source == 'ga4' -%}
        {%- do found.append(('events', 'intraday_replaced')) -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}
