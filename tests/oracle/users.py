"""The mart of people: one row per user that counts."""

from __future__ import annotations

from collections import Counter

from tests.oracle.cleaning import in_byte_order
from tests.oracle.definitions import Definitions
from tests.oracle.population import Population, User, mart
from tests.oracle.raw_files import Row


@mart
def users(population: Population) -> list[Row]:
    invited_signup_counts = Counter(user.invited_by for user in population.users if user.is_invited)
    window = population.definitions.activation_window
    return [
        {
            "user_id": user.user_id,
            "account_id": user.account_id,
            "signed_up_at": user.created_at,
            "invited_by": user.invited_by,
            "is_activated": user.activated_at is not None,
            "activated_at": user.activated_at,
            "is_activation_window_closed": population.is_closed(user.created_at, window),
            "first_value_at": user.first_value_at,
            "completed_milestone_count": len(user.completed_at),
            "next_milestone_id": next_milestone_id(user, population.definitions),
            "first_active_date": min(user.active_dates, default=None),
            "last_active_date": max(user.active_dates, default=None),
            "active_day_count": len(user.active_dates),
            "invitation_count": user.invitation_count,
            "invited_signup_count": (
                invited_signup_counts[user.user_id] if population.is_invitation_measured else None
            ),
        }
        | {name: value for name, value in user.segments if name != "all"}
        for user in population.users
    ]


def next_milestone_id(user: User, definitions: Definitions) -> str | None:
    """The first that is not reached, in the path in which the user has come furthest."""
    _, furthest = min(
        definitions.paths.items(),
        key=lambda path: (
            -sum(milestone.milestone_id in user.completed_at for milestone in path[1]),
            in_byte_order(path[0]),
        ),
    )
    not_reached = (m.milestone_id for m in furthest if m.milestone_id not in user.reached_at)
    return next(not_reached, None)
