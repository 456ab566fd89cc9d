"""Which rows count, and which rule takes each other row away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

from tests.oracle.raw_files import RawEvent, RawTable, RawUser

# In the order in which they are asked.
RULES = {
    "users": (
        "unreadable_row",
        "missing_key",
        "future_event",
        "duplicate_user",
        "excluded_user",
    ),
    "events": (
        "unreadable_row",
        "missing_key",
        "future_event",
        "excluded_user",
        "unknown_user",
        "before_signup",
        "duplicate_event",
    ),
}


class Outcome(NamedTuple):
    """What became of a delivered row."""

    file: str
    # None for a row that can't be read.
    row: RawUser | RawEvent | None
    # None where it counts.
    rule: str | None
    # As delivered, but for an excluded user, who is seen when the user signed up first.
    seen_at: datetime | None


@dataclass(frozen=True)
class Limits:
    """What decides whether a row is credible."""

    excluded_user_ids: frozenset[str]
    latest_credible_at: datetime
    signup_tolerance: timedelta


def in_byte_order(*texts: str | None) -> tuple:
    """A sort key: UTF-8 bytes, nulls last."""
    return tuple((text is None, b"" if text is None else text.encode()) for text in texts)


def latest_first(instant: datetime | None) -> tuple:
    """A sort key: the latest first, nulls last."""
    return (1, timedelta(0)) if instant is None else (0, datetime.max - instant)


def unreadable_outcomes(table: RawTable) -> Iterator[Outcome]:
    for file, count in table.unreadable.items():
        for _ in range(count):
            yield Outcome(file, None, "unreadable_row", None)


def traits(user: RawUser) -> tuple[str | None, ...]:
    return user.account_id, user.plan_tier, user.install_source, user.invited_by


def users_that_count(
    users: Iterable[RawUser], limits: Limits
) -> tuple[dict[str, RawUser], list[Outcome]]:
    """The users by user_id, each with its signup as created_at, and what became of every row."""
    outcomes = []
    copies_by_user_id = defaultdict(list)
    for user in users:
        if user.user_id is None or user.created_at is None:
            outcomes.append(Outcome(user.file, user, "missing_key", user.created_at))
        elif user.created_at > limits.latest_credible_at:
            outcomes.append(Outcome(user.file, user, "future_event", user.created_at))
        else:
            copies_by_user_id[user.user_id].append(user)

    counted = {}
    for user_id, copies in copies_by_user_id.items():
        kept, *repeats = sorted(
            copies,
            key=lambda user: (
                latest_first(user.true_at),
                user.created_at,
                in_byte_order(*traits(user)),
            ),
        )
        outcomes += [
            Outcome(repeat.file, repeat, "duplicate_user", repeat.created_at) for repeat in repeats
        ]
        signed_up_at = min(copy.created_at for copy in copies)
        if user_id in limits.excluded_user_ids:
            outcomes.append(Outcome(kept.file, kept, "excluded_user", signed_up_at))
        else:
            outcomes.append(Outcome(kept.file, kept, None, kept.created_at))
            counted[user_id] = kept._replace(created_at=signed_up_at)
    return counted, outcomes


def events_that_count(
    events: Iterable[RawEvent], users: dict[str, RawUser], limits: Limits
) -> tuple[list[RawEvent], list[Outcome]]:
    """The events, none of them before its user's signup, and what became of every row."""
    outcomes = []
    copies_by_identity = defaultdict(list)
    for event in events:
        rule = rule_of_one_event(event, users, limits)
        if rule:
            outcomes.append(Outcome(event.file, event, rule, event.timestamp))
        else:
            copies_by_identity[identity(event)].append(event)

    counted = []
    for copies in copies_by_identity.values():
        kept, *repeats = sorted(
            copies, key=lambda event: (event.timestamp, in_byte_order(event.properties))
        )
        outcomes.append(Outcome(kept.file, kept, None, kept.timestamp))
        outcomes += [
            Outcome(repeat.file, repeat, "duplicate_event", repeat.timestamp) for repeat in repeats
        ]
        signed_up_at = users[kept.user_id].created_at
        counted.append(kept._replace(timestamp=max(kept.timestamp, signed_up_at)))
    return counted, outcomes


def rule_of_one_event(event: RawEvent, users: dict[str, RawUser], limits: Limits) -> str | None:
    """The rule that takes the event, of those that look at no other event."""
    if event.user_id is None or event.event_name is None or event.timestamp is None:
        return "missing_key"
    if event.timestamp > limits.latest_credible_at:
        return "future_event"
    if event.user_id in limits.excluded_user_ids:
        return "excluded_user"
    if event.user_id not in users:
        return "unknown_user"
    signed_up_at = users[event.user_id].created_at
    is_date_of_signup = event.timestamp == datetime.combine(signed_up_at.date(), time())
    if event.timestamp < signed_up_at - limits.signup_tolerance and not is_date_of_signup:
        return "before_signup"
    return None


def identity(event: RawEvent) -> tuple:
    """What two deliveries of one event have in common."""
    if event.event_id is not None:
        return event.event_id, event.user_id, event.event_name
    # Without an id, an event is its content.
    return None, event.user_id, event.event_name, event.timestamp, event.properties
