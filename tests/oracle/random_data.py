"""Small adversarial inputs: every boundary, tie and kind of broken row, in every form of file.

`write_case(number, folder)` gives the same case for the same number. Definition sets, file forms
and ends of observation rotate at different speeds, so that a run of cases meets many combinations.
All names are invented.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, cycle
from pathlib import Path
from urllib.parse import quote

import duckdb

Row = dict[str, object]
Seeds = dict[str, list[Row]]

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
THIRTY_DAYS = timedelta(days=30)

SHIPPED_SEEDS = Path(__file__).parents[2] / "seeds"
SEED_COLUMNS = {
    "milestones": (
        "milestone_id",
        "definition",
        "weight",
        "timeframe",
        "triggered_by_event",
        "milestone_order",
        "path",
        "is_required",
        "is_first_value",
        "min_count",
    ),
    "event_catalog": ("event_name", "is_meaningful"),
    "excluded_users": ("user_id", "reason"),
    "pql_signals": (
        "signal_id",
        "triggered_by_event",
        "user_column",
        "user_value",
        "points",
        "max_count",
    ),
    "pql_bands": ("scheme", "band", "lower_bound", "recommended_action", "is_qualified"),
    "kpi_targets": (
        "metric_id",
        "metric_name",
        "unit",
        "is_higher_better",
        "target_value",
        "tolerance",
    ),
    "benchmarks": ("metric_id", "category", "segment", "low", "high", "source"),
}
USER_COLUMNS = ("user_id", "account_id", "created_at", "plan_tier", "install_source", "invited_by")
EVENT_COLUMNS = ("event_id", "user_id", "event_name", "timestamp", "properties")
INSTANT_COLUMNS = ("created_at", "timestamp")
ID_COLUMNS = ("user_id", "account_id", "invited_by", "event_id")

# U+FF5E sorts before U+1F600 as UTF-8 bytes and code points, after it as UTF-16.
BELOW_ASTRAL, ASTRAL = "\uff5e", "\U0001f600"
COMPOSED, DECOMPOSED = "\u00e9t\u00e9", "e\u0301te\u0301"


@dataclass(frozen=True)
class Case:
    raw_dir: Path
    definitions_dir: Path
    observed_until: str | None
    benchmark_category: str
    benchmark_segment: str
    description: str


def write_case(number: int, folder: str | Path) -> Case:
    """Writes raw files and definitions below `folder` and says how to run them."""
    rng = random.Random(number)
    raw_dir, definitions_dir = Path(folder) / "raw", Path(folder) / "definitions"
    raw_dir.mkdir(parents=True)
    definitions_dir.mkdir(parents=True)

    definitions = DEFINITION_SETS[number % len(DEFINITION_SETS)]()
    seeds = definitions.seeds
    ending = ENDINGS[number % len(ENDINGS)]
    has_integer_ids = number % 5 == 2
    is_sole_user = number % 11 == 10
    is_before_everything = number % 29 == 28
    events_form = FORMS[number % len(FORMS)]
    # Users have nothing to be partitioned by.
    users_forms = [form for form in FORMS if not form.partition]
    users_form = users_forms[(5 * number + 3) % len(users_forms)]

    horizon = Horizon.draw(rng, ending)
    world = World(rng, horizon, seeds, has_integer_ids)
    world.fill(user_count=1 if is_sole_user else rng.randint(40, 250))
    if definitions.has_excluded_users:
        seeds["excluded_users"] = world.excluded_rows()

    write_seeds(seeds, definitions_dir)
    writer = TableWriter(raw_dir, rng, number % len(TEXT_STYLES), has_integer_ids)
    writer.write("users", USER_COLUMNS, world.users, users_form)
    writer.write("events", EVENT_COLUMNS, world.events, events_form)

    observed_until = ending.as_text(horizon.observed_at)
    if is_before_everything:
        observed_until = (horizon.start - 400 * DAY).isoformat()
    return Case(
        raw_dir=raw_dir,
        definitions_dir=definitions_dir,
        observed_until=observed_until,
        benchmark_category=definitions.benchmark_category,
        benchmark_segment=definitions.benchmark_segment,
        description=(
            f"case {number}: {definitions.name}; users as {users_form.name}, "
            f"events as {events_form.name}; "
            f"observed until {observed_until} ({ending.name}); "
            f"{len(world.users)} users, {len(world.events)} events"
            f"{', integer ids' if has_integer_ids else ''}"
            f"{', a sole user' if is_sole_user else ''}"
            f"{', nothing observed' if is_before_everything else ''}"
        ),
    )


# ---------------------------------------------------------------------------------------------
# The end of observation
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ending:
    name: str
    # How the var is written; None where the data decides.
    as_text: Callable[[datetime], str | None]
    # How long after the end of observation rows go on; negative where they stop before it.
    data_after: timedelta = 20 * DAY
    is_midnight: bool = False


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

    @classmethod
    def draw(cls, rng: random.Random, ending: Ending) -> Horizon:
        start = datetime(2023, 12, 1) + rng.randint(0, 120) * DAY
        observed_at = start + rng.randint(20, 150) * DAY + max(-ending.data_after, timedelta(0))
        if not ending.is_midnight:
            observed_at += rng.randint(0, 86_399_999_999) * MICROSECOND
        return cls(
            start=start,
            observed_at=observed_at,
            data_end=observed_at + ending.data_after,
            is_observed_at_by_data=ending.as_text(observed_at) is None,
        )


# ---------------------------------------------------------------------------------------------
# Users and events
# ---------------------------------------------------------------------------------------------

PLAN_TIERS = ("free", "free", "pro", "enterprise", None, "", "unknown", "NULL", " ")
INSTALL_SOURCES = (
    "ads",
    "ads",
    "search",
    BELOW_ASTRAL,
    ASTRAL,
    COMPOSED,
    DECOMPOSED,
    'partner "north", paid',
    "all",
    "unknown",
    None,
    "",
)
ACCOUNTS = ("9", "10", "100", None)
UNREADABLE_INSTANTS = ("soon", "2024-02-30 10:00:00", "n/a")
FAR_FUTURE = datetime(2091, 5, 6, 7, 8, 9, 123456)
UNKNOWN_USER_IDS = ("90000001", "90000002")
NOISE_EVENTS = (
    "page_viewed",
    "page_viewed",
    "search_run",
    "heartbeat",
    "tooltip_shown",
    "user_login",
    "email_opened",
    f"{BELOW_ASTRAL}_opened",
    f"{ASTRAL}_opened",
    "invite_sent",
)
NEVER_HAPPENS = "moon_landing_completed"
INVITE_PROPERTIES = (
    '{"count": 1}',
    '{"count": 3}',
    '{"count":-2}',
    '{"count":0}',
    '{"count":-0}',
    '{"count":3.0}',
    '{"count":3.7}',
    '{"count":1e2}',
    '{"count":"4"}',
    '{"count":"-5"}',
    '{"count":"+5"}',
    '{"count":"007"}',
    '{"count":"-0"}',
    '{"count":"4.0"}',
    '{"count":" 4"}',
    '{"count":"12345"}',
    '{"count":"x"}',
    '{"count":""}',
    '{"count":"\u0664"}',
    '{"count":true}',
    '{"count":null}',
    '{"count":{"count":5}}',
    '{"count":[6]}',
    '{"count":123456789012}',
    '{"count":9223372036854775808}',
    '{"count":"99999999999999999999"}',
    '{"count":2,"count":9}',
    '{"Count":5}',
    '{"c\\u006funt":5}',
    '{"count" :\n 4}',
    f'{{"team":"{BELOW_ASTRAL}, {ASTRAL}","count":12}}',
    '{"a.count":7}',
    '{"nested":{"count":5}}',
    "{}",
    '[{"count":5}]',
    "5",
    '"5"',
    '{"count":3',
    '{"count":3,}',
    '{"count":4,"size":NaN}',
    '{"count":5,"teams":["NaN, }",-Infinity]}',
    '{"count":6,"team":"inf,}"}',
    "not json",
    "",
    None,
)
RIVAL_PROPERTIES = (
    f'{{"{BELOW_ASTRAL}":1,"count":8}}',
    f'{{"{ASTRAL}":1,"count":9}}',
    '{"Z":1,"count":10}',
    '{"a":1,"count":11}',
    None,
)
OTHER_PROPERTIES = (
    "{}",
    None,
    "",
    f'{{"label":"{BELOW_ASTRAL}"}}',
    f'{{"label":"{ASTRAL}"}}',
    '{"label":"Z"}',
    '{"label":"a"}',
)


class World:
    """Grows rows whose instants sit on the boundaries that the definitions draw."""

    max_event_count = 4000

    def __init__(
        self, rng: random.Random, horizon: Horizon, seeds: Seeds, has_integer_ids: bool
    ) -> None:
        self.rng = rng
        self.horizon = horizon
        self.has_integer_ids = has_integer_ids
        self.milestones = sorted(seeds["milestones"], key=lambda row: int(row["milestone_order"]))
        self.signals = seeds["pql_signals"]
        self.timeframes = [read_timeframe(row["timeframe"]) for row in self.milestones]
        self.event_numbers = count(10_000)
        self.users: list[Row] = []
        self.events: list[Row] = []
        self.excluded_user_ids: list[str] = []

    def fill(self, user_count: int) -> None:
        self.add_users(user_count)
        self.link_invitations()
        for user in self.users:
            self.live(user)
        self.close_observation()
        self.events = [row for row in self.events if row["timestamp"] <= self.horizon.data_end]
        self.rng.shuffle(self.events)
        # The rest is for the broken rows and the copies.
        del self.events[self.max_event_count * 4 // 5 :]
        self.break_events()
        self.add_closing_event()
        self.break_users()
        self.rng.shuffle(self.users)
        self.rng.shuffle(self.events)

    def excluded_rows(self) -> list[Row]:
        reasons = cycle(("bot", None, "staff"))
        return [{"user_id": user_id, "reason": next(reasons)} for user_id in self.excluded_user_ids]

    # Users

    def add_users(self, user_count: int) -> None:
        signups = [self.any_signup() for _ in range(user_count)]
        if user_count > 1:
            closing = list(self.closing_signups())
            signups[: len(closing)] = closing[:user_count]
        ids = self.user_ids(user_count)
        for user_id, created_at in zip(ids, signups, strict=True):
            self.users.append(
                {
                    "user_id": user_id,
                    "account_id": self.rng.choice(ACCOUNTS),
                    "created_at": created_at,
                    "plan_tier": self.rng.choice(PLAN_TIERS),
                    "install_source": self.rng.choice(INSTALL_SOURCES),
                    "invited_by": None,
                }
            )
        # One of them signed up nowhere.
        excluded = self.rng.sample(ids, user_count // 20)
        self.excluded_user_ids = [*excluded, "80000000"] if excluded else []

    def user_ids(self, user_count: int) -> list[str]:
        numbers = self.rng.sample(range(1, 20_000), user_count)
        if self.has_integer_ids:
            return [str(number) for number in numbers]
        # Ids that a guess at types would change: leading zeros, an exponent, a word for null.
        prefixes = ("user_", "User_", "00", "", "1e", "null", COMPOSED, BELOW_ASTRAL, ASTRAL)
        return [f"{self.rng.choice(prefixes)}{number}" for number in numbers]

    def any_signup(self) -> datetime:
        start, end = self.horizon.start, self.horizon.data_end
        instant = start + self.rng.random() * (end - start)
        midnight = instant.replace(hour=0, minute=0, second=0, microsecond=0)
        snapped = self.rng.choice(
            (
                *(instant,) * 6,
                instant.replace(microsecond=0),
                midnight,
                midnight - MICROSECOND,
                midnight - midnight.weekday() * DAY,
                midnight.replace(day=1),
            )
        )
        return max(start, min(snapped, end))

    def closing_signups(self) -> Iterator[datetime]:
        """Signups whose windows close with the observation, a microsecond before or after."""
        required = [
            timeframe
            for timeframe, row in zip(self.timeframes, self.milestones, strict=True)
            if row["is_required"] != "false"
        ]
        windows = {timedelta(0), 1 * DAY, 7 * DAY, 14 * DAY, THIRTY_DAYS, *self.timeframes}
        windows.add(THIRTY_DAYS + max(required, default=timedelta(0)))
        for window in sorted(windows):
            for shift in (-MICROSECOND, timedelta(0), MICROSECOND):
                created_at = self.horizon.observed_at - window + shift
                if self.horizon.start <= created_at <= self.horizon.data_end:
                    yield created_at

    def link_invitations(self) -> None:
        lags = (
            timedelta(0),
            -MICROSECOND,
            THIRTY_DAYS,
            THIRTY_DAYS - MICROSECOND,
            3 * DAY,
            10 * DAY,
            self.rng.random() * THIRTY_DAYS,
        )
        strangers = ("", *UNKNOWN_USER_IDS, *self.excluded_user_ids)
        for user in self.users:
            chance = self.rng.random()
            inviter = self.rng.choice(self.users)
            if chance < 0.05:
                user["invited_by"] = user["user_id"]
            elif chance < 0.15:
                user["invited_by"] = self.rng.choice(strangers)
            elif chance < 0.35:
                user["invited_by"] = inviter["user_id"]
            elif chance < 0.6 and inviter is not user:
                invited_at = inviter["created_at"] + self.rng.choice(lags)
                if self.horizon.start <= invited_at <= self.horizon.data_end:
                    user["invited_by"] = inviter["user_id"]
                    user["created_at"] = invited_at

    # Events

    def add_event(self, user: Row, event_name: str, timestamp: datetime) -> None:
        kinds = INVITE_PROPERTIES if event_name == "invite_sent" else OTHER_PROPERTIES
        self.events.append(
            {
                "event_id": self.event_id(),
                "user_id": user["user_id"],
                "event_name": event_name,
                "timestamp": timestamp,
                "properties": self.rng.choice(kinds),
            }
        )

    def event_id(self) -> str | None:
        if self.rng.random() < 0.06:
            return self.rng.choice((None, ""))
        number = next(self.event_numbers)
        return str(number) if self.has_integer_ids else f"event_{number}"

    def live(self, user: Row) -> None:
        if self.rng.random() < 0.1:
            return
        if self.rng.random() < 0.5:
            self.add_event(user, "user_signup", user["created_at"])
        self.reach_milestones(user)
        self.wander(user)
        if self.rng.random() < 0.3:
            for _ in range(self.rng.randint(1, 3)):
                shift = self.rng.choice((-MICROSECOND, timedelta(0), self.rng.random() * DAY))
                window = self.rng.choice((timedelta(0), THIRTY_DAYS))
                self.add_event(user, "invite_sent", user["created_at"] + window + shift)

    def reach_milestones(self, user: Row) -> None:
        created_at = user["created_at"]
        reached_before = created_at
        for milestone, timeframe in zip(self.milestones, self.timeframes, strict=True):
            if milestone["triggered_by_event"] == NEVER_HAPPENS or self.rng.random() < 0.3:
                continue
            window = self.rng.choice((timeframe, timeframe, 7 * DAY, 14 * DAY, THIRTY_DAYS))
            reached_at = self.rng.choice(
                (
                    created_at,
                    created_at - MICROSECOND,
                    created_at + window - MICROSECOND,
                    created_at + window,
                    reached_before,
                    reached_before - MICROSECOND,
                    reached_before + THIRTY_DAYS - MICROSECOND,
                    reached_before + THIRTY_DAYS,
                    *(created_at + self.rng.random() * timeframe for _ in range(8)),
                )
            )
            for _ in range(int(milestone["min_count"] or 1) - 1):
                # Often tied with the event that reaches the milestone.
                earlier = self.rng.choice(
                    (reached_at, created_at + self.rng.random() * (reached_at - created_at))
                )
                self.add_event(user, milestone["triggered_by_event"], earlier)
            self.add_event(user, milestone["triggered_by_event"], reached_at)
            reached_before = max(reached_at, created_at)

    def wander(self, user: Row) -> None:
        """Activity on some days, often on the edges of a day; every fourth week is silent."""
        silent_week = self.horizon.start.toordinal() // 7 % 4
        for _ in range(self.rng.choice((0, 1, 3, 8, 16))):
            reach = self.rng.choice((3, 14, 60))
            instant = user["created_at"] + self.rng.random() * reach * DAY
            midnight = instant.replace(hour=0, minute=0, second=0, microsecond=0)
            timestamp = self.rng.choice((instant, instant, midnight, midnight - MICROSECOND))
            if timestamp.toordinal() // 7 % 4 != silent_week:
                self.add_event(user, self.rng.choice(NOISE_EVENTS), timestamp)

    def close_observation(self) -> None:
        """Events on what is measured backwards from the end: the last instants and signals."""
        stale_after = self.horizon.observed_at - 7 * DAY
        signal_events = sorted(
            {row["triggered_by_event"] for row in self.signals if row["triggered_by_event"]}
        )
        for user in self.users:
            shift = self.rng.choice((-MICROSECOND, timedelta(0), MICROSECOND))
            if self.rng.random() < 0.1:
                self.add_event(user, "page_viewed", self.horizon.observed_at + shift)
            if signal_events and self.rng.random() < 0.4:
                name = self.rng.choice(signal_events)
                for _ in range(self.rng.randint(1, 4)):
                    self.add_event(user, name, stale_after + shift)

    def add_closing_event(self) -> None:
        """Where the data decides the end of observation, one event has to stand there."""
        if self.horizon.is_observed_at_by_data:
            members = [u for u in self.users if u["user_id"] not in self.excluded_user_ids]
            self.add_event(self.rng.choice(members), "page_viewed", self.horizon.observed_at)

    # Rows that a rule has to remove

    def break_events(self) -> None:
        originals = list(self.events)
        for event in self.rng.sample(originals, len(originals) // 12):
            for _ in range(self.rng.choice((1, 1, 1, 3))):
                self.events.append(event | self.copy_changes(event))
        for event in self.rng.sample(originals, len(originals) // 20):
            column = self.rng.choice(("user_id", "event_name", "properties"))
            # Of all properties, only those of an invite show which copy stayed.
            change = {"event_name": "invite_sent"} if column == "properties" else {}
            self.events += self.rivals(event | change, column, "timestamp")
        for event in self.rng.sample(originals, min(len(originals), 8)):
            column = self.rng.choice(("user_id", "event_name", "timestamp"))
            self.events.append(event | {column: self.unusable(column), "event_id": None})
        for event in self.rng.sample(originals, min(len(originals), 6)):
            shift = self.rng.randint(0, 900) * DAY
            self.events.append(event | {"timestamp": FAR_FUTURE + shift})
        for event in self.rng.sample(originals, min(len(originals), 6)):
            self.events.append(event | {"user_id": self.rng.choice(UNKNOWN_USER_IDS)})
        for user in self.rng.sample(self.users, min(len(self.users), 8)):
            for shift in (-MICROSECOND, timedelta(0)):
                self.add_event(user, "search_run", user["created_at"] + shift)

    def copy_changes(self, event: Row) -> Row:
        """How a copy differs from its original; some copies fall to an earlier rule than it."""
        timestamp = event["timestamp"]
        others = [user["user_id"] for user in self.users]
        changes = self.rng.choice(
            (
                {},
                {},
                {"timestamp": self.delivered(timestamp + MICROSECOND)},
                {"timestamp": timestamp - MICROSECOND},
                {"timestamp": timestamp - 200 * DAY},
                {"timestamp": FAR_FUTURE},
                {"timestamp": None},
                {"user_id": self.rng.choice(others)},
                {"user_id": self.rng.choice((*UNKNOWN_USER_IDS, *self.excluded_user_ids))},
                {"event_name": f"{BELOW_ASTRAL}_opened"},
                {"event_name": f"{ASTRAL}_opened"},
                {"event_name": event["event_name"].upper()},
                {"properties": self.rng.choice(OTHER_PROPERTIES)},
                {"properties": self.rng.choice((None, ""))},
                {"properties": self.rng.choice(INVITE_PROPERTIES)},
            )
        )
        # Without its id, a copy is compared by content: equal, or equal but for one column.
        return changes | ({"event_id": None} if self.rng.random() < 0.2 else {})

    def rivals(self, original: Row, column: str, instant_column: str) -> list[Row]:
        """Two earlier copies that tie with each other but for one column, so that it decides."""
        user_ids = [user["user_id"] for user in self.users]
        candidates = {
            "user_id": user_ids,
            "event_name": (f"{BELOW_ASTRAL}_opened", f"{ASTRAL}_opened", "Z_opened", "a_opened"),
            "properties": RIVAL_PROPERTIES,
            "invited_by": user_ids,
        }.get(column, (BELOW_ASTRAL, ASTRAL, "Z", "a", COMPOSED, DECOMPOSED, None))
        earlier = original[instant_column] - MICROSECOND
        if self.has_integer_ids and column == "account_id":
            candidates = ACCOUNTS
        return [
            original | {instant_column: earlier, column: self.rng.choice(candidates)}
            for _ in range(2)
        ]

    def delivered(self, instant: datetime) -> datetime:
        return min(instant, self.horizon.data_end)

    def break_users(self) -> None:
        originals = list(self.users)
        for user in self.rng.sample(originals, max(1, len(originals) // 8)):
            for _ in range(self.rng.choice((1, 1, 2))):
                self.users.append(user | self.repeat_changes(user))
        for user in self.rng.sample(originals, len(originals) // 12):
            column = self.rng.choice(("account_id", "plan_tier", "install_source", "invited_by"))
            self.users += self.rivals(user, column, "created_at")
        for user in self.rng.sample(originals, min(len(originals), 4)):
            column = self.rng.choice(("user_id", "created_at"))
            self.users.append(user | {column: self.unusable(column)})
        self.users.append(originals[0] | {"user_id": UNKNOWN_USER_IDS[0], "created_at": FAR_FUTURE})
        self.users.append(originals[-1] | {"created_at": FAR_FUTURE + DAY})

    def repeat_changes(self, user: Row) -> Row:
        """A repeated user, tied down to a column further right each time."""
        traits = [
            ("account_id", self.rng.choice(("9", "10", None))),
            ("plan_tier", self.rng.choice((BELOW_ASTRAL, ASTRAL, "Z", "a", None))),
            ("install_source", self.rng.choice((COMPOSED, DECOMPOSED, "Z", "a", None))),
            ("invited_by", self.rng.choice((*UNKNOWN_USER_IDS, user["user_id"], None))),
        ]
        changes = dict(traits[self.rng.randint(0, len(traits)) :])
        if self.rng.random() < 0.3:
            later = self.delivered(user["created_at"] + MICROSECOND)
            changes["created_at"] = self.rng.choice((later, user["created_at"] - MICROSECOND))
        return changes

    def unusable(self, column: str) -> str | None:
        broken = UNREADABLE_INSTANTS if column in INSTANT_COLUMNS else (None, "")
        return self.rng.choice((None, *broken))


def read_timeframe(text: str) -> timedelta:
    units = {"h": timedelta(hours=1), "d": DAY, "w": 7 * DAY}
    return int(text[:-1]) * units[text[-1]]


# ---------------------------------------------------------------------------------------------
# Files
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    name: str
    file_type: str
    instant_type: str = "timestamp"
    is_gzipped: bool = False
    part_count: int = 1
    # One column is null throughout, and parquet gives it no other type than that.
    has_null_column: bool = False
    partition: str | None = None


FORMS = (
    Form("parquet", "parquet"),
    Form("csv", "csv"),
    Form("jsonl", "jsonl"),
    Form("folder of parquet files", "parquet", part_count=3, has_null_column=True),
    Form("csv.gz", "csv", is_gzipped=True),
    Form("parquet partitioned by day", "parquet", partition="day"),
    Form("parquet with nanoseconds", "parquet", instant_type="timestamp_ns"),
    Form("jsonl.gz", "jsonl", is_gzipped=True),
    Form("parquet with time zone", "parquet", instant_type="timestamptz"),
    Form("parquet with a column of nulls", "parquet", has_null_column=True),
    Form("folder of csv files", "csv", part_count=2),
    Form("parquet partitioned by event_name", "parquet", partition="event_name"),
    Form("parquet with timestamps as text", "parquet", instant_type="varchar"),
)
NULLABLE_COLUMNS = {"users": ("account_id", "invited_by"), "events": ("event_id", "properties")}
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


def in_turning_zones(instant: datetime, index: int) -> str:
    return with_offset((0, 5.5, -8)[index % 3])(instant)


def beyond_microseconds(instant: datetime, index: int) -> str:
    """Seven to nine digits, of which six count."""
    return f"{instant:%Y-%m-%d %H:%M:%S.%f}{'9' * (index % 3 + 1)}"


def as_short_as_can_be(instant: datetime, index: int) -> str:
    """A midnight is a date, a full second has no fraction."""
    is_midnight = instant.time() == datetime.min.time()
    return instant.date().isoformat() if is_midnight else instant.isoformat(" ")


# How the instant in a row of that index is written as text.
TEXT_STYLES: tuple[Callable[[datetime, int], str], ...] = (
    lambda instant, index: f"{instant:%Y-%m-%d %H:%M:%S.%f}",
    lambda instant, index: f"{instant.isoformat()}Z",
    in_turning_zones,
    beyond_microseconds,
    as_short_as_can_be,
)


@dataclass(frozen=True)
class TableWriter:
    raw_dir: Path
    rng: random.Random
    text_style: int
    has_integer_ids: bool

    def write(self, name: str, columns: Sequence[str], rows: list[Row], form: Form) -> None:
        rows = [row | {"note": f'extra, "ignored" {ASTRAL}'} for row in rows]
        columns = self.rng.sample((*columns, "note"), len(columns) + 1)
        if form.has_null_column:
            # In a folder, the first file alone lacks the values, and with them the type.
            null_column = self.rng.choice(NULLABLE_COLUMNS[name])
            rows = [
                row | {null_column: None} if index % form.part_count == 0 else row
                for index, row in enumerate(rows)
            ]
        if form.partition:
            parts = self.partitions(name, rows, form.partition)
        else:
            parts = self.parts(name, rows, form)
        for path, part_rows in parts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Hive partitions hold the column of their key in the path alone.
            self.write_file(path, [c for c in columns if c != form.partition], part_rows, form)

    def parts(self, name: str, rows: list[Row], form: Form) -> dict[Path, list[Row]]:
        ending = form.file_type + (".gz" if form.is_gzipped else "")
        if form.part_count == 1:
            return {self.raw_dir / f"{name}.{ending}": rows}
        return {
            self.raw_dir / name / f"part-{part}.{ending}": rows[part :: form.part_count]
            for part in range(form.part_count)
        }

    def partitions(self, name: str, rows: list[Row], key: str) -> dict[Path, list[Row]]:
        parts: dict[Path, list[Row]] = {}
        for row in rows:
            if key == "day":
                timestamp = row["timestamp"]
                value = f"{timestamp:%Y-%m-%d}" if isinstance(timestamp, datetime) else HIVE_NULL
            else:
                value = quote(row[key], safe="") if row[key] else HIVE_NULL
            path = self.raw_dir / name / f"{key}={value}" / "part-0.parquet"
            parts.setdefault(path, []).append(row)
        return parts

    def write_file(self, path: Path, columns: Sequence[str], rows: list[Row], form: Form) -> None:
        if form.file_type == "parquet":
            self.write_parquet(path, columns, rows, form.instant_type)
            return
        text = (
            self.as_csv(columns, rows) if form.file_type == "csv" else self.as_jsonl(columns, rows)
        )
        # Without the time of writing, the same case gives the same bytes.
        content = text.encode()
        path.write_bytes(gzip.compress(content, mtime=0) if form.is_gzipped else content)

    def as_csv(self, columns: Sequence[str], rows: list[Row]) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        for index, row in enumerate(rows):
            writer.writerow([self.as_text(row[column], index) for column in columns])
        return text.getvalue()

    def as_jsonl(self, columns: Sequence[str], rows: list[Row]) -> str:
        lines = []
        for index, row in enumerate(rows):
            values = {}
            for column in columns:
                value = self.as_text(row[column], index)
                if self.has_integer_ids and column in ID_COLUMNS and value:
                    value = int(value)
                # A null may be written, or its key left out.
                if value is not None or self.rng.random() < 0.5:
                    values[column] = value
            lines.append(json.dumps(values, ensure_ascii=index % 2 == 0) + "\n")
        return "".join(lines)

    def as_text(self, value: object, index: int) -> str | None:
        if isinstance(value, datetime):
            return TEXT_STYLES[self.text_style](value, index)
        return value

    def write_parquet(
        self, path: Path, columns: Sequence[str], rows: list[Row], instant_type: str
    ) -> None:
        values = {
            column: [
                self.as_castable(row[column], index, instant_type) for index, row in enumerate(rows)
            ]
            for column in columns
        }
        unnested, typed = [], []
        for number, column in enumerate(columns, start=1):
            column_type = self.parquet_type(column, values[column], instant_type)
            # An empty string has no other type than text.
            value = f'"{column}"' if column_type == "varchar" else f"nullif(\"{column}\", '')"
            unnested.append(f'unnest(${number}::varchar[]) as "{column}"')
            typed.append(f'cast({value} as {column_type}) as "{column}"')
        with duckdb.connect() as connection:
            connection.execute("set threads = 1")
            connection.execute(
                f"copy (select {', '.join(typed)} from (select {', '.join(unnested)})) "
                f"to '{path}' (format parquet)",
                [values[column] for column in columns],
            )

    def as_castable(self, value: object, index: int, instant_type: str) -> str | None:
        if instant_type == "varchar":
            return self.as_text(value, index)
        if isinstance(value, datetime):
            nanoseconds = ("000", "001", "999")[index % 3] * (instant_type == "timestamp_ns")
            zone = "+00" if instant_type == "timestamptz" else ""
            return f"{value:%Y-%m-%d %H:%M:%S.%f}{nanoseconds}{zone}"
        # A typed column can't hold what is no timestamp.
        return None if value in UNREADABLE_INSTANTS else value

    def parquet_type(self, column: str, values: list[str | None], instant_type: str) -> str:
        if column in INSTANT_COLUMNS:
            return instant_type
        if not any(values):
            return '"null"'
        return "bigint" if self.has_integer_ids and column in ID_COLUMNS else "varchar"


# ---------------------------------------------------------------------------------------------
# Definitions
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DefinitionSet:
    name: str
    seeds: Seeds
    benchmark_category: str = "overall"
    benchmark_segment: str = "all"
    has_excluded_users: bool = True


def write_seeds(seeds: Seeds, folder: Path) -> None:
    for name, columns in SEED_COLUMNS.items():
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(seeds[name])


def seeds_with(**changed: list[Row]) -> Seeds:
    """The shipped definitions, but for those that are given."""
    shipped = {}
    for name in SEED_COLUMNS:
        with open(SHIPPED_SEEDS / f"{name}.csv", encoding="utf-8", newline="") as lines:
            shipped[name] = list(csv.DictReader(lines))
    return shipped | changed


def milestone(
    milestone_id: str,
    weight: str,
    timeframe: str,
    event_name: str,
    order: int,
    path: str = "",
    is_required: str = "",
    is_first_value: str = "",
    min_count: str = "",
) -> Row:
    return {
        "milestone_id": milestone_id,
        "definition": f"User does what {milestone_id} asks for",
        "weight": weight,
        "timeframe": timeframe,
        "triggered_by_event": event_name,
        "milestone_order": str(order),
        "path": path,
        "is_required": is_required,
        "is_first_value": is_first_value,
        "min_count": min_count,
    }


def bands(scheme: str, *steps: tuple[str, str, str]) -> list[Row]:
    """Each step is a band, its lower bound and whether it is qualified."""
    return [
        {
            "scheme": scheme,
            "band": band,
            "lower_bound": lower_bound,
            "recommended_action": f"action_{band}",
            "is_qualified": is_qualified,
        }
        for band, lower_bound, is_qualified in steps
    ]


SHIPPED_POINTS_BANDS = bands(
    "points", ("nurture", "0", "false"), ("outreach", "21", ""), ("handoff", "51", "true")
)
SHIPPED_SHARE_BANDS = bands(
    "milestone_share", ("inactive", "0", "false"), ("engaged", "31", ""), ("pql", "70", "true")
)


def behavior_signal(signal_id: str, event_name: str, points: str, max_count: str = "") -> Row:
    return {
        "signal_id": signal_id,
        "triggered_by_event": event_name,
        "user_column": "",
        "user_value": "",
        "points": points,
        "max_count": max_count,
    }


def fit_signal(signal_id: str, user_column: str, user_value: str, points: str) -> Row:
    return {
        "signal_id": signal_id,
        "triggered_by_event": "",
        "user_column": user_column,
        "user_value": user_value,
        "points": points,
        "max_count": "",
    }


def targets(**values: tuple[str, str, str]) -> list[Row]:
    """By metric_id: is_higher_better, target_value, tolerance."""
    units = {
        "time_to_first_value": "days",
        "milestone_velocity": "days",
        "viral_coefficient": "ratio",
    }
    return [
        {
            "metric_id": metric_id,
            "metric_name": f"{metric_id} {ASTRAL}",
            "unit": units.get(metric_id, "rate"),
            "is_higher_better": is_higher_better,
            "target_value": target_value,
            "tolerance": tolerance,
        }
        for metric_id, (is_higher_better, target_value, tolerance) in values.items()
    ]


def benchmark(metric_id: str, category: str, segment: str, low: str, high: str) -> Row:
    return {
        "metric_id": metric_id,
        "category": category,
        "segment": segment,
        "low": low,
        "high": high,
        "source": "invented",
    }


def shipped() -> DefinitionSet:
    return DefinitionSet("shipped definitions", seeds_with())


def two_paths() -> DefinitionSet:
    """Both require something; the two first milestones tie in order, and Z sorts before a."""
    return DefinitionSet(
        "two paths with required milestones",
        seeds_with(
            milestones=[
                milestone("a1", "0.4", "2w", "report_viewed", 1, "viewer"),
                milestone("a2", "0.1", "12h", "comment_added", 3, "viewer", "false", "true"),
                milestone("Z1", "0.3", "7d", "project_created", 1, "maker", "true"),
                milestone("Z2", "0.2", "14d", "file_uploaded", 5, "maker", "", "true", "2"),
            ],
            event_catalog=[
                {"event_name": "page_viewed", "is_meaningful": "true"},
                {"event_name": "heartbeat", "is_meaningful": "false"},
                {"event_name": "tooltip_shown", "is_meaningful": ""},
            ],
        ),
        "collaboration",
        "smb",
    )


def path_without_requirement() -> DefinitionSet:
    """Everything of the first path is optional: it may not activate everybody."""
    return DefinitionSet(
        "a path without a required milestone",
        seeds_with(
            milestones=[
                milestone("b1", "0.25", "12h", "tour_taken", 1, "", "false", "true"),
                milestone("b2", "0.25", "3d", "page_viewed", 4, "", "false", "", "3"),
                milestone("b3", "0.25", "1w", "report_viewed", 2, "reader", "true", "false", "2"),
                milestone("b4", "0.25", "36h", "comment_added", 9, "reader"),
            ],
        ),
    )


def decimal_boundaries() -> DefinitionSet:
    """0.7 + 0.1 and 0.1 + 0.2 reach their bounds as decimals, and miss them as binary floats."""
    return DefinitionSet(
        "weights on the bounds of bands",
        seeds_with(
            milestones=[
                milestone("c1", "0.7", "7d", "project_created", 1),
                milestone("c2", "0.1", "7d", "file_uploaded", 2, is_required="false"),
                milestone("c3", "0.2", "30d", "report_viewed", 3, "", "false", "true"),
            ],
            pql_bands=bands(
                "milestone_share",
                ("none", "0", "false"),
                ("some", "30", "false"),
                ("most", "80", "true"),
                ("all", "100", "true"),
            )
            + SHIPPED_POINTS_BANDS,
            kpi_targets=targets(
                activation_rate=("true", "1.0", "0"),
                milestone_completion_rate=("true", "1", ""),
                time_to_first_value=("false", "1", "0.5"),
                viral_coefficient=("true", "1", "0.25"),
                retention_d7=("true", "0.5", "1"),
            ),
        ),
    )


def nothing_required() -> DefinitionSet:
    """Nobody is activated, and everybody qualifies at signup."""
    return DefinitionSet(
        "nothing required, all qualified",
        seeds_with(
            milestones=[
                milestone("d1", "0.5", "7d", "project_created", 2, "", "false", "true"),
                milestone("d2", "0.5", "7d", "report_viewed", 7, "", "false"),
            ],
            pql_bands=bands("milestone_share", ("any", "0", "true")) + SHIPPED_POINTS_BANDS,
        ),
        has_excluded_users=False,
    )


def single_milestone() -> DefinitionSet:
    """One milestone, and every seed that may be without rows is."""
    return DefinitionSet(
        "one milestone, headers only",
        seeds_with(
            milestones=[milestone("e1", "1", "14d", "page_viewed", 1, "", "", "true", "2")],
            event_catalog=[],
            excluded_users=[],
            pql_signals=[],
            kpi_targets=[],
            benchmarks=[],
        ),
        has_excluded_users=False,
    )


def same_event() -> DefinitionSet:
    """Two milestones count the same event; one waits for an event that never comes."""
    return DefinitionSet(
        "milestones on the same event",
        seeds_with(
            milestones=[
                milestone("f1", "0.3", "7d", "file_uploaded", 1, "main", "true", "true"),
                milestone("f2", "0.3", "30d", "file_uploaded", 2, "main", "true", "", "3"),
                milestone("f3", "0.2", "30d", "file_uploaded", 3, "main", "false"),
                milestone("f4", "0.2", "60d", NEVER_HAPPENS, 1, "moon", "true", "true"),
                milestone("f5", "0.1", "3d", "page_viewed", 2, "moon"),
            ],
        ),
        "developer",
        "enterprise",
    )


def rich_signals() -> DefinitionSet:
    """Counts up to three, halves, points below zero, and a top band that does not qualify."""
    return DefinitionSet(
        "many signals",
        seeds_with(
            pql_signals=[
                behavior_signal("files", "document_created", "3.3333", "3"),
                behavior_signal("files_again", "document_created", "0.0001", "2"),
                behavior_signal("views", "page_viewed", "7", "3"),
                behavior_signal("logins", "user_login", "2.5"),
                behavior_signal("emails", "email_opened", "-12.5", "3"),
                behavior_signal("moon", NEVER_HAPPENS, "50"),
                fit_signal("from_ads", "install_source", "ads", "10.25"),
                fit_signal("from_partner", "install_source", COMPOSED, "5"),
                fit_signal("free_plan", "plan_tier", "free", "-4"),
                fit_signal("unnamed_plan", "plan_tier", "unknown", "1"),
            ],
            pql_bands=bands(
                "milestone_share",
                ("low", "0", ""),
                ("middle", "31", "true"),
                ("high", "70", "false"),
            )
            + bands(
                "points",
                ("cold", "0", "false"),
                ("warm", "6.6666", "false"),
                ("hot", "20.5", "true"),
            ),
        ),
        "analytics",
        "smb",
    )


def no_bands() -> DefinitionSet:
    """Scores without bands, targets with blanks, benchmarks of an invented category."""
    metric_ids = ("activation_rate", "retention_d7", "milestone_cohort_conversion")
    return DefinitionSet(
        "no bands, blank targets",
        seeds_with(
            pql_bands=[],
            kpi_targets=targets(
                activation_rate=("true", "", "0.005"),
                time_to_first_value=("", "30", ""),
                milestone_completion_rate=("", "0.1", "0.01"),
                milestone_cohort_conversion=("true", "0.75", ""),
                milestone_velocity=("false", "0.5", ""),
                pql_conversion_rate=("true", "0.9", "0.005"),
            ),
            # Bounds that touch, so that only a value on them is within.
            benchmarks=[benchmark(metric, "games", "smb", "0.5", "0.5") for metric in metric_ids]
            + [benchmark("time_to_first_value", "games", "all", "0", "1")],
        ),
        "games",
        "smb",
    )


def three_paths() -> DefinitionSet:
    """Weights of nine decimals that stay just below 1, and bounds between their sums."""
    return DefinitionSet(
        "three paths, fractional bounds",
        seeds_with(
            milestones=[
                milestone("g1", "0.333333333", "7d", "tour_taken", 10, "p1", "true", "true"),
                milestone("g2", "0.333333333", "2w", "file_uploaded", 20, "p2", "true", "true"),
                milestone("g3", "0.333333333", "30d", "report_viewed", 10, "p3", "true", "true"),
                milestone("g4", "0", "12h", "comment_added", 30, "p3", "false", "true", "2"),
            ],
            pql_bands=bands(
                "milestone_share",
                ("none", "0", "false"),
                ("one", "33.3333", "false"),
                ("two", "66.6667", "true"),
                ("three", "99.9999", "true"),
                ("more", "100", "true"),
            )
            + SHIPPED_POINTS_BANDS,
        ),
    )


def long_windows() -> DefinitionSet:
    """Timeframes longer than any activation window, and the longer one comes first."""
    return DefinitionSet(
        "long timeframes",
        seeds_with(
            milestones=[
                milestone("h1", "0.2", "45d", "project_created", 1, "", "true", "false"),
                milestone("h2", "0.2", "10d", "file_uploaded", 2, "", "true", "true"),
                milestone("h0", "0.3", "6w", "page_viewed", 0, "starter", "false", "", "3"),
                milestone("h3", "0.3", "60d", "report_viewed", 8, "starter", "false", "true"),
            ],
        ),
    )


def astral_names() -> DefinitionSet:
    """The first milestone is told by byte order alone; its path has no second one."""
    return DefinitionSet(
        "names beyond the basic plane",
        seeds_with(
            milestones=[
                milestone(f"{ASTRAL}1", "0.5", "7d", "report_viewed", 1, ASTRAL, "", "true"),
                milestone(f"{ASTRAL}2", "0.2", "7d", f"{ASTRAL}_opened", 2, ASTRAL),
                milestone(f"{BELOW_ASTRAL}1", "0.3", "2w", "tour_taken", 1, BELOW_ASTRAL),
            ],
            pql_bands=SHIPPED_SHARE_BANDS + SHIPPED_POINTS_BANDS,
            kpi_targets=targets(
                activation_rate=("true", "0.6", "0.1"),
                milestone_completion_rate=("true", "0.6666", "0.05"),
                time_to_first_value=("false", "0.25", "0.125"),
            ),
        ),
    )


DEFINITION_SETS: tuple[Callable[[], DefinitionSet], ...] = (
    shipped,
    two_paths,
    path_without_requirement,
    decimal_boundaries,
    nothing_required,
    single_milestone,
    same_event,
    rich_signals,
    no_bands,
    three_paths,
    long_windows,
    astral_names,
)
