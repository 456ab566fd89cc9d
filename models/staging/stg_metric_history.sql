{#- Which values of metrics under other definitions were delivered, in clean types?
    If the table is absent, there is no row. observed_until cuts none: a value says itself until when the data
    were observed for it. -#}
{%- set largest = "cast('1e300' as " ~ engine_type('double') ~ ')' -%}
{%- set sources = column_sources(ref('input_columns'), 'metric_history') -%}
with

metric_history as (

    {% if has_raw_view('metric_history') -%}
    select
        definitions_version,
        observed_until_at,
        metric_id,
        week_start_date,
        value,
        file_name,
        is_unreadable
    from {{ source('raw', 'metric_history') }}
    {%- else -%}
    {{ read_optional_rows('metric_history', source('raw', 'metric_history'), sources, []) }}
    {%- endif %}

),

stg_metric_history as (

    select
        definitions_version,
        observed_until_at,
        metric_id,
        week_start_date,
        file_name,
        -- Neither infinity nor what is no number is a value.
        case when abs(value) <= {{ largest }} then value end as value,
        coalesce(is_unreadable, false) as is_unreadable
    from metric_history

)

select *
from stg_metric_history
