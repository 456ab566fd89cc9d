{#- Which channel brings product-qualified leads, and do they pass through activation?
    Read: lead_rate is the share of all users of the channel, activated or not, who became leads:
    the one to spend money by. pql_conversion_rate is the share of the activated ones, as on the
    scorecard. leads_without_activation_count are leads that activation does not explain: where they
    are many, the milestones that qualify are not those that activate.
    Pitfall: pql_conversion_rate is conditional: a channel that activates few but keen users shines
    in it. Leads are few, so the intervals are wide: where they overlap, the data do not tell. Only
    users whose longest milestone timeframe has closed count. -#}
with

pql_conversion as (

    select
        segment_type,
        segment_value,
        eligible_user_count,
        activated_user_count,
        pql_user_count,
        pql_conversion_rate,
        pql_without_activation_count,
        pql_user_count + pql_without_activation_count as lead_count
    from {{ ref('pql_conversion_by_cohort') }}
    where cohort_grain = 'all' and segment_type in ('all', 'install_source')

),

channels as (

    select
        *,
        {{ rate('lead_count', 'eligible_user_count') }} as lead_rate,
        {{ wilson_interval('lead_count', 'eligible_user_count', 'lead_rate') }},
        {{ wilson_interval('pql_user_count', 'activated_user_count', 'pql_conversion_rate') }},
        case when segment_type = 'all' then 'all channels' else segment_value end as channel
    from pql_conversion

),

leads_by_channel as (

    select
        channel,
        eligible_user_count,
        lead_count,
        cast(lead_rate as decimal(9, 3)) as lead_rate,
        cast(lead_rate_ci_lower as decimal(9, 3)) as lead_rate_ci_lower,
        cast(lead_rate_ci_upper as decimal(9, 3)) as lead_rate_ci_upper,
        activated_user_count,
        pql_user_count,
        cast(pql_conversion_rate as decimal(9, 3)) as pql_conversion_rate,
        cast(pql_conversion_rate_ci_lower as decimal(9, 3)) as pql_conversion_rate_ci_lower,
        cast(pql_conversion_rate_ci_upper as decimal(9, 3)) as pql_conversion_rate_ci_upper,
        pql_without_activation_count as leads_without_activation_count
    from channels

)

select *
from leads_by_channel
order by lead_rate desc nulls last, channel asc
