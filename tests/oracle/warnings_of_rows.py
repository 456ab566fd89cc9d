"""The warnings of what a build has removed or misread. All thresholds are "more than"."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import NamedTuple

from tests.oracle.arithmetic import DAY, THIRTY_DAYS
from tests.oracle.cleaning import RULES, RULES_OF_ANONYMOUS_EVENTS, Outcome, traits
from tests.oracle.decisions import delivered_at
from tests.oracle.population import Population
from tests.oracle.properties import is_json_object

FEWEST_ROWS_TO_LOSE = 10
TABLES_THAT_CAN_BE_LOST = ("users", "events")


class Finding(NamedTuple):
    table_name: str
    subject: str
    row_count: int
    row_rate: float | None


def share_above(
    table_name: str, subject: str, row_count: int, all_count: int, threshold: Fraction
) -> Iterator[Finding]:
    """A finding where the rows are more than a share of all."""
    if all_count and Fraction(row_count, all_count) > threshold:
        yield Finding(table_name, subject, row_count, row_count / all_count)


def rule_took_much(population: Population) -> Iterator[Finding]:
    threshold = Fraction(str(population.variables.removed_rows_warning))
    for table_name, rules in RULES.items():
        outcomes = population.outcomes[table_name]
        for rule in rules:
            if rule in RULES_OF_ANONYMOUS_EVENTS:
                continue
            # A table that says when a row was true holds a user more than once by design.
            if rule == "duplicate_user" and any(o.row and o.row.true_at for o in outcomes):
                continue
            row_count = sum(outcome.rule == rule for outcome in outcomes)
            yield from share_above(table_name, rule, row_count, len(outcomes), threshold)


def lost_rows(outcomes: Iterable[Outcome], group_of: Callable[[Outcome], Hashable | None]) -> int:
    """How many rows are in groups of which no row counts; no group, no loss."""
    delivered, counted = Counter(), Counter()
    for outcome in outcomes:
        group = group_of(outcome)
        if group is not None:
            delivered[group] += 1
            counted[group] += outcome.rule is None
    return sum(
        count
        for group, count in delivered.items()
        if count >= FEWEST_ROWS_TO_LOSE and not counted[group]
    )


def file_lost(population: Population) -> Iterator[Finding]:
    for table_name in TABLES_THAT_CAN_BE_LOST:
        outcomes = population.outcomes[table_name]
        row_count = lost_rows(outcomes, lambda outcome: outcome.file)
        yield from share_above(table_name, "file", row_count, len(outcomes), Fraction(0))


def date_lost(population: Population) -> Iterator[Finding]:
    if not population.users:
        return
    # Here a date is one of UTC, whatever the zone of the marts.
    first, last = population.first_signup_at.date(), population.observed_until_at.date()

    def watched_date(outcome: Outcome) -> Hashable | None:
        instant = delivered_at(outcome.row)
        return instant.date() if instant and first <= instant.date() <= last else None

    for table_name in TABLES_THAT_CAN_BE_LOST:
        outcomes = population.outcomes[table_name]
        row_count = lost_rows(outcomes, watched_date)
        yield from share_above(table_name, "date", row_count, len(outcomes), Fraction(0))


def unknown_users(population: Population) -> Iterator[Finding]:
    earlier_rules = ("unreadable_row", "missing_key", "future_event")
    asked = [
        outcome
        for outcome in population.outcomes["events"]
        if outcome.rule not in earlier_rules and outcome.row.user_id is not None
    ]
    row_count = sum(outcome.rule == "unknown_user" for outcome in asked)
    yield from share_above("events", "user_id", row_count, len(asked), Fraction(1, 2))


def event_ids_shared(population: Population) -> Iterator[Finding]:
    users_by_event_id = defaultdict(set)
    for outcome in population.outcomes["events"]:
        if outcome.rule in (None, "duplicate_event") and outcome.row.event_id is not None:
            users_by_event_id[outcome.row.event_id].add(outcome.person)
    row_count = sum(len(user_ids) > 1 for user_ids in users_by_event_id.values())
    yield from share_above(
        "events", "event_id", row_count, len(users_by_event_id), Fraction(1, 100)
    )


def user_rows_differ(population: Population) -> Iterator[Finding]:
    copies_by_user_id = defaultdict(list)
    for outcome in population.outcomes["users"]:
        if outcome.rule in (None, "duplicate_user", "merged_user", "excluded_user"):
            copies_by_user_id[outcome.row.user_id].append(outcome.row)
    row_count = 0
    for copies in copies_by_user_id.values():
        latest = max((copy.true_at for copy in copies if copy.true_at), default=None)
        row_count += len({traits(copy) for copy in copies if copy.true_at == latest}) > 1
    yield from share_above("users", "user_id", row_count, len(copies_by_user_id), Fraction(1, 100))


def signups_before_first_event(population: Population) -> Iterator[Finding]:
    if population.events:
        first_event_at = min(event.timestamp for event in population.events)
        row_count = sum(
            population.is_observed(user) and user.created_at < first_event_at
            for user in population.users
        )
        yield from share_above(
            "users", "created_at", row_count, len(population.users), Fraction(1, 20)
        )


def signups_on_one_date(population: Population) -> Iterator[Finding]:
    counts = Counter(user.created_at.date() for user in population.users)
    if counts.total() >= 100 and len(counts) >= 30:
        for day, count in counts.items():
            yield from share_above("users", day.isoformat(), count, counts.total(), Fraction(1, 5))


def newest_instant_alone(population: Population) -> Iterator[Finding]:
    """Fires below a hundredth of a usual day, and, for small data, below a usual day after a silence.

    The silence is an addition to the definition, which can't fire where a usual day has 100 rows or
    fewer: nothing counts on the 28 dates before that on which the 24 hours begin, nor on that date
    before them.
    """
    if population.variables.observed_until or not population.users:
        return
    instants = [user.created_at for user in population.users]
    instants += [event.timestamp for event in population.events]
    start = max(instants) - timedelta(hours=24)
    counts = Counter(instant.date() for instant in instants)
    earlier = sorted(
        day for day in counts if datetime.combine(day, datetime.min.time()) + DAY <= start
    )[-28:]
    if len(earlier) < 14:
        return
    usual = Fraction(median(Fraction(counts[day]) for day in earlier))
    row_count = sum(instant > start for instant in instants)
    begin = datetime.combine(start.date(), datetime.min.time()) - 28 * DAY
    is_silent = not any(begin <= instant <= start for instant in instants)
    if row_count / usual < (1 if is_silent else Fraction(1, 100)):
        yield Finding("events", "observed_until_at", row_count, float(row_count / usual))


def properties_no_object(population: Population) -> Iterator[Finding]:
    names = {population.variables.invitation_event, *population.definitions.filtered_events}
    for name in sorted(names):
        texts = [
            event.properties
            for event in population.events
            if event.event_name == name and event.properties is not None
        ]
        row_count = sum(not is_json_object(text) for text in texts)
        yield from share_above("events", name, row_count, len(texts), Fraction(1, 100))


def date_only_times(population: Population) -> Iterator[Finding]:
    if population.zone.is_utc:
        return
    row_count = sum(
        event.timestamp == datetime.combine(event.timestamp.date(), datetime.min.time())
        for event in population.events
    )
    yield from share_above("events", "timestamp", row_count, len(population.events), Fraction(1, 2))


def invited_outside_window(population: Population) -> Iterator[Finding]:
    users_by_id = {user.user_id: user for user in population.users}
    lags = [
        user.created_at - users_by_id[user.invited_by].created_at
        for user in population.users
        if user.is_invited and user.invited_by in users_by_id
    ]
    row_count = sum(not timedelta(0) <= lag < THIRTY_DAYS for lag in lags)
    yield from share_above("users", "invited_by", row_count, len(lags), Fraction(1, 2))


WARNINGS_OF_ROWS: dict[str, Callable[[Population], Iterator[Finding]]] = {
    function.__name__: function
    for function in (
        rule_took_much,
        file_lost,
        date_lost,
        unknown_users,
        event_ids_shared,
        user_rows_differ,
        signups_before_first_event,
        signups_on_one_date,
        newest_instant_alone,
        properties_no_object,
        date_only_times,
        invited_outside_window,
    )
}
