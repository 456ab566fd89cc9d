{#- Which fit signals does each unit have, and since when?
    Not those on plan_tier: the current plan knows who has paid. -#}
with

signals as (

    select
        signal_id,
        user_column,
        user_value,
        points
    from {{ ref('stg_pql_signals') }}
    where user_column <> 'plan_tier'

),

members as (

    select
        unit_type,
        unit_key,
        install_source,
        {{ utc_date('signed_up_at') }} as signup_date
    from {{ ref('int_unit_members') }}

),

matches as (

    select
        members.unit_type,
        members.unit_key,
        signals.signal_id,
        max(signals.points) as points,
        min(members.signup_date) as signup_date
    from members
    inner join signals
        on
            case signals.user_column when 'install_source' then members.install_source end
            = signals.user_value
    group by members.unit_type, members.unit_key, signals.signal_id

),

int_unit_fit_signals as (

    select
        matches.unit_type,
        matches.unit_key,
        matches.signal_id,
        cast(matches.points as {{ engine_type('decimal(18, 10)') }}) as points,
        cast(
            {{ dbt.dateadd('day', 1, 'greatest(units.started_date, matches.signup_date)') }} as date
        ) as valid_from_date
    from matches
    inner join {{ ref('int_pql_units') }} as units
        on matches.unit_type = units.unit_type and matches.unit_key = units.unit_key

)

select *
from int_unit_fit_signals
