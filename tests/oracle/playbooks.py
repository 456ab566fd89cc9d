"""Whether each playbook meets its targets."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from tests.oracle.arithmetic import rate_with_interval
from tests.oracle.lead_definitions import Playbook
from tests.oracle.lead_units import Unit, is_conversion_known, units
from tests.oracle.population import Population
from tests.oracle.raw_files import Row
from tests.oracle.retention import Period, has_date_between
from tests.oracle.separation import nine_decimals

DAYS_OF_PERIOD = {"d": ("day", 1), "w": ("week", 7)}
DAYS_OF_UNIT = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(days=7)}


def playbook_rows(population: Population) -> list[Row]:
    if not population.users:
        return []
    return [playbook_row(kpi, population) for kpi in population.definitions.playbooks]


def playbook_row(kpi: Playbook, population: Population) -> Row:
    is_everybodys = kpi.segment_type in (None, "all")
    members = [
        unit
        for unit in population.find(units)
        if unit.unit_type == "user"
        and (is_everybodys or (kpi.segment_type, kpi.segment_value) in unit.segments)
    ]
    judge = {"milestone": milestone, "retention": retention, "conversion": conversion}
    # One for each eligible user.
    achieved = judge[kpi.kpi_type](kpi, members, population)
    is_instrumented = (
        kpi.kpi_type != "milestone" or kpi.triggered_by_event in population.event_names
    )
    columns = rate_with_interval(
        "achieved_rate", sum(achieved), len(achieved) if is_instrumented else 0
    )
    share = Fraction(sum(achieved), len(achieved)) if is_instrumented and achieved else None
    return (
        {field: getattr(kpi, field) for field in kpi.__dataclass_fields__}
        | {
            "target_rate": None if kpi.target_rate is None else float(kpi.target_rate),
            "eligible_user_count": len(achieved),
            "achieved_user_count": sum(achieved),
            "is_instrumented": is_instrumented,
            "status": status(share, kpi),
        }
        | columns
    )


def status(share: Fraction | None, kpi: Playbook) -> str:
    if share is None or kpi.target_rate is None:
        return "unknown"
    is_met = nine_decimals(share) >= nine_decimals(Fraction(kpi.target_rate))
    return "met" if is_met else "below"


def timeframe(kpi: Playbook) -> timedelta:
    return int(kpi.timeframe[:-1]) * DAYS_OF_UNIT[kpi.timeframe[-1]]


def milestone(kpi: Playbook, members: list[Unit], population: Population) -> list[bool]:
    achieved = []
    for unit in members:
        if unit.is_observed and population.is_closed(unit.started_at, timeframe(kpi)):
            timestamps = unit.timestamps(kpi.triggered_by_event)
            reached = timestamps[kpi.min_count - 1 : kpi.min_count]
            achieved.append(bool(reached) and reached[0] < unit.started_at + timeframe(kpi))
    return achieved


def retention(kpi: Playbook, members: list[Unit], population: Population) -> list[bool]:
    grain, length = DAYS_OF_PERIOD[kpi.retention_period[0]]
    number = int(kpi.retention_period[1:])
    period = Period(grain, number, number * length, (number + 1) * length - 1)
    achieved = []
    for unit in members:
        start = population.zone.date_of(unit.started_at)
        if unit.is_observed and period.has_passed(start, population.observed_until_date):
            first = start + timedelta(days=period.start_day)
            last = start + timedelta(days=period.end_day)
            (user,) = unit.users
            achieved.append(has_date_between(user.active_dates, first, last))
    return achieved


def conversion(kpi: Playbook, members: list[Unit], population: Population) -> list[bool]:
    if not population.find(is_conversion_known):
        return []
    return [
        unit.converted_at is not None and unit.converted_at < unit.started_at + timeframe(kpi)
        for unit in members
        if unit.is_observed
        and population.is_closed(unit.started_at, timeframe(kpi))
        and (unit.converted_at is None or unit.converted_at > unit.started_at)
    ]
