{#- On each day of a milestone's curve, the users of a segment type's values sum to all users. -#}
with

sums as (

    select
        milestone_id,
        day_number,
        segment_type,
        sum(at_risk_count) as at_risk_count,
        sum(event_count) as event_count,
        sum(censored_count) as censored_count
    from {{ ref('milestone_survival_curve') }}
    group by milestone_id, day_number, segment_type

)

select
    sums.*,
    totals.at_risk_count as expected_at_risk_count,
    totals.event_count as expected_event_count,
    totals.censored_count as expected_censored_count
from sums
inner join sums as totals
    on sums.milestone_id = totals.milestone_id and sums.day_number = totals.day_number
where
    totals.segment_type = 'all'
    and (
        sums.at_risk_count <> totals.at_risk_count
        or sums.event_count <> totals.event_count
        or sums.censored_count <> totals.censored_count
    )
