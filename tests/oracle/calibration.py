"""How well each scheme tells who will convert, by the units whose outcome is known."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tests.oracle.arithmetic import DAY, WEEK, rate, rate_with_interval
from tests.oracle.definitions import Band, Definitions
from tests.oracle.lead_scores import band_of, histories, score_on
from tests.oracle.lead_units import (
    SNAPSHOT_SETS,
    UNIT_TYPES,
    Snapshot,
    Unit,
    eligible_snapshots,
    first_age,
    sets_of,
    snapshots,
    split_date,
)
from tests.oracle.population import Population, Variables, week_of
from tests.oracle.raw_files import Row
from tests.oracle.separation import (
    DECILES,
    as_float,
    auc_interval,
    auc_of,
    brier,
    brier_skill,
    counts_by_bin,
    deciles,
    drift,
    lowest_scores,
    nine_decimals,
    quotient,
)


class Judged(NamedTuple):
    """An eligible unit, what it scored and what became of it."""

    unit: Unit
    date: date
    score: Decimal
    is_converted: bool


class Sets(NamedTuple):
    """The eligible of a type of unit at an age, with the scores of one scheme."""

    unit_type: str
    scheme: str
    age_days: int
    split: date | None
    # By the name of the set.
    members: dict[str, list[Judged]]

    def key(self, snapshot_set: str) -> Row:
        return {
            "unit_type": self.unit_type,
            "scheme": self.scheme,
            "snapshot_age_days": self.age_days,
            "snapshot_set": snapshot_set,
        }


class Group(NamedTuple):
    """Some of a set, who are flagged, and the set: counts of units and of converted units."""

    flagged: int
    flagged_converted: int
    units: int
    converted: int

    @property
    def lift(self) -> float | None:
        precision = quotient(self.flagged_converted, self.flagged)
        base_rate = quotient(self.converted, self.units)
        return None if precision is None or not base_rate else float(precision / base_rate)

    @property
    def precision_columns(self) -> Row:
        return rate_with_interval("precision_rate", self.flagged_converted, self.flagged)

    @property
    def rate_columns(self) -> Row:
        others = self.units - self.converted
        return self.precision_columns | {
            "recall_rate": rate(self.flagged_converted, self.converted),
            "false_positive_rate": rate(self.flagged - self.flagged_converted, others),
            "false_discovery_rate": rate(self.flagged - self.flagged_converted, self.flagged),
            "lift": self.lift,
        }


def all_sets(population: Population) -> list[Sets]:
    """One for each type of unit, scheme and age; of users that count there has to be one."""
    if not population.users:
        return []
    return [
        sets_with_scores(population, unit_type, scheme, age)
        for unit_type in UNIT_TYPES
        for age in population.variables.pql_snapshot_days
        for scheme in population.definitions.schemes
    ]


def sets_with_scores(population: Population, unit_type: str, scheme: str, age_days: int) -> Sets:
    history_of = population.find(histories)
    judged = [
        Judged(s.unit, s.date, score_on(history_of[scheme, s.unit], s.date), s.is_converted)
        for s in eligible_snapshots(population, unit_type, age_days)
    ]
    split = split_date([one.date for one in judged])
    members: dict[str, list[Judged]] = {name: [] for name in SNAPSHOT_SETS}
    for one in judged:
        for name in sets_of(one.date, split):
            members[name].append(one)
    return Sets(unit_type, scheme, age_days, split, members)


def converted_count(members: Sequence[Judged]) -> int:
    return sum(one.is_converted for one in members)


def is_qualified(score: Decimal, bands: list[Band]) -> bool:
    band = band_of(score, bands)
    return band is not None and band.is_qualified


# The mart of each set


def calibration_rows(population: Population) -> list[Row]:
    rows = []
    for sets in population.find(all_sets):
        threshold = recommended_threshold(sets, population)
        for name in SNAPSHOT_SETS:
            members = sets.members[name]
            rows.append(
                sets.key(name)
                | {
                    "split_date": sets.split,
                    "first_snapshot_date": min((one.date for one in members), default=None),
                    "last_snapshot_date": max((one.date for one in members), default=None),
                    "recommended_threshold": threshold,
                }
                | rates_of_set(sets.scheme, members, population.definitions)
                | separation_of_set(sets.scheme, members)
                | compared_with_hand_off(sets.scheme, members, population)
            )
    return rows


def rates_of_set(scheme: str, members: list[Judged], definitions: Definitions) -> Row:
    bands = definitions.bands.get(scheme, [])
    qualified = [one for one in members if is_qualified(one.score, bands)]
    n, m = len(members), converted_count(members)
    q, t = len(qualified), converted_count(qualified)
    return (
        {
            "eligible_unit_count": n,
            "converted_unit_count": m,
            "qualified_unit_count": q,
            "qualified_converted_unit_count": t,
        }
        | rate_with_interval("conversion_rate", m, n)
        | Group(q, t, n, m).rate_columns
    )


def separation_of_set(scheme: str, members: list[Judged]) -> Row:
    converted = [one.score for one in members if one.is_converted]
    others = [one.score for one in members if not one.is_converted]
    found = auc_of(converted, others)
    lower, upper = auc_interval(found, len(converted), len(others))
    mean = brier_score = skill = None
    if scheme == "propensity":
        mean = mean_rate(members)
        brier_score = brier([one.score for one in members], [one.is_converted for one in members])
        skill = brier_skill(brier_score, len(converted), len(members))
    return {
        "auc": as_float(found and found.auc),
        "auc_ci_lower": lower,
        "auc_ci_upper": upper,
        "mean_predicted_rate": as_float(mean),
        "brier_score": as_float(brier_score),
        "brier_skill_score": as_float(skill),
    }


def mean_rate(members: Sequence[Judged]) -> Fraction | None:
    """Of scores in percent."""
    return quotient(sum(one.score for one in members), 100 * len(members))


def compared_with_hand_off(scheme: str, members: list[Judged], population: Population) -> Row:
    """The units that one of two schemes alone qualifies."""
    names = ("only_here", "only_there")
    other = population.variables.handoff_scheme
    definitions = population.definitions
    if other not in definitions.schemes:
        return {f"{n}_{what}_count": None for n in names for what in ("unit", "converted_unit")}
    history_of = population.find(histories)
    here = [is_qualified(one.score, definitions.bands.get(scheme, [])) for one in members]
    there = [
        is_qualified(
            score_on(history_of[other, one.unit], one.date), definitions.bands.get(other, [])
        )
        for one in members
    ]
    found = {}
    for name, (first, second) in zip(names, ((here, there), (there, here)), strict=True):
        only = [
            one
            for one, is_in, is_out in zip(members, first, second, strict=True)
            if is_in and not is_out
        ]
        found[f"{name}_unit_count"] = len(only)
        found[f"{name}_converted_unit_count"] = converted_count(only)
    return found


# Thresholds


def thresholds_of(sets: Sets, definitions: Definitions) -> list[Decimal]:
    bounds = {band.lower_bound for band in definitions.bands.get(sets.scheme, [])}
    return sorted({one.score for one in sets.members["all"]} | bounds)


class Flags:
    """How many of a set each threshold flags."""

    def __init__(self, members: Sequence[Judged]) -> None:
        self.scores = sorted(one.score for one in members)
        self.converted = sorted(one.score for one in members if one.is_converted)

    def from_threshold(self, threshold: Decimal) -> Group:
        n, m = len(self.scores), len(self.converted)
        flagged = n - bisect_left(self.scores, threshold)
        return Group(flagged, m - bisect_left(self.converted, threshold), n, m)


def recommended_threshold(sets: Sets, population: Population) -> Decimal | None:
    """The smallest whose leads converted so much more often than all units, in the earlier set."""
    flags = Flags(sets.members["earlier"])
    for threshold in thresholds_of(sets, population.definitions):
        if is_recommended(flags.from_threshold(threshold), population.variables):
            return threshold
    return None


def is_recommended(group: Group, variables: Variables) -> bool:
    precision = quotient(group.flagged_converted, group.flagged)
    base_rate = quotient(group.converted, group.units)
    if precision is None or not base_rate:
        return False
    wanted = Fraction(str(variables.threshold_lift)) * base_rate
    return (
        group.flagged >= variables.minimum_group_users
        and nine_decimals(precision) >= nine_decimals(wanted) > 0
        and group.precision_columns["precision_rate_ci_lower"] > float(base_rate)
    )


def threshold_rows(population: Population) -> list[Row]:
    rows = []
    for sets in population.find(all_sets):
        recommended = recommended_threshold(sets, population)
        for name in SNAPSHOT_SETS:
            flags = Flags(sets.members[name])
            for threshold in thresholds_of(sets, population.definitions):
                group = flags.from_threshold(threshold)
                columns = group.rate_columns
                recall = quotient(group.flagged_converted, group.converted)
                false_positive = quotient(
                    group.flagged - group.flagged_converted, group.units - group.converted
                )
                has_index = recall is not None and false_positive is not None
                rows.append(
                    sets.key(name)
                    | {
                        "threshold": threshold,
                        "flagged_unit_count": group.flagged,
                        "flagged_converted_unit_count": group.flagged_converted,
                        "flagged_rate": rate(group.flagged, group.units),
                        "youden_index": float(recall - false_positive) if has_index else None,
                        "is_recommended": threshold == recommended,
                    }
                    | columns
                )
    return rows


# Bins


def bin_rows(population: Population) -> list[Row]:
    rows = []
    for sets in population.find(all_sets):
        for name in SNAPSHOT_SETS:
            members = sets.members[name]
            bands = population.definitions.bands.get(sets.scheme, [])
            for bin_type, bins in (
                ("band", by_band(members, bands)),
                ("decile", by_decile(members)),
            ):
                rows += [
                    sets.key(name) | {"bin_type": bin_type} | row
                    for row in rows_of_bins(sets.scheme, bins, members)
                ]
    return rows


def by_band(members: Sequence[Judged], bands: list[Band]) -> list[tuple[str, list[Judged]]]:
    """The highest first."""
    return [
        (band.name, [one for one in members if band_of(one.score, bands) is band])
        for band in reversed(bands)
    ]


def by_decile(members: Sequence[Judged]) -> list[tuple[str, list[Judged]]]:
    places = deciles([one.score for one in members])
    return [
        (
            str(number),
            [one for one, place in zip(members, places, strict=True) if place == number],
        )
        for number in DECILES
    ]


def rows_of_bins(
    scheme: str, bins: list[tuple[str, list[Judged]]], members: Sequence[Judged]
) -> Iterator[Row]:
    n, m = len(members), converted_count(members)
    units = converted = 0
    for number, (name, inside) in enumerate(bins, start=1):
        units += len(inside)
        converted += converted_count(inside)
        scores = [one.score for one in inside]
        mean = mean_rate(inside) if scheme == "propensity" else None
        yield (
            {
                "bin_number": number,
                "bin_name": name,
                "lowest_score": min(scores, default=None),
                "highest_score": max(scores, default=None),
                "eligible_unit_count": len(inside),
                "converted_unit_count": converted_count(inside),
                "lift": Group(len(inside), converted_count(inside), n, m).lift,
                "mean_predicted_rate": as_float(mean),
                "cumulative_unit_count": units,
                "cumulative_converted_unit_count": converted,
                "cumulative_recall_rate": rate(converted, m),
            }
            | rate_with_interval("conversion_rate", converted_count(inside), len(inside))
        )


# Drift


def drift_rows(population: Population) -> list[Row]:
    age = first_age(population)
    rows = []
    for unit_type in UNIT_TYPES:
        at_risk = [
            snapshot
            for snapshot in population.find(snapshots)
            if (snapshot.unit.unit_type, snapshot.age_days) == (unit_type, age)
            and snapshot.is_at_risk
            and snapshot.unit.is_observed
        ]
        for sets in population.find(all_sets):
            if (sets.unit_type, sets.age_days) == (unit_type, age) and at_risk:
                rows += drift_of_scheme(sets, at_risk, population)
    return rows


def drift_of_scheme(sets: Sets, at_risk: list[Snapshot], population: Population) -> Iterator[Row]:
    bands = population.definitions.bands.get(sets.scheme, [])
    history_of = population.find(histories)
    reference = [one.score for one in sets.members["earlier"]]
    for week in weeks_ended(min(s.date for s in at_risk), population):
        scores = [
            score_on(history_of[sets.scheme, snapshot.unit], snapshot.date)
            for snapshot in at_risk
            if week_of(snapshot.date) == week
        ]
        qualified = sum(is_qualified(score, bands) for score in scores)
        yield (
            {
                "unit_type": sets.unit_type,
                "scheme": sets.scheme,
                "week_start_date": week,
                "unit_count": len(scores),
                "qualified_unit_count": qualified,
                "mean_score": as_float(quotient(sum(scores), len(scores))),
            }
            | rate_with_interval("qualified_rate", qualified, len(scores))
            | drift_columns(scores, reference, population.variables.minimum_group_users)
        )


def drift_columns(scores: list[Decimal], reference: list[Decimal], fewest: int) -> Row:
    lowest = lowest_scores(reference)
    if min(len(scores), len(reference)) < max(fewest, 1) or len(lowest) < 2:
        return {"psi": None, "drift_p_value": None, "drift_status": "not_enough_data"}
    found = drift(counts_by_bin(scores, lowest), counts_by_bin(reference, lowest))
    return {"psi": found.psi, "drift_p_value": found.p_value, "drift_status": found.status}


def weeks_ended(first: date, population: Population) -> Iterator[date]:
    """The weeks from that of a date on; they are weeks of UTC, as scores are."""
    week = week_of(first)
    while week + 6 * DAY < population.observed_until_at.date():
        yield week
        week += WEEK
