"""The rows of a random case that a rule has to remove, or a warning has to name."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.oracle.random_values import (
    ACCOUNTS,
    ASTRAL,
    BELOW_ASTRAL,
    COMPOSED,
    DAY,
    DECOMPOSED,
    FAR_FUTURE,
    FIRST_INSTANT,
    INSTANT_COLUMNS,
    INVITE_PROPERTIES,
    MICROSECOND,
    OTHER_PROPERTIES,
    RIVAL_PROPERTIES,
    UNKNOWN_USER_IDS,
    UNREADABLE_INSTANTS,
    Row,
)
from tests.oracle.random_world import World


@dataclass
class Faults:
    """Breaks a world that is filled."""

    world: World
    rng: random.Random

    def add(self) -> None:
        self.break_events()
        self.lose_events()
        self.break_users()

    # Events

    def break_events(self) -> None:
        events = self.world.events
        originals = list(events)
        for event in self.rng.sample(originals, len(originals) // 12):
            for _ in range(self.rng.choice((1, 1, 1, 3))):
                events.append(event | self.copy_changes(event))
        for event in self.rng.sample(originals, len(originals) // 20):
            # Of all properties, only those of an invite show which copy stayed.
            events += self.rivals(event | {"event_name": "invite_sent"}, "properties", "timestamp")
        for event in self.rng.sample(originals, min(len(originals), 20)):
            column = self.rng.choice(("user_id", "event_name", "timestamp", "timestamp"))
            events.append(event | {column: self.unusable(column), "event_id": None})
        for event in self.rng.sample(originals, min(len(originals), 6)):
            shift = self.rng.randint(0, 900) * DAY
            events.append(event | {"timestamp": FAR_FUTURE + shift})
        for event in self.rng.sample(originals, min(len(originals), 6)):
            events.append(event | {"user_id": self.rng.choice(UNKNOWN_USER_IDS)})
        for event in self.rng.sample(originals, min(len(originals), 2)):
            events.append(event | {"timestamp": FIRST_INSTANT})

    def copy_changes(self, event: Row) -> Row:
        """How a copy differs from its original; some copies fall to an earlier rule than it."""
        timestamp = event["timestamp"]
        others = [user["user_id"] for user in self.world.users]
        strangers = (*UNKNOWN_USER_IDS, *self.world.excluded_user_ids)
        changes = self.rng.choice(
            (
                {},
                {},
                {"timestamp": self.delivered(timestamp + MICROSECOND)},
                {"timestamp": self.delivered(timestamp + 3 * DAY)},
                {"timestamp": timestamp - MICROSECOND},
                {"timestamp": timestamp - 200 * DAY},
                {"timestamp": FAR_FUTURE},
                {"timestamp": None},
                {"user_id": self.rng.choice(others)},
                {"user_id": self.rng.choice(strangers)},
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

    def lose_events(self) -> None:
        """What makes warnings of lost dates, late histories and unknown users."""
        world, traits = self.world, self.world.traits
        strangers = [{"user_id": user_id} for user_id in UNKNOWN_USER_IDS]
        if traits.has_late_history:
            begin = world.horizon.observed_from or world.horizon.start + 12 * DAY
            world.events = [e for e in world.events if not is_earlier(e["timestamp"], begin)]
            if world.horizon.observed_from is not None:
                # Else the boundary of the warning would be that of the first event by chance.
                self.add_event_at(begin)
        if traits.has_lost_date:
            start, end = world.horizon.start, world.horizon.observed_at
            lost = (start + (end - start) / 2).date()
            world.events = [e for e in world.events if date_of(e["timestamp"]) != lost]
            for number in range(12):
                midnight = datetime.combine(lost, datetime.min.time())
                world.add_event(
                    strangers[number % 2], "page_viewed", midnight + number * 97 * DAY / 1440
                )
        if traits.is_sole_user:
            for _ in range(2 * len(world.events) + 20):
                instant = world.any_signup()
                world.add_event(self.rng.choice(strangers), "page_viewed", instant)

    def add_event_at(self, instant: datetime) -> None:
        members = [
            user
            for user in self.world.users
            if user["created_at"] <= instant and user["user_id"] not in self.world.excluded_user_ids
        ]
        if members:
            self.world.add_event(self.rng.choice(members), "page_viewed", instant)

    def lost_rows(self) -> list[Row]:
        """Rows of a file of its own, of which none has a time that can be read."""
        texts = ("31/01/2024 10:00", "2024-02-30", "0")
        return [
            event | {"event_id": f"{700_000 + number}", "timestamp": texts[number % 3]}
            for number, event in enumerate(self.world.events[:14])
        ]

    # Users

    def break_users(self) -> None:
        users = self.world.users
        originals = list(users)
        for user in self.rng.sample(originals, max(1, len(originals) // 8)):
            for _ in range(self.rng.choice((1, 1, 2))):
                users.append(user | self.repeat_changes(user))
        rival_count = 0 if self.world.traits.has_equal_repeats else len(originals) // 12
        for user in self.rng.sample(originals, rival_count):
            column = self.rng.choice(("account_id", "plan_tier", "install_source", "invited_by"))
            users += self.rivals(user, column, "created_at")
        for user in self.rng.sample(originals, min(len(originals), 6)):
            column = self.rng.choice(("user_id", "created_at", "created_at"))
            users.append(user | {column: self.unusable(column)})
        users.append(originals[0] | {"user_id": UNKNOWN_USER_IDS[0], "created_at": FAR_FUTURE})
        users.append(originals[-1] | {"created_at": FAR_FUTURE + DAY})
        if self.world.traits.has_no_inviter:
            for user in users:
                user["invited_by"] = None

    def repeat_changes(self, user: Row) -> Row:
        """A repeated user, tied down to a column further right each time."""
        traits = [
            ("account_id", self.rng.choice(("9", "10", None))),
            ("plan_tier", self.rng.choice((BELOW_ASTRAL, ASTRAL, "Z", "a", None))),
            ("install_source", self.rng.choice((COMPOSED, DECOMPOSED, "Z", "a", None))),
            ("invited_by", self.rng.choice((*UNKNOWN_USER_IDS, user["user_id"], None))),
        ]
        changes = dict(traits[self.rng.randint(0, len(traits)) :])
        if self.world.traits.has_equal_repeats:
            changes = {}
        if self.rng.random() < 0.4:
            shifts = (MICROSECOND, -MICROSECOND, 2 * DAY, -2 * DAY)
            changes["created_at"] = self.delivered(user["created_at"] + self.rng.choice(shifts))
        return changes

    # Both

    def deliver(self) -> None:
        """When rows were true and when they arrived, where the tables say so."""
        world, rng = self.world, self.rng
        observed_at = world.horizon.observed_at
        if world.traits.has_updated_at:
            # Few instants, so that rows of one user often tie.
            instants = [observed_at + days * DAY for days in (-3, -2, -1, 5)]
            for user in world.users:
                user["updated_at"] = rng.choice((*instants, None, "soon"))
        if world.traits.has_received_users:
            for user in world.users:
                user["received_at"] = rng.choice((observed_at, observed_at - 2 * DAY, None))
        if world.traits.has_received_events:
            for event in world.events:
                event["received_at"] = self.received_at(event["timestamp"], observed_at)
            # The first delivery comes before any end of observation.
            world.events[0]["received_at"] = world.horizon.start

    def received_at(self, timestamp: object, observed_at: datetime) -> datetime | str | None:
        chance = self.rng.random()
        if chance < 0.1:
            return self.rng.choice((None, "", "soon"))
        if chance < 0.2:
            return observed_at + self.rng.choice((-1, 0, 1)) * MICROSECOND
        if not isinstance(timestamp, datetime):
            return observed_at
        return timestamp + self.rng.choice((-MICROSECOND, timedelta(hours=2), 9 * DAY))

    def rivals(self, original: Row, column: str, instant_column: str) -> list[Row]:
        """Two earlier copies that tie with each other but for one column, so that it decides."""
        candidates = {
            "properties": RIVAL_PROPERTIES,
            "invited_by": [user["user_id"] for user in self.world.users],
        }.get(column, (BELOW_ASTRAL, ASTRAL, "Z", "a", COMPOSED, DECOMPOSED, None))
        earlier = original[instant_column] - MICROSECOND
        if self.world.has_integer_ids and column == "account_id":
            candidates = ACCOUNTS
        return [
            original | {instant_column: earlier, column: self.rng.choice(candidates)}
            for _ in range(2)
        ]

    def delivered(self, instant: datetime) -> datetime:
        return min(instant, self.world.horizon.data_end)

    def unusable(self, column: str) -> str | None:
        broken = UNREADABLE_INSTANTS if column in INSTANT_COLUMNS else (None, "")
        return self.rng.choice((None, *broken))


def is_earlier(instant: object, limit: datetime) -> bool:
    return isinstance(instant, datetime) and instant < limit


def date_of(instant: object) -> object:
    return instant.date() if isinstance(instant, datetime) else None
