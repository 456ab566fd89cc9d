"""Who becomes a qualified lead, whom sales gets, and what becomes of those."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from tests.oracle.arithmetic import DAY, WEEK, CohortKey, cohort_columns, rate, rate_with_interval
from tests.oracle.calibration import weeks_ended
from tests.oracle.lead_scores import Scored, band_of, histories, score_on, top_signals
from tests.oracle.lead_units import (
    UNIT_TYPES,
    Unit,
    conversion_window,
    is_conversion_known,
    midnight,
    units,
)
from tests.oracle.population import Population, week_of
from tests.oracle.raw_files import Row

TRAILING_WEEKS = 4

# Reaching PQL


def cohorts_of_units(population: Population, unit_type: str) -> dict[CohortKey, list[Unit]]:
    members = defaultdict(list)
    for unit in population.find(units):
        if unit.unit_type != unit_type:
            continue
        # Not of UTC: this date is none of a score.
        day = population.zone.date_of(unit.started_at)
        for grain, cohort_date in (
            ("week", week_of(day)),
            ("month", day.replace(day=1)),
            ("all", population.first_signup_date),
        ):
            for segment_type, segment_value in unit.segments:
                members[grain, cohort_date, segment_type, segment_value].append(unit)
    return members


def cohort_rows(population: Population) -> list[Row]:
    window = population.variables.pql_window_days * DAY
    rows = []
    for unit_type in UNIT_TYPES:
        for key, members in cohorts_of_units(population, unit_type).items():
            eligible = [
                unit
                for unit in members
                if unit.is_observed
                and population.is_closed(unit.started_at, window)
                and (unit.converted_at is None or unit.converted_at > unit.started_at)
            ]
            for scheme in population.definitions.schemes:
                days = [days_to_pql(unit, scheme, population) for unit in eligible]
                reached = [number for number in days if number is not None]
                rows.append(
                    cohort_columns(key)
                    | {
                        "unit_type": unit_type,
                        "scheme": scheme,
                        "unit_count": len(members),
                        "eligible_unit_count": len(eligible),
                        "reached_unit_count": len(reached),
                        "median_days_to_pql": float(median(reached)) if reached else None,
                    }
                    | rate_with_interval("pql_rate", len(reached), len(eligible))
                )
    return rows


def days_to_pql(unit: Unit, scheme: str, population: Population) -> int | None:
    """The days to the first date on which the score is high enough, in time and before paying."""
    band = population.definitions.lowest_qualified_band(scheme)
    if band is None:
        return None
    end = unit.started_at + population.variables.pql_window_days * DAY
    for scored in population.find(histories)[scheme, unit]:
        start = midnight(scored.date)
        if scored.score >= band.lower_bound and start < end and unit.is_at_risk(start):
            return (scored.date - unit.start_date).days
    return None


# Hand-off


class HandOff(NamedTuple):
    unit: Unit
    number: int
    date: date
    left_date: date | None


def hand_offs(population: Population) -> list[HandOff]:
    variables = population.variables
    if variables.handoff_scheme not in population.definitions.schemes:
        return []
    history_of = population.find(histories)
    return [
        hand_off
        for unit in population.find(units)
        if unit.unit_type == variables.handoff_unit_type
        for hand_off in hand_offs_of_unit(
            unit, history_of[variables.handoff_scheme, unit], variables.handoff_signup_days
        )
    ]


def hand_offs_of_unit(unit: Unit, history: list[Scored], signup_days: int) -> Iterator[HandOff]:
    number, was_lead = 0, False
    for place, scored in enumerate(history):
        start = midnight(scored.date)
        becomes_lead = scored.is_lead and not was_lead
        was_lead = scored.is_lead
        if becomes_lead and start < unit.started_at + signup_days * DAY and unit.is_at_risk(start):
            number += 1
            left = (later.date for later in history[place + 1 :] if not later.is_lead)
            yield HandOff(unit, number, scored.date, next(left, None))


def is_withdrawn(hand_off: HandOff, population: Population) -> bool:
    end = hand_off.date + population.variables.conversion_window_days * DAY
    return hand_off.left_date is not None and hand_off.left_date < end


def status_of(hand_off: HandOff, population: Population) -> tuple[str, date]:
    """What became of a hand-off, and when."""
    if hand_off.unit.converted_at is not None:
        return "converted", population.zone.date_of(hand_off.unit.converted_at)
    if is_withdrawn(hand_off, population):
        return "withdrawn", hand_off.left_date
    if population.is_closed(midnight(hand_off.date), conversion_window(population)):
        return "expired", hand_off.date + population.variables.conversion_window_days * DAY
    return "open", hand_off.date


def lead_rows(population: Population) -> list[Row]:
    newest: dict[Unit, HandOff] = {}
    for hand_off in population.find(hand_offs):
        newest[hand_off.unit] = hand_off
    return [lead_row(hand_off, population) for hand_off in newest.values()]


def lead_row(hand_off: HandOff, population: Population) -> Row:
    unit, scheme = hand_off.unit, population.variables.handoff_scheme
    history = population.find(histories)[scheme, unit]
    bands = population.definitions.bands.get(scheme, [])
    score = history[-1].score
    status, status_date = status_of(hand_off, population)
    band = band_of(score, bands)
    return {
        "handoff_id": f"{scheme}/{unit.unit_type}/{unit.unit_id}/{hand_off.number}",
        "unit_type": unit.unit_type,
        "unit_id": unit.unit_id,
        "account_id": unit.account_id,
        "scheme": scheme,
        "handoff_number": hand_off.number,
        "started_at": unit.started_at,
        "handed_off_date": hand_off.date,
        "score_at_handoff": score_on(history, hand_off.date),
        "top_signals": top_signals(scheme, unit, population, hand_off.date),
        "status": status,
        "status_date": status_date,
        "score": score,
        "band": band.name,
        "recommended_action": recommended_action(status, score, scheme, population),
    }


def recommended_action(
    status: str, score: Decimal, scheme: str, population: Population
) -> str | None:
    if status == "converted":
        return None
    if status == "open":
        # As long as sales has the lead, a score above the exit bound is as good as the entry.
        score = max(score, population.definitions.lowest_qualified_band(scheme).lower_bound)
    return band_of(score, population.definitions.bands[scheme]).action


# Outcomes


def is_eligible(hand_off: HandOff, population: Population) -> bool:
    return (
        hand_off.unit.is_observed
        and population.find(is_conversion_known)
        and population.is_closed(midnight(hand_off.date), conversion_window(population))
    )


def converts_in_time(hand_off: HandOff, population: Population) -> bool:
    end: datetime = midnight(hand_off.date) + conversion_window(population)
    return hand_off.unit.converted_at is not None and hand_off.unit.converted_at < end


def outcome_rows(population: Population) -> list[Row]:
    handed_off = population.find(hand_offs)
    if not handed_off:
        return []
    counts, eligible, converted, withdrawn = Counter(), Counter(), Counter(), Counter()
    for hand_off in handed_off:
        week = week_of(hand_off.date)
        counts[week] += 1
        if is_eligible(hand_off, population):
            is_converted = converts_in_time(hand_off, population)
            eligible[week] += 1
            converted[week] += is_converted
            withdrawn[week] += is_withdrawn(hand_off, population) and not is_converted
    limit = population.variables.false_discovery_limit
    rows = []
    for week in weeks_ended(min(hand_off.date for hand_off in handed_off), population):
        # Weeks before the first hand-off have none.
        trailing = [week - number * WEEK for number in range(TRAILING_WEEKS)]
        n, m = sum(eligible[w] for w in trailing), sum(converted[w] for w in trailing)
        trailing_columns = rate_with_interval("trailing_false_discovery_rate", n - m, n)
        lower = trailing_columns["trailing_false_discovery_rate_ci_lower"]
        rows.append(
            {
                "week_start_date": week,
                "handoff_count": counts[week],
                "eligible_handoff_count": eligible[week],
                "converted_handoff_count": converted[week],
                "false_discovery_rate": rate(eligible[week] - converted[week], eligible[week]),
                "withdrawn_handoff_count": withdrawn[week],
                "trailing_eligible_handoff_count": n,
                "trailing_converted_handoff_count": m,
                "is_alert": lower is not None and lower > limit,
            }
            | rate_with_interval("handoff_conversion_rate", converted[week], eligible[week])
            | trailing_columns
        )
    return rows
