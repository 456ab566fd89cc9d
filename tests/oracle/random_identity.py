"""People of a random case under several ids: devices, old ids, and aliases of every kind."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count

from tests.oracle.identity import LONGEST_CHAIN
from tests.oracle.random_values import (
    ASTRAL,
    BELOW_ASTRAL,
    DAY,
    FAR_FUTURE,
    INSTALL_SOURCES,
    MICROSECOND,
    NO_IDS,
    PLAN_TIERS,
    UNKNOWN_USER_IDS,
    Row,
)
from tests.oracle.random_world import World


class People:
    """Gives the users of a world, whose rows are all there, further ids."""

    def __init__(self, world: World, rng: random.Random, number: int) -> None:
        self.world = world
        self.rng = rng
        self.has_spellings = number % 2 == 1
        self.has_times = number % 5 != 4
        self.has_long_chain = number % 4 == 0
        self.numbers = count(200_000)
        self.devices: list[str] = []
        self.old_ids: list[str] = []
        known = [
            user
            for user in world.users
            if user["user_id"]
            and isinstance(user["created_at"], datetime)
            and user["created_at"] <= world.horizon.observed_at
        ]
        self.members = list({user["user_id"]: user for user in known}.values())
        self.originals = list(world.events)

    @property
    def event_columns(self) -> tuple[str, ...]:
        return ("anonymous_id", "raw_event_name") if self.has_spellings else ("anonymous_id",)

    def add(self) -> None:
        for event in self.originals:
            event["anonymous_id"] = None
        if self.members:
            self.give_devices()
            self.share_devices()
            self.split_users()
            self.link_ids()
        self.break_ids()
        self.break_aliases()
        for event in self.world.events:
            event["raw_event_name"] = self.spelling(event["event_name"])
        self.rng.shuffle(self.world.aliases)

    def some(self, rows: Sequence, share: float) -> list:
        """At least one of them, where there is one."""
        return self.rng.sample(rows, min(len(rows), 1 + int(share * len(rows))))

    def new_id(self) -> str:
        number = next(self.numbers)
        if self.world.has_integer_ids:
            return str(number)
        prefixes = ("device_", "D-", "00", "7.5", "", ASTRAL, BELOW_ASTRAL)
        return f"{self.rng.choice(prefixes)}{number}"

    def add_event(self, user_id: str | None, device: str | None, timestamp: datetime) -> None:
        template = self.rng.choice(self.originals) if self.originals else None
        if template is not None:
            name = template["event_name"] or "page_viewed"
            changes = {"user_id": user_id, "anonymous_id": device, "timestamp": timestamp}
            event_id = f"{next(self.numbers)}"
            self.world.events.append(
                template | changes | {"event_name": name, "event_id": event_id}
            )

    def add_alias(self, alias_id: str | None, target: str | None, aliased_at: object) -> None:
        self.world.aliases.append(
            {"alias_id": alias_id, "user_id": target, "aliased_at": aliased_at}
        )

    def times(self, around: datetime) -> tuple[object, ...]:
        end = self.world.horizon.observed_at
        return (around, around, around + DAY, None, None, end, end + MICROSECOND, "soon", "")

    def spelling(self, name: str | None) -> str | None:
        if not self.has_spellings or not name:
            return None
        return self.rng.choice((name, name, name.upper(), name.title(), None))

    # Devices

    def give_devices(self) -> None:
        events_of = self.events_of_members()
        for user in self.some(self.members, 0.5):
            device = self.new_id()
            self.devices.append(device)
            for event in events_of.get(user["user_id"], ()):
                chance = self.rng.random()
                if chance < 0.35:
                    event["anonymous_id"] = device
                if chance < 0.12 and event["timestamp"] != self.world.horizon.observed_at:
                    event["user_id"] = None
            if self.rng.random() < 0.3:
                created_at = user["created_at"]
                for shift in (-5 * DAY, -MICROSECOND, 0 * DAY, MICROSECOND):
                    self.add_event(None, device, created_at + shift)
                if self.rng.random() < 0.5:
                    self.add_event(user["user_id"], device, created_at)

    def events_of_members(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for event in self.originals:
            if event["user_id"] and isinstance(event["timestamp"], datetime):
                found.setdefault(event["user_id"], []).append(event)
        return found

    def share_devices(self) -> None:
        for device in self.some(self.devices, 0.3):
            at = self.rng.choice(self.members)["created_at"]
            first, second = (self.rng.choice(self.members)["user_id"] for _ in range(2))
            self.add_event(first, device, at)
            self.add_event(second, device, at + self.rng.choice((0, 1, -1)) * MICROSECOND)
            self.add_event(None, device, at + self.rng.choice((-1, 1, 4)) * DAY)
        end = self.world.horizon.observed_at
        for _ in range(4):
            # Devices of nobody, of a stranger, and of somebody whose event says nothing.
            device = self.new_id()
            for days in (1, 2):
                self.add_event(None, device, end - days * DAY)
            stranger = self.rng.choice((None, *UNKNOWN_USER_IDS))
            self.add_event(stranger, device, end - 9 * DAY)
            member = self.rng.choice(self.members)
            if self.rng.random() < 0.5:
                self.add_event(member["user_id"], device, FAR_FUTURE)
            else:
                self.add_event(member["user_id"], device, member["created_at"] - 300 * DAY)
        if self.world.excluded_user_ids and self.devices:
            self.world.excluded_user_ids.append(self.rng.choice(self.devices))

    def break_ids(self) -> None:
        """Devices that are no ids, and devices that are users."""
        for event in self.some(self.world.events, 0.03):
            event["anonymous_id"] = self.rng.choice(NO_IDS)
            if self.rng.random() < 0.3:
                event["user_id"] = None
        for event in self.some(self.world.events, 0.03):
            user_id = self.rng.choice(self.members)["user_id"] if self.members else None
            event["anonymous_id"] = self.rng.choice((event["user_id"], user_id))
            if self.rng.random() < 0.2:
                event["user_id"] = None

    # Aliases

    def split_users(self) -> None:
        events_of = self.events_of_members()
        has_inviter = not self.world.traits.has_no_inviter
        for user in self.some(self.members, 0.12):
            target = user["user_id"]
            for _ in range(self.rng.choice((1, 1, 2, 3))):
                old = self.new_id()
                self.old_ids.append(old)
                self.add_alias(old, target, self.rng.choice(self.times(user["created_at"])))
                for event in events_of.get(user["user_id"], ()):
                    if event["user_id"] is not None and self.rng.random() < 0.3:
                        event["user_id"] = old
                if self.rng.random() < 0.7:
                    self.world.users += self.old_rows(user, old)
                target = old
            if has_inviter and self.rng.random() < 0.3:
                user["invited_by"] = target
            for other in self.rng.sample(self.members, min(len(self.members), 2)):
                if has_inviter:
                    other["invited_by"] = self.rng.choice((target, user["user_id"]))
        if self.world.excluded_user_ids:
            self.world.excluded_user_ids.append(self.rng.choice(self.old_ids))

    def old_rows(self, user: Row, old: str) -> Iterator[Row]:
        """One row of users under the old id, or two."""
        for _ in range(self.rng.choice((1, 1, 2))):
            shift = self.rng.choice((-2 * DAY, -MICROSECOND, 0 * DAY, DAY))
            yield user | {
                "user_id": old,
                "created_at": self.world_time(user["created_at"] + shift),
                "account_id": self.rng.choice((user["account_id"], "9", None)),
                "plan_tier": self.rng.choice(PLAN_TIERS),
                "install_source": self.rng.choice(INSTALL_SOURCES),
            }

    def world_time(self, instant: datetime) -> datetime:
        return min(instant, self.world.horizon.data_end)

    def link_ids(self) -> None:
        start = self.world.horizon.start + DAY
        members = [user["user_id"] for user in self.members]
        for row in self.some(self.world.aliases, 0.3):
            aliased_at = self.rng.choice(self.times(start))
            self.add_alias(row["alias_id"], row["user_id"], aliased_at)
        for row in self.some(self.world.aliases, 0.3):
            # Another target, earlier, later or at the same instant.
            aliased_at = self.rng.choice((row["aliased_at"], start, None))
            self.add_alias(row["alias_id"], self.rng.choice(members), aliased_at)
        for device in self.some(self.devices, 0.2):
            target = self.rng.choice((*members, *self.old_ids))
            self.add_alias(device, target, self.rng.choice(self.times(start)))
        if len(members) > 6:
            # Two people that are one, and a circle of people.
            pairs = self.rng.sample(members, 7)
            self.add_alias(pairs[0], pairs[1], start)
            self.add_alias(pairs[2], pairs[3], None)
            for alias_id, target in zip(pairs[4:], (*pairs[5:], pairs[4]), strict=True):
                self.add_alias(alias_id, target, self.rng.choice((start, None)))
        for size in (2, 3, 5):
            circle = [self.new_id() for _ in range(size)]
            for alias_id, target in zip(circle, (*circle[1:], circle[0]), strict=True):
                self.add_alias(alias_id, target, self.rng.choice((start, start + DAY, None)))
            self.add_alias(self.new_id(), circle[0], start)
            self.add_event(circle[0], None, start)
        if self.old_ids:
            # The circle of an old id and its user.
            self.add_alias(self.rng.choice(members), self.rng.choice(self.old_ids), start)
        self.add_alias(self.new_id(), self.new_id(), start)
        if self.has_long_chain:
            # Its end is an id that no other alias can have.
            end = self.new_id()
            self.world.users.append(self.members[0] | {"user_id": end})
            chain = [self.new_id() for _ in range(LONGEST_CHAIN)]
            for alias_id, target in zip(chain, (*chain[1:], end), strict=True):
                self.add_alias(alias_id, target, None)
            self.add_event(chain[0], None, self.members[0]["created_at"] + DAY)
            self.add_event(None, chain[LONGEST_CHAIN // 2], self.members[0]["created_at"] + DAY)

    def break_aliases(self) -> None:
        start = self.world.horizon.start
        member = self.rng.choice(self.members)["user_id"] if self.members else "1"
        for word in self.rng.sample(NO_IDS, 3):
            self.add_alias(word, member, start)
        self.add_alias(self.new_id(), "guest", start)
        self.add_alias(member, member, start)
        self.add_alias(None, member, start)
        self.add_alias(self.new_id(), None, None)
        if self.has_times:
            self.add_alias(self.new_id(), member, FAR_FUTURE)
