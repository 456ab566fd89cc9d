"""The scorecard in rows and in words, for the report and the terminal alike."""

from __future__ import annotations

from typing import Any

from plg.report.sources import Query

COLUMNS = (
    "metric_id", "metric_name", "unit", "week_start_date", "is_latest", "current_value",
    "current_value_ci_lower", "current_value_ci_upper", "user_count", "previous_value",
    "week_over_week_change", "change_p_value", "is_within_noise", "target_value", "status",
    "benchmark_low", "benchmark_high", "benchmark_position",
)  # fmt: skip
# A metric with a target and no closed week has a row without a week.
SCORECARD_SQL = """
    select
        coalesce(scorecard.metric_id, targets.metric_id) as metric_id,
        coalesce(targets.metric_name, scorecard.metric_id, targets.metric_id) as metric_name,
        coalesce(targets.unit, '') as unit,
        scorecard.week_start_date,
        coalesce(scorecard.is_latest, true) as is_latest,
        scorecard.current_value,
        scorecard.current_value_ci_lower,
        scorecard.current_value_ci_upper,
        scorecard.user_count,
        scorecard.previous_value,
        scorecard.week_over_week_change,
        scorecard.change_p_value,
        changes.is_within_noise,
        coalesce(scorecard.target_value, targets.target_value) as target_value,
        scorecard.status,
        scorecard.benchmark_low,
        scorecard.benchmark_high,
        scorecard.benchmark_position
    from definitions.kpi_targets as targets
    full join marts.kpi_scorecard as scorecard on targets.metric_id = scorecard.metric_id
    left join intermediate.int_scorecard_changes as changes
        on
            scorecard.metric_id = changes.metric_id
            and scorecard.week_start_date = changes.week_start_date
    order by metric_name, metric_id, week_start_date
"""
GAPS_SQL = """
    select metric_id, missing_kind, missing_name
    from intermediate.int_scorecard_gaps
    order by metric_id, missing_kind, missing_name
"""
# Paths whose required milestones alone make a lead, and how many paths activate users.
LEADS_BY_CONSTRUCTION_SQL = """
    select
        warnings.subject,
        (select count(distinct path) from staging.stg_milestones where is_required) as path_count
    from marts.build_warnings as warnings
    where warnings.warning_id = 'pql_is_activation'
    order by warnings.subject
"""
# What the data lack, by the kind of it.
LACKING = {"column": "no user has", "event": "no event", "table": "no table"}
# Below this, a p-value is said to be below it.
SMALLEST_P = 0.001


def read_scorecard(query: Query) -> list[dict[str, Any]]:
    """The metrics, by name and week, each row with all COLUMNS and `change_text`.

    `status` is never null: without a closed week, it is `not_measured` or `unknown`.
    `change_text` says the change and whether it is noise, or why there is none; it is null for all
    but the newest week.
    """
    missing, construction = missing_inputs(query), _leads_by_construction(query)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in query(SCORECARD_SQL)]
    for row in rows:
        gap = missing.get(row["metric_id"])
        row["status"] = row["status"] or ("not_measured" if gap else "unknown")
        row["change_text"] = None
        if row["is_latest"]:
            row["change_text"] = _change_text(row, gap)
            if construction and row["metric_id"] == "pql_conversion_rate":
                row["change_text"] += f"; {construction}"
    return rows


def _leads_by_construction(query: Query) -> str:
    """Says that whoever activates is a lead, however the product does; empty where it isn't so."""
    found = query(LEADS_BY_CONSTRUCTION_SQL)
    if not found:
        return ""
    paths = [path for path, _ in found]
    if len(paths) == found[0][1]:
        return "every activated user is a lead by construction"
    return f"who activates by {_listed(paths)} is a lead by construction"


def _listed(names: list[str]) -> str:
    """One name, or several as in "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def missing_inputs(query: Query) -> dict[str, str]:
    """What the data lack, by the metric that needs it: "no event invite_sent"."""
    names: dict[tuple[str, str], list[str]] = {}
    for metric_id, kind, name in query(GAPS_SQL):
        names.setdefault((metric_id, kind), []).append(name)
    said: dict[str, list[str]] = {}
    for (metric_id, kind), found in names.items():
        lacking = LACKING[kind]
        said.setdefault(metric_id, []).append(f"{lacking} {_listed(found)}")
    return {metric_id: ", ".join(parts) for metric_id, parts in said.items()}


def _change_text(row: dict[str, Any], gap: str | None) -> str:
    if gap:
        return f"not measured: {gap}"
    if row["week_start_date"] is None:
        return "no closed week"
    change, unit = row["week_over_week_change"], row["unit"]
    if change is None:
        return "no week before"
    if row["current_value_ci_lower"] is None:
        return f"{change:+.2f}" + " d" * (unit == "days")
    # A change of a percentage is in points: from 40 % to 42 % is 2 points, not 2 %.
    size = f"{100 * change:+.1f} pp"
    p_value = row["change_p_value"]
    if p_value is None:
        return f"{size}, not enough data to test it"
    is_noise = "within noise" if row["is_within_noise"] else "more than noise"
    return f"{size}, {is_noise} ({_p_text(p_value)})"


def _p_text(p_value: float) -> str:
    if p_value < SMALLEST_P:
        return f"p < {SMALLEST_P}"
    return f"p {p_value:.2f}" if p_value >= 0.1 else f"p {p_value:.3f}"
