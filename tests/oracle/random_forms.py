"""The forms in which people's files hold a value: times, ids, text and nothing.

Each function that chooses counts what it chose, so that a test can ask whether all forms occur.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from tests.oracle.random_endings import with_offset
from tests.oracle.random_values import ID_COLUMNS, INSTANT_COLUMNS, MICROSECOND

UNIX_EPOCH = datetime(1970, 1, 1)
ZONES = ("America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Berlin")
FREE_TEXT = ("event_name", "properties")
NULL_WORDS = ("NULL", "null", "None", "NaN", "nan", "N/A", "#N/A", "\\N")
PADDINGS = ("\t", "\n", "\r\n", " ", "\u00a0", "\u200b", "\u202f", "\u2060", "\ufeff", "  ")


def in_a_zone(instant: datetime) -> str | None:
    name = ZONES[instant.second % len(ZONES)]
    zone = ZoneInfo(name)
    local = instant.replace(tzinfo=timezone.utc).astimezone(zone).replace(tzinfo=None)
    offsets = {local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}
    # An hour that a clock shows twice names no instant.
    return f"{local.isoformat(' ')} {name}" if len(offsets) == 1 else None


def short_date(instant: datetime) -> str:
    return f"{instant.year}-{instant.month}-{instant.day}"


MINUTE = {"second": 0, "microsecond": 0}
MIDNIGHT = {"hour": 0, "minute": 0, **MINUTE}


def if_at(
    rest: dict[str, int], write: Callable[[datetime], str]
) -> Callable[[datetime], str | None]:
    """Writes an instant only where nothing gets lost."""
    return lambda instant: write(instant) if instant == instant.replace(**rest) else None


TIME_FORMS: dict[str, Callable[[datetime], str | None]] = {
    "time with a fraction": lambda instant: f"{instant:%Y-%m-%d %H:%M:%S.%f}",
    "time with T and Z": lambda instant: f"{instant.isoformat()}Z",
    "time with UTC": lambda instant: f"{instant.isoformat(' ')} UTC",
    "time ahead of UTC": with_offset(5.5),
    "time behind UTC": with_offset(-8),
    "time with hours of an offset": lambda instant: with_offset(2)(instant).removesuffix(":00"),
    "time with four digits of an offset": lambda instant: re.sub(
        r":(\d\d)$", r"\1", with_offset(-3.5)(instant)
    ),
    "time in a zone": in_a_zone,
    "time beyond microseconds": lambda instant: f"{instant:%Y-%m-%d %H:%M:%S.%f}999",
    "time with a short month": lambda instant: f"{short_date(instant)} {instant:%H:%M:%S.%f}",
    "time without seconds": if_at(MINUTE, lambda instant: f"{instant:%Y-%m-%dT%H:%M}"),
    "date": if_at(MIDNIGHT, lambda instant: f"{instant:%Y-%m-%d}"),
    "short date": if_at(MIDNIGHT, short_date),
    "date of eight digits": if_at(MIDNIGHT, lambda instant: f"{instant:%Y%m%d}"),
    "seconds since 1970": if_at(
        {"microsecond": 0}, lambda instant: str((instant - UNIX_EPOCH) // timedelta(seconds=1))
    ),
    "milliseconds since 1970": lambda instant: (
        str((instant - UNIX_EPOCH) // timedelta(milliseconds=1))
        if instant.microsecond % 1_000 == 0
        else None
    ),
    "microseconds since 1970": lambda instant: str((instant - UNIX_EPOCH) // MICROSECOND),
}
OTHER_FORMS = (
    "padded text",
    "padded id",
    "padded free text",
    "null word",
    "blank",
    "id with a point",
    "id with an exponent",
    "number in JSON",
    "object in JSON",
    "time in a typed column",
    "id in a typed column",
    "byte order mark",
    "line ends of Windows",
)


@dataclass
class Forms:
    """Chooses forms, and remembers which it chose."""

    rng: random.Random
    used: Counter[str] = field(default_factory=Counter)

    def text(self, column: str, value: str | datetime | None) -> str | None:
        """A value as a column of text may hold it."""
        if isinstance(value, datetime):
            return self.time(value)
        if not value:
            return self.nothing(column, value)
        if column in ID_COLUMNS:
            value = self.id(value)
        if column in INSTANT_COLUMNS or self.rng.random() > 0.06:
            return value
        kind = "free text" if column in FREE_TEXT else "id" if column in ID_COLUMNS else "text"
        self.used[f"padded {kind}"] += 1
        before, after = self.rng.choice(("", *PADDINGS)), self.rng.choice(PADDINGS)
        return before + value + after

    def time(self, instant: datetime) -> str:
        while True:
            name = self.rng.choice(tuple(TIME_FORMS))
            text = TIME_FORMS[name](instant)
            if text is not None:
                self.used[name] += 1
                return text

    def nothing(self, column: str, value: str | None) -> str | None:
        chance = self.rng.random()
        if chance < 0.1 and column not in FREE_TEXT:
            self.used["null word"] += 1
            return self.rng.choice(NULL_WORDS)
        if chance < 0.2:
            self.used["blank"] += 1
            return self.rng.choice(PADDINGS)
        return value

    def id(self, text: str) -> str:
        """A number may be written with a point: 17.0, 17.00 or 1.7e1."""
        if not re.fullmatch("[1-9][0-9]{0,14}", text) or self.rng.random() < 0.7:
            return text
        if self.rng.random() < 0.7:
            self.used["id with a point"] += 1
            return text + self.rng.choice((".0", ".00"))
        self.used["id with an exponent"] += 1
        return f"{text[0]}.{text[1:] or '0'}e{len(text) - 1}"
