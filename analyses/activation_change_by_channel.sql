{#- The activation rate moved between the two newest closed months: did the channels change, or
    their mix?
    Read: the effects of all channels add up to overall_change. rate_effect comes from the change of
    the channel's own rate, at its average share of users; mix_effect comes from the change of its
    share, at the distance of its average rate from the overall one. If only mix_effect lowered the
    rate, look at where users come from, not at the product.
    Pitfall: small channels swing by chance: trust rate_effect only where the interval of
    rate_change (95 %, Newcombe's) leaves out zero. A channel with users in only one of the months
    has a mix effect and no rate change. -#}
with

activation as (

    select
        cohort_date,
        segment_value as channel,
        eligible_user_count,
        activated_user_count
    from {{ ref('activation_by_cohort') }}
    where
        cohort_grain = 'month' and segment_type = 'install_source'
        and window_days = {{ var('activation_windows_days') | max }}

),

observation as (

    select max(scored_at) as observed_until_at
    from {{ ref('pql_scores') }}

),

newest_closed_month as (

    select max(activation.cohort_date) as newest_month
    from activation
    cross join observation
    where
        {{ dbt.dateadd('month', 1, 'activation.cohort_date') }}
        <= {{ local_date(dbt.dateadd(
            'day', -(var('activation_windows_days') | max), 'observation.observed_until_at'
        )) }}

),

months as (

    -- The newest closed month is 1, the one before is 0.
    select
        activation.channel,
        activation.eligible_user_count,
        activation.activated_user_count,
        case when activation.cohort_date = newest_closed_month.newest_month then 1 else 0 end
            as is_newest
    from activation
    cross join newest_closed_month
    where
        activation.cohort_date = newest_closed_month.newest_month
        or cast({{ dbt.dateadd('month', 1, 'activation.cohort_date') }} as date)
        = newest_closed_month.newest_month

),

channels as (

    select
        channel,
        {{ sum_as_bigint('eligible_user_count * is_newest') }} as newest_user_count,
        {{ sum_as_bigint('activated_user_count * is_newest') }} as newest_activated_count,
        {{ sum_as_bigint('eligible_user_count * (1 - is_newest)') }} as user_count_before,
        {{ sum_as_bigint('activated_user_count * (1 - is_newest)') }} as activated_count_before
    from months
    group by channel

),

totals as (

    select
        sum(newest_user_count) as all_newest_user_count,
        sum(user_count_before) as all_user_count_before,
        {{ rate('sum(newest_activated_count)', 'sum(newest_user_count)') }} as overall_newest_rate,
        {{ rate('sum(activated_count_before)', 'sum(user_count_before)') }} as overall_rate_before
    from channels

),

channel_rates as (

    select
        *,
        {{ rate_with_interval('newest_rate', 'newest_activated_count', 'newest_user_count') }},
        {{ rate_with_interval('rate_before', 'activated_count_before', 'user_count_before') }}
    from channels

),

effects as (

    select
        channel_rates.*,
        channel_rates.newest_rate - channel_rates.rate_before as rate_change,
        {{ difference_margins('channel_rates.newest_rate', 'channel_rates.rate_before') }},
        {{ rate('channel_rates.newest_user_count', 'totals.all_newest_user_count') }}
            as newest_share,
        {{ rate('channel_rates.user_count_before', 'totals.all_user_count_before') }}
            as share_before,
        -- A channel without users in a month lends that month its rate of the other.
        (
            coalesce(channel_rates.newest_rate, channel_rates.rate_before)
            + coalesce(channel_rates.rate_before, channel_rates.newest_rate)
        ) / 2 as average_rate,
        (totals.overall_newest_rate + totals.overall_rate_before) / 2 as average_overall_rate,
        totals.overall_newest_rate - totals.overall_rate_before as overall_change
    from channel_rates
    cross join totals

),

activation_change_by_channel as (

    select
        channel,
        user_count_before,
        newest_user_count,
        cast(share_before as decimal(9, 3)) as share_before,
        cast(newest_share as decimal(9, 3)) as newest_share,
        cast(rate_before as decimal(9, 3)) as rate_before,
        cast(newest_rate as decimal(9, 3)) as newest_rate,
        {{ rounded_difference('rate_change') }},
        cast(coalesce(rate_change, 0) * (newest_share + share_before) / 2 as decimal(9, 4))
            as rate_effect,
        cast(
            (newest_share - share_before) * (average_rate - average_overall_rate) as decimal(9, 4)
        ) as mix_effect,
        cast(overall_change as decimal(9, 4)) as overall_change
    from effects

)

select *
from activation_change_by_channel
order by abs(rate_effect) + abs(mix_effect) desc, channel
