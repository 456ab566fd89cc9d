{#- Do errors and rage clicks go with drop-off, and at which step?
    An association: users who drop out are watched longer, which the window for friction keeps small. -#}
with

compared as (

    select
        *,
        at_step_user_count - friction_user_count as without_friction_user_count,
        reached_user_count - reached_with_friction_user_count
            as reached_without_friction_user_count
    from {{ ref('int_funnel_friction_counts') }}

),

rates as (

    select
        *,
        {{ rate_with_interval(
            'friction_user_rate', 'friction_user_count', 'at_step_user_count'
        ) }},
        {{ rate_with_interval(
            'conversion_with_friction_rate', 'reached_with_friction_user_count',
            'friction_user_count'
        ) }},
        {{ rate_with_interval(
            'conversion_without_friction_rate', 'reached_without_friction_user_count',
            'without_friction_user_count'
        ) }},
        {{ chi_square_of_two_rates(
            'reached_with_friction_user_count', 'friction_user_count',
            'reached_without_friction_user_count', 'without_friction_user_count'
        ) }} as chi_square
    from compared

),

tests as (

    select
        *,
        conversion_with_friction_rate - conversion_without_friction_rate as rate_difference,
        {{ newcombe_interval(
            'rate_difference', 'conversion_with_friction_rate', 'conversion_without_friction_rate'
        ) }},
        {{ p_value_of_chi_square('chi_square') }} as p_value
    from rates

),

friction_by_funnel_step as (

    {{ with_q_values('tests') }}

)

select
    funnel_id,
    step_number,
    event_name,
    at_step_user_count,
    friction_user_count,
    friction_user_rate,
    friction_user_rate_ci_lower,
    friction_user_rate_ci_upper,
    reached_with_friction_user_count,
    conversion_with_friction_rate,
    conversion_with_friction_rate_ci_lower,
    conversion_with_friction_rate_ci_upper,
    reached_without_friction_user_count,
    conversion_without_friction_rate,
    conversion_without_friction_rate_ci_lower,
    conversion_without_friction_rate_ci_upper,
    rate_difference,
    rate_difference_ci_lower,
    rate_difference_ci_upper,
    chi_square,
    p_value,
    q_value,
    case
        when q_value is null then 'not_enough_data'
        when q_value >= {{ var('significance_level') }} then 'no_difference_shown'
        when rate_difference < 0 then 'hinders'
        else 'helps'
    end as verdict
from friction_by_funnel_step
