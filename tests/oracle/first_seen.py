"""When a user of an export signed up who says so nowhere: the last of a vendor's rules."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

UNKNOWN_SIGNUP_DAYS = 30


def begin_of_export(instants: Collection[datetime]) -> datetime:
    """The 0.1 % quantile of the events' instants: one wrong clock does not move it."""
    place = -(-len(instants) // 1000)
    return sorted(instants)[place - 1]


def signup_of_first_seen(
    first_seen_at: datetime, begin: datetime, unknown_signup_days: int = UNKNOWN_SIGNUP_DAYS
) -> datetime | None:
    """None: who was there when the export began did not sign up then."""
    is_known = first_seen_at - begin >= timedelta(days=unknown_signup_days)
    return first_seen_at if is_known else None
