{#- How many users of each segment reach each milestone on each day, of how many who still could?
    A life table, as int_first_value_life_table is one. Reaching counts, even if it was too late to
    complete the milestone. Rows only for days on which something happened. -#}
with

members as (

    select
        members.user_key,
        members.segment_key,
        members.anchored_at as signed_up_at,
        {{ whole_days_between('members.anchored_at', 'observation.observed_until_at') }}
            as observed_days
    from {{ ref('int_cohort_members') }} as members
    cross join {{ ref('int_observation') }} as observation
    where members.cohort_anchor = 'signup' and members.is_in_rates

),

observed as (

    select
        segment_key,
        observed_days,
        count(*) as user_count
    from members
    group by segment_key, observed_days

),

reached as (

    select
        reached.milestone_id,
        members.segment_key,
        members.observed_days,
        {{ whole_days_between('members.signed_up_at', 'reached.reached_at') }} as reached_days,
        count(*) as user_count
    from {{ ref('int_milestones_reached') }} as reached
    inner join members on reached.user_key = members.user_key
    group by
        reached.milestone_id,
        members.segment_key,
        members.observed_days,
        {{ whole_days_between('members.signed_up_at', 'reached.reached_at') }}

),

-- The observation of every user ends one day, but for those who have reached the milestone. So no
-- user is joined with every milestone.
changes as (

    select
        milestones.milestone_id,
        observed.segment_key,
        observed.observed_days as day_number,
        0 as event_count,
        observed.user_count as censored_count
    from observed
    cross join {{ ref('stg_milestones') }} as milestones
    union all
    select
        milestone_id,
        segment_key,
        observed_days as day_number,
        0 as event_count,
        -user_count as censored_count
    from reached
    union all
    select
        milestone_id,
        segment_key,
        reached_days as day_number,
        user_count as event_count,
        0 as censored_count
    from reached

),

counts as (

    {{ spread_over_segments(
        'changes', ref('int_segments'), by=['milestone_id', 'day_number'],
        sums=['event_count', 'censored_count'],
    ) }}

),

int_milestone_life_table as (

    select
        *,
        cast(
            {{ running(
                'sum(event_count + censored_count)',
                ['milestone_id', 'segment_type', 'segment_value'],
                'day_number desc'
            ) }} as bigint
        ) as at_risk_count
    from counts
    where event_count + censored_count > 0

)

select *
from int_milestone_life_table
