{#- From when until when was each unit a lead?
    By the scheme and for the units that the vars handoff_scheme and handoff_unit_type name. -#}
with

history as (

    select
        unit_type,
        unit_key,
        scheme,
        valid_from_date,
        score,
        is_lead,
        lag(is_lead) over (
            partition by unit_type, unit_key, scheme
            order by valid_from_date
        ) as was_lead
    from {{ ref('int_score_history') }}
    where
        scheme = '{{ var("handoff_scheme") }}' and unit_type = '{{ var("handoff_unit_type") }}'

),

changes as (

    -- A unit enters and leaves in turn: the change after an entry is when it left.
    select
        unit_type,
        unit_key,
        scheme,
        score,
        is_lead,
        valid_from_date as entered_date,
        lead(valid_from_date) over (
            partition by unit_type, unit_key, scheme
            order by valid_from_date
        ) as left_date
    from history
    where is_lead <> coalesce(was_lead, false)

),

int_lead_spells as (

    select
        unit_type,
        unit_key,
        scheme,
        entered_date,
        left_date,
        score as score_at_entry
    from changes
    where is_lead

)

select *
from int_lead_spells
