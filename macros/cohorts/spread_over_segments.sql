{#- A query that adds up counts over segments.
    counts: relation with segment_key, the columns of `by` and those of `sums`.
    segments: ref('int_segments').
    sums: the counts to add up.
    by: further columns of `counts` to group by.
    Result: segment_type, segment_value, `by`, `sums`. -#}
{% macro spread_over_segments(counts, segments, sums, by=[]) -%}
    select
        segments.segment_type,
        segments.segment_value,
        {% for name in by -%}
        counts.{{ name }},
        {% endfor -%}
        {%- for name in sums -%}
        {{ sum_as_bigint('counts.' ~ name) }} as {{ name }}{{ ',' if not loop.last }}
        {% endfor -%}
    from {{ counts }} as counts
    inner join {{ segments }} as segments on counts.segment_key = segments.segment_key
    group by
        segments.segment_type,
        segments.segment_value
        {%- for name in by %},
        counts.{{ name }}
        {%- endfor %}
{%- endmacro %}

{#- A query that adds up counts over segments, with a row for every date and segment: zeros where
    nothing was counted, nothing for other dates.
    counts, segments, sums: as of spread_over_segments.
    dates: relation of the dates to show.
    date: the column of `dates` and of `counts` that is the date.
    Result: `date`, segment_type, segment_value, `sums`. -#}
{% macro spread_over_dates(counts, segments, sums, dates, date) -%}
    select
        dates.{{ date }},
        segment_values.segment_type,
        segment_values.segment_value,
        {% for name in sums -%}
        coalesce(sums_by_segment.{{ name }}, 0) as {{ name }}{{ ',' if not loop.last }}
        {% endfor -%}
    from {{ dates }} as dates
    cross join (
        select distinct
            segment_type,
            segment_value
        from {{ segments }}
    ) as segment_values
    left join (
        {{ spread_over_segments(counts, segments, sums, [date]) }}
    ) as sums_by_segment
        on
            dates.{{ date }} = sums_by_segment.{{ date }}
            and segment_values.segment_type = sums_by_segment.segment_type
            and segment_values.segment_value = sums_by_segment.segment_value
{%- endmacro %}
