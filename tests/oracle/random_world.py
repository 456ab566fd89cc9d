"""Users and events of a random case, on the boundaries that its definitions draw."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, cycle

from tests.oracle.random_endings import Horizon
from tests.oracle.random_traits import Traits
from tests.oracle.random_values import (
    ACCOUNTS,
    ASTRAL,
    BELOW_ASTRAL,
    COMPOSED,
    DAY,
    INSTALL_SOURCES,
    INVITE_PROPERTIES,
    MICROSECOND,
    NEVER_HAPPENS,
    NOISE_EVENTS,
    OTHER_PROPERTIES,
    PLAN_TIERS,
    THIRTY_DAYS,
    UNKNOWN_USER_IDS,
    Row,
    Seeds,
)


class World:
    """Grows rows whose instants sit on the boundaries that the definitions draw."""

    max_event_count = 4000

    def __init__(
        self,
        rng: random.Random,
        horizon: Horizon,
        seeds: Seeds,
        traits: Traits,
        signup_tolerance: timedelta,
    ) -> None:
        self.rng = rng
        self.horizon = horizon
        self.traits = traits
        self.has_integer_ids = traits.has_integer_ids
        self.signup_tolerance = signup_tolerance
        self.invited_outside = traits.has_late_invitees
        self.milestones = sorted(seeds["milestones"], key=lambda row: int(row["milestone_order"]))
        self.signals = seeds["pql_signals"]
        self.timeframes = [read_timeframe(row["timeframe"]) for row in self.milestones]
        self.event_numbers = count(10_000)
        self.users: list[Row] = []
        self.events: list[Row] = []
        # Optional tables; empty: the case has none.
        self.aliases: list[Row] = []
        self.accounts: list[Row] = []
        self.excluded_user_ids: list[str] = []

    def fill(self, user_count: int) -> None:
        self.add_users(user_count)
        if not self.traits.has_no_inviter:
            self.link_invitations()
        for user in self.users:
            self.live(user)
        self.close_observation()
        self.events = [row for row in self.events if row["timestamp"] <= self.horizon.data_end]
        self.rng.shuffle(self.events)
        # The rest is for the broken rows and the copies.
        del self.events[self.max_event_count * 4 // 5 :]
        for user in self.rng.sample(self.users, min(len(self.users), 12)):
            self.act_around_signup(user)

    def close(self) -> None:
        """The rows in the order of the files, when all of them are there."""
        if self.horizon.is_observed_at_by_data:
            self.add_closing_event()
        self.rng.shuffle(self.users)
        self.rng.shuffle(self.events)

    def excluded_rows(self) -> list[Row]:
        reasons = cycle(("bot", None, "staff"))
        ids = [f"{i}.0" if i.isdigit() and i[0] != "0" else i for i in self.excluded_user_ids]
        return [{"user_id": user_id, "reason": next(reasons)} for user_id in ids]

    # Users

    def add_users(self, user_count: int) -> None:
        signups = [self.any_signup() for _ in range(user_count)]
        if user_count > 1:
            if self.traits.has_migrated_users:
                one_date = signups[0].replace(hour=0, minute=0, second=0, microsecond=0)
                signups[: user_count // 3] = [
                    min(one_date + self.rng.random() * DAY, self.horizon.data_end)
                    for _ in range(user_count // 3)
                ]
            closing = list(self.closing_signups())
            signups[-len(closing) :] = closing[:user_count]
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
        prefixes = ("user_", "User_", "00", "", "", "1e", "7.5", "null")
        prefixes += (COMPOSED, BELOW_ASTRAL, ASTRAL)
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
        if self.horizon.observed_from is not None:
            for shift in (-MICROSECOND, timedelta(0)):
                yield self.horizon.observed_from + shift

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
        if self.invited_outside:
            lags = (-MICROSECOND, -5 * DAY, THIRTY_DAYS, 31 * DAY, 3 * DAY)
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
        if self.traits.has_shared_event_ids:
            # They begin anew, as in files that each count from 1.
            number = 1 + number % 90
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

    def act_around_signup(self, user: Row) -> None:
        """Events at the edges of the time before the signup, and of the signup's own date."""
        created_at = user["created_at"]
        earliest = created_at - self.signup_tolerance
        midnight = created_at.replace(hour=0, minute=0, second=0, microsecond=0)
        names = [row["triggered_by_event"] for row in self.milestones] + ["search_run"]
        for timestamp in (
            earliest - MICROSECOND,
            earliest,
            earliest + MICROSECOND,
            created_at - MICROSECOND,
            created_at,
            midnight,
            midnight + MICROSECOND,
            midnight - DAY,
        ):
            name = self.rng.choice(names)
            if not name.startswith(NEVER_HAPPENS):
                self.add_event(user, name, timestamp)

    def reach_milestones(self, user: Row) -> None:
        created_at = user["created_at"]
        reached_before = created_at
        for milestone, timeframe in zip(self.milestones, self.timeframes, strict=True):
            is_possible = not milestone["triggered_by_event"].startswith(NEVER_HAPPENS)
            if not is_possible or self.rng.random() < 0.3:
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
            for earlier in self.before_reaching(milestone, created_at, reached_at):
                self.add_event(user, milestone["triggered_by_event"], earlier)
            self.add_event(user, milestone["triggered_by_event"], reached_at)
            reached_before = max(reached_at, created_at)

    def before_reaching(
        self, milestone: Row, created_at: datetime, reached_at: datetime
    ) -> Iterator[datetime]:
        """When the events happen that a milestone takes before the one that reaches it."""
        for number in range(1, int(milestone.get("min_days") or 1)):
            # Days in a row, with gaps, twice a day: with within_days, some come too late.
            back = self.rng.choice((number, number, number + 1, 3 * number, number - 1))
            instant = reached_at - back * DAY
            midnight = instant.replace(hour=0, minute=0, second=0, microsecond=0)
            yield self.rng.choice((instant, midnight, midnight - MICROSECOND))
        for _ in range(int(milestone["min_count"] or 1) - 1):
            # Often tied with the event that reaches the milestone.
            yield self.rng.choice(
                (reached_at, created_at + self.rng.random() * (reached_at - created_at))
            )

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
            {row["triggered_by_event"] for row in self.signals} - {"", NEVER_HAPPENS}
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
        members = [
            user
            for user in self.users
            if user["user_id"] not in (None, "", UNKNOWN_USER_IDS[0], *self.excluded_user_ids)
            and isinstance(user["created_at"], datetime)
            and user["created_at"] <= self.horizon.observed_at
        ]
        member = self.rng.choice(members)
        self.add_event(member, "page_viewed", self.horizon.observed_at)
        if self.traits.is_alone_at_the_end:
            member = min(members, key=lambda user: user["created_at"])
            for number in range(16 * 125):
                day = self.horizon.observed_at - (1 + number % 16) * DAY
                self.add_event(member, "page_viewed", day - number * MICROSECOND)
            self.add_event(member, "page_viewed", self.horizon.observed_at + 400 * DAY)


def read_timeframe(text: str) -> timedelta:
    units = {"h": timedelta(hours=1), "d": DAY, "w": 7 * DAY}
    return int(text[:-1]) * units[text[-1]]
