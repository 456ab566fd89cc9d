"""What is proposed, from the facts alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from plg.adopt.facts import TIMEFRAME_DAYS, Candidate, Event, Times
from plg.adopt.names import SIGNUPS, is_invitation, is_login, snake_case, why_passive

# A milestone needs as many users on both sides, and adopters between these shares of users.
LEAST_USERS = 50
LEAST_SHARE, MOST_SHARE = Fraction(5, 100), Fraction(95, 100)
MOST_MILESTONES, REQUIRED = 4, 2
# Without enough users, the events of most users.
FALLBACKS = 3
# A timeframe holds as many of those who get there.
TIMEFRAME_SHARE = Fraction(80, 100)
SIGNUP_SHARE = Fraction(1, 2)

TimesOf = Callable[[str, int], Times]


@dataclass(frozen=True)
class Passive:
    """An event that shows no use of the product, and why."""

    event: Event
    reason: str


@dataclass(frozen=True)
class Milestone:
    """A proposed milestone.

    Attributes:
        event: that triggers it.
        k: how often.
        timeframe_days: within which users should get there.
        is_required: whether activation needs it.
        is_first_value: whether a user first gets value there.
        weight: of 1 in all.
        times: when users got there.
        candidate: the numbers by which it was chosen; None where there were too few users.
    """

    event: Event
    k: int
    timeframe_days: int
    is_required: bool
    is_first_value: bool
    weight: Decimal
    times: Times
    candidate: Candidate | None = None


def signup_event(events: list[Event], users: int) -> Event | None:
    """The first of the usual names that at least half of all users have."""
    by_name = {event.name: event for event in events}
    for name in SIGNUPS:
        event = by_name.get(name)
        if event and users and Fraction(event.users, users) >= SIGNUP_SHARE:
            return event
    return None


def invitation_events(events: list[Event]) -> list[Event]:
    """The events by which users may invite others, the one of most users first."""
    found = [event for event in events if is_invitation(event.name)]
    return sorted(found, key=lambda event: (-event.users, event.name))


def passive_events(events: list[Event], signup: Event | None, source: str) -> list[Passive]:
    """The events that show no use of the product, in the order of their names."""
    signups = {signup.name} if signup else set()
    reasons = [(event, why_passive(event.name, signups, source)) for event in events]
    return [Passive(event, reason) for event, reason in reasons if reason]


def events_of_use(events: list[Event], passive: list[Passive]) -> list[Event]:
    """The events that show use of the product."""
    left_out = {each.event.name for each in passive}
    return [event for event in events if event.name not in left_out]


def is_enough(candidate: Candidate) -> bool:
    """Whether the older half has enough users on both sides to compare them."""
    older = candidate.older
    if older.users < LEAST_USERS or older.others < LEAST_USERS:
        return False
    return LEAST_SHARE <= Fraction(older.users, older.half.users) <= MOST_SHARE


def best_candidates(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates that separate users best, the best first.

    The older half of the users chooses them; in the newer half their users come back more often, too.
    """
    by_name: dict[str, Candidate] = {}
    for candidate in sorted(candidates, key=lambda one: one.k):
        phi = candidate.older.phi_squared
        if phi is None or phi <= 0 or not is_enough(candidate):
            continue
        known = by_name.get(candidate.name)
        if known is None or phi > known.older.phi_squared:
            by_name[candidate.name] = candidate
    stay = [candidate for candidate in by_name.values() if candidate.newer.is_better]
    stay.sort(key=lambda one: (-one.older.phi_squared, -one.older.users, one.name))
    return stay[:MOST_MILESTONES]


def timeframe_days(times: Times) -> int:
    """The shortest timeframe that holds most of those who get there within the longest."""
    for days in TIMEFRAME_DAYS:
        if times.users and Fraction(times.within[days], times.users) >= TIMEFRAME_SHARE:
            return days
    return TIMEFRAME_DAYS[-1]


def weights(count: int) -> list[Decimal]:
    """Equal weights of two decimals that sum to 1: the first has what is left."""
    if not count:
        return []
    share = (Decimal(1) / count).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    return [1 - share * (count - 1), *[share] * (count - 1)]


def milestones(best: list[Candidate], events: list[Event], times_of: TimesOf) -> list[Milestone]:
    """The milestones of the best candidates, in the order in which users get there."""
    by_name = {event.name: event for event in events}
    found = []
    for rank, candidate in enumerate(best):
        times = times_of(candidate.name, candidate.k)
        found.append((times.median_seconds or 0, rank, candidate, times))
    found.sort(key=lambda each: each[:2])
    return [
        Milestone(
            by_name[candidate.name],
            candidate.k,
            timeframe_days(times),
            is_required=rank < REQUIRED,
            is_first_value=rank == 0,
            weight=weight,
            times=times,
            candidate=candidate,
        )
        for (_, rank, candidate, times), weight in zip(found, weights(len(found)), strict=True)
    ]


def fallback_milestones(
    events: list[Event], passive: list[Passive], times_of: TimesOf
) -> list[Milestone]:
    """Where nothing can be told from the data: the events of use that most users have."""
    # A login is the last choice: it says only that somebody came.
    of_use = sorted(
        events_of_use(events, passive),
        key=lambda event: (is_login(event.name), -event.users, event.name),
    )
    chosen = of_use[:FALLBACKS]
    found = []
    for place, (event, weight) in enumerate(zip(chosen, weights(len(chosen)), strict=True)):
        times = times_of(event.name, 1)
        days = timeframe_days(times)
        found.append(Milestone(event, 1, days, place == 0, place == 0, weight, times))
    return found


def spellings(name: str, events: list[Event]) -> list[str]:
    """Other names that are the same in small letters and `_`."""
    plain = snake_case(name)
    return [
        event.name for event in events if event.name != name and snake_case(event.name) == plain
    ]
