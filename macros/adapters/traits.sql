{#- What a vendor knows about users and accounts: traits, whose names differ from team to team. The var
    traits says which names become which column. -#}

{#- The places of all traits, for vendor_rows: of each column of users one place for each name, numbered. So
    plan_tier_2 is the trait `plan`. Further traits that segments ask for have their own names.

    before: text before a trait's name: empty if traits are columns, `user_properties.` if they are keys
        of that column; or a list of these. -#}
{% macro trait_places(before='') -%}
    {%- set places = {'ids': {}, 'times': {}, 'texts': {}} -%}
    {%- set befores = [before] if before is string else before -%}
    {%- for column, names in var('traits').items() -%}
        {%- set kind = {'created_at': 'times', 'account_id': 'ids', 'invited_by': 'ids'}.get(column, 'texts') -%}
        {%- for name in names -%}
            {%- do places[kind].update({column ~ '_' ~ loop.index: placed(befores, name)}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for column in segment_traits() -%}
        {%- do places.texts.update({'segment_trait_' ~ loop.index: placed(befores, column)}) -%}
    {%- endfor -%}
    {{ return(places) }}
{%- endmacro %}

{#- Each of some texts, followed by a name. -#}
{% macro placed(befores, name) -%}
    {%- set places = [] -%}
    {%- for before in befores -%}
        {%- do places.append(before ~ name) -%}
    {%- endfor -%}
    {{ return(places) }}
{%- endmacro %}

{#- The columns of trait_places, in their order. -#}
{% macro trait_columns() -%}
    {%- set columns = [] -%}
    {%- for group in trait_places().values() -%}
        {%- do columns.extend(group.keys()) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#- The further columns of users that the seed `segments` names. They are traits of these names. -#}
{% macro segment_traits() -%}
    {%- set columns = [] -%}
    {%- for segment in segment_rows(ref('segments')) if segment.source_table == 'users'
        and segment.source_column not in ['user_id'] + var('traits').keys() | list
        and segment.source_column not in columns -%}
        {%- do columns.append(segment.source_column) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#- The first value of a column's traits, in the order of the var traits.

    column: of users.
    last: further SQL, after all names.
    relation: where the traits are, if other relations beside it have columns of these names. -#}
{% macro first_trait(column, last=none, relation=none) -%}
    {%- set names = [] -%}
    {%- for name in var('traits').get(column, [column]) -%}
        {%- do names.append((relation ~ '.' if relation else '') ~ column ~ '_' ~ loop.index) -%}
    {%- endfor -%}
    {%- if last -%}
        {%- do names.append(last) -%}
    {%- endif -%}
    {{ 'coalesce(' ~ names | join(', ') ~ ')' if names | length > 1 else names[0] }}
{%- endmacro %}

{#- A query of each user's traits. The value of a trait comes from the best row that has one. One row per user, or per
    value of another key, such as account_id.

    states: a relation of what rows say about a user, and when: user_id, state_rank (1 before 2), stated_at,
        received_at, row_id, the columns of trait_columns, and group_id (a group that the user is in).
        The row of the lowest rank is the best. Within a rank, it is the latest by stated_at, received_at, row_id; a row without a time counts as the oldest.
    key: whose traits they are.
    columns: the traits; none for the traits of users. -#}
{% macro latest_traits(states, key='user_id', columns=none) -%}
    {%- set text = dbt.type_string() -%}
    {%- set columns = trait_columns() + ['group_id'] if columns is none else columns -%}
    select
        {{ key }},
        {% for column in columns -%}
        {%- set value = "max(case when trait = '" ~ column ~ "' then trait_value end)" -%}
        {{ 'cast(' ~ value ~ ' as timestamp)' if is_time_trait(column) else value }} as {{ column }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from (
        select
            {{ key }},
            trait,
            trait_value,
            row_number() over (
                partition by {{ key }}, trait
                order by
                    state_rank asc,
                    stated_at desc nulls last,
                    received_at desc nulls last,
                    row_id desc nulls last,
                    trait_value asc
            ) as place
        from (
            select
                states.{{ key }},
                states.state_rank,
                states.stated_at,
                states.received_at,
                states.row_id,
                traits.trait,
                case traits.trait
                    {% for column in columns -%}
                    when '{{ column }}' then cast(states.{{ column }} as {{ text }})
                    {% endfor %}
                end as trait_value
            from {{ states }} as states
            cross join (
                {% for column in columns -%}
                select '{{ column }}' as trait{{ ' union all' if not loop.last }}
                {% endfor %}
            ) as traits
            where states.{{ key }} is not null
        ) as trait_values
        where trait_value is not null
    ) as placed_values
    where place = 1
    group by {{ key }}
{%- endmacro %}

{#- Is a trait a time? -#}
{% macro is_time_trait(column) -%}
    {{ return(column.startswith('created_at_') or column in account_times()) }}
{%- endmacro %}

{#- The columns of trait_columns, without a value. -#}
{% macro no_traits() -%}
    {%- set columns = [] -%}
    {%- for column in trait_columns() -%}
        {%- set type = 'timestamp' if is_time_trait(column) else dbt.type_string() -%}
        {%- do columns.append('cast(null as ' ~ type ~ ') as ' ~ column) -%}
    {%- endfor -%}
    {{ columns | join(',\n        ') }}
{%- endmacro %}
