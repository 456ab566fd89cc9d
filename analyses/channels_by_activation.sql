{#- Which channel activates best, and is that more than chance?
    Read: beaten_channel_count and better_channel_count count the other channels whose 95 % interval
    lies wholly below or above this one's. A channel without a better one may be the best; a channel
    that beats all others is. Where intervals overlap (a strict test), the data do not tell.
    Pitfall: a channel of few users has a wide interval and beats nobody: look at
    eligible_user_count before the rate. A new channel is compared with the whole past of the older
    ones. Users still inside their window are in open_user_count and in no rate. -#}
with

activation as (

    select
        segment_value as channel,
        signup_count,
        eligible_user_count,
        activated_user_count,
        activation_rate,
        activation_rate_ci_lower,
        activation_rate_ci_upper
    from {{ ref('activation_by_cohort') }}
    where
        cohort_grain = 'all' and segment_type = 'install_source'
        and window_days = {{ var('activation_windows_days') | max }}

),

comparisons as (

    select
        activation.channel,
        count(
            case
                when
                    activation.channel <> other_channels.channel
                    and other_channels.eligible_user_count > 0
                    then 1
            end
        ) as other_channel_count,
        count(
            case
                when activation.activation_rate_ci_lower > other_channels.activation_rate_ci_upper
                    then 1
            end
        ) as beaten_channel_count,
        count(
            case
                when activation.activation_rate_ci_upper < other_channels.activation_rate_ci_lower
                    then 1
            end
        ) as better_channel_count
    from activation
    cross join activation as other_channels
    group by activation.channel

),

channels_by_activation as (

    select
        activation.channel,
        activation.signup_count,
        activation.eligible_user_count,
        activation.activated_user_count,
        {{ rounded_rate('activation.activation_rate') }},
        comparisons.beaten_channel_count,
        comparisons.better_channel_count,
        activation.signup_count - activation.eligible_user_count as open_user_count,
        case
            when activation.eligible_user_count = 0 then 'all windows still open'
            when comparisons.other_channel_count = 0 then 'nothing to compare with'
            when comparisons.beaten_channel_count = comparisons.other_channel_count
                then 'the best, beyond chance'
            when comparisons.better_channel_count = 0 then 'may be the best'
            else 'behind, beyond chance'
        end as verdict
    from activation
    inner join comparisons on activation.channel = comparisons.channel

)

select *
from channels_by_activation
order by activation_rate desc nulls last, channel asc
