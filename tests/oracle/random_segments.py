"""Columns of users and accounts in a random case, and the segments that read them."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.oracle.random_values import (
    ACCOUNTS,
    ASTRAL,
    BELOW_ASTRAL,
    DAY,
    FAR_FUTURE,
    MICROSECOND,
    Row,
)
from tests.oracle.random_world import World

SEGMENT_USER_COLUMNS = ("country", "is_admin", "seats", "team_size", "referrer", "nickname")
SEGMENT_ACCOUNT_COLUMNS = ("region", "is_partner", "employees", "motto")
BOOLEAN_TEXTS = ("true", "true", "false", None)
COUNTRIES = ("de", "de", "fr", "at", "ch", BELOW_ASTRAL, ASTRAL, "other", "unknown", "all", None)
NUMBERS = (
    "10",
    "11",
    "11.0",
    "+11",
    "50.999",
    "51",
    "200",
    "1e2",
    "-2.5",
    ".5",
    "0",
    "n/a",
    "NaN",
    "inf",
    "1,000",
    "5 seats",
    "",
    None,
)
# Nobody but them has these accounts.
ACCOUNTS_OF_EXCLUDED = tuple(str(number) for number in range(300, 304))
MORE_ACCOUNTS = tuple(str(number) for number in range(200, 215))


def segment(
    segment_type: str, table: str, column: str, max_values: str = "", bounds: str = ""
) -> Row:
    return {
        "segment_type": segment_type,
        "source_table": table,
        "source_column": column,
        "max_values": max_values,
        "bounds": bounds,
    }


SHIPPED = [
    segment("install_source", "users", "install_source", "1000"),
    segment("plan_tier", "users", "plan_tier", "1000"),
]


def few() -> list[Row]:
    return [
        *SHIPPED,
        segment("country", "users", "country", "2"),
        segment("seats", "users", "seats", "", "11;51"),
    ]


def twelve() -> list[Row]:
    return [
        *SHIPPED,
        segment("country", "users", "country", "1"),
        segment("country_top", "users", "country", "3"),
        segment("is_admin", "users", "is_admin"),
        segment("seats", "users", "seats", "1", "11;51"),
        segment("seats_fine", "users", "seats", "", " -2.5; 0.5 ;10;1e2"),
        segment("team_size", "users", "team_size"),
        segment("team_band", "users", "team_size", "7", "5"),
        segment("referrer", "users", "referrer"),
        segment("region", "accounts", "region", "2"),
        segment("employees", "accounts", "employees", "", "10;100"),
    ]


def accounts_alone() -> list[Row]:
    return [
        segment("region", "accounts", "region", "1000"),
        segment("partner", "accounts", "is_partner"),
    ]


def none() -> list[Row]:
    return []


def some_without_value() -> list[Row]:
    return [
        *SHIPPED,
        segment("nickname", "users", "nickname"),
        segment("motto", "accounts", "motto"),
        segment("referrer", "users", "referrer", "5"),
        segment("account", "users", "account_id", "2"),
    ]


SEGMENT_SETS: tuple[Callable[[], list[Row]], ...] = (
    few,
    twelve,
    accounts_alone,
    none,
    some_without_value,
)


class Segments:
    """Fills the columns that segments read, in a world whose rows are all there."""

    def __init__(self, world: World, rng: random.Random, number: int) -> None:
        self.world = world
        self.rng = rng
        self.number = number

    @property
    def rows(self) -> list[Row]:
        """Those of the seed."""
        return SEGMENT_SETS[self.number % len(SEGMENT_SETS)]()

    @property
    def has_accounts(self) -> bool:
        # No type of this set reads a column of accounts.
        return SEGMENT_SETS[self.number % len(SEGMENT_SETS)] is not few

    def add(self) -> None:
        self.move_accounts()
        said: dict[str | None, Row] = {}
        for user in self.world.users:
            base = said.setdefault(user["user_id"], self.columns_of_user())
            is_same = self.world.traits.has_equal_repeats or self.rng.random() < 0.85
            user.update(base if is_same else self.columns_of_user())
        if self.has_accounts:
            self.add_accounts()

    def columns_of_user(self) -> Row:
        return {
            "country": self.rng.choice(COUNTRIES),
            "is_admin": self.rng.choice(BOOLEAN_TEXTS),
            "seats": self.rng.choice(NUMBERS),
            "team_size": self.rng.choice(("1", "4", "5", "6", "12", None)),
            "referrer": self.rng.choice((None, *(f"ref{n}" for n in range(40)))),
            "nickname": None,
        }

    def move_accounts(self) -> None:
        accounts: dict[str | None, str | None] = {}
        for user in self.world.users:
            user_id = user["user_id"]
            if user_id in self.world.excluded_user_ids:
                accounts.setdefault(user_id, self.rng.choice((*ACCOUNTS_OF_EXCLUDED, "9")))
            elif self.rng.random() < 0.5:
                accounts.setdefault(user_id, self.rng.choice(MORE_ACCOUNTS))
            user["account_id"] = accounts.get(user_id, user["account_id"])

    def add_accounts(self) -> None:
        accounts = [*filter(None, ACCOUNTS), *MORE_ACCOUNTS, *ACCOUNTS_OF_EXCLUDED, "999"]
        for account_id in accounts:
            if self.rng.random() < 0.85:
                row = self.account(account_id)
                self.world.accounts += [row] * self.rng.choice((1, 1, 2))
                if self.rng.random() < 0.4:
                    self.world.accounts.append(row | {self.rng.choice(tuple(row)[1:]): None})
                if self.rng.random() < 0.5:
                    # Rivals that tie but for the columns further right.
                    columns = tuple(row)[self.rng.randint(1, len(row) - 1) :]
                    rival = self.account(account_id)
                    self.world.accounts.append(row | {c: rival[c] for c in columns})
        self.world.accounts += [
            self.account(None),
            self.account("998") | {"created_at": None},
            self.account("200") | {"created_at": FAR_FUTURE},
        ]
        self.rng.shuffle(self.world.accounts)

    def account(self, account_id: str | None) -> Row:
        start, end = self.world.horizon.start, self.world.horizon.observed_at
        times = (start, start, end, end + MICROSECOND, end - DAY, None, "soon")
        trials = (start, start + DAY, end + DAY, None)
        return {
            "account_id": account_id,
            "created_at": self.rng.choice(times),
            "trial_started_at": self.rng.choice(trials),
            "trial_ends_at": self.rng.choice(trials),
            "seat_count": self.rng.choice(("1", "3", "3.0", "0", "-4", "2.5", "x", None)),
            "account_name": self.rng.choice(("Z", "a", ASTRAL, BELOW_ASTRAL, None)),
            "employees": self.rng.choice(NUMBERS),
            "is_partner": self.rng.choice(BOOLEAN_TEXTS),
            "motto": None,
            "region": self.rng.choice(("north", "south", "west", ASTRAL, None)),
        }
