{#- Which value of each segment type does each user have?
    Values are ranked by their users; values beyond max_values become `other`. -#}
{%- set segments = segment_rows(ref('segments')) -%}
{%- set ranked = segments | rejectattr('bounds') | list -%}
with

users as (

    select
        user_key,
        signed_up_at,
        {% for segment in segments -%}
        coalesce(segment_{{ segment.slot }}, 'unknown') as segment_{{ segment.slot }},
        {% endfor -%}
        acquisition_type
    from {{ ref('int_user_traits') }}

),

value_counts as (

    {% for segment in ranked -%}
    select
        {{ segment.slot }} as slot,
        {{ segment.max_values }} as max_values,
        segment_{{ segment.slot }} as segment_value,
        count(*) as user_count
    from users
    where segment_{{ segment.slot }} not in ('other', 'unknown')
    group by segment_{{ segment.slot }}
    union all
    {% endfor -%}
    select
        0 as slot,
        0 as max_values,
        'unknown' as segment_value,
        0 as user_count

),

ranked_values as (

    select
        slot,
        max_values,
        segment_value,
        row_number() over (partition by slot order by user_count desc, segment_value asc) as place
    from value_counts

),

moved_values as (

    select
        slot,
        segment_value
    from ranked_values
    where place > max_values

),

segmented_users as (

    select
        users.user_key,
        users.signed_up_at,
        users.acquisition_type,
        {% for slot in segment_slots() -%}
        {%- set segment = segments | selectattr('slot', 'equalto', slot) | first -%}
        {%- if not segment -%}
        cast(null as {{ dbt.type_string() }})
        {%- elif segment.bounds -%}
        users.segment_{{ slot }}
        {%- else -%}
        case when moved_{{ slot }}.slot is null then users.segment_{{ slot }} else 'other' end
        {%- endif %} as segment_{{ slot }},
        {% endfor -%}
        {% for segment in ranked -%}
        case when moved_{{ segment.slot }}.slot is null then 0 else 1 end
        + {% endfor %}0 as moved_value_count
    from users
    {% for segment in ranked -%}
    left join moved_values as moved_{{ segment.slot }}
        on
            users.segment_{{ segment.slot }} = moved_{{ segment.slot }}.segment_value
            and moved_{{ segment.slot }}.slot = {{ segment.slot }}
    {% endfor %}
),

int_user_segments as (

    select
        *,
        dense_rank() over (
            order by
                {% for segment in segments -%}
                segment_{{ segment.slot }},
                {% endfor -%}
                acquisition_type
        ) as segment_key
    from segmented_users

)

select *
from int_user_segments
