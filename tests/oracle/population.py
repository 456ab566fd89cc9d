"""The users that count, and what is known of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from tests.oracle.arithmetic import DAY, CohortKey
from tests.oracle.cleaning import Outcome
from tests.oracle.definitions import Definitions, Milestone
from tests.oracle.identity import Identity
from tests.oracle.raw_files import RawAccount, RawEvent, RawHistory, RawUser, Row
from tests.oracle.segmentation import Segments
from tests.oracle.subscription_rows import Subscription
from tests.oracle.zones import Zone

# What computes each mart, by the mart's name; `mart` fills it.
MARTS: dict[str, Callable[[Population], list[Row]]] = {}
Found = TypeVar("Found")


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
    # The value of each type of the seed `segments`.
    segment_values: Mapping[str, str] = field(default_factory=dict)
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
            *self.segment_values.items(),
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
    velocity_window_days: int = 30
    invitation_event: str = "invite_sent"
    pql_history_days: int = 90
    pql_snapshot_days: Sequence[int] = (7, 14, 30)
    conversion_window_days: int = 30
    conversion_event: str | None = "subscription_started"
    pql_window_days: int = 30
    handoff_scheme: str = "points"
    handoff_unit_type: str = "user"
    handoff_signup_days: int = 30
    false_discovery_limit: float = 0.75
    threshold_lift: float = 2
    candidate_lift: float = 1.2
    value_week: int = 8
    significance_level: float = 0.05
    minimum_group_users: int = 50
    friction_window_minutes: int = 60
    discovery_windows_days: Sequence[int] = (1, 7, 14)
    discovery_counts: Sequence[int] = (1, 2, 3, 5, 10)
    discovery_outcome_week: int = 4
    reporting_timezone: str = "UTC"


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
    # The rows that count, by user_id and account_id.
    people: Mapping[str, RawUser]
    accounts: Mapping[str, RawAccount]
    identity: Identity
    segment_values: Segments
    # The delivered events whose anonymous_id is no id.
    events_with_illegal_id: Sequence[RawEvent]
    # Those that count, none later than the end of observation.
    subscriptions: Sequence[Subscription] = ()
    metric_history: Sequence[RawHistory] = ()
    # Of this build.
    definitions_version: str = ""

    def __post_init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}
        self._found: dict[Callable, object] = {}
        self.zone = Zone(self.variables.reporting_timezone)
        self.first_signup_at = min((user.created_at for user in self.users), default=None)
        self.first_signup_date = self.first_signup_at and self.zone.date_of(self.first_signup_at)
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

    def find(self, find: Callable[[Population], Found]) -> Found:
        """What a function finds out of the population, found once."""
        if find not in self._found:
            self._found[find] = find(self)
        return self._found[find]

    def rows_that_count(self, table: str) -> Collection[RawUser | RawAccount]:
        return (self.people if table == "users" else self.accounts).values()

    def has_ended(self, day: date, wait: timedelta = timedelta(0)) -> bool:
        """Whether a date, and a duration after it, have passed at the end of observation."""
        return self.zone.date_of(self.observed_until_at - wait) > day

    @property
    def observed_until_date(self) -> date | None:
        return self.observed_until_at and self.zone.date_of(self.observed_until_at)

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
            day = self.zone.date_of(anchor)
            grains = (
                ("week", week_of(day)),
                ("month", day.replace(day=1)),
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
