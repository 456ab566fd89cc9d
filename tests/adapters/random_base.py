"""What random exports of all vendors have in common: people, devices, times, names, traits."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from typing import TypeVar

from tests.adapters.expected.people import (
    ACCOUNT_ID,
    CREATED_AT,
    INSTALL_SOURCE,
    INVITED_BY,
    PLAN_TIER,
)
from tests.adapters.expected.result import Settings
from tests.adapters.expected.values import Row

T = TypeVar("T")

START = datetime(2024, 1, 1)
DAY = timedelta(days=1)
# Words for nobody, as they are written.
ILLEGAL_IDS = ("anonymous", "Guest", "NIL", "undefined", "[object Object]", "0", "-1", "TRUE")
ILLEGAL_IDS += ("not_authenticated", "Unknown", "00000000-0000-0000-0000-000000000000", "0.0")
# They are null in any input, so nobody counts them as illegal.
NO_TEXT = (None, None, "", " ", "null", "NaN", "N/A")
# Spellings that fall together, and some that stay as they are.
NAMES = (
    "Signed Up",
    "SignedUp",
    "signed_up",
    "user_signup",
    "User Signup",
    "APICallSuccess",
    "HTML5Upload",
    "3DView",
    "iOSAppOpened",
    "\u00dcberSignup",
    "\u00dcBER signup",
    "[Amplitude] Page Viewed",
    "$pageview",
    "--",
    "  document created ",
    "caf\u00e9 opened",
    "__a--b__",
    "\U0001f600 Smile",
    "NULL",
    "page_view",
)
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe")


# The first event of all, and who was first seen 30 days later, to the millisecond.
FIRST_SEEN = {
    "first_of_all": START,
    "seen_too_early": START + 30 * DAY - timedelta(milliseconds=1),
    "seen_after_30_days": START + 30 * DAY,
    "seen_later": START + 30 * DAY + timedelta(milliseconds=1),
}


@dataclass(frozen=True)
class Export:
    """A random export.

    Attributes:
        source: the vendor.
        tables: rows by the name of the table, as the adapter must read them.
        settings: those to build it with.
        column_types: the type of nested columns in parquet.
        has_capitals: whether headers are in capitals.
    """

    source: str
    tables: Mapping[str, Sequence[Row]]
    settings: Settings
    column_types: Mapping[str, str] = field(default_factory=dict)
    has_capitals: bool = False


def random_export(source: str, seed: int) -> Export:
    """The export of a vendor's module; the same for the same seed."""
    return import_module(f"tests.adapters.random_{source}").random_export(seed)


class Dice(random.Random):
    """Random values that an export may have."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.number = seed
        self.accounts = ["acme", "17", "globex inc", "\u00dcmlaut"]
        self.users = [f"u{n}" for n in range(1, 26)] + ["1001", "1002", "ann@example.com", "007"]
        self.devices = [self.uuid() for _ in range(12)] + [f"d-{n}" for n in range(1, 19)]

    def chance(self, share: float) -> bool:
        return self.random() < share

    def uuid(self) -> str:
        return str(uuid.UUID(int=self.getrandbits(128), version=4))

    def instant(self) -> datetime:
        """From January to June; sometimes about 30 days after the first, to the microsecond."""
        if self.chance(0.08):
            return START + 30 * DAY + timedelta(microseconds=self.choice((-1, 0, 1)))
        instant = START + timedelta(seconds=1 + self.randrange(170 * 86400))
        if self.chance(0.5):
            instant += timedelta(microseconds=self.randrange(1_000_000))
        return instant

    def time(self, instant: datetime | None = None, *, zone: bool = True) -> object:
        """An instant in one of the writings that a time may have.

        Args:
            instant: any, where None.
            zone: whether the writing may name a zone.
        """
        instant = instant or self.instant()
        epoch = (instant - datetime(1970, 1, 1)) // timedelta(microseconds=1)
        forms: list[object] = [instant.isoformat(sep=" "), instant.isoformat(), instant]
        forms.append(epoch)
        if epoch % 1000 == 0:
            forms.append(epoch // 1000)
        if epoch % 1_000_000 == 0:
            forms += [epoch // 1_000_000, f"{epoch // 1_000_000}.0"]
        if instant == instant.replace(hour=0, minute=0, second=0, microsecond=0):
            forms += [instant.strftime("%Y%m%d"), instant.strftime("%Y-%m-%d")]
        if zone:
            forms.append(f"{instant.isoformat(sep=' ')} UTC")
            forms.append(f"{instant.isoformat()}Z")
            forms.append(f"{(instant + timedelta(hours=2)).isoformat()}+02:00")
        return self.choice(forms)

    def no_time(self) -> object:
        return self.choice((None, None, "", "soon", "1970-01-01", 0, "1602611311.5"))

    def maybe_time(self, instant: datetime | None = None, share: float = 0.06) -> object:
        """Like time; that share is none."""
        return self.no_time() if self.chance(share) else self.time(instant)

    def id_of(self, values: Sequence[str], missing: float = 0.2, illegal: float = 0.06) -> object:
        if self.chance(missing):
            return self.choice(NO_TEXT)
        if self.chance(illegal):
            return self.choice(ILLEGAL_IDS)
        return self.spelled(self.choice(values))

    def spelled(self, text: str) -> object:
        """An id as it is, or in another writing of the same id."""
        if text.isdigit() and not text.startswith("0"):
            return self.choice((text, int(text), f"{text}.0"))
        return self.choice((text, text, text, f" {text}", f"{text}\u00a0"))

    def name(self, own: Sequence[str] = (), share: float = 0.25) -> object:
        """The name of an event; that share is of the vendor's own."""
        if own and self.chance(share):
            return self.choice(own)
        return self.choice((None, "")) if self.chance(0.02) else self.choice(NAMES)

    def object(self) -> Row:
        """Properties of an event, nested and odd."""
        values: list[object] = [
            1,
            0,
            -3,
            2.5,
            True,
            False,
            "",
            "text",
            "007",
            "2024-01-05T10:00:00Z",
            '\u00fc "q" \\ \U0001f600',
            None,
            [1, "2", None],
            {"inner": {"x": 1}},
            12345678901234567,
        ]
        keys = ("count", "plan", "$os", "a b", "\u00fc", "nested.key", "Z", "z", "1")
        return {key: self.choice(values) for key in self.sample(keys, self.randrange(5))}

    def traits(self, share: float = 0.35) -> Row:
        """Traits under some of the names that they may have, in any order."""
        found: Row = {}
        for name in CREATED_AT:
            if self.chance(share / 2):
                found[name] = self.maybe_time(share=0.3)
        for names, values in (
            (PLAN_TIER, ("free", "pro", "enterprise", "", "N/A", None, " Pro ")),
            (INSTALL_SOURCE, ("ads", "search", "", None, "null", "\u00fcber")),
        ):
            for name in names:
                if self.chance(share / 2):
                    found[name] = self.choice(values)
        for name in INVITED_BY:
            if self.chance(share / 3):
                found[name] = self.id_of(self.users)
        for name in ACCOUNT_ID:
            if self.chance(share / 4):
                found[name] = self.id_of(self.accounts)
        keys = [*found]
        self.shuffle(keys)
        return {key: found[key] for key in keys}

    def group(self) -> object:
        """An account as a group names it: an id or a list of ids."""
        one = self.id_of(self.accounts, missing=0.1)
        return [one, "other"] if self.chance(0.5) else self.choice((one, [], one))


def settings_of(dice: Dice, *, group: bool = False, zone: bool = False) -> Settings:
    """The settings differ from seed to seed."""
    number = dice.number
    return Settings(
        signup_events=(("user_signup",), ("signed_up", "user_signup"), ("api_call_success",))[
            number % 3
        ],
        unknown_signup_days=(30, 30, 7)[number % 3],
        account_group="workspace" if group and number % 3 == 2 else "",
        time_zone=ZONES[number % len(ZONES)] if zone and number % 2 else "UTC",
    )
