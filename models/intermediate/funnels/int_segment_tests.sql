{#- How far does each value of a segment differ from the other tested ones, and do all differ?
    The statistics, without p-values. A value that is not tested has all tested values as others, and no
    statistic. -#}
with

compared as (

    select
        compared.test_name,
        compared.metric_id,
        compared.item,
        compared.segment_type,
        compared.segment_value,
        compared.group_count,
        compared.user_count,
        compared.event_count,
        compared.is_large_enough,
        compared.is_tested,
        compared.tested_user_count,
        compared.tested_event_count,
        log_ranks.expected_events,
        log_ranks.event_variance,
        compared.tested_user_count
        - case when compared.is_tested then compared.user_count else 0 end as other_user_count,
        compared.tested_event_count
        - case when compared.is_tested then compared.event_count else 0 end as other_event_count
    from {{ ref('int_segments_compared') }} as compared
    left join {{ ref('int_segment_log_ranks') }} as log_ranks
        on
            {{ same_test('compared', 'log_ranks') }}
            and compared.segment_value = log_ranks.segment_value

),

one_values as (

    select
        *,
        {{ chi_square_of_two_rates(
            'event_count', 'user_count', 'other_event_count', 'other_user_count'
        ) }} as chi_square,
        {{ log_rank_columns('event_count', 'user_count', 'other_event_count', 'other_user_count') }}
    from compared

),

int_segment_tests as (

    select
        metric_id,
        item,
        segment_type,
        'one_value' as comparison,
        segment_value,
        test_name,
        group_count,
        user_count,
        event_count,
        other_user_count,
        other_event_count,
        is_large_enough and not is_tested as is_left_out,
        case
            when is_tested and test_name = 'chi_square' then chi_square
            when is_tested then log_rank_statistic
        end as statistic,
        hazard_ratio,
        hazard_ratio_ci_lower,
        hazard_ratio_ci_upper
    from one_values
    union all
    select
        metric_id,
        item,
        segment_type,
        'all_values' as comparison,
        'all' as segment_value,
        test_name,
        group_count,
        tested_user_count as user_count,
        tested_event_count as event_count,
        cast(null as bigint) as other_user_count,
        cast(null as bigint) as other_event_count,
        false as is_left_out,
        {{ chi_square_of_groups(
            'case when is_tested then event_count end', 'case when is_tested then user_count end',
            'tested_event_count', 'tested_user_count'
        ) }} as statistic,
        cast(null as {{ engine_type('double') }}) as hazard_ratio,
        cast(null as {{ engine_type('double') }}) as hazard_ratio_ci_lower,
        cast(null as {{ engine_type('double') }}) as hazard_ratio_ci_upper
    from compared
    where test_name = 'chi_square'
    group by
        metric_id, item, segment_type, test_name, group_count, tested_user_count, tested_event_count

)

select *
from int_segment_tests
