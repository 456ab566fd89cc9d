"""In random cases with leads, everything has to occur, and the marts have to agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timezone
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from tests.oracle.arithmetic import DAY
from tests.oracle.hand_off import hand_offs
from tests.oracle.lead_scores import histories, score_at, score_on
from tests.oracle.lead_units import conversion_window, midnight, scored_dates, snapshots, units
from tests.oracle.marts import population_of
from tests.oracle.population import Population, User
from tests.oracle.qualification import fit_points
from tests.oracle.random_data import Case, write_case
from tests.oracle.raw_files import Row

NOW = datetime.now(timezone.utc).replace(tzinfo=None)
NUMBERS = (0, 1, 2, 3, 4, 5, 7, 8)
SETS = ("earlier", "later", "all")
KEY = ("unit_type", "scheme", "snapshot_age_days")
MARTS_OF_SETS = {
    "pql_calibration": KEY,
    "pql_calibration_by_bin": (*KEY, "bin_type", "bin_number"),
    "pql_thresholds": (*KEY, "threshold"),
    "early_behavior_value": ("unit_type", "outcome", "behavior_id"),
}
# They mean something in their own set alone.
NO_SUMS = {"bin_number", "cumulative_unit_count", "cumulative_converted_unit_count"}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Population]:
    return [population(write_case(n, tmp_path_factory.mktemp("case"), ("leads",))) for n in NUMBERS]


def population(case: Case) -> Population:
    where = case.raw_dir, case.definitions_dir
    return population_of(*where, NOW, case.variables, case.settings)


def rows(cases: list[Population], mart: str) -> Iterator[Row]:
    for case in cases:
        yield from case.rows_of(mart)


def grouped(found: list[Row], key: tuple[str, ...]) -> dict[tuple, list[Row]]:
    groups = defaultdict(list)
    for row in found:
        groups[tuple(row[column] for column in key)].append(row)
    return groups


# What has to occur


@pytest.mark.parametrize(
    ("mart", "column", "values"),
    [
        ("leads_to_hand_off", "status", {"converted", "withdrawn", "expired", "open"}),
        ("leads_to_hand_off", "unit_type", {"user", "account"}),
        ("leads_to_hand_off", "scheme", {"milestone_share", "points", "propensity"}),
        ("leads_to_hand_off", "handoff_number", {1, 2}),
        ("handoff_outcomes_by_week", "is_alert", {True, False}),
        ("pql_drift_by_week", "drift_status", {"not_enough_data", "stable", "major"}),
        ("early_behavior_value", "is_predictive", {True, False}),
        ("playbook_kpis", "status", {"met", "below", "unknown"}),
        ("playbook_kpis", "is_instrumented", {True, False}),
        ("pql_thresholds", "is_recommended", {True, False}),
        ("metric_history_by_definition", "is_comparable", {True, False}),
        ("pql_score_history", "is_lead", {True, False}),
    ],
)
def test_everything_occurs(
    cases: list[Population], mart: str, column: str, values: set[object]
) -> None:
    assert values <= {row[column] for row in rows(cases, mart)}


@pytest.mark.parametrize(
    ("mart", "column"),
    [
        ("pql_calibration", "auc_ci_lower"),
        ("pql_calibration", "brier_skill_score"),
        ("pql_calibration", "recommended_threshold"),
        ("pql_calibration", "only_here_unit_count"),
        ("pql_calibration", "conversion_rate"),
        ("pql_drift_by_week", "psi"),
        ("pql_rate_by_cohort", "median_days_to_pql"),
        ("pql_score_history", "band"),
        ("handoff_outcomes_by_week", "trailing_false_discovery_rate"),
        ("early_behavior_value", "odds_ratio"),
        ("metric_history_by_definition", "difference"),
        ("metric_history_by_definition", "owner"),
    ],
)
def test_a_value_is_there_and_lacks(cases: list[Population], mart: str, column: str) -> None:
    assert {row[column] is None for row in rows(cases, mart)} == {True, False}


def test_users_pay_on_the_edges_of_a_window(cases: list[Population]) -> None:
    edges = Counter()
    for case in cases:
        for snapshot in case.find(snapshots):
            if snapshot.unit.converted_at is not None:
                waited = snapshot.unit.converted_at - midnight(snapshot.date)
                edges["midnight"] += not waited
                edges["end"] += waited == conversion_window(case)
    assert min(edges["midnight"], edges["end"]) > 3


def test_a_lead_between_the_bounds_is_what_it_was(cases: list[Population]) -> None:
    kept = Counter()
    for case in cases:
        for (scheme, _), history in case.find(histories).items():
            band = case.definitions.lowest_qualified_band(scheme)
            for scored in history if band and band.exit_bound is not None else ():
                if band.exit_bound <= scored.score < band.lower_bound:
                    kept[scored.is_lead] += 1
    assert min(kept[True], kept[False]) > 5


# What has to agree


def test_a_score_is_that_of_each_date(cases: list[Population]) -> None:
    """All dates are scored, and not those alone on which something may have changed."""
    for case in cases:
        for (scheme, unit), history in list(case.find(histories).items())[::9]:
            first, last = scored_dates(case, unit)
            if not history:
                continue
            for number in range((last - max(first, history[0].date)).days + 1):
                day = max(first, history[0].date) + number * DAY
                assert score_on(history, day) == score_at(scheme, unit, case, midnight(day))


def test_neighbours_differ_and_meet(cases: list[Population]) -> None:
    for case in cases:
        history_rows = case.rows_of("pql_score_history")
        for history in grouped(history_rows, ("unit_type", "unit_id", "scheme")).values():
            for row, later in pairwise(history):
                assert row["score"] != later["score"]
                assert row["valid_until_date"] == later["valid_from_date"]
            assert [row["is_latest"] for row in history] == [*[False] * (len(history) - 1), True]


def test_the_newest_score_is_the_score_of_today(cases: list[Population]) -> None:
    compared = 0
    for case in cases:
        until = case.observed_until_at
        if until != midnight(until.date()):
            continue
        scores = {row["user_id"]: row for row in case.rows_of("pql_scores")}
        for (scheme, unit), history in case.find(histories).items():
            if unit.unit_type != "user" or scheme == "propensity" or not history:
                continue
            (user,) = unit.users
            is_at_end = any(ts[-1] == until for ts in user.timestamps_by_event.values())
            if is_at_end or scored_dates(case, unit)[1] != until.date():
                continue
            today = scores[unit.unit_id]
            expected = {
                "milestone_share": today["milestone_score"] * 100,
                "points": today["points_score"] - points_of_plan(user, case),
            }
            assert history[-1].score == expected[scheme]
            compared += 1
    assert compared > 20


def points_of_plan(user: User, case: Population) -> Decimal:
    signals = [s for s in case.definitions.signals if s.user_column == "plan_tier"]
    return sum((fit_points(user, signal) for signal in signals), Decimal(0))


@pytest.mark.parametrize("mart", list(MARTS_OF_SETS))
def test_earlier_and_later_are_all(cases: list[Population], mart: str) -> None:
    checked = 0
    for case in cases:
        for group in grouped(case.rows_of(mart), MARTS_OF_SETS[mart]).values():
            if group[0].get("bin_type") == "decile":
                # Each set has deciles of its own.
                continue
            by_set = {row["snapshot_set"]: row for row in group}
            assert set(by_set) == set(SETS)
            for column in by_set["all"]:
                if column.endswith("_count") and column not in NO_SUMS:
                    earlier, later, both = (by_set[name][column] for name in SETS)
                    assert both is None or earlier + later == both
                    checked += bool(both)
    assert checked > 50


def test_bins_add_up(cases: list[Population]) -> None:
    for case in cases:
        calibration = grouped(case.rows_of("pql_calibration"), (*KEY, "snapshot_set"))
        bins = grouped(case.rows_of("pql_calibration_by_bin"), (*KEY, "snapshot_set", "bin_type"))
        for (*key, _), group in bins.items():
            (whole,) = calibration[tuple(key)]
            for column in ("eligible_unit_count", "converted_unit_count"):
                assert sum(row[column] for row in group) == whole[column]
            last = max(group, key=lambda row: row["bin_number"])
            recall = 1 if whole["converted_unit_count"] else None
            assert last["cumulative_recall_rate"] == recall


def test_thresholds_tell_what_calibration_tells(cases: list[Population]) -> None:
    """Counts fall, those at the entry bound are the qualified, and the area is the AUC."""
    for case in cases:
        thresholds = grouped(case.rows_of("pql_thresholds"), (*KEY, "snapshot_set"))
        for whole in case.rows_of("pql_calibration"):
            key = tuple(whole[column] for column in (*KEY, "snapshot_set"))
            group = sorted(thresholds[key], key=lambda row: row["threshold"], reverse=True)
            counts = [(r["flagged_unit_count"], r["flagged_converted_unit_count"]) for r in group]
            assert counts == sorted(counts)
            band = case.definitions.lowest_qualified_band(whole["scheme"])
            for row, count in zip(group, counts, strict=True):
                # Scores below the lowest bound lie in the lowest band all the same.
                if band and band.lower_bound > 0 and row["threshold"] == band.lower_bound:
                    qualified = ("qualified_unit_count", "qualified_converted_unit_count")
                    assert count == tuple(whole[column] for column in qualified)
            n, m = whole["eligible_unit_count"], whole["converted_unit_count"]
            if counts and n:
                assert counts[-1] == (n, m)
            area = area_under(counts, n, m)
            assert whole["auc"] == (None if area is None else pytest.approx(area, abs=1e-12))


def area_under(counts: list[tuple[int, int]], n: int, m: int) -> float | None:
    if not m or m == n:
        return None
    area, points = Fraction(0), [(0, 0), *counts]
    for (flagged, converted), (more, more_converted) in pairwise(points):
        width = (more - more_converted) - (flagged - converted)
        area += Fraction(width * (converted + more_converted), 2 * m * (n - m))
    return float(area)


def test_what_one_scheme_alone_qualifies(cases: list[Population]) -> None:
    for case in cases:
        calibration = grouped(case.rows_of("pql_calibration"), (*KEY, "snapshot_set"))
        other = case.variables.handoff_scheme
        for row in case.rows_of("pql_calibration"):
            if other not in case.definitions.schemes:
                assert row["only_there_converted_unit_count"] is None
                continue
            key = (row["unit_type"], other, row["snapshot_age_days"], row["snapshot_set"])
            (there,) = calibration[key]
            for kind, column in (
                ("unit", "qualified_unit_count"),
                ("converted_unit", "qualified_converted_unit_count"),
            ):
                only = row[f"only_here_{kind}_count"] - row[f"only_there_{kind}_count"]
                assert row[column] - there[column] == only


def test_who_reaches_the_score_in_time_is_handed_off(cases: list[Population]) -> None:
    checked = 0
    for case in cases:
        variables = case.variables
        window = variables.pql_window_days * DAY
        if variables.handoff_signup_days * DAY != window or case.observed_from is not None:
            continue
        handed_off = {
            hand_off.unit
            for hand_off in case.find(hand_offs)
            if case.is_closed(hand_off.unit.started_at, window)
        }
        reached = sum(
            row["reached_unit_count"]
            for row in case.rows_of("pql_rate_by_cohort")
            if (row["cohort_grain"], row["segment_type"]) == ("all", "all")
            and row["unit_type"] == variables.handoff_unit_type
            and row["scheme"] == variables.handoff_scheme
        )
        assert len(handed_off) == reached
        checked += reached
    assert checked > 10


def test_each_hand_off_has_a_number(cases: list[Population]) -> None:
    for case in cases:
        leads = case.rows_of("leads_to_hand_off")
        assert len(case.find(hand_offs)) == sum(row["handoff_number"] for row in leads)
        weeks = case.rows_of("handoff_outcomes_by_week")
        ended = {row["week_start_date"] for row in weeks}
        dates = [hand_off.date for hand_off in case.find(hand_offs)]
        in_ended = sum(day - day.weekday() * DAY in ended for day in dates)
        assert sum(row["handoff_count"] for row in weeks) == in_ended


def test_every_behaviour_divides_the_same_units(cases: list[Population]) -> None:
    for case in cases:
        found = case.rows_of("early_behavior_value")
        for group in grouped(found, ("unit_type", "outcome", "snapshot_set")).values():
            totals = {
                (
                    row["done_unit_count"] + row["other_unit_count"],
                    row["done_outcome_count"] + row["other_outcome_count"],
                )
                for row in group
            }
            assert len(totals) == 1


def test_current_values_are_those_of_the_scorecard(cases: list[Population]) -> None:
    key = ("metric_id", "week_start_date")
    for case in cases:
        history = case.rows_of("metric_history_by_definition")
        current = grouped([row for row in history if row["is_current"]], key)
        scorecard = grouped(case.rows_of("kpi_scorecard"), key)
        assert current.keys() == scorecard.keys()
        for place, (row,) in current.items():
            assert row["value"] == row["current_definition_value"]
            assert row["value"] == scorecard[place][0]["current_value"]


def test_units_are_users_and_their_accounts(cases: list[Population]) -> None:
    for case in cases:
        found = Counter(unit.unit_type for unit in case.find(units))
        assert found["user"] == len(case.users)
        accounts = {user.account_id for user in case.users} - {None}
        assert found["account"] == len(accounts)
