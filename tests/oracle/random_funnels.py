"""Funnels of random cases, and users who go through them on the boundaries that they draw."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from tests.oracle.funnel_definitions import Match
from tests.oracle.random_values import (
    ACCOUNTS,
    ASTRAL,
    BELOW_ASTRAL,
    COMPOSED,
    DAY,
    DECOMPOSED,
    MICROSECOND,
    NEVER_HAPPENS,
    PLAN_TIERS,
    Row,
    Seeds,
)
from tests.oracle.random_world import World, read_timeframe

MINUTE = timedelta(minutes=1)
PROPERTIES = (
    None,
    "",
    "{}",
    '{"plan":"pro"}',
    '{"plan":"pro","n":4,"flag":true}',
    '{"plan":"Pro","n":"4","flag":"true"}',
    '{"plan" : "free", "n":-4, "flag":false}',
    '{"plan":"","n":" 4"}',
    '{"plan":null,"n":40,"flag":null}',
    '{"pl\\u0061n":"pr\\u006f"}',
    '{"plan":"free","flag":"false","n":1}',
    '{"Plan":"pro","n":"04"}',
    '{"nested":{"plan":"pro","n":4}}',
    '{"plan.x":"pro"}',
    '{"plan":{"x":"pro"}}',
    f'{{"plan":"{COMPOSED}"}}',
    f'{{"plan":"{DECOMPOSED}"}}',
    f'{{"{ASTRAL}":"{BELOW_ASTRAL}"}}',
    f'{{"{BELOW_ASTRAL}":"{ASTRAL}"}}',
    '{"plan":"it\'s \\"pro\\""}',
    '{"n":12345678901234567}',
    '["plan","pro"]',
    '[{"plan":"pro"}]',
    '"pro"',
    "4",
    "plan=pro",
    '{"plan":"pro"',
    "{'plan': 'pro'}",
)
Filter = tuple[str, ...]
NO_FILTER: Filter = ()


def step(
    funnel_id: str,
    number: int,
    event_name: str,
    timeframe: str,
    filtered: Filter = NO_FILTER,
    is_optional: str = "",
) -> Row:
    return {
        "funnel_id": funnel_id,
        "step_number": str(number),
        "step_name": f"Step {number}, {event_name or 'signup'}",
        "event_name": event_name,
        "is_optional": is_optional,
        "timeframe": timeframe,
    } | filter_columns(filtered)


def exclusion(
    funnel_id: str,
    event_name: str,
    from_step: str = "",
    to_step: str = "",
    filtered: Filter = NO_FILTER,
) -> Row:
    return {
        "funnel_id": funnel_id,
        "event_name": event_name,
        "from_step": from_step,
        "to_step": to_step,
    } | filter_columns(filtered)


def filter_columns(filtered: Filter) -> Row:
    """The key, the operator and the value; cells at the end may be left out."""
    columns = ("property_key", "property_operator", "property_value")
    return dict(zip(columns, (*filtered, "", "", ""), strict=False))


def friction(event_name: str, is_meaningful: str = "false") -> Row:
    return {"event_name": event_name, "is_meaningful": is_meaningful, "is_friction": "true"}


def silent(event_name: str) -> Row:
    return {"event_name": event_name, "is_meaningful": "false", "is_friction": ""}


def as_shipped() -> Seeds:
    """From the signup with an optional step, and from an event with an exclusion."""
    return {
        "funnels": [
            step("activation", 1, "", "14d"),
            step("activation", 2, "user_login", "14d"),
            step("activation", 3, "onboarding_completed", "14d", is_optional="true"),
            step("activation", 4, "invite_sent", "14d"),
            step("activation", 5, "document_created", "14d"),
            step("upgrade", 1, "limit_hit", "7d"),
            step("upgrade", 2, "prompt_viewed", "7d"),
            step("upgrade", 3, "upgrade_clicked", "7d"),
            step("upgrade", 4, "subscription_started", "7d"),
        ],
        "funnel_exclusions": [exclusion("upgrade", "sales_contacted")],
        "event_catalog": [
            friction("error_shown"),
            friction("rage_click"),
            silent("limit_hit"),
            silent("prompt_viewed"),
        ],
    }


def ties_and_filters() -> Seeds:
    """Events that are several steps, steps that differ by a property alone, gaps in the order."""
    return {
        "funnels": [
            # Not in their order.
            step("again", 12, "prompt_viewed", "1d"),
            step("again", 2, "prompt_viewed", "1d"),
            step("again", 1, "limit_hit", "1d", is_optional="false"),
            step("again", 3, "upgrade_clicked", "1d", is_optional="true"),
            step("again", 5, "limit_hit", "1d"),
            step("again", 7, "limit_hit", "1d", ("n", "exists"), is_optional="TRUE"),
            step("Filtered", 10, "limit_hit", "12h", ("plan", "", "pro")),
            step("Filtered", 20, "limit_hit", "12h", ("plan", "is_not", "pro")),
            step("Filtered", 25, "prompt_viewed", "12h", ("plan.x", "exists"), "true"),
            step("Filtered", 30, "prompt_viewed", "12h", ("n", "is", "4")),
            step("Filtered", 40, "prompt_viewed", "12h", ("flag", "is_not", "true")),
            step(ASTRAL, 1, "", "2w"),
            step(ASTRAL, 2, f"{ASTRAL}_opened", "2w", is_optional="true"),
            step(ASTRAL, 3, "page_viewed", "2w", is_optional="true"),
            step(ASTRAL, 4, "invite_sent", "2w", ("count", "is_not", "4")),
            step(ASTRAL, 5, "invite_sent", "2w", ("count", "exists"), "true"),
            step(ASTRAL, 6, "prompt_viewed", "2w", (ASTRAL, "is", BELOW_ASTRAL)),
            step("spelled", 1, "limit_hit", "3d", ("plan", "exists")),
            step("spelled", 2, "limit_hit", "3d", ("plan", "is_not", COMPOSED)),
        ],
        "funnel_exclusions": [],
        "event_catalog": [friction("error_shown", ""), friction(f"{ASTRAL}_opened")],
    }


def exclusions() -> Seeds:
    """Late, early, with filters, several for one step, on the event of a step, and never."""
    return {
        "funnels": [
            step("late", 1, "limit_hit", "7d"),
            step("late", 2, "prompt_viewed", "7d"),
            step("late", 3, "upgrade_clicked", "7d"),
            step("late", 4, "subscription_started", "7d"),
            step("middle", 1, "limit_hit", "24h"),
            step("middle", 2, "prompt_viewed", "24h", ("flag", "is", "true"), "true"),
            step("middle", 3, "prompt_viewed", "24h"),
            step("middle", 4, "upgrade_clicked", "24h", is_optional="true"),
            step("middle", 6, "limit_hit", "24h"),
            step("moon", 1, NEVER_HAPPENS, "7d"),
            step("moon", 2, "limit_hit", "7d"),
            step("signed", 1, "", "2d"),
            step("signed", 2, "limit_hit", "2d"),
            step("signed", 3, "prompt_viewed", "2d"),
        ],
        "funnel_exclusions": [
            exclusion("late", "sales_contacted", "2"),
            exclusion("late", "error_shown", "", "2"),
            exclusion("late", "error_shown", "3", "4", ("plan", "exists")),
            exclusion("late", f"{NEVER_HAPPENS}_again"),
            exclusion("middle", "sales_contacted", "1", "6"),
            exclusion("middle", "upgrade_clicked", "3", "6", ("n", "is", "4")),
            exclusion("middle", "limit_hit", "1", "3", ("plan", "is_not", "pro")),
            exclusion("signed", "sales_contacted", "1", "2", ("flag", "is_not", "false")),
            exclusion("signed", "sales_contacted", "2", ""),
        ],
        "event_catalog": [
            friction("error_shown"),
            friction("prompt_viewed", "true"),
            friction(f"{NEVER_HAPPENS}_again"),
        ],
    }


NEWCOMER_COUNT = 180
FUNNEL_SETS = (as_shipped, ties_and_filters, exclusions)
# None: the var is left alone.
FRICTION_MINUTES = (None, 5, 1440, 90)
DISCOVERY_VARIABLES: tuple[Mapping[str, object], ...] = (
    {},
    {"discovery_windows_days": [7, 2], "discovery_outcome_week": 2},
    {"discovery_windows_days": [6, 1], "discovery_counts": [1], "discovery_outcome_week": 1},
    {"discovery_windows_days": [27], "discovery_counts": [4, 1, 2]},
    {"discovery_windows_days": [13, 3], "discovery_counts": [1, 3], "discovery_outcome_week": 2},
)


class Funnels:
    """Adds what funnels and discovery read to a world that is filled."""

    def __init__(self, world: World, rng: random.Random, number: int) -> None:
        self.world = world
        self.rng = rng
        self.number = number
        self.seeds = FUNNEL_SETS[number % len(FUNNEL_SETS)]()
        self.friction_events = [
            row["event_name"]
            for row in self.seeds["event_catalog"]
            if row["is_friction"] and not row["event_name"].startswith(NEVER_HAPPENS)
        ]

    @property
    def variables(self) -> dict[str, object]:
        minutes = FRICTION_MINUTES[self.number % len(FRICTION_MINUTES)]
        variables = dict(DISCOVERY_VARIABLES[self.number % len(DISCOVERY_VARIABLES)])
        return variables if minutes is None else variables | {"friction_window_minutes": minutes}

    def merge_seeds(self, seeds: Seeds) -> None:
        """Puts the rows into the seeds of the case."""
        added = self.seeds["event_catalog"]
        names = {row["event_name"] for row in added}
        kept = [row for row in seeds["event_catalog"] if row["event_name"] not in names]
        seeds["event_catalog"] = kept + added
        if not seeds["funnels"]:
            # A definition set whose seeds are headers.
            return
        seeds["funnels"] = self.seeds["funnels"]
        seeds["funnel_exclusions"] = self.seeds["funnel_exclusions"]

    def add(self) -> None:
        by_funnel: dict[str, list[Row]] = {}
        for row in sorted(self.seeds["funnels"], key=lambda row: int(row["step_number"])):
            by_funnel.setdefault(row["funnel_id"], []).append(row)
        possible = [
            steps
            for steps in by_funnel.values()
            if not steps[0]["event_name"].startswith(NEVER_HAPPENS)
        ]
        for user in self.world.users:
            if self.rng.random() < 0.85:
                self.attempt(user, self.rng.choice(possible))
            if self.rng.random() < 0.15:
                self.mix(user, self.rng.choice(possible))
            self.keep_a_habit(user)
        if not self.world.traits.is_sole_user:
            self.add_newcomers(possible[self.number % len(possible)])

    def add_newcomers(self, steps: list[Row]) -> None:
        """Users of one funnel, so many that tests have enough data."""
        start, end = self.world.horizon.start, self.world.horizon.data_end
        latest = max(start + DAY, end - 36 * DAY)
        for number in range(NEWCOMER_COUNT):
            newcomer = {
                "user_id": str(30_000 + number),
                "account_id": self.rng.choice(ACCOUNTS),
                "created_at": min(end, start + self.rng.random() * (latest - start)),
                "plan_tier": self.rng.choice(PLAN_TIERS),
                "install_source": self.rng.choice(("ads", "search", ASTRAL, "partner", None)),
                "invited_by": self.rng.choice((None, self.world.users[0]["user_id"])),
            }
            self.world.users.append(newcomer)
            self.attempt(newcomer, steps)
            self.keep_a_habit(newcomer)
            self.reach_milestones(newcomer)

    def reach_milestones(self, user: Row) -> None:
        """The first in the first week or not; the second, if at all, mostly after that week."""
        names = list(
            dict.fromkeys(
                row["triggered_by_event"]
                for row in self.world.milestones
                if row["min_count"] in ("", "1") and not row["min_days"]
            )
        )
        names = [name for name in names if not name.startswith(NEVER_HAPPENS)][:2]
        if len(names) < 2:
            return
        week, month = 7 * DAY, 30 * DAY
        is_early = self.rng.random() < 0.5
        at = self.rng.random() * week if is_early else week + self.rng.random() * month
        at = self.rng.choice((at, at, at, week - MICROSECOND if is_early else week))
        self.append(user, names[0], user["created_at"] + at, None)
        if self.rng.random() < (0.8 if is_early == bool(self.number % 2) else 0.2):
            at = week + self.rng.random() * (month - week)
            edges = (week, week - MICROSECOND, month, month - MICROSECOND)
            at = self.rng.choice((*[at] * 12, *edges))
            self.append(user, names[1], user["created_at"] + at, None)

    def attempt(self, user: Row, steps: list[Row]) -> None:
        window = read_timeframe(steps[0]["timeframe"])
        entered_at = self.entry(user, steps[0], window)
        deadline, at = entered_at + window, entered_at
        if steps[0]["event_name"]:
            self.emit(user, steps[0], entered_at)
        # Some sources are better than others.
        likelihood = 0.95 if user["install_source"] in ("ads", "search") else 0.7
        rows_of_exclusions = [
            row
            for row in self.seeds["funnel_exclusions"]
            if row["funnel_id"] == steps[0]["funnel_id"]
        ]
        for row in steps[1:]:
            following = at + self.pause(deadline - at)
            chance = likelihood
            if self.rng.random() < 0.35:
                self.add_friction(user, at, following)
                chance = 0.3
            elif self.number % 4 == 3:
                # Here it helps.
                chance = 0.15
            if rows_of_exclusions and self.rng.random() < 0.3:
                instants = (at, at + MICROSECOND, following, following - MICROSECOND, entered_at)
                after = following + MICROSECOND
                excluding = self.rng.choice(rows_of_exclusions)
                self.emit(user, excluding, self.rng.choice((*instants, after)))
            if row["is_optional"].lower() == "true":
                if self.rng.random() < 0.6:
                    self.emit(user, row, self.rng.choice((at, following, following)))
            elif self.rng.random() < chance:
                self.emit(user, row, following)
                if self.rng.random() < 0.1:
                    self.emit(user, row, at - self.rng.choice((MICROSECOND, MINUTE)))
                at = following
            elif self.rng.random() < 0.7:
                return

    def entry(self, user: Row, first: Row, window: timedelta) -> datetime:
        created_at = user["created_at"]
        if not first["event_name"]:
            return created_at
        closing = self.world.horizon.observed_at - window
        shift = self.rng.choice((-MICROSECOND, timedelta(0), MICROSECOND))
        reach = self.rng.choice((1, 20)) * DAY
        instants = (created_at, closing + shift, *[created_at + self.rng.random() * reach] * 4)
        return max(created_at, self.rng.choice(instants))

    def pause(self, left: timedelta) -> timedelta:
        """How long a user waits; `left` is the time to the deadline."""
        left = max(left, timedelta(0))
        minutes = self.rng.random() * 90 * MINUTE
        share = self.rng.random() * left
        return self.rng.choice(
            (
                *(timedelta(0), timedelta(0), MICROSECOND),
                *(min(minutes, share),) * 9,
                *(share, left - MICROSECOND, left, left + MICROSECOND),
            )
        )

    def add_friction(self, user: Row, at: datetime, following: datetime) -> None:
        window = self.variables.get("friction_window_minutes", 60) * MINUTE
        inside = at + self.rng.random() * min(window, max(following - at, timedelta(0)))
        instants = (
            *(at, at - MICROSECOND, following, following - MICROSECOND),
            *(at + window, at + window - MICROSECOND),
            *(inside,) * 8,
        )
        name = self.rng.choice(self.friction_events)
        self.append(user, name, self.rng.choice(instants), self.rng.choice(PROPERTIES))

    def mix(self, user: Row, steps: list[Row]) -> None:
        """Many events at few instants."""
        rows = steps + [
            row
            for row in self.seeds["funnel_exclusions"]
            if row["funnel_id"] == steps[0]["funnel_id"]
        ]
        rows = [row for row in rows if row["event_name"]]
        start = self.entry(user, steps[0], read_timeframe(steps[0]["timeframe"]))
        tick = self.rng.choice((MICROSECOND, 30 * MINUTE))
        for _ in range(self.rng.randint(5, 12)):
            self.emit(user, self.rng.choice(rows), start + self.rng.randint(0, 4) * tick)

    def keep_a_habit(self, user: Row) -> None:
        """Who stars a board in the first days comes again in the weeks that discovery asks for."""
        created_at = user["created_at"]
        has_habit = self.rng.random() < 0.5
        if has_habit:
            for _ in range(self.rng.choice((1, 1, 2, 4))):
                shift = self.rng.choice((timedelta(0), self.rng.random() * DAY, DAY - MICROSECOND))
                self.append(user, "board_starred", created_at + shift, None)
        week = self.variables.get("discovery_outcome_week", 4)
        if self.rng.random() < (0.9 if has_habit else 0.2):
            day = self.rng.choice((7 * week, 7 * week + 6))
            self.append(user, "page_viewed", created_at + day * DAY, None)
        elif self.rng.random() < 0.5:
            day = self.rng.choice((7 * week - 1, 7 * week + 7))
            self.append(user, "page_viewed", created_at + day * DAY, None)

    def emit(self, user: Row, row: Row, timestamp: datetime) -> None:
        """An event that a step or an exclusion names; most pass its filter."""
        match = Match.of({column: value or None for column, value in row.items()})
        passing = [text for text in PROPERTIES if match.accepts(text or None)]
        choices = passing if passing and self.rng.random() < 0.75 else PROPERTIES
        if not row["event_name"].startswith(NEVER_HAPPENS):
            self.append(user, row["event_name"], timestamp, self.rng.choice(choices))

    def append(
        self, user: Row, event_name: str, timestamp: datetime, properties: str | None
    ) -> None:
        if timestamp <= self.world.horizon.data_end:
            self.world.events.append(
                {
                    "event_id": self.world.event_id(),
                    "user_id": user["user_id"],
                    "event_name": event_name,
                    "timestamp": timestamp,
                    "properties": properties,
                }
            )
