"""Shares of users that the law implies: of a class, of a channel, of the users who were drawn."""

from __future__ import annotations

from collections.abc import Callable

from simulator.law import (
    ATTEMPT_DAYS,
    CELLS,
    CHANNELS,
    CLASSES,
    DELAYS,
    EARLY_DOCUMENT_DAYS,
    ERROR_EFFECT,
    ERROR_SHARE,
    FIRST_VALUE,
    INVITATION_WINDOW_DAYS,
    INVITATIONS,
    REFERRAL,
    Channel,
)


def by_class(channel: Channel, value: Callable[[str], float]) -> float:
    """A probability of the channel, from that of each class."""
    return sum(s * value(name) for s, name in zip(channel.class_shares, CLASSES, strict=True))


def reached_share(channel: Channel, class_name: str, milestone: int, days: float) -> float:
    """Share of the class that reaches the milestone less than `days` after signup."""
    delay = DELAYS[class_name][milestone]
    return delay.probability * delay.share_by(days, channel.pace)


def milestone_share(channel: Channel, milestone: int, days: float) -> float:
    """Share of the channel that reaches the milestone less than `days` after signup."""
    return by_class(channel, lambda name: reached_share(channel, name, milestone, days))


def early_share(channel: Channel, class_name: str) -> float:
    """Share of the class whose first document comes within EARLY_DOCUMENT_DAYS."""
    return reached_share(channel, class_name, FIRST_VALUE, EARLY_DOCUMENT_DAYS)


def error_if_inviting() -> float:
    """P(error | invitation) at the invite step.

    The error is drawn from what the user does. With e for the error, i for an invitation, s and f for
    ERROR_SHARE and ERROR_EFFECT: P(i|e) = f P(i|no e), so P(i) = (s f + 1 - s) P(i|no e).
    """
    return ERROR_SHARE * ERROR_EFFECT / (ERROR_SHARE * ERROR_EFFECT + 1 - ERROR_SHARE)


def error_if_not(channel: Channel) -> float:
    """P(error | no invitation) at the invite step: what is left of ERROR_SHARE."""
    inviting = milestone_share(channel, 0, ATTEMPT_DAYS)
    return (ERROR_SHARE - error_if_inviting() * inviting) / (1 - inviting)


def invitations_per_user(channel: Channel) -> float:
    """Invitations sent within INVITATION_WINDOW_DAYS, per user."""
    per_inviter = sum(number * share for number, share in INVITATIONS.items())
    return milestone_share(channel, 0, INVITATION_WINDOW_DAYS) * per_inviter


def weighted_mean(counts: dict[int, int], value: Callable[[Channel], float]) -> float | None:
    """The cells' values, weighted by the number of users.

    Args:
        counts: number of users by position in CELLS.
        value: of a cell.

    Returns:
        The mean; None without a user.
    """
    total = sum(counts.values())
    return sum(n * value(CELLS[cell]) for cell, n in counts.items()) / total if total else None


def cells_of_segments() -> dict[str, set[int]]:
    """The positions in CELLS that each segment is made of."""
    by_channel = {channel.segment: {n, n + len(CHANNELS)} for n, channel in enumerate(CHANNELS)}
    everyone, invited = set(range(len(CELLS))), by_channel[CHANNELS[REFERRAL].segment]
    return {"all": everyone, "new": everyone - invited, "invited": invited} | by_channel
