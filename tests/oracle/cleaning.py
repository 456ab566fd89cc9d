"""Which rows of users and events count, and which rule takes each other row away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

from tests.oracle.raw_files import RawEvent, RawRow, RawTable, RawUser

# In the order in which they are asked.
RULES = {
    "users": (
        "unreadable_row",
        "missing_key",
        "future_event",
        "duplicate_user",
        "merged_user",
        "excluded_user",
    ),
    "events": (
        "unreadable_row",
        "missing_key",
        "future_event",
        "excluded_user",
        "anonymous_event",
        "unknown_user",
        "anonymous_before_signup",
        "before_signup",
        "duplicate_event",
    ),
    "aliases": (
        "unreadable_row",
        "missing_key",
        "future_event",
        "illegal_alias",
        "self_alias",
        "duplicate_alias",
        "second_target",
        "alias_cycle",
    ),
    "accounts": (
        "unreadable_row",
        "missing_key",
        "future_event",
        "excluded_user",
        "duplicate_account",
    ),
    "subscriptions": (
        "unreadable_row",
        "missing_key",
        "future_event",
        "excluded_user",
        "unknown_user",
        "bad_value",
        "empty_period",
        "duplicate_subscription",
    ),
    "metric_history": ("unreadable_row",),
}
# They take what nobody did yet, which is no fault of the data.
RULES_OF_ANONYMOUS_EVENTS = ("anonymous_event", "anonymous_before_signup")

# From any id to that of the person.
Resolve = Callable[[str | None], str | None]


class Outcome(NamedTuple):
    """What became of a delivered row."""

    # None for a user that is made of events.
    file: str | None
    # None for a row that can't be read.
    row: RawRow | None
    # None where it counts.
    rule: str | None
    # As delivered, but for an excluded user, who is seen when the person signed up first.
    seen_at: datetime | None
    # Of users and events: the id of the person.
    person: str | None = None


@dataclass(frozen=True)
class Limits:
    """What decides whether a row is credible."""

    # Of people.
    excluded_user_ids: frozenset[str]
    latest_credible_at: datetime
    signup_tolerance: timedelta


def in_byte_order(*texts: str | None) -> tuple:
    """A sort key: UTF-8 bytes, nulls last."""
    return tuple((text is None, b"" if text is None else text.encode()) for text in texts)


def latest_first(instant: datetime | None) -> tuple:
    """A sort key: the latest first, nulls last."""
    return (1, timedelta(0)) if instant is None else (0, datetime.max - instant)


def earliest_first(instant: datetime | None) -> tuple:
    """A sort key: the earliest first, nulls last."""
    return (instant is None, instant or datetime.max)


def unreadable_outcomes(table: RawTable) -> Iterator[Outcome]:
    for file, count in table.unreadable.items():
        for _ in range(count):
            yield Outcome(file, None, "unreadable_row", None)


def itself(any_id: str | None) -> str | None:
    return any_id


def traits(user: RawUser) -> tuple[str | None, ...]:
    """What a row says of its user, in the order in which ties are decided."""
    further = sorted(user.further, key=in_byte_order)
    return (
        user.account_id,
        user.plan_tier,
        user.install_source,
        user.invited_by,
        *(user.further[column] for column in further),
    )


def users_that_count(
    users: Iterable[RawUser], limits: Limits, resolve: Resolve = itself
) -> tuple[dict[str, RawUser], dict[str, RawUser], list[Outcome]]:
    """The people that count, those that are excluded, and what became of every row.

    People are rows of users by the id of the person, with what all rows of the person say.
    """
    outcomes = []
    rows_by_person = defaultdict(list)
    for user in users:
        if user.user_id is None or user.created_at is None:
            outcomes.append(Outcome(user.file, user, "missing_key", user.created_at))
        elif user.created_at > limits.latest_credible_at:
            outcomes.append(Outcome(user.file, user, "future_event", user.created_at))
        else:
            rows_by_person[resolve(user.user_id)].append(user)

    counted, excluded = {}, {}
    for person_id, rows in rows_by_person.items():
        kept, *others = sorted(rows, key=place_of(person_id))
        for row in others:
            rule = "duplicate_user" if row.user_id == kept.user_id else "merged_user"
            outcomes.append(Outcome(row.file, row, rule, row.created_at, person_id))
        person = person_of(person_id, [kept, *others])
        if person_id in limits.excluded_user_ids:
            excluded[person_id] = person
            outcomes.append(Outcome(kept.file, kept, "excluded_user", person.created_at, person_id))
        else:
            counted[person_id] = person
            outcomes.append(Outcome(kept.file, kept, None, kept.created_at, person_id))
    return counted, excluded, outcomes


def place_of(person_id: str) -> Callable[[RawUser], tuple]:
    """A sort key of the rows of one person: the row that stays comes first."""
    return lambda row: (
        row.user_id != person_id,
        latest_first(row.true_at),
        row.created_at,
        in_byte_order(row.user_id, *traits(row)),
    )


def person_of(person_id: str, rows: list[RawUser]) -> RawUser:
    """What the rows of a person say together; the rows are in order."""
    newest_of_id = {}
    for row in rows:
        newest_of_id.setdefault(row.user_id, row)
    kept, newest = rows[0], list(newest_of_id.values())

    def first(values: Iterable[str | None]) -> str | None:
        return next((value for value in values if value is not None), None)

    return kept._replace(
        user_id=person_id,
        created_at=min(row.created_at for row in rows),
        account_id=first(row.account_id for row in newest),
        plan_tier=first(row.plan_tier for row in newest),
        install_source=first(row.install_source for row in newest),
        invited_by=first(row.invited_by for row in newest),
        further={
            column: first(row.further.get(column) for row in newest)
            for column in {column for row in newest for column in row.further}
        },
    )


def events_that_count(
    events: Iterable[RawEvent],
    users: dict[str, RawUser],
    limits: Limits,
    resolve: Resolve = itself,
) -> tuple[list[RawEvent], list[Outcome]]:
    """The events, none of them before its user's signup, and what became of every row.

    The user_id of an event that counts is that of the person.
    """
    outcomes = []
    copies_by_identity = defaultdict(list)
    for event in events:
        any_id = event.anonymous_id if event.user_id is None else event.user_id
        person = resolve(any_id)
        rule = rule_of_one_event(event, person, users, limits)
        if rule:
            outcomes.append(Outcome(event.file, event, rule, event.timestamp, person))
        else:
            copies_by_identity[identity_of(event, person)].append((event, person))

    counted = []
    for copies in copies_by_identity.values():
        (kept, person), *repeats = sorted(
            copies,
            key=lambda copy: (
                copy[0].timestamp,
                in_byte_order(copy[0].properties),
                earliest_first(copy[0].received_at),
            ),
        )
        outcomes.append(Outcome(kept.file, kept, None, kept.timestamp, person))
        outcomes += [
            Outcome(repeat.file, repeat, "duplicate_event", repeat.timestamp, person)
            for repeat, _ in repeats
        ]
        signed_up_at = users[person].created_at
        counted.append(kept._replace(user_id=person, timestamp=max(kept.timestamp, signed_up_at)))
    return counted, outcomes


def rule_of_bare_event(event: RawEvent, limits: Limits) -> str | None:
    """The rule that takes the event, of those that ask nothing but its own row."""
    if event.event_name is None or event.timestamp is None:
        return "missing_key"
    if event.user_id is None and event.anonymous_id is None:
        return "missing_key"
    return "future_event" if event.timestamp > limits.latest_credible_at else None


def rule_of_one_event(
    event: RawEvent, person: str | None, users: dict[str, RawUser], limits: Limits
) -> str | None:
    """The rule that takes the event, of those that look at no other event."""
    rule = rule_of_bare_event(event, limits)
    if rule:
        return rule
    if person in limits.excluded_user_ids:
        return "excluded_user"
    if person not in users:
        return "anonymous_event" if event.user_id is None else "unknown_user"
    signed_up_at = users[person].created_at
    if event.user_id is None:
        return "anonymous_before_signup" if event.timestamp < signed_up_at else None
    is_date_of_signup = event.timestamp == datetime.combine(signed_up_at.date(), time())
    if event.timestamp < signed_up_at - limits.signup_tolerance and not is_date_of_signup:
        return "before_signup"
    return None


def identity_of(event: RawEvent, person: str) -> tuple:
    """What two deliveries of one event have in common."""
    if event.event_id is not None:
        return event.event_id, person, event.event_name
    # Without an id, an event is its content.
    return None, person, event.event_name, event.timestamp, event.properties
