"""The score of each unit on each date, by every scheme."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from tests.oracle.arithmetic import DAY
from tests.oracle.cleaning import in_byte_order
from tests.oracle.definitions import Band, Definitions, Signal
from tests.oracle.lead_definitions import INTERCEPT, Behavior, DecayStep
from tests.oracle.lead_units import (
    Unit,
    first_age,
    midnight,
    scored_dates,
    snapshot_date,
    units,
)
from tests.oracle.population import Population
from tests.oracle.raw_files import Row

# The current plan knows who has paid since.
COLUMN_LEFT_OUT = "plan_tier"
ONE, HUNDRED = Decimal(1), Decimal(100)


def band_of(score: Decimal, bands: list[Band]) -> Band | None:
    """The highest band whose bound is reached; the lowest for a score below all."""
    reached = [band for band in bands if band.lower_bound <= score]
    return reached[-1] if reached else next(iter(bands), None)


# Contributions, by the id of a milestone, signal or behaviour


def contributions(
    scheme: str, unit: Unit, population: Population, instant: datetime
) -> dict[str, Decimal]:
    """What adds up to the score as of an instant, by what happened before it.

    Of propensity, what adds up to the logarithm of the odds; without the intercept.
    """
    definitions = population.definitions
    if scheme == "milestone_share":
        return milestone_contributions(unit, definitions, instant)
    if scheme == "points":
        return point_contributions(unit, definitions, instant)
    done_before = midnight(snapshot_date(unit, first_age(population)))
    return {
        behavior.behavior_id: behavior.weight
        for behavior in definitions.early_behaviors
        if behavior.weight is not None and is_done(behavior, unit, done_before)
    }


def milestone_contributions(
    unit: Unit, definitions: Definitions, instant: datetime
) -> dict[str, Decimal]:
    found = {}
    for milestone in definitions.milestones:
        completed = [
            user.completed_at[milestone.milestone_id]
            for user in unit.users
            if milestone.milestone_id in user.completed_at
        ]
        if completed and min(completed) < instant:
            found[milestone.milestone_id] = HUNDRED * milestone.weight
    return found


def point_contributions(
    unit: Unit, definitions: Definitions, instant: datetime
) -> dict[str, Decimal]:
    found = {}
    for signal in definitions.signals:
        if signal.event_name is not None:
            timestamps = unit.timestamps(signal.event_name)
            count = bisect_left(timestamps, instant)
            if count:
                factor = decay(definitions.decay, timestamps[count - 1], instant)
                found[signal.signal_id] = signal.points * min(count, signal.max_count) * factor
        elif signal.user_column != COLUMN_LEFT_OUT and any(
            fits(user, signal) for user in unit.users if user.created_at < instant
        ):
            found[signal.signal_id] = signal.points
    return found


def fits(user: object, signal: Signal) -> bool:
    value = getattr(user, signal.user_column)
    return value is not None and value == signal.user_value


def decay(steps: list[DecayStep], latest: datetime, instant: datetime) -> Decimal:
    """What a signal is still worth; the steps are the oldest first."""
    return next((step.factor for step in steps if latest < instant - step.older_than), ONE)


def is_done(behavior: Behavior, unit: Unit, instant: datetime) -> bool:
    return bisect_left(unit.timestamps(behavior.event_name), instant) >= behavior.min_count


def propensity(log_odds: Decimal) -> Decimal:
    """In percent, to four decimals."""
    with localcontext() as context:
        context.prec = 50
        percent = HUNDRED / (1 + (-log_odds).exp())
        return percent.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def score_at(scheme: str, unit: Unit, population: Population, instant: datetime) -> Decimal:
    """The score as of an instant; of propensity, from the first age on."""
    total = sum(contributions(scheme, unit, population, instant).values(), Decimal(0))
    if scheme != "propensity":
        return total
    intercepts = [b.weight for b in population.definitions.behaviors if b.behavior_id == INTERCEPT]
    return propensity(total + sum(filter(None, intercepts), Decimal(0)))


# History


class Scored(NamedTuple):
    """A score that holds from a date on, until the next one."""

    date: date
    score: Decimal
    is_lead: bool


def first_scored_date(scheme: str, unit: Unit, population: Population) -> date:
    if scheme == "propensity":
        return snapshot_date(unit, first_age(population))
    return scored_dates(population, unit)[0]


def dates_of_change(scheme: str, unit: Unit, population: Population) -> set[date]:
    """All dates on which the score may differ from that of the date before."""
    definitions = population.definitions
    if scheme == "propensity":
        return set()
    if scheme == "milestone_share":
        instants = [instant for user in unit.users for instant in user.completed_at.values()]
        return {instant.date() + DAY for instant in instants}
    days = {user.created_at.date() + DAY for user in unit.users}
    for event_name in {s.event_name for s in definitions.signals if s.event_name is not None}:
        for instant in unit.timestamps(event_name):
            days.add(instant.date() + DAY)
            days |= {(instant + s.older_than).date() + DAY for s in definitions.decay}
    return days


def scores_of(scheme: str, unit: Unit, population: Population) -> list[Scored]:
    """The first score, and each that differs from that of the date before."""
    first = first_scored_date(scheme, unit, population)
    _, last = scored_dates(population, unit)
    if first > last:
        return []
    days = {day for day in dates_of_change(scheme, unit, population) if first < day <= last}
    found: list[tuple[date, Decimal]] = []
    for day in [first, *sorted(days)]:
        score = score_at(scheme, unit, population, midnight(day))
        if not found or score != found[-1][1]:
            found.append((day, score))
    return list(with_leads(found, population.definitions.lowest_qualified_band(scheme)))


def with_leads(scores: list[tuple[date, Decimal]], band: Band | None) -> Iterator[Scored]:
    """Whether the unit is a lead: who has become one stays it down to the exit bound."""
    is_lead = False
    for day, score in scores:
        if band is not None:
            exit_bound = band.lower_bound if band.exit_bound is None else band.exit_bound
            if score >= band.lower_bound:
                is_lead = True
            elif score < exit_bound:
                is_lead = False
        yield Scored(day, score, is_lead)


def histories(population: Population) -> dict[tuple[str, Unit], list[Scored]]:
    """By the scheme and the unit."""
    return {
        (scheme, unit): scores_of(scheme, unit, population)
        for scheme in population.definitions.schemes
        for unit in population.find(units)
    }


def score_on(history: list[Scored], day: date) -> Decimal:
    """The score of a scored date."""
    return next(scored.score for scored in reversed(history) if scored.date <= day)


def highest_points(definitions: Definitions) -> Decimal:
    highest = sum(
        (max(s.points, Decimal(0)) * s.max_count for s in definitions.signals if s.event_name),
        Decimal(0),
    )
    fits = [s for s in definitions.signals if s.event_name is None]
    for column in {s.user_column for s in fits} - {COLUMN_LEFT_OUT}:
        points = [s.points for s in fits if s.user_column == column]
        highest += max(*points, Decimal(0))
    return highest


def normalized_score(scheme: str, score: Decimal, definitions: Definitions) -> float | None:
    percent = Fraction(score)
    if scheme == "points":
        highest = highest_points(definitions)
        if not highest:
            return None
        percent = 100 * max(percent, Fraction(0)) / Fraction(highest)
    return float(min(max(percent, Fraction(0)), Fraction(100)))


def history_rows(population: Population) -> list[Row]:
    definitions = population.definitions
    rows = []
    for (scheme, unit), history in population.find(histories).items():
        bands = definitions.bands.get(scheme, [])
        ends = [scored.date for scored in history[1:]] + [None]
        for scored, end in zip(history, ends, strict=True) if history else ():
            band = band_of(scored.score, bands)
            rows.append(
                {
                    "unit_type": unit.unit_type,
                    "unit_id": unit.unit_id,
                    "scheme": scheme,
                    "valid_from_date": scored.date,
                    "valid_until_date": end,
                    "is_latest": end is None,
                    "score": scored.score,
                    "normalized_score": normalized_score(scheme, scored.score, definitions),
                    "band": band and band.name,
                    "recommended_action": band and band.action,
                    "is_qualified": band is not None and band.is_qualified,
                    "is_lead": scored.is_lead,
                }
            )
    return rows


def top_signals(scheme: str, unit: Unit, population: Population, day: date) -> str | None:
    """The ids of what adds most to a score, at most three."""
    found = contributions(scheme, unit, population, midnight(day))
    positive = [name for name, value in found.items() if value > 0]
    positive.sort(key=lambda name: (-found[name], in_byte_order(name)))
    return ", ".join(positive[:3]) or None
