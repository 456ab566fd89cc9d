"""Where the observation of a random case begins and ends, and where its data end."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.oracle.random_values import DAY, MICROSECOND


@dataclass(frozen=True)
class Ending:
    name: str
    # How the var is written; None where the data decides.
    as_text: Callable[[datetime], str | None]
    # How long after the end of observation rows go on; negative where they stop before it.
    data_after: timedelta = 20 * DAY
    is_midnight: bool = False

    @property
    def is_by_data(self) -> bool:
        return self.as_text(datetime(2024, 1, 1)) is None


def with_offset(hours: float) -> Callable[[datetime], str]:
    """Writes an instant of UTC as the local time of a zone, with its offset."""

    def as_local_text(instant: datetime) -> str:
        local = instant + timedelta(hours=hours)
        sign, minutes = "-" if hours < 0 else "+", int(abs(hours) * 60)
        return f"{local.isoformat()}{sign}{minutes // 60:02}:{minutes % 60:02}"

    return as_local_text


ENDINGS = (
    Ending("not set", lambda observed_at: None, data_after=timedelta(0)),
    Ending("within the data", lambda observed_at: observed_at.isoformat()),
    Ending("a date", lambda observed_at: observed_at.date().isoformat(), is_midnight=True),
    Ending("an offset ahead of UTC", with_offset(5.5)),
    Ending("not set, data end at midnight", lambda observed_at: None, timedelta(0), True),
    Ending("beyond the data", lambda observed_at: f"{observed_at}Z", data_after=-40 * DAY),
    Ending("an offset behind UTC", with_offset(-8), is_midnight=True),
)


@dataclass(frozen=True)
class Horizon:
    start: datetime
    # The instant at which windows are made to close, to the microsecond.
    observed_at: datetime
    data_end: datetime
    is_observed_at_by_data: bool
    # Where the var is set, a few days after the start.
    observed_from: datetime | None = None

    @classmethod
    def draw(cls, rng: random.Random, ending: Ending, has_observed_from: bool) -> Horizon:
        start = datetime(2023, 12, 1) + rng.randint(0, 120) * DAY
        observed_at = start + rng.randint(20, 150) * DAY + max(-ending.data_after, timedelta(0))
        if not ending.is_midnight:
            observed_at += rng.randint(0, 86_399_999_999) * MICROSECOND
        observed_from = None
        if has_observed_from:
            observed_from = start + rng.randint(3, 15) * DAY
            observed_from += rng.choice((timedelta(0), timedelta(hours=7, minutes=31)))
        return cls(
            start=start,
            observed_at=observed_at,
            data_end=observed_at + ending.data_after,
            is_observed_at_by_data=ending.is_by_data,
            observed_from=observed_from,
        )
