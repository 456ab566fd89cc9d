{#- What was each user's and each account's score on each day?
    A row stands until the next one of the same unit and scheme. -#}
with

pql_score_history as (

    select
        units.unit_type,
        units.unit_id,
        history.scheme,
        history.valid_from_date,
        history.valid_until_date,
        history.is_latest,
        history.score,
        history.normalized_score,
        history.band,
        history.recommended_action,
        history.is_qualified,
        history.is_lead
    from {{ ref('int_score_history') }} as history
    inner join {{ ref('int_pql_units') }} as units
        on history.unit_type = units.unit_type and history.unit_key = units.unit_key

)

select *
from pql_score_history
