"""A product, its users and an export that is late, doubled, corrected and redefined, day by day.

`World(form, seed, days, folder)` plays the same days for the same arguments. Day 0 delivers two
months of history; each `advance()` is one more day, and says in sentences what happened on it. What
may happen is a deck of cards (`tests/replay/cards`). Over the days each card is played at least
once; some days play one card alone, so that no other change hides it, and some play none. All names
are invented.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.oracle.random_definitions import seeds_with, write_seeds
from tests.oracle.random_values import EVENT_COLUMNS, INVITE_PROPERTIES, USER_COLUMNS
from tests.replay.cards import LONG, SHY, Card, deck_of
from tests.replay.files import Row, write_rows
from tests.replay.product import (
    DAY,
    ENDINGS,
    EVENT_NAMES,
    FAR_FUTURE,
    FIRST_DAY,
    FIRST_USER_COUNT,
    HISTORY_START,
    INSTALL_SOURCES,
    MICROSECOND,
    PLAN_TIERS,
    PROPERTIES,
    Batch,
    Due,
)

SEEDS = [int(seed) for seed in os.environ.get("PLG_REPLAY_SEEDS", "1").split(",")]
DAYS = {"folder": 30, "table": 12, "arrivals": 8}
FORMS = tuple(DAYS)

# Of the days with one card, the share that goes to the cards that anything else would hide.
SHY_SHARE = 0.8


@dataclass
class World:
    """The product on one day: its users, the batches delivered so far, and its definitions.

    Attributes:
        form: how events are delivered, one of FORMS.
        seed: number of the world.
        day_count: how many days it is played.
        folder: takes its raw files and definitions.
        day: today; 0 is the history.
        users: rows of the table of users.
        broken_users: rows of it that can't be read.
        batches: what the deliveries brought, as it is now.
        variables: vars of dbt.
        dues: what cards have put off to a later day.
        arriving: rows of the coming delivery.
        events_ending: of the single file of events.
    """

    form: str
    seed: int
    day_count: int
    folder: Path
    day: int = 0
    users: list[Row] = field(default_factory=list)
    broken_users: list[Row] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    variables: dict[str, object] = field(default_factory=dict)
    dues: list[Due] = field(default_factory=list)
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
        self.played: set[Card] = set()
        self.put_off: set[str] = set()
        self.acted: set[str] = set()
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
        long = [card for card in deck if card in LONG]
        deck = [card for card in deck if card not in shy and card not in long]
        alone = [*shy, *(deck.pop() for _ in range(len(self.single_days) - len(shy)))]
        self.rng.shuffle(alone)
        plan: dict[int, list[Card]] = {day: [] for day in days}
        for day, card in zip(sorted(self.single_days), alone, strict=True):
            plan[day].append(card)
        for place, card in enumerate(deck):
            plan[others[place % len(others)]].append(card)
        first_days = others[: max(1, len(others) // 3)]
        for place, card in enumerate(long):
            plan[first_days[place % len(first_days)]].append(card)
        return plan

    def advance(self) -> list[str]:
        """Plays the next day, writes its files, and says what happened."""
        self.day += 1
        cards = self.plan[self.day]
        happened = []
        if cards and self.day not in self.single_days:
            ripe = [due for due in self.dues if due.day <= self.day]
            self.dues = [due for due in self.dues if due.day > self.day]
            happened = [due.act() for due in ripe]
            self.acted |= {due.act.__qualname__ for due in ripe}
        # A card that finds nothing to act on waits for a livelier day.
        for card in cards:
            said = card(self)
            if said:
                happened.append(said)
                self.played.add(card)
            elif self.day < self.day_count:
                self.plan[self.day + 1].append(card)
        if cards and self.day not in self.single_days:
            happened.append(self.ordinary_arrivals())
        self.deliver()
        self.write()
        return happened or ["nothing arrives"]

    def later(self, act: Callable[[], str], longest: int = 5) -> None:
        """Puts something off, by some days, but not beyond the last day on which it can happen."""
        self.put_off.add(act.__qualname__)
        day = self.day + self.rng.randint(1, longest)
        last = max(day for day, cards in self.plan.items() if cards and day not in self.single_days)
        self.dues.append(Due(min(day, last) if self.day < last else day, act))

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
        columns = (*USER_COLUMNS, "updated_at")
        path = self.raw_dir / f"users{self.users_ending}"
        write_rows(path, columns, users, len(self.broken_users))
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
                write_rows(path, EVENT_COLUMNS, batch.rows, len(batch.broken_rows))
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

    def is_before_signup(self, row: Row) -> bool:
        user = self.user_of(row)
        return user is not None and row["timestamp"] < user["created_at"]

    def user_of(self, row: Row) -> Row | None:
        return next((u for u in self.sound_users() if u["user_id"] == row["user_id"]), None)

    def large_batches(self) -> list[Batch]:
        return [batch for batch in self.batches if len(batch.rows) >= 4]


def days_of(form: str) -> int:
    """How many days a world of this form is played."""
    return int(os.environ.get("PLG_REPLAY_DAYS", DAYS[form]))
