"""Users who become leads and pay, in a random case: on the midnights that scores are made of."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from tests.oracle.random_lead_definitions import (
    DEFAULT_CONVERSION_EVENT,
    LEAD_EVENTS,
    lead_seeds,
    lead_variables,
    playbooks_that_fit,
)
from tests.oracle.random_values import (
    ASTRAL,
    BELOW_ASTRAL,
    DAY,
    FAR_FUTURE,
    INSTALL_SOURCES,
    MICROSECOND,
    NEVER_HAPPENS,
    PLAN_TIERS,
    THIRTY_DAYS,
    UNKNOWN_USER_IDS,
    Row,
    Seeds,
)
from tests.oracle.random_world import World, read_timeframe

SUBSCRIPTION_COLUMNS = (
    "subscription_id",
    "started_at",
    "monthly_amount",
    "account_id",
    "user_id",
    "ended_at",
)
HISTORY_COLUMNS = (
    "definitions_version",
    "observed_until_at",
    "metric_id",
    "week_start_date",
    "value",
)
LEAD_ACCOUNT_COLUMNS = ("plan_tier", "install_source", "acquisition_type")
ACCOUNTS_OF_LEADS = tuple(str(number) for number in range(7100, 7126))
ACCOUNT_OF_EXCLUDED, ACCOUNT_OF_NOBODY = "7300", "7400"
LEAD_COUNT = 90
TIMES = (
    timedelta(0),
    MICROSECOND,
    timedelta(hours=10),
    DAY - MICROSECOND,
    timedelta(hours=15, minutes=7),
)
AMOUNTS = ("29", "29", "29.00", "19.999", "10.005", "0.005", "120")
FREE = ("0", "0.004", "-0.004", "0.00")
NO_AMOUNTS = ("n/a", "", "abc", None, "1,000.00")
# The kinds of bills that a case may have; without bills above 0, events may tell who pays.
BILLS = ("paid", "paid", "free", "paid", "none", "of strangers")
OWN_VERSION = "the version of the case"
LOGGED_VERSIONS = ("0a1b2c3d4e5f", "123456789012", OWN_VERSION)
VERSIONS = (*LOGGED_VERSIONS, "12345e678901", f"by {ASTRAL}")
METRIC_IDS = ("activation_rate", "handoff_conversion_rate", "retention_d30", "retired_metric")


class Leads:
    """Adds what leads are made of to a world that is filled."""

    def __init__(self, world: World, rng: random.Random, number: int, seeds: Seeds) -> None:
        self.world = world
        self.rng = rng
        self.number = number
        self.variables = lead_variables(number)
        self.seeds = lead_seeds(number, rng, seeds)
        self.ages = self.variables.get("pql_snapshot_days", [7, 14, 30])
        self.window = self.variables.get("conversion_window_days", 30) * DAY
        self.leads: list[Row] = []
        self.subscriptions: list[Row] = []
        self.history: list[Row] = []

    @property
    def bills(self) -> str:
        return BILLS[self.number % len(BILLS)]

    def merge_seeds(self, seeds: Seeds, variables: Mapping[str, object]) -> None:
        seeds |= self.seeds
        seeds["playbooks"] = playbooks_that_fit(seeds["playbooks"], variables)
        seeds["definition_log"] = [
            {
                "definitions_version": version,
                "valid_from_date": f"2024-0{month}-01",
                "owner": "product",
                "change": f"Change {month} {BELOW_ASTRAL}",
                "reason": "It was wrong",
            }
            for month, version in enumerate(
                LOGGED_VERSIONS[self.number % (len(LOGGED_VERSIONS) + 1) :], start=1
            )
        ]

    # Users and events

    def add(self) -> None:
        if self.world.traits.is_sole_user:
            self.leads = list(self.world.users)
        else:
            self.add_users()
        names = [row["triggered_by_event"] for row in self.world.milestones]
        names = [n for n in (*LEAD_EVENTS, *names) if not n.startswith(NEVER_HAPPENS)]
        for lead in self.leads:
            self.live(lead, names)

    def add_users(self) -> None:
        horizon, rng = self.world.horizon, self.rng
        last = min(horizon.observed_at, horizon.data_end)
        reach = (last - horizon.start) / DAY
        starts = [horizon.start.replace(hour=0) + int(reach * n / 14) * DAY for n in range(12)]
        if horizon.observed_from is not None:
            starts.append(horizon.observed_from)
        for number in range(LEAD_COUNT):
            signed_up_at = rng.choice(starts) + rng.choice(TIMES)
            account_id = rng.choice((None, *ACCOUNTS_OF_LEADS, *ACCOUNTS_OF_LEADS))
            self.leads.append(
                {
                    "user_id": str(500_000 + number),
                    "account_id": account_id,
                    "created_at": min(signed_up_at, horizon.data_end),
                    "plan_tier": rng.choice(PLAN_TIERS),
                    "install_source": rng.choice(INSTALL_SOURCES),
                    "invited_by": None,
                }
            )
        # A real account that reads like that of a user without one.
        first, second = self.leads[:2]
        if not self.world.has_integer_ids:
            first["account_id"], second["account_id"] = None, f"user:{first['user_id']}"
        self.world.users += self.leads
        for user in self.world.users:
            if user["user_id"] in self.world.excluded_user_ids:
                user["account_id"] = ACCOUNT_OF_EXCLUDED

    def live(self, lead: Row, names: list[str]) -> None:
        eagerness = self.rng.random()
        for name in names:
            if self.rng.random() < eagerness:
                for _ in range(self.rng.choice((1, 1, 2, 4))):
                    self.act(lead, name, self.any_instant(lead))
        if self.rng.random() < 0.4:
            event_name = self.variables.get("conversion_event", DEFAULT_CONVERSION_EVENT)
            self.act(lead, event_name or DEFAULT_CONVERSION_EVENT, self.any_payment(lead))
        if self.rng.random() < 0.5:
            # Days of use in the weeks that count as having stayed.
            week = self.variables.get("value_week", 8)
            for day in self.rng.sample(range(7 * week - 2, 7 * week + 9), 3):
                self.act(lead, "page_viewed", midnight(lead["created_at"]) + day * DAY)

    def act(self, lead: Row, name: str, instant: datetime) -> None:
        if instant <= self.world.horizon.data_end:
            self.world.add_event(lead, name, instant)

    def snapshots(self, lead: Row) -> list[datetime]:
        """The midnights on which the user is scored for good."""
        days = [lead["created_at"] + age * DAY for age in self.ages]
        return [day if day == midnight(day) else midnight(day) + DAY for day in days]

    def any_instant(self, lead: Row) -> datetime:
        rng, created_at = self.rng, lead["created_at"]
        shift = rng.choice((-MICROSECOND, timedelta(0), MICROSECOND))
        some_midnight = midnight(created_at) + rng.randint(1, 24) * DAY
        timeframes = [read_timeframe(row["timeframe"]) for row in self.world.milestones]
        return rng.choice(
            (
                created_at + rng.random() * 4 * DAY,
                created_at + rng.random() * 12 * DAY,
                created_at + rng.random() * THIRTY_DAYS,
                some_midnight + shift,
                rng.choice(self.snapshots(lead)) + shift,
                created_at + min(rng.choice(timeframes), THIRTY_DAYS) + shift,
            )
        )

    def any_payment(self, lead: Row) -> datetime:
        rng, created_at = self.rng, lead["created_at"]
        shift = rng.choice((-MICROSECOND, timedelta(0), MICROSECOND))
        snapshot = rng.choice(self.snapshots(lead))
        return rng.choice(
            (
                snapshot + rng.random() * self.window,
                snapshot + rng.random() * self.window,
                snapshot + shift,
                snapshot + self.window + shift,
                created_at + shift,
                created_at + 10 * DAY + shift,
                midnight(created_at) + rng.randint(1, 20) * DAY + shift,
                midnight(created_at) + rng.randint(1, 12) * DAY + self.window + shift,
            )
        )

    # Bills

    def add_subscriptions(self) -> None:
        if self.bills == "none":
            return
        self.number_of_subscription = 40_000
        for lead in self.leads:
            if self.rng.random() < 0.55:
                self.subscriptions.append(self.subscription(lead))
        originals = list(self.subscriptions)
        for row in self.rng.sample(originals, len(originals) // 3):
            self.subscriptions.append(row | self.repeat_changes(row))
        for row in self.rng.sample(originals, min(len(originals), 16)):
            self.subscriptions.append(row | self.fault() | {"subscription_id": self.next_id()})
        self.rng.shuffle(self.subscriptions)
        if self.bills == "of strangers":
            for row in self.subscriptions:
                row["account_id"] = ACCOUNT_OF_NOBODY
        if self.bills == "free":
            for row in self.subscriptions:
                if row["monthly_amount"] in AMOUNTS:
                    row["monthly_amount"] = self.rng.choice(FREE)

    def next_id(self) -> str:
        self.number_of_subscription += 1
        prefix = "" if self.world.has_integer_ids else "s"
        return f"{prefix}{self.number_of_subscription}"

    def subscription(self, lead: Row) -> Row:
        rng = self.rng
        account_id, user_id = rng.choice(
            (
                (lead["account_id"], None),
                (lead["account_id"], None),
                (None, lead["user_id"]),
                (None, lead["user_id"]),
                (lead["account_id"], rng.choice(self.leads)["user_id"]),
                (rng.choice(ACCOUNTS_OF_LEADS), lead["user_id"]),
            )
        )
        if account_id is None and user_id is None:
            user_id = lead["user_id"]
        aliases = [row["alias_id"] for row in self.world.aliases if row["alias_id"]]
        if aliases and account_id is None and rng.random() < 0.3:
            user_id = rng.choice(aliases)
        started_at = self.any_payment(lead)
        return {
            "subscription_id": self.next_id(),
            "started_at": started_at,
            "monthly_amount": rng.choice((*AMOUNTS, *FREE)),
            "account_id": account_id,
            "user_id": user_id,
            "ended_at": rng.choice((None, None, started_at + THIRTY_DAYS, "never")),
        }

    def repeat_changes(self, row: Row) -> Row:
        """Rows of one period that differ from a column on, in the order in which ties are told."""
        started_at = row["started_at"]
        changes = [
            ("ended_at", self.rng.choice((None, started_at + DAY, started_at + MICROSECOND))),
            ("monthly_amount", self.rng.choice((*AMOUNTS, *FREE))),
            ("account_id", self.rng.choice((None, *ACCOUNTS_OF_LEADS[:3]))),
            ("user_id", self.rng.choice(self.leads)["user_id"]),
        ]
        return dict(changes[self.rng.randint(0, len(changes) - 1) :])

    def fault(self) -> Row:
        rng, world = self.rng, self.world
        excluded = rng.choice(world.excluded_user_ids) if world.excluded_user_ids else None
        at = world.horizon.start + 3 * DAY
        return rng.choice(
            (
                {"subscription_id": None, "started_at": FAR_FUTURE},
                {"started_at": "soon"},
                {"monthly_amount": rng.choice(NO_AMOUNTS)},
                {"account_id": None, "user_id": None},
                {"started_at": FAR_FUTURE},
                {"account_id": ACCOUNT_OF_EXCLUDED, "monthly_amount": "-1"},
                {"account_id": None, "user_id": excluded},
                {"user_id": excluded},
                {"account_id": None, "user_id": UNKNOWN_USER_IDS[0], "monthly_amount": "-1"},
                {"monthly_amount": "-0.005"},
                {"monthly_amount": "-12"},
                {"started_at": at, "ended_at": at},
                {"started_at": at, "ended_at": at - MICROSECOND},
                {"started_at": at, "ended_at": at + MICROSECOND},
                {"started_at": world.horizon.observed_at},
                {"started_at": world.horizon.observed_at + MICROSECOND},
            )
        )

    # Accounts

    def add_accounts(self) -> None:
        """Accounts of leads; those that are there already learn what they say of themselves."""
        for row in self.world.accounts:
            row |= self.segments()
        for account_id in (*ACCOUNTS_OF_LEADS, ACCOUNT_OF_NOBODY):
            if self.rng.random() < 0.75:
                row = self.account(account_id)
                self.world.accounts.append(row)
                if self.rng.random() < 0.3:
                    self.world.accounts.append(row | self.segments())
        self.world.accounts += [self.account(None), self.account(ACCOUNT_OF_EXCLUDED)]
        self.rng.shuffle(self.world.accounts)

    def account(self, account_id: str | None) -> Row:
        signups = [u["created_at"] for u in self.leads if u["account_id"] == account_id]
        first = min(signups, default=self.world.horizon.start)
        at = self.rng.choice(
            (None, first, first - DAY, midnight(first), first + 2 * DAY, first - 9 * DAY, "soon")
        )
        blank = dict.fromkeys(
            (
                "account_name",
                "seat_count",
                "trial_started_at",
                "trial_ends_at",
                "employees",
                "is_partner",
                "motto",
                "region",
            )
        )
        return blank | {"account_id": account_id, "created_at": at} | self.segments()

    def segments(self) -> Row:
        return {
            "plan_tier": self.rng.choice((None, None, "enterprise", "pro", "unknown")),
            "install_source": self.rng.choice((None, None, "ads", ASTRAL, "Ads")),
            "acquisition_type": self.rng.choice((None, None, "new", "invited", "bought")),
        }

    # History

    def add_history(self) -> None:
        start, end = self.world.horizon.start, self.world.horizon.observed_at
        monday = midnight(start) - start.weekday() * DAY
        for _ in range(120):
            day = monday + 7 * self.rng.randint(0, 5) * DAY
            week = self.rng.choice(
                (
                    f"{day:%Y-%m-%d}",
                    f"{day:%Y-%m-%d}",
                    f"{day:%Y%m%d}",
                    f"{day.year}-{day.month}-{day.day}",
                    f"{day:%Y-%m-%d}T00:00:00Z",
                )
            )
            self.history.append(
                {
                    "definitions_version": self.rng.choice(VERSIONS),
                    "observed_until_at": self.rng.choice((end, end, end - DAY, None, "soon")),
                    "metric_id": self.rng.choice(METRIC_IDS),
                    "week_start_date": week if self.rng.random() < 0.95 else "soon",
                    "value": self.rng.choice(("0.25", "0.5", "1e-3", "0", "-1.5", "n/a", None)),
                }
            )
        for row in self.rng.sample(self.history, 8):
            column = self.rng.choice(("definitions_version", "metric_id"))
            self.history.append(row | {column: None})

    @property
    def has_history_folder(self) -> bool:
        return self.number % 6 == 1

    def write_history_folder(self, folder: Path) -> None:
        """As scripts/compare_definitions writes it."""
        folder.mkdir()
        end = self.world.horizon.observed_at
        monday = midnight(self.world.horizon.start)
        monday -= monday.weekday() * DAY
        for version in VERSIONS[:2]:
            with (folder / f"{version}.csv").open("w", encoding="utf-8", newline="") as lines:
                writer = csv.writer(lines, lineterminator="\n")
                writer.writerow(HISTORY_COLUMNS)
                for number in range(8):
                    week = f"{monday + 7 * (number % 4) * DAY:%Y-%m-%d}"
                    metric_id, value = METRIC_IDS[number // 4], f"0.{number}"
                    writer.writerow((version, end.isoformat(" "), metric_id, week, value))


def with_version(rows: list[Row], version: str) -> list[Row]:
    """Rows of the history and the log, when the version of the case is known."""
    own = {"definitions_version": version}
    return [row | own if row["definitions_version"] == OWN_VERSION else row for row in rows]


def midnight(instant: datetime) -> datetime:
    return instant.replace(hour=0, minute=0, second=0, microsecond=0)
