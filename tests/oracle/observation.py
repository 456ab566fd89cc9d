"""Reads the raw files and finds out what counts of them, and what each user did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from tests.oracle.account_rows import accounts_of_excluded, accounts_that_count
from tests.oracle.cleaning import (
    Limits,
    Outcome,
    events_that_count,
    unreadable_outcomes,
    users_that_count,
)
from tests.oracle.definitions import Definitions, Milestone
from tests.oracle.identity import identify, users_without_login, with_legal_ids
from tests.oracle.population import Population, User, Variables
from tests.oracle.properties import invitations_in
from tests.oracle.raw_files import (
    RawAccount,
    RawAlias,
    RawEvent,
    RawHistory,
    RawSubscription,
    RawTable,
    RawUser,
    read_raw_table,
)
from tests.oracle.segmentation import segments_of
from tests.oracle.subscription_rows import subscriptions_that_count
from tests.oracle.values import is_no_id, read_time
from tests.oracle.zones import UTC, Zone

CLOCK_TOLERANCE = timedelta(hours=1)
# The environment variable that makes users of devices.
ANONYMOUS_USERS = "PLG_ANONYMOUS_USERS"
# And the one of the folder with what other definitions said.
HISTORY_DIR = "PLG_HISTORY_DIR"
SEGMENTS_OF_ACCOUNTS = frozenset({"plan_tier", "install_source", "acquisition_type"})


@dataclass(frozen=True)
class RawTables:
    """What the files say, as far as it had been delivered by the end of observation."""

    users: RawTable
    events: RawTable
    aliases: RawTable
    accounts: RawTable
    subscriptions: RawTable
    metric_history: RawTable

    @classmethod
    def read(
        cls,
        raw_dir: Path,
        definitions: Definitions,
        allowed_share: Fraction,
        history_dir: Path | None,
    ) -> RawTables:
        def read(
            name: str,
            row_type: type,
            *,
            is_optional: bool = False,
            more_files: Sequence[Path] = (),
        ) -> RawTable:
            has_segments = row_type in (RawUser, RawAccount)
            columns = set(definitions.columns_of_segments(name) if has_segments else ())
            if row_type is RawAccount:
                # What an account says of itself.
                columns |= SEGMENTS_OF_ACCOUNTS
            return read_raw_table(
                raw_dir,
                name,
                row_type,
                allowed_share,
                further=sorted(column for column in columns if column not in row_type._fields),
                sources=definitions.sources.get(name, {}),
                is_optional=is_optional,
                more_files=more_files,
            )

        history = sorted(history_dir.glob("*.csv")) if history_dir else ()

        return cls(
            users=read("users", RawUser),
            events=read("events", RawEvent),
            aliases=read("aliases", RawAlias, is_optional=True),
            accounts=read("accounts", RawAccount, is_optional=True),
            subscriptions=read("subscriptions", RawSubscription, is_optional=True),
            metric_history=read("metric_history", RawHistory, is_optional=True, more_files=history),
        )

    def cut(self, observed_until_at: datetime) -> None:
        """Takes away what came later.

        Raises:
            ValueError: nothing had been delivered by then.
        """
        received = (event.received_at for event in self.events.rows)
        first_received_at = min(filter(None, received), default=None)
        if first_received_at is not None and observed_until_at < first_received_at:
            raise ValueError(f"nothing was delivered by {observed_until_at}")
        for table, columns in (
            (self.users, ("created_at",)),
            (self.events, ("timestamp", "received_at")),
            (self.aliases, ("aliased_at",)),
            (self.accounts, ("created_at",)),
            (self.subscriptions, ("started_at",)),
        ):
            # A row without a time can't be later: it stays.
            table.rows = [
                row
                for row in table.rows
                if not is_later([getattr(row, column) for column in columns], observed_until_at)
            ]


def observe(
    raw_dir: Path,
    definitions: Definitions,
    run_started_at: datetime,
    variables: Variables,
    settings: Mapping[str, str] | None = None,
) -> Population:
    """Reads the raw files and gives what counts of them."""
    history_dir = (settings or {}).get(HISTORY_DIR)
    tables = RawTables.read(
        raw_dir,
        definitions,
        Fraction(str(variables.unreadable_rows_allowed)),
        history_dir and Path(history_dir),
    )
    observed_until_at = read_variable("observed_until", variables.observed_until)
    if observed_until_at is not None:
        tables.cut(observed_until_at)
    limits = Limits(
        excluded_user_ids=frozenset(),
        latest_credible_at=run_started_at + CLOCK_TOLERANCE,
        signup_tolerance=timedelta(hours=variables.signup_tolerance),
    )
    events = [with_legal_ids(event) for event in tables.events.rows]
    user_ids = {user.user_id for user in tables.users.rows}
    identity, alias_outcomes = identify(tables.aliases.rows, events, user_ids, limits)

    resolve = identity.resolve
    limits = replace(
        limits, excluded_user_ids=frozenset(map(resolve, definitions.excluded_user_ids))
    )
    users = [u._replace(invited_by=resolve(u.invited_by)) for u in tables.users.rows]
    if (settings or {}).get(ANONYMOUS_USERS) == "true":
        users += users_without_login(users, events, identity, limits)
    counted_users, excluded_users, user_outcomes = users_that_count(users, limits, resolve)
    counted_events, event_outcomes = events_that_count(events, counted_users, limits, resolve)
    counted_accounts, account_outcomes = accounts_that_count(
        tables.accounts.rows, counted_users, excluded_users, limits
    )
    counted_subscriptions, subscription_outcomes = subscriptions_that_count(
        tables.subscriptions.rows,
        counted_users,
        accounts_of_excluded(counted_users, excluded_users),
        limits,
        resolve,
    )
    if observed_until_at is None:
        observed_until_at = max(
            [user.created_at for user in counted_users.values()]
            + [event.timestamp for event in counted_events],
            default=None,
        )
    # What was created later counts nowhere, though no rule takes it.
    counted_accounts = {
        account_id: account
        for account_id, account in counted_accounts.items()
        if observed_until_at is None or not is_later([account.created_at], observed_until_at)
    }

    segment_values = segments_of(definitions.segment_types, counted_users, counted_accounts)
    events_by_user = defaultdict(list)
    for event in sorted(counted_events, key=lambda event: event.timestamp):
        events_by_user[event.user_id].append(event)
    population_users = [
        user_with_facts(user, events_by_user[user.user_id], definitions, variables)
        for user in counted_users.values()
    ]
    for user in population_users:
        user.segment_values = {
            name: values[user.user_id] for name, values in segment_values.values.items()
        }
    return Population(
        definitions=definitions,
        users=population_users,
        events=counted_events,
        outcomes={
            "users": [*unreadable_outcomes(tables.users), *user_outcomes],
            "events": [*unreadable_outcomes(tables.events), *event_outcomes],
            "aliases": [*unreadable_outcomes(tables.aliases), *alias_outcomes],
            "accounts": [*unreadable_outcomes(tables.accounts), *account_outcomes],
            "subscriptions": [*unreadable_outcomes(tables.subscriptions), *subscription_outcomes],
            "metric_history": [
                *unreadable_outcomes(tables.metric_history),
                *(
                    Outcome(row.file, row, None, row.observed_until_at)
                    for row in tables.metric_history.rows
                ),
            ],
        },
        variables=variables,
        observed_from=read_variable("observed_from", variables.observed_from),
        observed_until_at=observed_until_at,
        people=counted_users,
        accounts=counted_accounts,
        identity=identity,
        segment_values=segment_values,
        subscriptions=[
            row
            for row in counted_subscriptions
            if observed_until_at is None or row.started_at <= observed_until_at
        ],
        metric_history=tables.metric_history.rows,
        events_with_illegal_id=[e for e in tables.events.rows if is_no_id(e.anonymous_id)],
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
    zone = Zone(variables.reporting_timezone)
    active_dates = set()
    for event in events:
        user.timestamps_by_event.setdefault(event.event_name, []).append(event.timestamp)
        if event.event_name not in definitions.unmeaningful_events:
            active_dates.add(zone.date_of(event.timestamp))
        if event.event_name == variables.invitation_event:
            user.invites.append((event.timestamp, invitations_in(event.properties)))
    user.active_dates = sorted(active_dates)

    for milestone in definitions.milestones:
        reached_at = reached(
            milestone, user.timestamps_by_event.get(milestone.event_name, []), zone
        )
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


def reached(milestone: Milestone, timestamps: list[datetime], zone: Zone = UTC) -> datetime | None:
    """When a user reaches a milestone whose events happen at these ascending instants."""
    if milestone.min_days is None:
        has_enough = len(timestamps) >= milestone.min_count
        return timestamps[milestone.min_count - 1] if has_enough else None
    dates: set[date] = set()
    for timestamp in timestamps:
        today = zone.date_of(timestamp)
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
