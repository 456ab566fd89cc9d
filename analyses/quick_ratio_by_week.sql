{#- Does the product gain active users faster than it loses them?
    Read: quick_ratio = (new + resurrected) / churned: above 1 the number of active users grows,
    below 1 it shrinks. The ratio over four weeks is steadier than that of one week, and its 95 %
    interval says whether it is above 1 beyond chance.
    Pitfall: a young product cannot churn yet, so its first weeks look splendid. New means the first
    active week, not the signup. Four fewer churned users move a small product a lot: read the
    counts. The interval assumes that gains and losses are independent, which makes it a rough
    guide. A user who pauses for a week is churned, then resurrected: both sides swell where people
    don't use the product every week. -#}
with

growth_accounting as (

    select
        week_start_date,
        new_user_count,
        retained_user_count,
        resurrected_user_count,
        churned_user_count,
        active_user_count
    from {{ ref('growth_accounting_by_week') }}
    where segment_type = 'all'

),

weeks as (

    select
        *,
        new_user_count + resurrected_user_count as gained_user_count,
        new_user_count + resurrected_user_count - churned_user_count as net_change,
        sum(new_user_count + resurrected_user_count) over (
            order by week_start_date rows between 3 preceding and current row
        ) as gained_in_four_weeks,
        sum(churned_user_count) over (
            order by week_start_date rows between 3 preceding and current row
        ) as churned_in_four_weeks,
        count(*) over (
            order by week_start_date rows between 3 preceding and current row
        ) as week_count
    from growth_accounting

),

weeks_with_ratios as (

    select
        *,
        {{ rate('gained_user_count', 'churned_user_count') }} as quick_ratio,
        case
            when week_count = 4
                then {{ rate('gained_in_four_weeks', 'churned_in_four_weeks') }}
        end as four_week_quick_ratio,
        -- Of the ratio's logarithm: two counts, each as spread as a Poisson count is.
        case
            when gained_in_four_weeks > 0 and churned_in_four_weeks > 0
                then 1.96 * sqrt(
                    1 / cast(gained_in_four_weeks as {{ engine_type('double') }})
                    + 1 / cast(churned_in_four_weeks as {{ engine_type('double') }})
                )
        end as log_margin
    from weeks

),

quick_ratio_by_week as (

    select
        week_start_date,
        active_user_count,
        new_user_count,
        resurrected_user_count,
        churned_user_count,
        net_change,
        cast(quick_ratio as decimal(9, 2)) as quick_ratio,
        cast(four_week_quick_ratio as decimal(9, 2)) as four_week_quick_ratio,
        cast(four_week_quick_ratio * exp(-log_margin) as decimal(9, 2))
            as four_week_quick_ratio_ci_lower,
        cast(four_week_quick_ratio * exp(log_margin) as decimal(9, 2))
            as four_week_quick_ratio_ci_upper
    from weeks_with_ratios

)

select *
from quick_ratio_by_week
order by week_start_date
