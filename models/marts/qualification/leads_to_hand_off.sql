{#- Whom should sales have now, and why?
    One row per unit, because a CRM refuses a batch that has a key twice. -#}
with

handoffs as (

    select
        handoff_id,
        unit_type,
        unit_key,
        unit_id,
        account_id,
        scheme,
        handoff_number,
        started_at,
        handed_off_date,
        score_at_handoff,
        status,
        status_date
    from {{ ref('int_handoffs') }}
    where is_newest

),

newest_scores as (

    select
        unit_type,
        unit_key,
        scheme,
        score,
        band,
        recommended_action
    from {{ ref('int_score_history') }}
    where is_latest

),

bounds as (

    select
        scheme,
        entry_bound,
        recommended_action
    from {{ ref('int_lead_bounds') }}

),

leads_to_hand_off as (

    select
        handoffs.handoff_id,
        handoffs.unit_type,
        handoffs.unit_id,
        handoffs.account_id,
        handoffs.scheme,
        handoffs.handoff_number,
        handoffs.started_at,
        handoffs.handed_off_date,
        handoffs.score_at_handoff,
        signals.top_signals,
        handoffs.status,
        handoffs.status_date,
        scores.score,
        scores.band,
        case
            when handoffs.status = 'converted' then null
            -- While sales has its time, a score below the entry bound is no reason to stop.
            when handoffs.status = 'open' and scores.score < bounds.entry_bound
                then bounds.recommended_action
            else scores.recommended_action
        end as recommended_action
    from handoffs
    inner join newest_scores as scores
        on
            handoffs.unit_type = scores.unit_type
            and handoffs.unit_key = scores.unit_key
            and handoffs.scheme = scores.scheme
    left join bounds on handoffs.scheme = bounds.scheme
    left join {{ ref('int_handoff_signals') }} as signals
        on handoffs.handoff_id = signals.handoff_id

)

select *
from leads_to_hand_off
