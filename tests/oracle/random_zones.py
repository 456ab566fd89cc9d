"""Time zones of random cases, and what happens around midnight and where clocks change."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from tests.oracle.random_endings import Ending, Horizon
from tests.oracle.random_values import DAY, MICROSECOND, NEVER_HAPPENS
from tests.oracle.random_world import World


@dataclass(frozen=True)
class ReportingZone:
    name: str
    # An instant of UTC at which its clocks change; else any.
    change: datetime

    def midnight(self, instant: datetime, days: int = 0) -> datetime:
        """The instant of UTC at which a date begins there, so many days after that of another."""
        zone = ZoneInfo(self.name)
        local = instant.replace(tzinfo=timezone.utc).astimezone(zone).replace(tzinfo=None)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + days * DAY
        return midnight.replace(tzinfo=zone).astimezone(timezone.utc).replace(tzinfo=None)


REPORTING_ZONES = (
    ReportingZone("America/New_York", datetime(2024, 3, 10, 7)),
    ReportingZone("Asia/Kolkata", datetime(2024, 2, 1)),
    ReportingZone("America/New_York", datetime(2024, 11, 3, 6)),
    # Half an hour.
    ReportingZone("Australia/Lord_Howe", datetime(2024, 4, 6, 15)),
    # There is no midnight on 26 April, and there are two on 3 November.
    ReportingZone("Africa/Cairo", datetime(2024, 4, 25, 22)),
    ReportingZone("America/Havana", datetime(2024, 11, 3, 5)),
    # There was no 30 December.
    ReportingZone("Pacific/Apia", datetime(2011, 12, 30, 10)),
    ReportingZone("Etc/UTC", datetime(2024, 3, 10)),
)


def zone_of_case(number: int) -> ReportingZone:
    return REPORTING_ZONES[number % len(REPORTING_ZONES)]


def around_change(
    horizon: Horizon, zone: ReportingZone, ending: Ending, rng: random.Random
) -> Horizon:
    """The horizon moved by whole days, so that clocks change within it."""
    shift = timedelta(0)
    if not horizon.start + 3 * DAY <= zone.change <= horizon.observed_at - 5 * DAY:
        shift = ((zone.change - horizon.start) // DAY - 10) * DAY
    observed_at = horizon.observed_at + shift
    if not ending.is_midnight:
        # At midnight there, or next to it.
        observed_at = zone.midnight(observed_at) + rng.choice((-1, 0, 1)) * MICROSECOND
    return replace(
        horizon,
        start=horizon.start + shift,
        observed_at=observed_at,
        data_end=observed_at + ending.data_after,
        observed_from=horizon.observed_from and horizon.observed_from + shift,
    )


def live_around_midnight(world: World, zone: ReportingZone, rng: random.Random) -> None:
    """Signups and events next to midnights, and next to where clocks change."""
    names = [row["triggered_by_event"] for row in world.milestones] + ["page_viewed"]
    names = [name for name in names if not name.startswith(NEVER_HAPPENS)]
    end = world.horizon.data_end
    for user in rng.sample(world.users, min(len(world.users), 12)):
        instant = rng.choice(list(instants(zone, zone.change, rng)))
        if world.horizon.start <= instant <= end:
            user["created_at"] = instant
    for user in rng.sample(world.users, min(len(world.users), 40)):
        for around in (zone.change, user["created_at"], user["created_at"] + 7 * DAY):
            for instant in instants(zone, around, rng):
                if instant <= end and rng.random() < 0.5:
                    world.add_event(user, rng.choice(names), instant)


def instants(zone: ReportingZone, around: datetime, rng: random.Random) -> Iterator[datetime]:
    shift = rng.choice((-1, 0, 1)) * MICROSECOND
    yield around + shift
    for days in (-1, 0, 1, 2):
        yield zone.midnight(around, days) + shift
