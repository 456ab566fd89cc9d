"""The users that count, and what is known of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from tests.oracle.arithmetic import DAY, CohortKey
from tests.oracle.cleaning import (
    Limits,
    Outcome,
    events_that_count,
    unreadable_outcomes,
    users_that_count,
)
from tests.oracle.definitions import Definitions, Milestone
from tests.oracle.properties import invitations_in
from tests.oracle.raw_files import RawEvent, RawUser, Row, read_raw_table
from tests.oracle.values import read_time

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

    @property
    def invitation_count(self) -> int:
        return sum(count for _, count in self.invites)


@dataclass(frozen=True)
class Variables:
    """The vars of dbt that an oracle's answer depends on, by their names there."""

    observed_until: str | None = None
    observed_from: str | None = None
    unreadable_rows_allowed: float = 0.001
    removed_rows_warning: float = 0.05
    signup_tolerance: float = 1
    benchmark_category: str = "overall"
    benchmark_segment: str = "all"
    activation_windows_days: Sequence[int] = (1, 7, 14, 30)
    retention_days: int = 30
    retention_weeks: int = 12
    retention_months: int = 12
    retention_brackets: Sequence[Sequence[int]] = ((1, 7), (8, 14), (15, 30), (31, 60), (61, 90))
    retention_on_or_after_days: Sequence[int] = (1, 7, 14, 30)
    retention_horizon_days: int = 90
    invitation_event: str = "invite_sent"
    signal_fresh_days: int = 7
    significance_level: float = 0.05
    minimum_group_users: int = 50


@dataclass
class Population:
    """The users that count, what they did, and how far the world was watched."""

    definitions: Definitions
    users: list[User]
    # That count; none lies before its user's signup.
    events: list[RawEvent]
    # What became of every delivered row, by the raw table.
    outcomes: dict[str, list[Outcome]]
    variables: Variables
    observed_from: datetime | None
    # None only where no row counts and no end of observation was set: no user, so no rows.
    observed_until_at: datetime | None

    def __post_init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}
        signups = [user.created_at.date() for user in self.users]
        self.first_signup_date = min(signups, default=None)
        self.signup_cohorts = self.cohorts(lambda user: user.created_at)
        self.activation_cohorts = self.cohorts(lambda user: user.activated_at)
        self.event_names = {event.event_name for event in self.events}
        # Without any invited_by, nobody knows who was invited.
        self.is_invitation_measured = any(user.invited_by is not None for user in self.users)

    def rows_of(self, mart: str) -> list[Row]:
        """The rows of a registered mart, computed once."""
        if mart not in self._rows:
            self._rows[mart] = MARTS[mart](self)
        return self._rows[mart]

    def is_closed(self, start: datetime, window: timedelta) -> bool:
        return start + window <= self.observed_until_at

    def is_observed(self, user: User) -> bool:
        """Whether the user's first days were recorded."""
        return self.observed_from is None or user.created_at >= self.observed_from

    def is_eligible(self, user: User, window: timedelta, start: datetime | None = None) -> bool:
        """Whether a rate counts the user: its window, which starts at the signup, has closed."""
        return self.is_observed(user) and self.is_closed(start or user.created_at, window)

    def is_measured(self, milestone: Milestone) -> bool:
        """Whether anybody can reach the milestone: its event occurs."""
        return milestone.event_name in self.event_names

    @property
    def is_activation_measured(self) -> bool:
        """Whether some path can be completed; one that requires nothing activates nobody."""
        required = [
            [milestone for milestone in milestones if milestone.is_required]
            for milestones in self.definitions.paths.values()
        ]
        activating = [milestones for milestones in required if milestones]
        return not activating or any(
            all(map(self.is_measured, milestones)) for milestones in activating
        )

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
    allowed_share = Fraction(str(variables.unreadable_rows_allowed))
    users = read_raw_table(raw_dir, "users", RawUser, allowed_share)
    events = read_raw_table(raw_dir, "events", RawEvent, allowed_share)

    observed_until_at = read_variable("observed_until", variables.observed_until)
    if observed_until_at is not None:
        first_received_at = min(filter(None, (e.received_at for e in events.rows)), default=None)
        if first_received_at is not None and observed_until_at < first_received_at:
            raise ValueError(f"nothing was delivered by {observed_until_at}")
        # A row without a time can't be later: it stays, and missing_key counts it.
        users.rows = [u for u in users.rows if not is_later([u.created_at], observed_until_at)]
        events.rows = [
            event
            for event in events.rows
            if not is_later([event.timestamp, event.received_at], observed_until_at)
        ]

    limits = Limits(
        excluded_user_ids=definitions.excluded_user_ids,
        latest_credible_at=run_started_at + CLOCK_TOLERANCE,
        signup_tolerance=timedelta(hours=variables.signup_tolerance),
    )
    counted_users, user_outcomes = users_that_count(users.rows, limits)
    counted_events, event_outcomes = events_that_count(events.rows, counted_users, limits)
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
        events=counted_events,
        outcomes={
            "users": [*unreadable_outcomes(users), *user_outcomes],
            "events": [*unreadable_outcomes(events), *event_outcomes],
        },
        variables=variables,
        observed_from=read_variable("observed_from", variables.observed_from),
        observed_until_at=observed_until_at,
    )


def read_variable(name: str, text: str | None) -> datetime | None:
    """The instant that a var sets.

    Raises:
        ValueError: the text is neither a timestamp nor a date.
    """
    instant = read_time(text) if text else None
    if text and instant is None:
        raise ValueError(f"{name} is neither a timestamp nor a date: {text}")
    return instant


def is_later(instants: Iterable[datetime | None], limit: datetime) -> bool:
    return any(instant is not None and instant > limit for instant in instants)


def user_with_facts(
    raw: RawUser, events: list[RawEvent], definitions: Definitions, variables: Variables
) -> User:
    """The user and what their events say; the events are sorted by timestamp."""
    user = User(
        user_id=raw.user_id,
        account_id=raw.account_id,
        created_at=raw.created_at,
        plan_tier=raw.plan_tier,
        install_source=raw.install_source,
        invited_by=raw.invited_by,
    )
    active_dates = set()
    for event in events:
        user.timestamps_by_event.setdefault(event.event_name, []).append(event.timestamp)
        if event.event_name not in definitions.unmeaningful_events:
            active_dates.add(event.timestamp.date())
        if event.event_name == variables.invitation_event:
            user.invites.append((event.timestamp, invitations_in(event.properties)))
    user.active_dates = sorted(active_dates)

    for milestone in definitions.milestones:
        reached_at = reached(milestone, user.timestamps_by_event.get(milestone.event_name, []))
        if reached_at is not None:
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


def reached(milestone: Milestone, timestamps: list[datetime]) -> datetime | None:
    """When a user reaches a milestone whose events happen at these ascending instants."""
    if milestone.min_days is None:
        has_enough = len(timestamps) >= milestone.min_count
        return timestamps[milestone.min_count - 1] if has_enough else None
    dates: set[date] = set()
    for timestamp in timestamps:
        today = timestamp.date()
        dates.add(today)
        if milestone.within_days is None:
            days_of_use = len(dates)
        else:
            days_of_use = sum((today - day).days < milestone.within_days for day in dates)
        if days_of_use >= milestone.min_days:
            return timestamp
    return None


def activated_at(user: User, definitions: Definitions) -> datetime | None:
    activations = []
    for milestones in definitions.paths.values():
        required_ids = [m.milestone_id for m in milestones if m.is_required]
        # Nothing required is nothing achieved: without this, an empty path would activate all.
        if required_ids and all(m in user.completed_at for m in required_ids):
            activations.append(max(user.completed_at[m] for m in required_ids))
    return min(activations, default=None)
