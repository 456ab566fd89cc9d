{#- Filters on properties of events, for definitions that have the columns property_key, property_operator and
    property_value. Only the properties of events with a filter are kept and parsed. -#}

{#- The three columns with their defaults, for a select from a seed: the operator is `is`, and null without a
    key; `exists` has no value. -#}
{% macro property_filter_columns() -%}
    nullif(cast(property_key as {{ dbt.type_string() }}), '') as property_key,
        case
            when coalesce(cast(property_key as {{ dbt.type_string() }}), '') <> ''
                then coalesce(nullif(cast(property_operator as {{ dbt.type_string() }}), ''), 'is')
        end as property_operator,
        case
            when coalesce(cast(property_operator as {{ dbt.type_string() }}), '') <> 'exists'
                then nullif(cast(property_value as {{ dbt.type_string() }}), '')
        end as property_value
{%- endmacro %}

{#- The rows of int_property_filters, each with number, event_name, key, operator and value; none while dbt parses
    the project, and if the table is not there yet.

    filters: ref('int_property_filters'). -#}
{% macro property_filters(filters) -%}
    {%- set rows = [] -%}
    {%- for row in seed_rows(
        filters, ['filter_number', 'event_name', 'property_key', 'property_operator', 'property_value']
    ) or [] -%}
        {%- do rows.append({
            'number': row[0] | int, 'event_name': row[1], 'key': row[2], 'operator': row[3], 'value': row[4]
        }) -%}
    {%- endfor -%}
    {{ return(rows | sort(attribute='number')) }}
{%- endmacro %}

{#- The names of the events whose properties are kept: that of the invitation, whose count they say, then those
    with a filter, in byte order.

    filters: ref('int_property_filters'). -#}
{% macro events_with_properties(filters) -%}
    {%- set names = [] -%}
    {%- for filter in property_filters(filters) if filter.event_name not in names + [var('invitation_event')] -%}
        {%- do names.append(filter.event_name) -%}
    {%- endfor -%}
    {{ return([var('invitation_event')] + names | sort(case_sensitive=true)) }}
{%- endmacro %}

{#- A text with the numbers of the filters that an event matches, such as |2|5|; null if there is none. A filter is
    `is` (the property is that text), `is_not` (it is absent, null or another one) or `exists`.

    filters: of property_filters.
    events: relation with event_name and properties. -#}
{% macro matched_filters(filters, events) -%}
    {%- set parts = [] -%}
    {%- for filter in filters -%}
        {%- set found = json_property(events ~ '.properties', filter.key) | trim -%}
        {%- set condition = {
            'is': found ~ ' = ' ~ text_literal(filter.value or ''),
            'is_not': 'coalesce(' ~ found ~ ' <> ' ~ text_literal(filter.value or '') ~ ', true)',
            'exists': found ~ ' is not null',
        }[filter.operator] -%}
        {%- do parts.append(
            "case when " ~ events ~ ".event_name = " ~ text_literal(filter.event_name) ~ " then case when "
            ~ condition ~ " then '" ~ filter.number ~ "|' else '' end else '' end"
        ) -%}
    {%- endfor -%}
    {%- if parts -%}
    {{ dbt.concat(["'|'", "nullif(" ~ (dbt.concat(parts) if parts | length > 1 else parts[0]) ~ ", '')"]) }}
    {%- else -%}
    cast(null as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}

{#- A condition: an event is the one that a definition names, with the property that it asks for.

    events: relation with event_name and matched_filters.
    definitions: relation with event_name and filter_pattern. -#}
{% macro is_event_of(events, definitions) -%}
    {{ events }}.event_name = {{ definitions }}.event_name
    and (
        {{ definitions }}.filter_pattern is null
        or {{ events }}.matched_filters like {{ definitions }}.filter_pattern
    )
{%- endmacro %}
