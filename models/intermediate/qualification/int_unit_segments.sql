{#- Which values of which segment types does each combination of units hold? -#}
with

combinations as (

    select distinct
        segment_key,
        {% for slot in segment_slots() -%}
        segment_{{ slot }},
        {% endfor -%}
        acquisition_type
    from {{ ref('int_account_segments') }}

),

types as (

    select
        slot,
        segment_type
    from {{ ref('stg_segments') }}

),

int_unit_segments as (

    select
        segment_key,
        segment_type,
        segment_value
    from {{ ref('int_segments') }}
    union all
    select
        segment_key,
        'all' as segment_type,
        'all' as segment_value
    from combinations
    union all
    select
        segment_key,
        'acquisition_type' as segment_type,
        acquisition_type as segment_value
    from combinations
    union all
    select
        combinations.segment_key,
        types.segment_type,
        case types.slot
            {% for slot in segment_slots() -%}
            when {{ slot }} then combinations.segment_{{ slot }}
            {% endfor -%}
        end as segment_value
    from combinations
    cross join types

)

select *
from int_unit_segments
