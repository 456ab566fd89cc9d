"""The users that count, and what is known of each."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.oracle.arithmetic import DAY, CohortKey
from tests.oracle.cleaning import RULES, Removal, events_that_count, users_that_count
from tests.oracle.definitions import Definitions
from tests.oracle.raw_files import (
    EVENT_COLUMNS,
    USER_COLUMNS,
    RawEvent,
    RawUser,
    Row,
    read_raw_table,
    read_timestamp,
)

CLOCK_TOLERANCE = timedelta(hours=1)

# What computes each mart, by the mart's name; `mart` fills it.
MARTS: dict[str, Callable[[Population], list[Row]]] = {}


def mart(function: Callable[[Population], list[Row]]) -> Callable[[Population], list[Row]]:
    """Registers a function as the one that computes the mart of its name."""
    MARTS[function.__name__] = function
    return function


@dataclass
class User:
    user_id: str
    account_id: str | None
    created_at: datetime
    plan_tier: str | None
    install_source: str | None
    invited_by: str | None
    # Ascending, of the events that count.
    timestamps_by_event: dict[str, list[datetime]] = field(default_factory=dict)
    # When each invite was sent and how many people it went to.
    invites: list[tuple[datetime, int]] = field(default_factory=list)
    # Ascending, without repetition.
    active_dates: list[date] = field(default_factory=list)
    # By milestone_id; completed is the part that was reached in time.
    reached_at: dict[str, datetime] = field(default_factory=dict)
    completed_at: dict[str, datetime] = field(default_factory=dict)
    activated_at: datetime | None = None
    first_value_at: datetime | None = None

    @property
    def is_invited(self) -> bool:
        return self.invited_by not in (None, self.user_id)

    @property
    def segments(self) -> tuple[tuple[str, str], ...]:
        return (
            ("all", "all"),
            ("acquisition_type", "invited" if self.is_invited else "new"),
            ("install_source", self.install_source or "unknown"),
            ("plan_tier", self.plan_tier or "unknown"),
        )


@dataclass(frozen=True)
class Variables:
    """The vars of dbt that an oracle's answer depends on, by their names there."""

    observed_until: str | None = None
    benchmark_category: str = "overall"
    benchmark_segment: str = "all"
    activation_windows_days: Sequence[int] = (1, 7, 14, 30)
    invitation_event: str = "invite_sent"
    signal_fresh_days: int = 7


@dataclass
class Population:
    """The users that count, what they did, and how far the world was watched."""

    definitions: Definitions
    users: list[User]
    removals: dict[str, Removal]
    variables: Variables
    # None only where no row counts and no end of observation was set: no user, so no rows.
    observed_until_at: datetime | None

    def __post_init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}
        signups = [user.created_at.date() for user in self.users]
        self.first_signup_date = min(signups, default=None)
        self.signup_cohorts = self.cohorts(lambda user: user.created_at)
        self.activation_cohorts = self.cohorts(lambda user: user.activated_at)

    def rows_of(self, mart: str) -> list[Row]:
        """The rows of a registered mart, computed once."""
        if mart not in self._rows:
            self._rows[mart] = MARTS[mart](self)
        return self._rows[mart]

    def is_closed(self, start: datetime, window: timedelta) -> bool:
        return start + window <= self.observed_until_at

    def cohorts(
        self, anchored_at: Callable[[User], datetime | None]
    ) -> dict[CohortKey, list[User]]:
        """The members of every cohort and segment, of the users that have the anchor."""
        members = defaultdict(list)
        for user in self.users:
            anchor = anchored_at(user)
            if anchor is None:
                continue
            grains = (
                ("week", week_of(anchor.date())),
                ("month", anchor.date().replace(day=1)),
                ("all", self.first_signup_date),
            )
            for grain, cohort_date in grains:
                for segment_type, segment_value in user.segments:
                    members[grain, cohort_date, segment_type, segment_value].append(user)
        return dict(sorted(members.items()))

    @property
    def segments(self) -> dict[tuple[str, str], list[User]]:
        return {
            (segment_type, segment_value): members
            for (grain, _, segment_type, segment_value), members in self.signup_cohorts.items()
            if grain == "all"
        }


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - day.weekday() * DAY


def observe(
    raw_dir: Path,
    definitions: Definitions,
    run_started_at: datetime,
    variables: Variables,
) -> Population:
    """Reads the raw files and gives what counts of them."""
    raw_users = [RawUser(*row) for row in read_raw_table(raw_dir, "users", USER_COLUMNS)]
    raw_events = [RawEvent(*row) for row in read_raw_table(raw_dir, "events", EVENT_COLUMNS)]

    observed_until_at = None
    if variables.observed_until:
        observed_until_at = read_timestamp(variables.observed_until)
        if observed_until_at is None:
            raise ValueError(
                f"observed_until is neither a timestamp nor a date: {variables.observed_until}"
            )
        # A row without a time can't be later: it stays, and missing_key counts it.
        raw_users = [u for u in raw_users if not is_later(u.created_at, observed_until_at)]
        raw_events = [e for e in raw_events if not is_later(e.timestamp, observed_until_at)]

    removals = {rule: Removal() for rule in RULES}
    latest_credible_at = run_started_at + CLOCK_TOLERANCE
    counted_users = users_that_count(
        raw_users, definitions.excluded_user_ids, latest_credible_at, removals
    )
    counted_events = events_that_count(
        raw_events, counted_users, definitions.excluded_user_ids, latest_credible_at, removals
    )
    if observed_until_at is None:
        observed_until_at = max(
            [user.created_at for user in counted_users.values()]
            + [event.timestamp for event in counted_events],
            default=None,
        )

    events_by_user = defaultdict(list)
    for event in sorted(counted_events, key=lambda event: event.timestamp):
        events_by_user[event.user_id].append(event)
    return Population(
        definitions=definitions,
        users=[
            user_with_facts(user, events_by_user[user.user_id], definitions, variables)
            for user in counted_users.values()
        ],
        removals=removals,
        variables=variables,
        observed_until_at=observed_until_at,
    )


def is_later(instant: datetime | None, limit: datetime) -> bool:
    return instant is not None and instant > limit


def user_with_facts(
    raw: RawUser, events: list[RawEvent], definitions: Definitions, variables: Variables
) -> User:
    """The user and what their events say; the events are sorted by timestamp."""
    user = User(**raw._asdict())
    active_dates = set()
    for event in events:
        user.timestamps_by_event.setdefault(event.event_name, []).append(event.timestamp)
        if event.event_name not in definitions.unmeaningful_events:
            active_dates.add(event.timestamp.date())
        if event.event_name == variables.invitation_event:
            user.invites.append((event.timestamp, invitations_in(event.properties)))
    user.active_dates = sorted(active_dates)

    for milestone in definitions.milestones:
        timestamps = user.timestamps_by_event.get(milestone.event_name, [])
        if len(timestamps) >= milestone.min_count:
            reached_at = timestamps[milestone.min_count - 1]
            user.reached_at[milestone.milestone_id] = reached_at
            if reached_at < user.created_at + milestone.timeframe:
                user.completed_at[milestone.milestone_id] = reached_at

    user.first_value_at = min(
        (
            user.reached_at[milestone.milestone_id]
            for milestone in definitions.milestones
            if milestone.is_first_value and milestone.milestone_id in user.reached_at
        ),
        default=None,
    )
    user.activated_at = activated_at(user, definitions)
    return user


def activated_at(user: User, definitions: Definitions) -> datetime | None:
    activations = []
    for milestones in definitions.paths.values():
        required_ids = [m.milestone_id for m in milestones if m.is_required]
        # Nothing required is nothing achieved: without this, an empty path would activate all.
        if required_ids and all(m in user.completed_at for m in required_ids):
            activations.append(max(user.completed_at[m] for m in required_ids))
    return min(activations, default=None)


def invitations_in(properties: str | None) -> int:
    """The `count` of an invite: a JSON integer or its digits as a string, at least 1, else 1."""
    try:
        decoded = json.loads(
            properties or "",
            # Of a key that stands twice, the first counts.
            object_pairs_hook=lambda pairs: dict(reversed(pairs)),
            parse_constant=reject_constant,
        )
        count = decoded["count"] if isinstance(decoded, dict) else None
        if isinstance(count, str) and re.fullmatch("-?[0-9]+", count):
            count = int(count)
    except (ValueError, KeyError):
        return 1
    # `type`, as a JSON boolean would pass for an integer.
    fits_bigint = type(count) is int and -(2**63) <= count < 2**63
    return max(count, 1) if fits_bigint else 1


def reject_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
