"""How far a user got in a funnel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.oracle.funnel_definitions import Funnel, Match, Step
from tests.oracle.population import Population, User

# Of one user, by the name of the events: when they happened, ascending, and their properties.
Occurrences = Mapping[str, Sequence[tuple[datetime, str | None]]]


@dataclass
class Journey:
    """What a user did in a funnel from the first event that matches its first step."""

    funnel: Funnel
    occurrences: Occurrences
    entered_at: datetime
    # By the number of the step.
    reached_at: dict[int, datetime] = field(default_factory=dict)

    @property
    def deadline(self) -> datetime:
        return self.entered_at + self.funnel.window

    def instants(self, match: Match) -> Iterator[datetime]:
        return instants_of(match, self.occurrences)

    def has_reached(self, step: Step) -> bool:
        return step.number in self.reached_at

    def exclusions_at(self, step: Step) -> list[datetime]:
        """When each exclusion ends the way to a step; the steps before it are reached."""
        bounds = []
        for exclusion in self.funnel.exclusions:
            if exclusion.holds_for(step):
                start = self.reached_at[exclusion.from_step]
                instants = self.instants(exclusion.match)
                bounds += sorted(i for i in instants if start < i < self.deadline)[:1]
        return bounds

    def is_allowed(self, step: Step, instant: datetime) -> bool:
        before = self.funnel.required_before(step)
        return (
            self.reached_at[before[-1].number] <= instant < self.deadline
            # Two events at one instant are in either order, but each step takes an event of its own.
            and all(
                instant > self.reached_at[earlier.number]
                for earlier in before
                if earlier.match.event_name == step.match.event_name
            )
            and all(instant <= bound for bound in self.exclusions_at(step))
        )

    def reach(self, step: Step, not_after: datetime = datetime.max) -> None:
        """Notes when the step is reached, where it is."""
        if not all(map(self.has_reached, self.funnel.required_before(step))):
            return
        allowed = [
            instant
            for instant in self.instants(step.match)
            if instant <= not_after and self.is_allowed(step, instant)
        ]
        if allowed:
            self.reached_at[step.number] = min(allowed)


def instants_of(match: Match, occurrences: Occurrences) -> Iterator[datetime]:
    for instant, properties in occurrences.get(match.event_name, ()):
        if match.accepts(properties):
            yield instant


def follow(funnel: Funnel, signed_up_at: datetime, occurrences: Occurrences) -> Journey | None:
    """The way of a user through a funnel; None for one who never entered it."""
    first = funnel.steps[0]
    if first.match.event_name is None:
        entered_at = signed_up_at
    else:
        entered_at = min(instants_of(first.match, occurrences), default=None)
    if entered_at is None:
        return None
    journey = Journey(funnel, occurrences, entered_at, {first.number: entered_at})
    for step in funnel.required_steps[1:]:
        journey.reach(step)
    for step in funnel.steps:
        if step.is_optional:
            following = funnel.required_after(step)[0]
            journey.reach(step, journey.reached_at.get(following.number, datetime.max))
    return journey


@dataclass(frozen=True)
class Attempt:
    user: User
    journey: Journey
    is_eligible: bool

    @property
    def entered_at(self) -> datetime:
        return self.journey.entered_at


def attempts_of(population: Population, funnel: Funnel) -> dict[str, Attempt]:
    """The attempts at a funnel, by user_id."""
    names = {match.event_name for match in funnel.matches}
    occurrences = occurrences_by_user(population, names)
    attempts = {}
    for user in population.users:
        journey = follow(funnel, user.created_at, occurrences.get(user.user_id, {}))
        if journey is not None:
            is_eligible = population.is_eligible(user, funnel.window, journey.entered_at)
            attempts[user.user_id] = Attempt(user, journey, is_eligible)
    return attempts


def occurrences_by_user(
    population: Population, names: Collection[str | None]
) -> dict[str, Occurrences]:
    """The events of these names, by user_id and name."""
    found = defaultdict(lambda: defaultdict(list))
    for event in sorted(population.events, key=lambda event: event.timestamp):
        if event.event_name in names:
            happened = event.timestamp, event.properties
            found[event.user_id][event.event_name].append(happened)
    return found
