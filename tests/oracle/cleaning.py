"""Which rows count, and which rule takes each other row away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tests.oracle.raw_files import RawEvent, RawUser


@dataclass
class Removal:
    """What one rule took away, of users and of events."""

    row_count: int = 0
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None

    def add(self, seen_at: datetime | None) -> None:
        self.row_count += 1
        if seen_at is not None:
            self.first_seen_at = min(seen_at, self.first_seen_at or seen_at)
            self.last_seen_at = max(seen_at, self.last_seen_at or seen_at)


RULES = (
    "missing_key",
    "future_event",
    "duplicate_user",
    "excluded_user",
    "unknown_user",
    "before_signup",
    "duplicate_event",
)


def in_byte_order(*texts: str | None) -> tuple:
    """A sort key: UTF-8 bytes, nulls last."""
    return tuple((text is None, b"" if text is None else text.encode()) for text in texts)


def users_that_count(
    users: Iterable[RawUser],
    excluded_user_ids: frozenset[str],
    latest_credible_at: datetime,
    removals: dict[str, Removal],
) -> dict[str, RawUser]:
    copies_by_user_id = defaultdict(list)
    for user in users:
        if user.user_id is None or user.created_at is None:
            removals["missing_key"].add(user.created_at)
        elif user.created_at > latest_credible_at:
            removals["future_event"].add(user.created_at)
        else:
            copies_by_user_id[user.user_id].append(user)

    counted = {}
    for user_id, copies in copies_by_user_id.items():
        kept, *repeats = sorted(
            copies,
            key=lambda user: (
                user.created_at,
                in_byte_order(
                    user.account_id, user.plan_tier, user.install_source, user.invited_by
                ),
            ),
        )
        for repeat in repeats:
            removals["duplicate_user"].add(repeat.created_at)
        if user_id in excluded_user_ids:
            removals["excluded_user"].add(kept.created_at)
        else:
            counted[user_id] = kept
    return counted


def events_that_count(
    events: Iterable[RawEvent],
    users: dict[str, RawUser],
    excluded_user_ids: frozenset[str],
    latest_credible_at: datetime,
    removals: dict[str, Removal],
) -> list[RawEvent]:
    copies_by_identity = defaultdict(list)
    for event in events:
        if event.user_id is None or event.event_name is None or event.timestamp is None:
            removals["missing_key"].add(event.timestamp)
        elif event.timestamp > latest_credible_at:
            removals["future_event"].add(event.timestamp)
        elif event.user_id in excluded_user_ids:
            removals["excluded_user"].add(event.timestamp)
        elif event.user_id not in users:
            removals["unknown_user"].add(event.timestamp)
        elif event.timestamp < users[event.user_id].created_at:
            removals["before_signup"].add(event.timestamp)
        else:
            # Without an id, an event is its content: the tuple itself, whose first field is None.
            identity = event if event.event_id is None else event.event_id
            copies_by_identity[identity].append(event)

    counted = []
    for copies in copies_by_identity.values():
        kept, *repeats = sorted(
            copies,
            key=lambda event: (
                event.timestamp,
                in_byte_order(event.user_id, event.event_name, event.properties),
            ),
        )
        counted.append(kept)
        for repeat in repeats:
            removals["duplicate_event"].add(repeat.timestamp)
    return counted
