"""Users and events of a random case, on the boundaries that its definitions draw."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, cycle

from tests.oracle.random_endings import Horizon
from tests.oracle.random_values import (
    ACCOUNTS,
    ASTRAL,
    BELOW_ASTRAL,
    COMPOSED,
    DAY,
    DECOMPOSED,
    FAR_FUTURE,
    INSTALL_SOURCES,
    INSTANT_COLUMNS,
    INVITE_PROPERTIES,
    MICROSECOND,
    NEVER_HAPPENS,
    NOISE_EVENTS,
    OTHER_PROPERTIES,
    PLAN_TIERS,
    RIVAL_PROPERTIES,
    THIRTY_DAYS,
    UNKNOWN_USER_IDS,
    UNREADABLE_INSTANTS,
    Row,
    Seeds,
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
        """Where the data decides the end of observation, one event has to be there."""
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
