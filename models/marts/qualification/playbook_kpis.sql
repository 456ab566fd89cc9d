{#- Does each playbook meet its targets?
    A milestone whose event nobody has is not instrumented: its rate is unknown, not 0. -#}
with

playbooks as (

    select
        playbook_id,
        kpi_id,
        playbook_name,
        persona,
        segment_type,
        segment_value,
        owner,
        kpi_name,
        kpi_order,
        kpi_type,
        triggered_by_event,
        min_count,
        timeframe,
        retention_period,
        target_rate
    from {{ ref('stg_playbooks') }}

),

counts as (

    select
        playbook_id,
        kpi_id,
        eligible_user_count,
        achieved_user_count
    from {{ ref('int_playbook_counts') }}

),

occurring_names as (

    select distinct event_name
    from {{ ref('int_defined_events') }}
    where occurred_at is not null

),

playbook_counts as (

    select
        playbooks.*,
        coalesce(counts.eligible_user_count, 0) as eligible_user_count,
        coalesce(counts.achieved_user_count, 0) as achieved_user_count,
        playbooks.kpi_type <> 'milestone' or occurring_names.event_name is not null
            as is_instrumented
    from playbooks
    cross join {{ ref('int_observation') }} as observation
    left join counts
        on playbooks.playbook_id = counts.playbook_id and playbooks.kpi_id = counts.kpi_id
    left join occurring_names on playbooks.triggered_by_event = occurring_names.event_name
    where observation.first_signup_at is not null

),

playbook_kpis as (

    select
        *,
        {{ rate_with_interval(
            'achieved_rate', 'achieved_user_count',
            'case when is_instrumented then eligible_user_count end'
        ) }}
    from playbook_counts

)

select
    playbook_id,
    kpi_id,
    playbook_name,
    persona,
    segment_type,
    segment_value,
    owner,
    kpi_name,
    kpi_order,
    kpi_type,
    triggered_by_event,
    min_count,
    timeframe,
    retention_period,
    eligible_user_count,
    achieved_user_count,
    achieved_rate,
    achieved_rate_ci_lower,
    achieved_rate_ci_upper,
    target_rate,
    is_instrumented,
    case
        when achieved_rate is null or target_rate is null then 'unknown'
        when {{ rounded('achieved_rate', 9) }} >= {{ rounded('target_rate', 9) }} then 'met'
        else 'below'
    end as status
from playbook_kpis
