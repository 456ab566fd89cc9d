{#- Which leads were handed off to sales, when, and what became of each?
    A unit is handed off when it becomes a lead: not again while it stays one, and anew when it comes back.
    Who converted before, or becomes a lead late, is not handed off. -#}
with

spells as (

    select
        unit_type,
        unit_key,
        scheme,
        left_date,
        score_at_entry as score_at_handoff,
        entered_date as handed_off_date,
        cast(entered_date as timestamp) as handed_off_at
    from {{ ref('int_lead_spells') }}

),

units as (

    select
        unit_type,
        unit_key,
        unit_id,
        account_id,
        started_at,
        converted_at,
        is_conversion_known,
        is_in_rates
    from {{ ref('int_pql_units') }}

),

handoffs as (

    select
        spells.*,
        units.unit_id,
        units.account_id,
        units.started_at,
        units.converted_at,
        units.is_conversion_known and units.is_in_rates as is_in_rates,
        {{ dbt.dateadd('day', var('conversion_window_days'), 'spells.handed_off_at') }}
            as window_ends_at,
        cast(
            row_number() over (
                partition by spells.unit_type, spells.unit_key
                order by spells.handed_off_date
            ) as bigint
        ) as handoff_number,
        count(*) over (partition by spells.unit_type, spells.unit_key) as handoff_count
    from spells
    inner join units
        on spells.unit_type = units.unit_type and spells.unit_key = units.unit_key
    where
        spells.handed_off_at
        < {{ dbt.dateadd('day', var('handoff_signup_days'), 'units.started_at') }}
        and coalesce(units.converted_at >= spells.handed_off_at, true)

),

judged_handoffs as (

    select
        handoffs.*,
        {{ utc_date('handoffs.window_ends_at') }} as window_end_date,
        handoffs.window_ends_at <= observation.observed_until_at as is_closed,
        coalesce(handoffs.left_date < {{ utc_date('handoffs.window_ends_at') }}, false)
            as has_left_in_time,
        coalesce(handoffs.converted_at < handoffs.window_ends_at, false) as is_converted_in_time
    from handoffs
    cross join {{ ref('int_observation') }} as observation

),

int_handoffs as (

    select
        *,
        handoff_number = handoff_count as is_newest,
        {{ dbt.concat([
            'scheme', "'/'", 'unit_type', "'/'", 'unit_id', "'/'",
            'cast(handoff_number as ' ~ dbt.type_string() ~ ')',
        ]) }} as handoff_id,
        case
            when converted_at is not null then 'converted'
            when has_left_in_time then 'withdrawn'
            when is_closed then 'expired'
            else 'open'
        end as status,
        case
            when converted_at is not null then {{ local_date('converted_at') }}
            when has_left_in_time then left_date
            when is_closed then window_end_date
            else handed_off_date
        end as status_date
    from judged_handoffs

)

select *
from int_handoffs
