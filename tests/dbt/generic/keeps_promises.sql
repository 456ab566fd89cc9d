{#- The model keeps what its yml promises in config.meta. One query, one pass; each row that it returns
    has the key and says in broken_promises what is wrong. The entries, all but key optional:

    key           columns that together are unique and never null
    rates         rate: {numerator, denominator, has_interval, may_pass_one, only_where}. The rate is the
                  quotient, exactly; null only where the denominator is 0 or null, or the numerator null,
                  and outside the condition only_where; from 0 to
                  1, or from 0 if it may_pass_one. Its interval (<rate>_ci_lower, <rate>_ci_upper) is null where the rate is,
                  else around it and from 0 to 1.
    nested        chains of columns, expressions or numbers, each at most the one before it
    never_null    further columns that are never null
    may_be_null   counts that may be null
    accepted_values
                  column: the values that it may have, besides null

    Counts are the columns of data_type bigint: never null, never negative. -#}
{% test keeps_promises(model) %}

{#- dbt looks for the model by its name, first in the project that uses this one as a package. That may have
    a model `users` of its own. -#}
{%- set said = context['model'] -%}
{%- set ours = ref(said.package_name, said.file_key_name.split('.') | last) -%}
{%- if execute -%}
    {%- set node = (
        graph.nodes.values() | selectattr('relation_name', 'defined')
        | selectattr('relation_name', 'equalto', ours | string) | list + [none]
    ) | first -%}
    {%- set promised = node.config.meta if node else {} -%}
    {%- if not promised.key -%}
        {{ exceptions.raise_compiler_error(
            'keeps_promises finds no config.meta.key for ' ~ ours ~ '. Add it to the yml of the model.'
        ) }}
    {%- endif -%}

    {#- Pairs of a condition that breaks a promise and the sentence that says so. -#}
    {%- set breaches = [] -%}
    {%- for name in promised.key -%}
        {%- do breaches.append((name ~ ' is null', name ~ ' is null')) -%}
    {%- endfor -%}
    {%- for name in promised.never_null or [] -%}
        {%- do breaches.append((name ~ ' is null', name ~ ' is null')) -%}
    {%- endfor -%}
    {%- for column in node.columns.values() if column.data_type == 'bigint' -%}
        {%- do breaches.append((column.name ~ ' < 0', column.name ~ ' is negative')) -%}
        {%- if column.name not in (promised.may_be_null or []) + promised.key -%}
            {%- do breaches.append((column.name ~ ' is null', column.name ~ ' is null')) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for chain in promised.nested or [] -%}
        {%- for part in chain[1:] -%}
            {%- set bound = chain[loop.index0] -%}
            {%- set sentence = bound ~ ' is less than ' ~ part if part is number
                else part ~ ' is more than ' ~ bound -%}
            {%- do breaches.append((part ~ ' > ' ~ bound, sentence)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for name, values in (promised.accepted_values or {}).items() -%}
        {%- do breaches.append((
            name ~ " not in ('" ~ values | join("', '") ~ "')", name ~ ' is not one of ' ~ values | join(', ')
        )) -%}
    {%- endfor -%}
    {%- for name, rate in (promised.rates or {}).items() -%}
        {%- set quotient = rate.numerator ~ ' / ' ~ rate.denominator -%}
        {%- set divisor = 'nullif(' ~ rate.denominator ~ ', 0)' -%}
        {%- set dividend = 'cast(' ~ rate.numerator ~ ' as ' ~ engine_type('double') ~ ')' -%}
        {%- set lower = name ~ '_ci_lower' -%}
        {%- set upper = name ~ '_ci_upper' -%}
        {%- do breaches.extend([
            (name ~ ' is null and ' ~ divisor ~ ' is not null and ' ~ rate.numerator ~ ' is not null'
                ~ (' and (' ~ rate.only_where ~ ')' if rate.only_where else ''),
                name ~ ' is null although ' ~ rate.denominator ~ ' is not 0'),
            (name ~ ' is not null and ' ~ rate.numerator ~ ' is null',
                name ~ ' is not null although ' ~ rate.numerator ~ ' is null'),
            (name ~ ' is not null and ' ~ divisor ~ ' is null',
                name ~ ' is not null although ' ~ rate.denominator ~ ' is 0 or null'),
            (name ~ ' <> ' ~ dividend ~ ' / ' ~ divisor, name ~ ' is not ' ~ quotient),
            (name ~ ' < 0', name ~ ' is negative'),
        ]) -%}
        {%- if rate.only_where -%}
            {%- do breaches.append((
                name ~ ' is not null and not (' ~ rate.only_where ~ ')',
                name ~ ' is not null, but not ' ~ rate.only_where,
            )) -%}
        {%- endif -%}
        {%- if not rate.may_pass_one -%}
            {%- do breaches.append((name ~ ' > 1', name ~ ' is more than 1')) -%}
        {%- endif -%}
        {%- if rate.has_interval -%}
            {%- do breaches.extend([
                (name ~ ' is not null and (' ~ lower ~ ' is null or ' ~ upper ~ ' is null)',
                    name ~ ' has no interval'),
                (name ~ ' is null and (' ~ lower ~ ' is not null or ' ~ upper ~ ' is not null)',
                    name ~ ' is null, but has an interval'),
                (name ~ ' < ' ~ lower ~ ' or ' ~ name ~ ' > ' ~ upper, name ~ ' is outside its interval'),
                (lower ~ ' < 0 or ' ~ upper ~ ' > 1', 'the interval of ' ~ name ~ ' leaves 0 to 1'),
            ]) -%}
        {%- endif -%}
    {%- endfor -%}

with

promises_by_row as (

    select
        {{ promised.key | join(',\n        ') }},
        {% for condition, sentence in breaches -%}
        {{ '|| ' if not loop.first }}case when {{ condition }} then '{{ sentence | replace("'", '') }}; ' else '' end
        {% endfor -%}
        as broken_promises
    from {{ ours }}

)

select
    {{ promised.key | join(',\n    ') }},
    case when count(*) > 1 then 'the key is not unique; ' else '' end || max(broken_promises) as broken_promises
from promises_by_row
group by {{ promised.key | join(', ') }}
having count(*) > 1 or max(broken_promises) <> ''
{%- endif %}

{% endtest %}
