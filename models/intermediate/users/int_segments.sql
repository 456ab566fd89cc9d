{#- To which segments does each combination of the users' values belong?
    Marts first count by combination, then spread the counts over the segments: there are far more users
    than combinations. -#}
with

combinations as (

    select distinct
        segment_key,
        {% for slot in segment_slots() -%}
        segment_{{ slot }},
        {% endfor -%}
        acquisition_type
    from {{ ref('int_user_segments') }}

),

types as (

    select
        slot,
        segment_type
    from {{ ref('stg_segments') }}

),

int_segments as (

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
from int_segments
