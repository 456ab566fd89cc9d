{#- Does reaching one milestone early make another one likelier later?
    Of users who had not reached the second one in the first week: who reached it from then to day 30? -#}
with

counts as (

    select
        milestone_id,
        next_milestone_id,
        eligible_user_count,
        done_user_count,
        done_reached_user_count,
        eligible_user_count - done_user_count as not_done_user_count,
        reached_user_count - done_reached_user_count as not_done_reached_user_count
    from {{ ref('int_dependence_counts') }}

),

rates as (

    select
        *,
        {{ rate_with_interval(
            'reached_if_done_rate', 'done_reached_user_count', 'done_user_count'
        ) }},
        {{ rate_with_interval(
            'reached_if_not_done_rate', 'not_done_reached_user_count', 'not_done_user_count'
        ) }},
        {{ chi_square_of_two_rates(
            'done_reached_user_count', 'done_user_count',
            'not_done_reached_user_count', 'not_done_user_count',
        ) }} as chi_square
    from counts

),

tests as (

    select
        *,
        reached_if_done_rate - reached_if_not_done_rate as rate_difference,
        {{ newcombe_interval(
            'rate_difference', 'reached_if_done_rate', 'reached_if_not_done_rate'
        ) }},
        {{ p_value_of_chi_square('chi_square') }} as p_value
    from rates

),

milestone_dependence as (

    {{ with_q_values('tests') }}

)

select
    milestone_id,
    next_milestone_id,
    eligible_user_count,
    done_user_count,
    done_reached_user_count,
    reached_if_done_rate,
    reached_if_done_rate_ci_lower,
    reached_if_done_rate_ci_upper,
    not_done_user_count,
    not_done_reached_user_count,
    reached_if_not_done_rate,
    reached_if_not_done_rate_ci_lower,
    reached_if_not_done_rate_ci_upper,
    rate_difference,
    rate_difference_ci_lower,
    rate_difference_ci_upper,
    chi_square,
    p_value,
    q_value,
    case
        when chi_square is null then 'not_enough_data'
        when q_value >= {{ var('significance_level') }} then 'no_difference_shown'
        when rate_difference > 0 then 'likelier'
        else 'less_likely'
    end as verdict
from milestone_dependence
