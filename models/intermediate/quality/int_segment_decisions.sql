{#- How many values of users became `other`, because a segment type has too many? A user counts once
    for each type. -#}
{{ config(materialized='ephemeral') }}
with

int_segment_decisions as (

    select
        'segments' as table_name,
        'value_in_other' as decision,
        coalesce({{ sum_as_bigint('moved_value_count') }}, 0) as row_count,
        min(signed_up_at) as first_seen_at,
        max(signed_up_at) as last_seen_at
    from {{ ref('int_user_segments') }}
    where moved_value_count > 0

)

select *
from int_segment_decisions
