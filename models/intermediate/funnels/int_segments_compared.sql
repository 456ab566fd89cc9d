{#- Which values of a segment type are large enough for a test, and what do these come to together?
    The largest ones with minimum_group_users users (var), at most 20: a test of k values has k - 1 degrees
    of freedom, and p_value_of_chi_square knows up to 19. -#}
{%- set most_values = 20 -%}
with

counts as (

    select
        'chi_square' as test_name,
        metric_id,
        item,
        segment_type,
        segment_value,
        user_count,
        event_count
    from {{ ref('int_segment_counts') }}
    union all
    select
        'log_rank' as test_name,
        metric_id,
        item,
        segment_type,
        segment_value,
        {{ sum_as_bigint('event_count + censored_count') }} as user_count,
        {{ sum_as_bigint('event_count') }} as event_count
    from {{ ref('int_segment_life_tables') }}
    group by metric_id, item, segment_type, segment_value

),

ranked_counts as (

    select
        *,
        user_count >= {{ var('minimum_group_users') }} as is_large_enough,
        row_number() over (
            partition by metric_id, item, segment_type
            order by user_count desc, segment_value asc
        ) as place
    from counts
    where user_count > 0 and segment_type <> 'all'

),

values_to_compare as (

    select
        *,
        is_large_enough and place <= {{ most_values }} as is_tested
    from ranked_counts

),

totals as (

    select
        metric_id,
        item,
        segment_type,
        count(case when is_tested then 1 end) as group_count,
        {{ sum_as_bigint('case when is_tested then user_count else 0 end') }} as tested_user_count,
        {{ sum_as_bigint('case when is_tested then event_count else 0 end') }} as tested_event_count
    from values_to_compare
    group by metric_id, item, segment_type

),

int_segments_compared as (

    select
        compared.test_name,
        compared.metric_id,
        compared.item,
        compared.segment_type,
        compared.segment_value,
        compared.user_count,
        compared.event_count,
        compared.is_large_enough,
        compared.is_tested,
        totals.group_count,
        totals.tested_user_count,
        totals.tested_event_count
    from values_to_compare as compared
    inner join totals
        on {{ same_test('compared', 'totals') }}

)

select *
from int_segments_compared
