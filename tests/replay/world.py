"""A product, its users and an export that is late, doubled, corrected and redefined, day by day.

`World(form, seed, days, folder)` plays the same days for the same arguments. Day 0 delivers two
months of history; each `advance()` is one more day, and says in sentences what happened on it. What
may happen is a deck of cards (methods of the world, see `deck_of`); over the days each card is
played at least once, some days play one card alone, so that no other change hides it, and some play
none. All names are invented.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.oracle.random_data import (
    ASTRAL,
    BELOW_ASTRAL,
    EVENT_COLUMNS,
    INVITE_PROPERTIES,
    USER_COLUMNS,
    behavior_signal,
    fit_signal,
    milestone,
    seeds_with,
    write_seeds,
)
from tests.replay.files import Row, write_rows

SEEDS = [int(seed) for seed in os.environ.get("PLG_REPLAY_SEEDS", "1").split(",")]
DAYS = {"folder": 30, "table": 12, "arrivals": 8}
FORMS = tuple(DAYS)
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)

# The days cross the end of a week, of a month and of a leap day.
HISTORY_START = datetime(2023, 12, 4)
FIRST_DAY = datetime(2024, 2, 5)
FIRST_USER_COUNT = 32
FAR_FUTURE = datetime(2091, 5, 6, 7, 8, 9)

PLAN_TIERS = ("free", "free", "pro", "enterprise", None)
INSTALL_SOURCES = ("ads", "ads", "search", BELOW_ASTRAL, ASTRAL, "partner", None)
EVENT_NAMES = (
    *("page_viewed", "page_viewed", "user_login", "report_viewed", "email_opened", "search_run"),
    *("invite_sent", "invite_sent", "document_created", "document_created", "file_uploaded"),
    *("api_call_success", "task_completed", "paid_feature_used", "onboarding_completed"),
)
TRIGGERS = ("report_viewed", "file_uploaded", "user_login", "paid_feature_used", "search_run")
TIMEFRAMES = ("12h", "3d", "7d", "2w", "30d", "45d")
PROPERTIES = ("{}", None, '{"label":"a"}', '{"label":"Z"}', f'{{"label":"{ASTRAL}"}}')
ENDINGS = (".parquet", ".parquet", ".csv", ".jsonl.gz")

# Of the days with one card, the share that goes to the cards that anything else would hide.
SHY_SHARE = 0.5

Card = Callable[["World"], str | None]


@dataclass(eq=False)
class Batch:
    """What one delivery brought; in the form `folder`, one file below events/."""

    name: str
    rows: list[Row]
    modified_at: float
    is_changed: bool = True


@dataclass
class Due:
    """What a card has put off to a later day."""

    day: int
    act: Callable[[], str]


@dataclass
class World:
    form: str
    seed: int
    day_count: int
    folder: Path
    day: int = 0
    users: list[Row] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    variables: dict[str, object] = field(default_factory=dict)
    dues: list[Due] = field(default_factory=list)
    # Rows of the coming delivery.
    arriving: list[Row] = field(default_factory=list)
    events_ending: str = ".parquet"

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.form} {self.seed}")
        self.raw_dir = self.folder / "raw"
        self.definitions_dir = self.folder / "definitions"
        self.definitions_dir.mkdir(parents=True)
        self.seeds = seeds_with()
        self.users_ending = ".csv" if self.form == "folder" else ".parquet"
        self.numbers = Counter()
        self.newest_received_at = FIRST_DAY
        self.plan = self.plan_days()
        self.deliver_history()
        self.write()

    # The days

    @property
    def now(self) -> datetime:
        return FIRST_DAY + self.day * DAY

    def plan_days(self) -> dict[int, list[Card]]:
        """The cards of each day: one whole deck at least, and some days with a card or none."""
        days = list(range(1, self.day_count + 1))
        quiet_count = 1 if self.day_count < 20 else 2
        quiet = self.rng.sample(days[2:], min(quiet_count, max(0, len(days) - 3)))
        lively = [day for day in days if day not in quiet]
        deck = list(deck_of(self.form))
        self.rng.shuffle(deck)
        # Half of the lively days play one card; the rest of the deck goes to the other half.
        self.single_days = set(self.rng.sample(lively, len(lively) // 2))
        others = [day for day in lively if day not in self.single_days]
        shy = [card for card in deck if card in SHY][: int(len(self.single_days) * SHY_SHARE)]
        deck = [card for card in deck if card not in shy]
        alone = [*shy, *(deck.pop() for _ in range(len(self.single_days) - len(shy)))]
        self.rng.shuffle(alone)
        plan: dict[int, list[Card]] = {day: [] for day in days}
        for day, card in zip(sorted(self.single_days), alone, strict=True):
            plan[day].append(card)
        for place, card in enumerate(deck):
            plan[others[place % len(others)]].append(card)
        # A var that is set for a day needs a day behind it.
        for day in lively[-2:]:
            if World.observed_until_for_a_day in plan[day]:
                first = lively[self.rng.randrange(len(lively) // 2)]
                plan[day], plan[first] = plan[first], plan[day]
                if (day in self.single_days) != (first in self.single_days):
                    self.single_days ^= {day, first}
        return plan

    def advance(self) -> list[str]:
        """Plays the next day, writes its files, and says what happened."""
        self.day += 1
        cards = self.plan[self.day]
        happened = []
        if cards:
            ripe = [due for due in self.dues if due.day <= self.day]
            self.dues = [due for due in self.dues if due.day > self.day]
            happened = [due.act() for due in ripe]
        # A card that finds nothing to act on waits for a livelier day.
        for card in cards:
            said = card(self)
            if said:
                happened.append(said)
            elif self.day < self.day_count:
                self.plan[self.day + 1].append(card)
        if cards and self.day not in self.single_days:
            happened.append(self.ordinary_arrivals())
        self.deliver()
        self.write()
        return happened or ["nothing arrives"]

    def later(self, act: Callable[[], str], longest: int = 5) -> None:
        self.dues.append(Due(self.day + self.rng.randint(1, longest), act))

    # Users and events

    def number(self, kind: str) -> int:
        self.numbers[kind] += 1
        return self.numbers[kind]

    def moment(self, first: datetime, last: datetime) -> datetime:
        """Any microsecond from first until before last."""
        width = max(1, (last - first) // MICROSECOND)
        return first + self.rng.randrange(width) * MICROSECOND

    def new_user(self, created_at: datetime) -> Row:
        known = [user["user_id"] for user in self.users]
        return {
            "user_id": f"u{self.number('user'):03}",
            "account_id": self.rng.choice(("9", "10", None)),
            "created_at": created_at,
            "plan_tier": self.rng.choice(PLAN_TIERS),
            "install_source": self.rng.choice(INSTALL_SOURCES),
            "invited_by": self.rng.choice(known) if known and self.rng.random() < 0.5 else None,
        }

    def event(self, user_id: object, timestamp: datetime, name: str | None = None) -> Row:
        name = name or self.rng.choice(EVENT_NAMES)
        choices = INVITE_PROPERTIES if name == "invite_sent" else PROPERTIES
        return {
            "event_id": f"e{self.number('event'):05}",
            "user_id": user_id,
            "event_name": name,
            "timestamp": timestamp,
            "properties": self.rng.choice(choices),
        }

    def life(self, user: Row, first: datetime, last: datetime, most: int) -> list[Row]:
        """Some events of a user within a span; a few on the boundary of a window."""
        created_at = user["created_at"]
        first = max(first, created_at)
        if first >= last:
            return []
        rows = [
            self.event(user["user_id"], self.moment(first, last))
            for _ in range(self.rng.randint(0, most))
        ]
        for row in rows:
            if self.rng.random() < 0.15:
                window = self.rng.choice((1, 7, 14, 30)) * DAY
                nudge = self.rng.choice((-1, 0, 1)) * MICROSECOND
                if first <= created_at + window + nudge < last:
                    row["timestamp"] = created_at + window + nudge
            if self.rng.random() < 0.05:
                row["event_id"] = None
        return rows

    def sound_users(self) -> list[Row]:
        return [u for u in self.users if u["user_id"] and isinstance(u["created_at"], datetime)]

    def any_user(self) -> Row:
        return self.rng.choice([u for u in self.sound_users() if u["created_at"] < self.now])

    def sound_events(self) -> list[Row]:
        """All delivered rows that have their keys and are not from the future."""
        return [
            row
            for batch in self.batches
            for row in batch.rows
            if row["user_id"]
            and row["event_name"]
            and isinstance(row["timestamp"], datetime)
            and row["timestamp"] < FAR_FUTURE
        ]

    def any_event(self) -> Row:
        return self.rng.choice(self.sound_events())

    def deliver_history(self) -> None:
        span = FIRST_DAY - HISTORY_START
        for _ in range(FIRST_USER_COUNT):
            created_at = HISTORY_START + self.rng.random() ** 0.8 * span
            self.users.append(self.new_user(created_at.replace(microsecond=0)))
        rows = [
            row
            for user in self.users
            for row in (
                self.life(user, user["created_at"], user["created_at"] + 9 * DAY, 14)
                + self.life(user, user["created_at"], FIRST_DAY, 18)
            )
            if row["timestamp"] < FIRST_DAY
        ]
        rows.append(self.event(self.users[0]["user_id"], FIRST_DAY - MICROSECOND))
        rows += [row | {} for row in self.rng.sample(rows, 5)]
        self.rng.shuffle(rows)
        files = 5
        for part in range(files):
            self.arriving = rows[part::files]
            self.deliver()

    def ordinary_arrivals(self) -> str:
        """A day's usual delivery: events of yesterday, a few late ones, one or two signups."""
        yesterday = self.now - DAY
        for _ in range(self.rng.choice((0, 1, 1, 2))):
            self.users.append(self.new_user(self.moment(yesterday, self.now)))
        rows = [
            row
            for user in self.sound_users()
            if self.rng.random() < 0.35
            for row in self.life(user, yesterday, self.now, 3)
        ]
        for row in rows:
            if self.rng.random() < 0.1:
                lateness = self.rng.randint(1, 40) * DAY
                row["timestamp"] -= lateness
        self.arriving += rows
        return f"{len(rows)} ordinary events"

    # Files

    def deliver(self) -> None:
        """Makes a batch of what is arriving."""
        if not self.arriving:
            return
        ending = self.rng.choice(ENDINGS)
        name = f"{self.now:%Y-%m-%d}-{self.number('batch')}{ending}"
        for row in self.arriving:
            if "received_at" not in row:
                row["received_at"] = self.now + len(self.batches) * timedelta(seconds=1)
        self.newest_received_at = max(row["received_at"] for row in self.arriving)
        self.batches.append(Batch(name, self.arriving, self.some_time()))
        self.arriving = []

    def some_time(self) -> float:
        """A time of modification, never twice the same: of this day, or older than all others."""
        moment = self.rng.choice((self.now, self.now, datetime(2001, 1, 1)))
        return moment.timestamp() + self.number("modification")

    def touch(self, batch: Batch) -> None:
        batch.is_changed = True
        batch.modified_at = self.some_time()

    def owner(self, row: Row) -> Batch:
        return next(b for b in self.batches if any(other is row for other in b.rows))

    def remove_rows(self, rows: Sequence[Row]) -> None:
        gone = {id(row) for row in rows}
        for batch in self.batches:
            kept = [row for row in batch.rows if id(row) not in gone]
            if len(kept) < len(batch.rows):
                batch.rows = kept
                self.touch(batch)

    def write(self) -> None:
        self.raw_dir.mkdir(exist_ok=True)
        for path in self.raw_dir.glob("users.*"):
            path.unlink()
        users = list(self.users)
        if self.day % 3 == 2:
            self.rng.shuffle(users)
        write_rows(self.raw_dir / f"users{self.users_ending}", USER_COLUMNS, users)
        if self.form == "folder":
            self.write_folder()
        else:
            self.write_table()
        write_seeds(self.seeds, self.definitions_dir)

    def write_folder(self) -> None:
        folder = self.raw_dir / "events"
        wanted = {batch.name for batch in self.batches}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and str(path.relative_to(folder)) not in wanted:
                path.unlink()
        for batch in self.batches:
            if batch.is_changed:
                path = folder / batch.name
                write_rows(path, EVENT_COLUMNS, batch.rows)
                os.utime(path, (batch.modified_at, batch.modified_at))
                batch.is_changed = False

    def write_table(self) -> None:
        rows = [row for batch in self.batches for row in batch.rows]
        if self.day % 4 == 3:
            self.rng.shuffle(rows)
        columns = EVENT_COLUMNS
        if self.form == "arrivals":
            columns = (*EVENT_COLUMNS, "received_at")
        for path in self.raw_dir.glob("events.*"):
            path.unlink()
        write_rows(self.raw_dir / f"events{self.events_ending}", columns, rows)

    # Cards: events that arrive, in every form

    def late_events(self) -> str:
        for _ in range(self.rng.randint(3, 8)):
            user = self.any_user()
            timestamp = self.now - self.rng.randint(1, 40) * DAY - self.rng.random() * DAY
            self.arriving.append(self.event(user["user_id"], max(timestamp, user["created_at"])))
        return f"{len(self.arriving)} events up to 40 days late"

    def late_by_exactly_a_window(self) -> str:
        user = self.any_user()
        for window in (1, 7, 14, 30):
            for nudge in (-1, 0):
                timestamp = user["created_at"] + window * DAY + nudge * MICROSECOND
                if timestamp < self.now:
                    name = self.rng.choice(("invite_sent", "document_created"))
                    self.arriving.append(self.event(user["user_id"], timestamp, name))
        return f"events of {user['user_id']} on the boundaries of its windows"

    def repeat(self, **changes: object) -> str:
        original = self.any_event()
        self.arriving.append({**original, **changes, "received_at": self.now})
        told = ", ".join(f"{name} {value!s}" for name, value in changes.items()) or "the same"
        return f"{original['event_id']} of {original['timestamp']} arrives again: {told}"

    def exact_repeats(self) -> str:
        return "; ".join(self.repeat() for _ in range(3))

    def earlier_repeat(self) -> str:
        earlier = self.any_event()["timestamp"] - self.rng.choice((MICROSECOND, DAY, 9 * DAY))
        return self.repeat(timestamp=earlier)

    def much_earlier_repeat_of_newest(self) -> str:
        newest = max(self.sound_events(), key=lambda row: row["timestamp"])
        copy = newest | {"timestamp": newest["timestamp"] - 12 * DAY, "received_at": self.now}
        self.arriving.append(copy)
        return f"the newest event, {newest['event_id']}, arrives again, stamped 12 days earlier"

    def later_repeat(self) -> str:
        return self.repeat(timestamp=self.now - self.rng.random() * DAY)

    def repeat_of_another_user(self) -> str:
        return self.repeat(user_id=self.any_user()["user_id"])

    def earlier_repeat_of_another_user(self) -> str:
        user = min(self.sound_users(), key=lambda user: user["created_at"])
        original = self.any_event()
        earlier = max(user["created_at"], original["timestamp"] - 3 * DAY)
        copy = original | {"user_id": user["user_id"], "timestamp": earlier}
        self.arriving.append(copy | {"received_at": self.now})
        return f"{original['event_id']} arrives again, earlier, for {user['user_id']}"

    def repeat_of_another_name(self) -> str:
        return self.repeat(event_name=self.rng.choice(("a_first_of_all", "zoomed")))

    def repeat_of_other_properties(self) -> str:
        return self.repeat(properties=self.rng.choice(('{"count":9}', '{"A":1}', None)))

    def events_without_id(self) -> str:
        for _ in range(3):
            user = self.any_user()
            row = self.event(user["user_id"], self.moment(user["created_at"], self.now))
            self.arriving += [row | {"event_id": self.rng.choice((None, ""))} for _ in range(2)]
        return "3 events without an id, each twice"

    def repeat_without_id(self) -> str | None:
        nameless = [row for row in self.sound_events() if not row["event_id"]]
        if not nameless:
            return None
        original = self.rng.choice(nameless)
        self.arriving.append(original | {"event_id": "", "received_at": self.now})
        self.arriving.append(original | {"properties": '{"B":2}', "received_at": self.now})
        return f"an event without id of {original['timestamp']} arrives again, same and changed"

    def events_before_their_user(self) -> str:
        user = self.new_user(self.moment(self.now - 20 * DAY, self.now - DAY))
        self.arriving += self.life(user, user["created_at"], self.now, 8)
        self.arriving.append(self.event(user["user_id"], self.now - MICROSECOND, "invite_sent"))
        self.later(lambda: self.add_user(user), 6)
        return f"events of {user['user_id']}, who is not known yet"

    def add_user(self, user: Row) -> str:
        self.users.append(user)
        return f"user {user['user_id']} arrives, created at {user['created_at']}"

    def claim_of_a_coming_user(self) -> str:
        """An earlier copy of a known event, whose user arrives later and takes the event over."""
        original = self.any_event()
        user = self.new_user(original["timestamp"] - 2 * DAY)
        copy = original | {"user_id": user["user_id"], "timestamp": original["timestamp"] - DAY}
        self.arriving.append(copy | {"received_at": self.now})
        self.later(lambda: self.add_user(user))
        return f"{original['event_id']} arrives earlier for {user['user_id']}, not known yet"

    def broken_rows(self) -> str:
        user = self.any_user()
        row = self.event(user["user_id"], self.moment(user["created_at"], self.now))
        for column in ("user_id", "event_name", "timestamp"):
            self.arriving.append(row | {column: None})
            self.arriving.append(row | {column: "soon" if column == "timestamp" else ""})
        self.arriving.append(self.event("u_unknown", self.now - DAY))
        return "6 rows without a key, one of an unknown user"

    def events_before_signup(self) -> str:
        for _ in range(3):
            user = self.any_user()
            early = user["created_at"] - self.rng.choice((MICROSECOND, DAY, 5 * DAY))
            self.arriving.append(self.event(user["user_id"], early))
        return "3 events from before the signup"

    def future_events(self) -> str:
        original = self.any_event()
        self.arriving.append(original | {"timestamp": FAR_FUTURE, "received_at": self.now})
        self.arriving.append(self.event(self.any_user()["user_id"], FAR_FUTURE + self.day * DAY))
        return "2 events stamped years ahead"

    def invitations(self) -> str:
        for _ in range(6):
            user = self.any_user()
            last = min(user["created_at"] + 31 * DAY, self.now)
            timestamp = self.moment(user["created_at"], last)
            self.arriving.append(self.event(user["user_id"], timestamp, "invite_sent"))
        return "6 invitations, of any age"

    def gap(self) -> str:
        """The next events are of days later: dates without anything lie between."""
        user = self.any_user()
        self.arriving.append(self.event(user["user_id"], self.now + 3 * DAY))
        return "one event, 3 days ahead of the others"

    # Cards: users

    def earlier_signup(self) -> str:
        early = [r for r in self.sound_events() if self.is_before_signup(r)]
        row = self.rng.choice(early) if early else None
        user = self.user_of(row) if row else self.any_user()
        before = user["created_at"]
        user["created_at"] = (row["timestamp"] if row else before) - self.rng.random() * 9 * DAY
        return f"created_at of {user['user_id']}: {before} becomes {user['created_at']}"

    def is_before_signup(self, row: Row) -> bool:
        user = self.user_of(row)
        return user is not None and row["timestamp"] < user["created_at"]

    def user_of(self, row: Row) -> Row | None:
        return next((u for u in self.sound_users() if u["user_id"] == row["user_id"]), None)

    def later_signup(self) -> str:
        row = self.rng.choice([row for row in self.sound_events() if self.user_of(row)])
        user = self.user_of(row)
        before = user["created_at"]
        user["created_at"] = max(before, row["timestamp"]) + MICROSECOND
        return f"created_at of {user['user_id']}: {before} becomes {user['created_at']}"

    def other_inviter(self) -> str:
        told = []
        for _ in range(3):
            user = self.any_user()
            choices = (None, user["user_id"], "u_unknown", self.any_user()["user_id"])
            user["invited_by"] = self.rng.choice(choices)
            told.append(f"invited_by of {user['user_id']} becomes {user['invited_by']}")
        return "; ".join(told)

    def other_plan(self) -> str:
        user = self.any_user()
        user["plan_tier"] = self.rng.choice(("starter", "enterprise", "", "pro"))
        return f"plan_tier of {user['user_id']} becomes {user['plan_tier']}"

    def other_source(self) -> str:
        user = self.any_user()
        user["install_source"] = self.rng.choice(("fair", "search", None))
        user["account_id"] = str(self.number("account"))
        return f"install_source of {user['user_id']} becomes {user['install_source']}"

    def vanishing_users(self) -> str:
        gone = {self.any_user()["user_id"] for _ in range(2)}
        rows = [user for user in self.users if user["user_id"] in gone]
        self.users = [user for user in self.users if user["user_id"] not in gone]

        def come_back() -> str:
            self.users += rows
            return f"users {sorted(gone)} come back"

        self.later(come_back)
        return f"users {sorted(gone)} vanish"

    def exclude(self, user_id: object) -> str:
        row = {"user_id": user_id, "reason": "test"}
        if any(other["user_id"] == user_id for other in self.seeds["excluded_users"]):
            return f"user {user_id} stays excluded"
        self.seeds["excluded_users"].append(row)

        def include() -> str:
            self.seeds["excluded_users"].remove(row)
            return f"user {user_id} is excluded no more"

        self.later(include)
        return f"user {user_id} is excluded"

    def excluded_user(self) -> str:
        return self.exclude(self.any_event()["user_id"])

    def excluded_user_of_newest_event(self) -> str:
        newest = max(self.sound_events(), key=lambda row: row["timestamp"])
        return self.exclude(newest["user_id"]) + ", whose event was the newest"

    def repeated_users(self) -> str:
        told = []
        for shift in (-4 * DAY, timedelta(0), 4 * DAY):
            user = self.any_user()
            changes = {"plan_tier": "aardvark", "invited_by": self.any_user()["user_id"]}
            self.users.append(user | changes | {"created_at": user["created_at"] + shift})
            told.append(f"{user['user_id']} by {shift}")
        return f"second rows of users: {', '.join(told)}"

    def broken_users(self) -> str:
        user = self.any_user()
        self.users.append(user | {"user_id": None})
        self.users.append(user | {"user_id": "u_timeless", "created_at": None})
        self.users.append(user | {"user_id": "u_future", "created_at": FAR_FUTURE})
        return "rows of users without a key, and from the future"

    def lost_signup(self) -> str:
        user = self.any_user()
        before = user["created_at"]
        user["created_at"] = None

        def find() -> str:
            user["created_at"] = before
            return f"created_at of {user['user_id']} is back"

        self.later(find)
        return f"created_at of {user['user_id']} becomes null"

    def first_user_of_all(self) -> str:
        first = min(user["created_at"] for user in self.sound_users())
        user = self.new_user(first - 8 * DAY)
        self.users.append(user)

        def leave() -> str:
            self.users = [other for other in self.users if other is not user]
            return f"user {user['user_id']}, the first of all, vanishes"

        self.later(leave)
        return f"user {user['user_id']} arrives, the first of all, {user['created_at']}"

    # Cards: corrections of what was delivered

    def rows_removed(self) -> str:
        rows = self.rng.sample(self.rng.choice(self.large_batches()).rows, 2)
        self.remove_rows(rows)
        return f"rows removed: {[row['event_id'] for row in rows]}"

    def large_batches(self) -> list[Batch]:
        return [batch for batch in self.batches if len(batch.rows) >= 4]

    def rows_added(self) -> str:
        batch = self.rng.choice(self.batches)
        user = self.any_user()
        row = self.event(user["user_id"], self.moment(user["created_at"], self.now))
        batch.rows.insert(self.rng.randint(0, len(batch.rows)), row)
        self.touch(batch)
        return f"{row['event_id']} of {row['timestamp']} added to {batch.name}"

    def row_changed(self, **changes: object) -> str:
        row = self.any_event()
        batch = self.owner(row)
        row.update(changes)
        self.touch(batch)
        return f"{row['event_id']} in {batch.name} corrected: {changes}"

    def timestamp_corrected(self) -> str:
        return self.row_changed(timestamp=self.now - self.rng.random() * 40 * DAY)

    def name_corrected(self) -> str:
        return self.row_changed(event_name=self.rng.choice(EVENT_NAMES))

    def user_corrected(self) -> str:
        return self.row_changed(user_id=self.any_user()["user_id"])

    def properties_corrected(self) -> str:
        invites = [row for row in self.sound_events() if row["event_name"] == "invite_sent"]
        row = self.rng.choice(invites)
        row["properties"] = f'{{"count":{self.rng.randint(5, 50)}}}'
        self.touch(self.owner(row))
        return f"properties of {row['event_id']} corrected: {row['properties']}"

    def id_corrected(self) -> str:
        other = self.any_event()["event_id"]
        return self.row_changed(event_id=other)

    def values_exchanged(self) -> str:
        """Two rows exchange their users: as many rows and, in a CSV, as many bytes as before."""
        batches = [b for b in self.large_batches() if b.name.endswith(".csv")]
        batch = self.rng.choice(batches or self.large_batches())
        sound = [row for row in batch.rows if row["user_id"]]
        first, second = self.rng.sample(sound, 2)
        first["user_id"], second["user_id"] = second["user_id"], first["user_id"]
        self.touch(batch)
        return f"users of {first['event_id']} and {second['event_id']} exchanged in {batch.name}"

    def rows_in_another_order(self) -> str:
        batch = self.rng.choice(self.large_batches())
        self.rng.shuffle(batch.rows)
        self.touch(batch)
        return f"rows of {batch.name} in another order"

    def only_activity_taken_back(self) -> str | None:
        by_user_date: dict[tuple[object, date], list[Row]] = {}
        for row in self.sound_events():
            if self.user_of(row):
                by_user_date.setdefault((row["user_id"], row["timestamp"].date()), []).append(row)
        single = [rows for rows in by_user_date.values() if len(rows) == 1]
        if not single:
            return None
        (row,) = self.rng.choice(single)
        self.remove_rows([row])
        return f"{row['event_id']} taken back, all that {row['user_id']} did on its date"

    def date_emptied(self) -> str:
        day = self.any_event()["timestamp"].date()
        rows = [row for row in self.sound_events() if row["timestamp"].date() == day]
        self.remove_rows(rows)
        return f"all {len(rows)} events of {day} vanish"

    def newest_taken_back(self) -> str:
        rows = sorted(self.sound_events(), key=lambda row: row["timestamp"])[-3:]
        self.remove_rows(rows)
        return "the 3 newest events are taken back"

    # Cards: files of the folder

    def file_renamed(self) -> str:
        batch = self.rng.choice(self.batches)
        before = batch.name
        batch.name = f"renamed-{self.number('rename')}-{Path(before).name}"
        batch.is_changed = True
        return f"{before} renamed to {batch.name}"

    def file_moved(self) -> str:
        batch = self.rng.choice(self.batches)
        before = batch.name
        batch.name = f"archive/{self.number('move')}-{Path(before).name}"
        batch.is_changed = True
        return f"{before} moved to {batch.name}"

    def file_deleted(self) -> str:
        batch = self.rng.choice(self.large_batches())
        self.batches.remove(batch)

        def come_back() -> str:
            batch.is_changed = True
            self.batches.append(batch)
            return f"{batch.name} comes back"

        if self.rng.random() < 0.6:
            self.later(come_back)
        return f"{batch.name} deleted"

    def file_of_another_form(self) -> str:
        batch = self.rng.choice(self.batches)
        before = batch.name
        ending = ".csv" if before.endswith(".parquet") else ".parquet"
        batch.name = before.split(".")[0] + ending
        self.touch(batch)
        return f"{before} becomes {batch.name}"

    def file_copied(self) -> str:
        batch = self.rng.choice(self.batches)
        name = f"copy-{self.number('copy')}-of-{Path(batch.name).name}"
        self.batches.append(Batch(name, [row | {} for row in batch.rows], batch.modified_at))
        return f"{batch.name} copied to {name}"

    def contents_exchanged(self) -> str:
        first, second = self.rng.sample(self.batches, 2)
        first.rows, second.rows = second.rows, first.rows
        self.touch(first)
        self.touch(second)
        return f"{first.name} and {second.name} exchange their contents"

    def old_file_arrives(self) -> str:
        """A backfill whose name sorts before all others and whose time is older than theirs."""
        users = [self.any_user() for _ in range(4)]
        rows = [self.event(u["user_id"], self.moment(u["created_at"], self.now)) for u in users]
        name = f"0000-backfill-{self.number('backfill')}.parquet"
        self.batches.insert(0, Batch(name, rows, 1_000_000.0 + self.day))
        return f"{name} arrives, 4 events"

    def header_arrives(self) -> str:
        name = f"{self.now:%Y-%m-%d}-empty-{self.number('empty')}.csv"
        self.batches.append(Batch(name, [], self.some_time()))
        return f"{name} arrives, without rows"

    # Cards: the single file

    def export_of_another_form(self) -> str:
        self.events_ending = ".csv" if self.events_ending == ".parquet" else ".parquet"
        return f"the export is events{self.events_ending} from now on"

    def arrival_at_the_newest_instant(self) -> str:
        for _ in range(3):
            user = self.any_user()
            row = self.event(user["user_id"], self.moment(user["created_at"], self.now))
            self.arriving.append(row | {"received_at": self.newest_received_at})
        return "3 events received at the same instant as the newest of an earlier day"

    # Cards: definitions

    def any_milestone(self) -> Row:
        return self.rng.choice(self.seeds["milestones"])

    def milestone_set(self, column: str, choices: Sequence[str]) -> str:
        row = self.any_milestone()
        before = row[column]
        row[column] = self.rng.choice([choice for choice in choices if choice != before])
        return f"{column} of milestone {row['milestone_id']}: {before} becomes {row[column]}"

    def milestone_added(self) -> str:
        number = self.number("milestone") + 10
        row = milestone(
            f"m{number}",
            "0.15",
            self.rng.choice(TIMEFRAMES),
            self.rng.choice(TRIGGERS),
            number,
            "default",
            self.rng.choice(("true", "false")),
            self.rng.choice(("true", "false")),
            self.rng.choice(("1", "2")),
        )
        self.seeds["milestones"].append(row)
        return f"milestone {row['milestone_id']} added, {row['triggered_by_event']}"

    def milestone_removed(self) -> str | None:
        rows = self.seeds["milestones"]
        optional = [row for row in rows if row["is_first_value"] != "true"]
        if len(rows) < 3 or not optional:
            return None
        row = self.rng.choice(optional)
        rows.remove(row)
        return f"milestone {row['milestone_id']} removed"

    def milestone_weight(self) -> str:
        return self.milestone_set("weight", ("0.05", "0.2", "0.35", "0.7"))

    def milestone_timeframe(self) -> str:
        return self.milestone_set("timeframe", TIMEFRAMES)

    def milestone_min_count(self) -> str:
        return self.milestone_set("min_count", ("1", "2", "3"))

    def milestone_trigger(self) -> str:
        return self.milestone_set("triggered_by_event", TRIGGERS)

    def milestone_requirement(self) -> str:
        return self.milestone_set("is_required", ("true", "false"))

    def milestone_path(self) -> str:
        return self.milestone_set("path", ("default", "other"))

    def event_made_passive(self) -> str:
        catalog = {row["event_name"]: row for row in self.seeds["event_catalog"]}
        name = self.rng.choice(("page_viewed", "user_login", "invite_sent"))
        if name in catalog:
            catalog[name]["is_meaningful"] = "false"
        else:
            self.seeds["event_catalog"].append({"event_name": name, "is_meaningful": "false"})

        def make_active() -> str:
            for row in self.seeds["event_catalog"]:
                if row["event_name"] == name:
                    row["is_meaningful"] = "true"
            return f"event {name} is meaningful again"

        self.later(make_active)
        return f"event {name} is passive"

    def passive_event_made_meaningful(self) -> str:
        for row in self.seeds["event_catalog"]:
            if row["event_name"] == "email_opened":
                row["is_meaningful"] = "true"
        return "event email_opened is meaningful"

    def signal_added(self) -> str:
        number = self.number("signal")
        self.seeds["pql_signals"] += [
            behavior_signal(f"extra_{number}", self.rng.choice(TRIGGERS), "7.5", "3"),
            fit_signal(f"fit_{number}", "install_source", "search", "4"),
        ]
        return "two signals added"

    def signal_changed(self) -> str:
        row = self.rng.choice(self.seeds["pql_signals"])
        row["points"] = str(self.rng.randint(1, 60))
        return f"signal {row['signal_id']} gives {row['points']} points"

    def band_changed(self) -> str:
        row = self.rng.choice([r for r in self.seeds["pql_bands"] if r["lower_bound"] != "0"])
        row["lower_bound"] = str(int(row["lower_bound"]) + self.rng.choice((-12, 9, 14)))
        for lowest in self.seeds["pql_bands"]:
            if lowest["lower_bound"] == "0":
                lowest["recommended_action"] = "wait"
        return f"band {row['band']} starts at {row['lower_bound']}, the lowest bands say wait"

    def target_changed(self) -> str:
        row = self.rng.choice(self.seeds["kpi_targets"])
        row["target_value"] = self.rng.choice(("0.1", "0.9", "1"))
        return f"target of {row['metric_id']} is {row['target_value']}"

    # Cards: vars

    def observed_until_for_a_day(self) -> str:
        instant = self.now - self.rng.randint(2, 25) * DAY - self.rng.random() * DAY
        self.variables["observed_until"] = instant.isoformat()

        def unset() -> str:
            del self.variables["observed_until"]
            return "the var observed_until is unset"

        self.later(unset, longest=1)
        return f"the var observed_until is {instant}"

    def another_activation_window(self) -> str:
        self.variables["activation_windows_days"] = [2, 7, 30]
        return "the var activation_windows_days is [2, 7, 30]"

    def another_invitation_event(self) -> str:
        self.variables["invitation_event"] = "file_uploaded"
        return "the var invitation_event is file_uploaded"

    def another_freshness(self) -> str:
        self.variables["signal_fresh_days"] = 3
        return "the var signal_fresh_days is 3"


ARRIVALS: tuple[Card, ...] = (
    World.late_events,
    World.late_by_exactly_a_window,
    World.exact_repeats,
    World.earlier_repeat,
    World.much_earlier_repeat_of_newest,
    World.later_repeat,
    World.repeat_of_another_user,
    World.earlier_repeat_of_another_user,
    World.repeat_of_another_name,
    World.repeat_of_other_properties,
    World.events_without_id,
    World.repeat_without_id,
    World.events_before_their_user,
    World.claim_of_a_coming_user,
    World.broken_rows,
    World.events_before_signup,
    World.future_events,
    World.invitations,
    World.gap,
)
USERS: tuple[Card, ...] = (
    World.earlier_signup,
    World.later_signup,
    World.other_inviter,
    World.other_plan,
    World.other_source,
    World.vanishing_users,
    World.excluded_user,
    World.excluded_user_of_newest_event,
    World.repeated_users,
    World.broken_users,
    World.lost_signup,
    World.first_user_of_all,
)
CORRECTIONS: tuple[Card, ...] = (
    World.rows_removed,
    World.rows_added,
    World.timestamp_corrected,
    World.name_corrected,
    World.user_corrected,
    World.properties_corrected,
    World.id_corrected,
    World.values_exchanged,
    World.rows_in_another_order,
    World.only_activity_taken_back,
    World.date_emptied,
    World.newest_taken_back,
)
FILES: tuple[Card, ...] = (
    World.file_renamed,
    World.file_moved,
    World.file_deleted,
    World.file_of_another_form,
    World.file_copied,
    World.contents_exchanged,
    World.old_file_arrives,
    World.header_arrives,
)
DEFINITIONS: tuple[Card, ...] = (
    World.milestone_added,
    World.milestone_removed,
    World.milestone_weight,
    World.milestone_timeframe,
    World.milestone_min_count,
    World.milestone_trigger,
    World.milestone_requirement,
    World.milestone_path,
    World.event_made_passive,
    World.passive_event_made_meaningful,
    World.signal_added,
    World.signal_changed,
    World.band_changed,
    World.target_changed,
    World.observed_until_for_a_day,
)
# What keeps the number of rows and the times of arrival: found only by who looks at the values.
SHY: tuple[Card, ...] = (
    World.timestamp_corrected,
    World.name_corrected,
    World.user_corrected,
    World.properties_corrected,
    World.id_corrected,
    World.values_exchanged,
    World.contents_exchanged,
)


def days_of(form: str) -> int:
    """How many days a world of this form is played."""
    return int(os.environ.get("PLG_REPLAY_DAYS", DAYS[form]))


def deck_of(form: str) -> tuple[Card, ...]:
    """All that may happen where events are delivered in this form."""
    own: dict[str, tuple[Card, ...]] = {
        "folder": (*CORRECTIONS, *FILES, World.another_freshness),
        "table": (*CORRECTIONS, World.export_of_another_form, World.another_activation_window),
        "arrivals": (World.arrival_at_the_newest_instant, World.another_invitation_event),
    }
    return (*ARRIVALS, *USERS, *DEFINITIONS, *own[form])
