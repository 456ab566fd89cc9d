{#- Which channel brings product-qualified leads, and do they pass through activation?
    Read: lead_rate is the share of all users of the channel, activated or not, who became leads:
    spend money by this one. pql_conversion_rate is the share of the activated users, as on the
    scorecard. leads_without_activation_count counts leads that activation does not explain: where
    they are many, the milestones that qualify are not those that activate.
    Pitfall: pql_conversion_rate is conditional: a channel that activates few but keen users looks
    great in it. Leads are few, so the intervals are wide: where they overlap, the data do not tell.
    Only users whose longest milestone timeframe has closed count. -#}
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
        {{ rate_with_interval('lead_rate', 'lead_count', 'eligible_user_count') }},
        {{ wilson_interval('pql_user_count', 'activated_user_count', 'pql_conversion_rate') }},
        case when segment_type = 'all' then 'all channels' else segment_value end as channel
    from pql_conversion

),

leads_by_channel as (

    select
        channel,
        eligible_user_count,
        lead_count,
        {{ rounded_rate('lead_rate') }},
        activated_user_count,
        pql_user_count,
        {{ rounded_rate('pql_conversion_rate') }},
        pql_without_activation_count as leads_without_activation_count
    from channels

)

select *
from leads_by_channel
order by lead_rate desc nulls last, channel asc
