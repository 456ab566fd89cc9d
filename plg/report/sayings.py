"""What a reader has to know beside a number, said where the number is shown.

Each sentence follows from the data of the build; without a cause there is none.
"""

from __future__ import annotations

from datetime import date

from plg.marts import read_marts
from plg.report.cards import rows_of
from plg.report.differences import read_differences
from plg.report.scorecard import missing_inputs
from plg.report.sources import Query

# Warnings of the build that a card says, too: by warning, the marts whose cards say it.
WARNED_SQL = """
    select warning_id, message
    from marts.build_warnings
    where warning_id in ({warnings})
    order by warning_id, subject
"""
WARNED = {
    "pql_is_activation": ("pql_conversion_by_cohort", "pql_scores"),
    "invited_outside_window": ("viral_coefficient_by_cohort",),
}
# The mart that a metric of the scorecard comes from. Milestones have sentences below, and the card of
# viral_coefficient_by_cohort says itself where nobody has an inviter.
MART_OF_METRIC = {
    "activation_rate": "activation_by_cohort",
    "time_to_first_value": "time_to_first_value_by_cohort",
    "pql_conversion_rate": "pql_conversion_by_cohort",
}
UNMEASURED_MILESTONES_SQL = """
    select milestone_id, triggered_by_event
    from intermediate.int_milestones_measured
    where not is_measured
    order by milestone_id
"""
# The step whose two shares differ most: that of completion and that of velocity.
STEP_SQL = """
    select
        velocities.from_milestone_id,
        velocities.to_milestone_id,
        completions.conversion_from_previous_rate,
        velocities.progression_rate
    from marts.milestone_velocity_by_cohort as velocities
    inner join marts.milestone_completion_by_cohort as completions
        on
            velocities.to_milestone_id = completions.milestone_id
            and velocities.cohort_grain = completions.cohort_grain
            and velocities.segment_type = completions.segment_type
    where
        velocities.cohort_grain = 'all'
        and velocities.segment_type = 'all'
        and abs(completions.conversion_from_previous_rate - velocities.progression_rate) >= 0.001
    order by
        abs(completions.conversion_from_previous_rate - velocities.progression_rate) desc,
        velocities.from_milestone_id
    limit 1
"""
# The candidate of the first rank, and how many cells older users could be tested for.
CANDIDATES_SQL = f"""
    select
        count(*),
        count(p_value),
        max(case when candidate_rank = 1 then behaviour end),
        max(case when candidate_rank = 1 then newer_users_say end)
    from {rows_of(read_marts()["activation_event_candidates"])} as mart
"""
# The newest weeks in which scores have drifted.
DRIFT_SQL = """
    select
        unit_type,
        scheme,
        max(case when drift_status = 'major' then 1 else 0 end) = 1,
        min(week_start_date),
        max(week_start_date),
        max(psi)
    from marts.pql_drift_by_week
    where
        drift_status in ('major', 'moderate')
        and week_start_date >= (
            select max(week_start_date) from marts.pql_drift_by_week
        ) - interval '21' day
    group by unit_type, scheme
    order by unit_type desc, scheme
"""
# The newest week of which sales had its time for some hand-off; with the three weeks before.
OUTCOMES_SQL = """
    select
        week_start_date,
        trailing_eligible_handoff_count,
        trailing_eligible_handoff_count - trailing_converted_handoff_count,
        trailing_false_discovery_rate,
        trailing_false_discovery_rate_ci_lower,
        is_alert
    from marts.handoff_outcomes_by_week
    where eligible_handoff_count > 0
    order by week_start_date desc
    limit 1
"""
IS_CONVERSION_UNKNOWN_SQL = """
    select 1
    from intermediate.int_pql_units
    having count(*) > 0 and count(case when is_conversion_known then 1 end) = 0
"""
UNKNOWN = (
    "Conversion is unknown: there are no subscriptions with an amount above 0, and no event that the var "
    "conversion_event names."
)
COMPLETION = "of those who completed {one} in time, who completed {next} in time too, in any order"
VELOCITY = "of those who reached {one} at all, who reached {next} after it, within the window that begins then"


def read_sayings(query: Query) -> dict[str, list[str]]:
    """Sentences by the mart whose card says them."""
    found: dict[str, list[str]] = {}

    def say(mart: str, sentence: str) -> None:
        found.setdefault(mart, []).append(sentence)

    for metric_id, missing in missing_inputs(query).items():
        if metric_id in MART_OF_METRIC:
            say(MART_OF_METRIC[metric_id], f"Not measured: {missing}.")
    for milestone_id, event in query(UNMEASURED_MILESTONES_SQL):
        for mart in ("milestone_completion_by_cohort", "milestone_velocity_by_cohort"):
            say(mart, f"Milestone {milestone_id} is not measured: no event {event}.")
    warnings = ", ".join(f"'{warning}'" for warning in WARNED)
    for warning_id, message in query(WARNED_SQL.format(warnings=warnings)):
        for mart in WARNED[warning_id]:
            say(mart, message)
    for sentence in read_differences(query):
        say("segment_tests", sentence)
    for one, following, conversion, progression in query(STEP_SQL):
        step = {"one": one, "next": following}
        completion, velocity = COMPLETION.format(**step), VELOCITY.format(**step)
        say(
            "milestone_completion_by_cohort",
            f"{one} to {following}: {_share(conversion)} here, {_share(progression)} on the card on how "
            f"fast users go on (all users). Here: {completion}. There: {velocity}.",
        )
        say(
            "milestone_velocity_by_cohort",
            f"{one} to {following}: {_share(progression)} here, {_share(conversion)} on the card on "
            f"completion (all users). Here: {velocity}. There: {completion}.",
        )
    for unit_type, scheme, is_major, first_week, last_week, psi in query(DRIFT_SQL):
        weeks = f"week of {first_week:%Y-%m-%d}"
        if last_week != first_week:
            weeks = f"weeks of {first_week:%Y-%m-%d} to {last_week:%Y-%m-%d}"
        say(
            "pql_drift_by_week",
            f"Alert: {'major' if is_major else 'moderate'} drift of {scheme.replace('_', ' ')} of {unit_type}s in the "
            f"{weeks} (PSI up to {psi:.2f}). Thresholds were chosen on other scores: look at what changed, then choose "
            "again.",
        )
    for outcome in query(OUTCOMES_SQL):
        say("handoff_outcomes_by_week", _outcome(*outcome))
        if outcome[-1]:
            say("leads_to_hand_off", _outcome(*outcome))
    if query(IS_CONVERSION_UNKNOWN_SQL):
        say("leads_to_hand_off", f"{UNKNOWN} So no lead is shown as converted, also who pays.")
        say("handoff_outcomes_by_week", f"{UNKNOWN} So nobody can say how many leads convert.")
        say("playbook_kpis", f"{UNKNOWN} So no playbook has a share that converts.")
    for cells, tested, behaviour, newer_users_say in query(CANDIDATES_SQL):
        if cells:
            say("activation_event_candidates", _recommendation(tested, behaviour, newer_users_say))
    return found


def _outcome(
    week: date, handoffs: int, unconverted: int, rate: float, at_least: float, is_alert: bool
) -> str:
    found = (
        f"in the four weeks up to that of {week:%Y-%m-%d}, {unconverted:,} of {handoffs:,} hand-offs whose time is "
        f"over did not convert ({_share(rate)})"
    )
    if is_alert:
        return (
            f"Alert: {found}, surely more than {_share(at_least)}. That is above the limit (var "
            "false_discovery_limit): ask for more before a lead is handed off, in pql_bands.csv or pql_signals.csv."
        )
    return f"No alert: {found}, which is not surely above the limit (var false_discovery_limit)."


def _recommendation(tested: int, behaviour: str | None, newer_users_say: str | None) -> str:
    if not tested:
        return (
            "Not enough data: of no behaviour are there enough older users who did it, and enough who did not, "
            "to test the difference."
        )
    if behaviour is None:
        return (
            "No behaviour goes with staying strongly enough (phi of 0.2) and by more than chance to be a "
            "candidate."
        )
    if newer_users_say == "yes: recommended":
        return f"Recommended as activation event: {behaviour}. Newer users confirm it."
    reason = "do not confirm it" if newer_users_say == "no" else "are too few to confirm it"
    return (
        f"None is recommended: the first candidate is {behaviour}, and newer users {reason}. A second choice "
        "would have seen that test."
    )


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"
