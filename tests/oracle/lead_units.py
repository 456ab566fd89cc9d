"""Who can become a lead, users and accounts, when they pay, and on which dates they are scored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import merge
from typing import NamedTuple

from tests.oracle.arithmetic import DAY
from tests.oracle.population import Population, User, week_of

UNIT_TYPES = ("user", "account")
SNAPSHOT_SETS = ("earlier", "later", "all")


@dataclass(eq=False)
class Unit:
    """A user, or an account with its users."""

    unit_type: str
    unit_id: str
    account_id: str | None
    started_at: datetime
    users: list[User]
    segments: tuple[tuple[str, str], ...]
    converted_at: datetime | None = None
    # Whether its first days were recorded.
    is_observed: bool = True
    pooled: dict[str, list[datetime]] = field(default_factory=dict)

    @property
    def start_date(self) -> date:
        """Of UTC, whatever the zone of the marts, as all dates of scores."""
        return self.started_at.date()

    def timestamps(self, event_name: str) -> list[datetime]:
        """When the event occurred, of all of its users, ascending."""
        if event_name not in self.pooled:
            self.pooled[event_name] = list(
                merge(*(user.timestamps_by_event.get(event_name, ()) for user in self.users))
            )
        return self.pooled[event_name]

    def is_at_risk(self, instant: datetime) -> bool:
        return self.converted_at is None or self.converted_at >= instant


def units(population: Population) -> list[Unit]:
    """The users that count, and each account that one of them has."""
    members = defaultdict(list)
    for user in population.users:
        if user.account_id is not None:
            members[user.account_id].append(user)
    found = [
        Unit("user", user.user_id, user.account_id, user.created_at, [user], user.segments)
        for user in population.users
    ]
    found += [
        Unit(
            "account",
            account_id,
            account_id,
            started_at_of_account(population, account_id, users),
            users,
            segments_of_account(population, account_id, users),
        )
        for account_id, users in members.items()
    ]
    converted_at = conversions(population)
    for unit in found:
        unit.converted_at = converted_at.get(account_of(unit))
        unit.is_observed = (
            population.observed_from is None or unit.started_at >= population.observed_from
        )
    return found


def started_at_of_account(population: Population, account_id: str, users: list[User]) -> datetime:
    account = population.accounts.get(account_id)
    if account is not None and account.created_at is not None:
        return account.created_at
    return min(user.created_at for user in users)


def segments_of_account(
    population: Population, account_id: str, users: list[User]
) -> tuple[tuple[str, str], ...]:
    """What the account says of itself, else what its first user is."""
    account = population.accounts.get(account_id)
    own = {} if account is None else account.further
    first = min(users, key=lambda user: (user.created_at, user.user_id.encode()))
    return tuple((name, own_value(own, name) or value) for name, value in first.segments)


def own_value(own: dict[str, str | None], segment_type: str) -> str | None:
    has_own = segment_type in ("plan_tier", "install_source", "acquisition_type")
    return own.get(segment_type) if has_own else None


def account_of(unit: Unit) -> str:
    """The account that pays for the unit; a user without one is an account of its own."""
    return f"user:{unit.unit_id}" if unit.account_id is None else unit.account_id


def conversions(population: Population) -> dict[str, datetime]:
    """When each account first paid."""
    paid = [row for row in population.subscriptions if row.monthly_amount > 0]
    instants = [(row.account, row.started_at) for row in paid]
    event_name = population.variables.conversion_event
    if not paid and event_name is not None:
        instants = [
            (f"user:{user.user_id}" if user.account_id is None else user.account_id, instant)
            for user in population.users
            for instant in user.timestamps_by_event.get(event_name, ())
        ]
    first: dict[str, datetime] = {}
    for account, instant in sorted(instants, key=lambda pair: pair[1]):
        first.setdefault(account, instant)
    return first


def is_conversion_known(population: Population) -> bool:
    return any(unit.converted_at is not None for unit in population.find(units))


# Dates


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def first_midnight_from(instant: datetime) -> date:
    """The first date that begins at the instant or later."""
    day = instant.date()
    return day if midnight(day) == instant else day + DAY


def scored_dates(population: Population, unit: Unit) -> tuple[date, date]:
    """The first and the last; there are none where the last lies before the first."""
    last = unit.start_date + population.variables.pql_history_days * DAY
    return unit.start_date + DAY, min(last, population.observed_until_at.date())


def snapshot_date(unit: Unit, age_days: int) -> date:
    return first_midnight_from(unit.started_at + age_days * DAY)


def first_age(population: Population) -> int:
    return min(population.variables.pql_snapshot_days)


def conversion_window(population: Population) -> timedelta:
    return population.variables.conversion_window_days * DAY


class Snapshot(NamedTuple):
    """A unit at an age, of those that were scored then."""

    unit: Unit
    age_days: int
    date: date
    is_at_risk: bool
    is_eligible: bool
    is_converted: bool


def snapshots(population: Population) -> list[Snapshot]:
    is_known = is_conversion_known(population)
    window = conversion_window(population)
    return [
        snapshot_of(population, unit, age, is_known, window)
        for unit in population.find(units)
        for age in population.variables.pql_snapshot_days
        if midnight(snapshot_date(unit, age)) <= population.observed_until_at
    ]


def snapshot_of(
    population: Population, unit: Unit, age_days: int, is_known: bool, window: timedelta
) -> Snapshot:
    day = snapshot_date(unit, age_days)
    start = midnight(day)
    is_at_risk = unit.is_at_risk(start)
    is_closed = population.is_closed(start, window)
    is_eligible = unit.is_observed and is_known and is_at_risk and is_closed
    is_converted = (
        is_eligible and unit.converted_at is not None and unit.converted_at < start + window
    )
    return Snapshot(unit, age_days, day, is_at_risk, is_eligible, is_converted)


def split_date(dates: list[date]) -> date | None:
    """The Monday before which the earlier set ends; None where there is nobody to split."""
    if not dates:
        return None
    first, last = min(dates), max(dates)
    day_count = (last - first).days + 1
    return week_of(first + (2 * day_count // 3) * DAY)


def sets_of(day: date, split: date) -> tuple[str, str]:
    return ("earlier" if day < split else "later"), "all"


def eligible_snapshots(population: Population, unit_type: str, age_days: int) -> Iterator[Snapshot]:
    for snapshot in population.find(snapshots):
        if snapshot.is_eligible and (snapshot.unit.unit_type, snapshot.age_days) == (
            unit_type,
            age_days,
        ):
            yield snapshot
