{#- Which segment types divide the users, besides all and acquisition_type?
    The first branch of slot is there for a seed without rows: a case needs one. -#}
{%- set segments = segment_rows(ref('segments')) -%}
with

segments as (

    select
        segment_type,
        source_table,
        source_column,
        max_values,
        bounds
    from {{ ref('segments') }}

),

stg_segments as (

    select
        case
            when segment_type is null then 0
            {% for segment in segments -%}
            when segment_type = '{{ segment.segment_type }}' then {{ segment.slot }}
            {% endfor -%}
            else 0
        end as slot,
        segment_type,
        source_table,
        coalesce(max_values, 20) as max_values,
        lower({{ trimmed_text('source_column') }}) as source_column,
        nullif({{ trimmed_text('bounds') }}, '') as bounds
    from segments

)

select *
from stg_segments
