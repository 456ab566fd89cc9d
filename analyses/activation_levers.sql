{#- Which channel would move the overall activation rate most, if it activated like the best one?
    Read: start at the top. If this channel's users had activated at the yardstick,
    gained_user_count more would have activated, and the overall rate would be overall_rate_then.
    The yardstick is cautious: the lower end of the best channel's 95 % interval. A small channel
    with a terrible rate gains little; a large one that is a bit behind may gain most.
    Pitfall: this is a bound, not a forecast: users of different channels came with different
    intent, and you can hardly match friends invited by friends. Channels with fewer than 100
    eligible users are no yardstick. Where is_behind_beyond_chance is false, the channel's interval
    reaches the yardstick: the gain may be chance. For the step to work on, see
    milestone_steps_by_loss. -#}
with

activation as (

    select
        segment_value as channel,
        eligible_user_count,
        activated_user_count,
        activation_rate,
        activation_rate_ci_lower,
        activation_rate_ci_upper
    from {{ ref('activation_by_cohort') }}
    where
        cohort_grain = 'all' and segment_type = 'install_source' and eligible_user_count > 0
        and window_days = {{ var('activation_windows_days') | max }}

),

overall as (

    select
        sum(eligible_user_count) as user_count,
        {{ rate('sum(activated_user_count)', 'sum(eligible_user_count)') }} as overall_rate
    from activation

),

ranked_channels as (

    select
        channel,
        activation_rate_ci_lower as yardstick_rate,
        row_number() over (order by activation_rate_ci_lower desc, channel asc) as channel_rank
    from activation
    where eligible_user_count >= 100

),

gains as (

    select
        activation.channel,
        activation.eligible_user_count,
        activation.activation_rate,
        best_channel.channel as best_channel,
        best_channel.yardstick_rate,
        activation.activation_rate_ci_upper < best_channel.yardstick_rate
            as is_behind_beyond_chance,
        case
            when activation.activation_rate < best_channel.yardstick_rate
                then
                    activation.eligible_user_count
                    * (best_channel.yardstick_rate - activation.activation_rate)
            else 0
        end as gained_user_count
    from activation
    inner join ranked_channels as best_channel on best_channel.channel_rank = 1

),

activation_levers as (

    select
        gains.channel,
        gains.eligible_user_count,
        cast(
            {{ rate('gains.eligible_user_count', 'overall.user_count') }} as decimal(9, 3)
        ) as share_of_users,
        cast(gains.activation_rate as decimal(9, 3)) as activation_rate,
        gains.best_channel,
        cast(gains.yardstick_rate as decimal(9, 3)) as yardstick_rate,
        gains.is_behind_beyond_chance,
        cast(gains.gained_user_count as decimal(18, 0)) as gained_user_count,
        cast(overall.overall_rate as decimal(9, 3)) as overall_rate,
        cast(
            overall.overall_rate + gains.gained_user_count / overall.user_count as decimal(9, 3)
        ) as overall_rate_then
    from gains
    cross join overall

)

select *
from activation_levers
order by gained_user_count desc, channel asc
