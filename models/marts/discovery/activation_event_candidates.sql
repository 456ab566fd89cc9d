{#- Which early behaviour goes with staying, and does it hold for newer users?
    Older users (train) choose the candidates, newer ones (confirm) test them. Only the first candidate can
    be recommended: a second choice would have seen that test. -#}
with

tests as (

    select
        tests.*,
        candidates.candidate_rank,
        -- Newer users test the candidates and nothing else.
        case
            when tests.sample_name = 'train' or candidates.candidate_rank is not null
                then tests.p_value
        end as tested_p_value
    from {{ ref('int_discovery_tests') }} as tests
    left join {{ ref('int_discovery_candidates') }} as candidates
        on
            tests.event_name = candidates.event_name
            and tests.window_days = candidates.window_days
            and tests.min_count = candidates.min_count

),

corrected_tests as (

    {{ with_q_values('tests', 'tested_p_value', ['sample_name']) }}

),

confirmed_tests as (

    select
        *,
        -- In confirm, only candidates have a q_value.
        max(
            case
                when
                    sample_name = 'confirm' and phi > 0
                    and q_value < {{ var('significance_level') }}
                    then 1
                else 0
            end
        ) over (partition by event_name, window_days, min_count) = 1 as is_confirmed
    from corrected_tests

),

activation_event_candidates as (

    select
        event_name,
        cast(window_days as integer) as window_days,
        cast(min_count as bigint) as min_count,
        sample_name,
        user_count,
        done_user_count,
        retained_user_count,
        done_retained_user_count,
        reach_rate,
        reach_rate_ci_lower,
        reach_rate_ci_upper,
        retention_if_done_rate,
        retention_if_done_rate_ci_lower,
        retention_if_done_rate_ci_upper,
        retention_if_not_done_rate,
        retention_if_not_done_rate_ci_lower,
        retention_if_not_done_rate_ci_upper,
        retention_difference,
        retention_difference_ci_lower,
        retention_difference_ci_upper,
        retention_lift,
        sensitivity_rate,
        specificity_rate,
        phi,
        chi_square,
        p_value,
        q_value,
        candidate_rank,
        is_confirmed,
        is_confirmed and candidate_rank = 1 as is_recommended
    from confirmed_tests

)

select *
from activation_event_candidates
