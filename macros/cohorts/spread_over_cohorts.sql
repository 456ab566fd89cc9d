{#- A query that adds up counts over cohorts and segments. Count by cohort_key first, then spread: users
    outnumber keys by far.
    counts: relation with cohort_key, the columns of `by` and those of `sums`.
    segments: ref('int_cohort_segments').
    sums: the counts to add up; a sum is null where all of its counts are.
    by: further columns of `counts` to group by.
    anchor: the cohorts that count, 'signup' or 'activation'; none for both, with a column cohort_anchor.
    every_cohort: whether a cohort without counts gets a row of zeros. Only without `by`.
    key: the column that joins both; slice_key if the counts are by slice and `segments` is
        ref('int_slice_cohorts').
    Result: cohort_grain, cohort_date, segment_type, segment_value, `by`, `sums`. -#}
{% macro spread_over_cohorts(
    counts, segments, sums, by=[], anchor='signup', every_cohort=false, key='cohort_key'
) -%}
    {%- call aggregate_over_cohorts(counts, segments, by, anchor, every_cohort, key) -%}
        {%- for name in sums %}
        {%- set sum = sum_as_bigint('counts.' ~ name) %}
        {{ 'coalesce(' ~ sum ~ ', 0)' if every_cohort else sum }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    {%- endcall -%}
{%- endmacro %}

{#- A query of any aggregates by cohort and segment, for what can't be added up, such as medians.
    Call it with the aggregates in its body; the first argument is named `counts` there.
    Arguments and result as of spread_over_cohorts. -#}
{% macro aggregate_over_cohorts(
    counts, segments, by=[], anchor='signup', every_cohort=false, key='cohort_key'
) -%}
    {%- set groups = [] if anchor else ['segments.cohort_anchor'] -%}
    {%- for name in by -%}
        {%- do groups.append('counts.' ~ name) -%}
    {%- endfor -%}
    select
        {{ cohort_columns('segments') }},
        {% for group in groups -%}
        {{ group }},
        {% endfor -%}
        {{ caller() }}
    from {{ segments }} as segments
    {{ 'left' if every_cohort else 'inner' }} join {{ counts }} as counts
        on segments.{{ key }} = counts.{{ key }}
    {%- if anchor %}
    where segments.cohort_anchor = '{{ anchor }}'
    {%- endif %}
    group by
        {{ cohort_columns('segments') }}
        {%- for group in groups %},
        {{ group }}
        {%- endfor %}
{%- endmacro %}
