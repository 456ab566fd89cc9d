"""Funnels against a search over all chains of events, on thousands of small random users.

A chain takes one event for each of the first required steps. The definition takes, for one step
after the other, the earliest instant. With exclusions from the first step alone, no chain is
longer, and none is earlier anywhere. With an exclusion from a later step, a longer chain may exist:
there the earliest instants are the definition.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

import pytest

from tests.oracle.funnel_attempts import follow
from tests.oracle.funnel_definitions import Exclusion, Funnel, Match, Step

START = datetime(2024, 1, 1)
TICK = timedelta(microseconds=1)
WINDOW = 6
USER_COUNT = 4000
FILTERS = (
    (None, "is", None),
    ("k", "is", "1"),
    ("k", "is_not", "1"),
    ("k", "exists", None),
)
PROPERTIES = (None, '{"k":1}', '{"k":2}')
# Which of the properties pass each filter, by hand.
PASSING = {
    FILTERS[0]: {0, 1, 2},
    FILTERS[1]: {1},
    FILTERS[2]: {0, 2},
    FILTERS[3]: {1, 2},
}
# Of an event: its name, the tick at which it happens, and the number of its properties.
Event = tuple[str, int, int]
Chain = tuple[int, ...]


def random_funnel(rng: random.Random, *, is_late: bool) -> Funnel:
    count = rng.randint(2, 4)
    numbers = sorted(rng.sample(range(1, 12), count))
    steps = [Step(number, None, random_match(rng)) for number in numbers]
    if rng.random() < 0.3:
        steps[0] = Step(numbers[0], None, Match(None))
    spare = [number for number in range(numbers[0] + 1, numbers[-1]) if number not in numbers]
    for number in spare[: rng.randint(0, 2)]:
        steps.append(Step(number, None, random_match(rng), is_optional=True))
    exclusions = []
    for _ in range(rng.choice((0, 1, 2))):
        places = sorted(rng.sample(range(count), 2))
        if not is_late:
            places[0] = 0
        ends = [numbers[place] for place in places]
        exclusions.append(Exclusion(random_match(rng, "ABCX"), *ends))
    return Funnel(
        "f",
        WINDOW * TICK,
        tuple(sorted(steps, key=lambda step: step.number)),
        tuple(exclusions),
    )


def random_match(rng: random.Random, names: str = "ABC") -> Match:
    filtered = rng.choice((FILTERS[0], FILTERS[0], *FILTERS))
    return Match(rng.choice(names), *filtered)


def random_events(rng: random.Random) -> list[Event]:
    return [
        (rng.choice("AABBCCX"), rng.randint(0, WINDOW + 2), rng.randrange(len(PROPERTIES)))
        for _ in range(rng.randint(2, 11))
    ]


def ticks_of(match: Match, events: list[Event]) -> set[int]:
    """When the events of a step happen."""
    passing = PASSING[match.property_key, match.property_operator, match.property_value]
    return {tick for name, tick, rest in events if name == match.event_name and rest in passing}


def entry(funnel: Funnel, events: list[Event]) -> int | None:
    first = funnel.steps[0].match
    return 0 if first.event_name is None else min(ticks_of(first, events), default=None)


def is_chain(funnel: Funnel, steps: list[Step], ticks: Chain, events: list[Event]) -> bool:
    """Whether the ticks, one of each step, keep all conditions; the last step may be optional."""
    deadline = ticks[0] + WINDOW
    pairs = list(zip(steps, ticks, strict=True))
    for later, (step, tick) in enumerate(pairs):
        for earlier_step, earlier in pairs[:later]:
            is_same_event = earlier_step.match.event_name == step.match.event_name
            if earlier > tick or (is_same_event and earlier == tick):
                return False
    at = dict(zip((step.number for step in steps), ticks, strict=True))
    for exclusion in funnel.exclusions:
        if exclusion.from_step in at:
            start = at[exclusion.from_step]
            after = [t for t in ticks_of(exclusion.match, events) if start < t < deadline]
            for step, tick in pairs:
                if exclusion.from_step < step.number <= exclusion.to_step and after:
                    if tick > min(after):
                        return False
    return all(tick < deadline for tick in ticks)


def chains(funnel: Funnel, events: list[Event]) -> Iterator[Chain]:
    """All of them, of every length."""
    first, required = entry(funnel, events), list(funnel.required_steps)
    for length in range(1, len(required) + 1):
        choices = [sorted(ticks_of(step.match, events)) for step in required[1:length]]
        for rest in product(*choices):
            if is_chain(funnel, required[:length], (first, *rest), events):
                yield (first, *rest)


def optional_tick(funnel: Funnel, step: Step, chain: Chain, events: list[Event]) -> int | None:
    """The earliest of the ticks that an optional step may have beside a chain."""
    before = [s for s in funnel.required_steps if s.number < step.number]
    if len(chain) < len(before):
        return None
    limit = chain[len(before)] if len(chain) > len(before) else None
    return min(
        (
            tick
            for tick in ticks_of(step.match, events)
            if is_chain(funnel, [*before, step], (*chain[: len(before)], tick), events)
            and (limit is None or tick <= limit)
        ),
        default=None,
    )


def followed(funnel: Funnel, events: list[Event]) -> dict[int, int] | None:
    """What the oracle says: the tick of each step that is reached."""
    occurrences = {
        name: [
            (START + tick * TICK, PROPERTIES[rest])
            for of_name, tick, rest in events
            if of_name == name
        ]
        for name in "ABCX"
    }
    journey = follow(funnel, START, occurrences)
    return journey and {
        number: (instant - START) // TICK for number, instant in journey.reached_at.items()
    }


@pytest.mark.parametrize("is_late", [False, True])
def test_the_earliest_instants_are_a_longest_chain(is_late: bool) -> None:
    rng = random.Random(15)
    seen = Counter()
    for _ in range(USER_COUNT):
        funnel, events = random_funnel(rng, is_late=is_late), random_events(rng)
        found = followed(funnel, events)
        if found is None:
            assert entry(funnel, events) is None
            seen["nobody"] += 1
            continue
        required = [step.number for step in funnel.required_steps]
        greedy = tuple(found[number] for number in required if number in found)
        # No gap: where a step is not reached, no later one is.
        assert required[: len(greedy)] == [number for number in required if number in found]
        every = list(chains(funnel, events))
        assert greedy in every
        longest = max(map(len, every))
        starts_late = any(e.from_step != required[0] for e in funnel.exclusions)
        if not starts_late:
            assert len(greedy) == longest
            for place, tick in enumerate(greedy):
                assert tick == min(chain[place] for chain in every if len(chain) > place)
        for place in range(1, len(greedy) + 1):
            following = [
                chain[place]
                for chain in every
                if len(chain) == place + 1 and chain[:place] == greedy[:place]
            ]
            assert min(following, default=None) == (greedy[place] if place < len(greedy) else None)
        for step in funnel.steps:
            if step.is_optional:
                assert found.get(step.number) == optional_tick(funnel, step, greedy, events)
                seen["optional", step.number in found] += 1
        assert followed(funnel, rng.sample(events, len(events))) == found
        assert followed(funnel, events * 2) == found
        seen["excluded"] += len(greedy) < longest_without_exclusions(funnel, events)
        seen["tied"] += len(set(greedy)) < len(greedy)
        seen["complete"] += len(greedy) == len(required)
        seen["shorter than another"] += len(greedy) < longest
    assert (seen["shorter than another"] > 0) == is_late
    for kind in ("nobody", "excluded", "tied", "complete", ("optional", True), ("optional", False)):
        assert seen[kind] > 20, kind


def longest_without_exclusions(funnel: Funnel, events: list[Event]) -> int:
    free = Funnel(funnel.funnel_id, funnel.window, funnel.steps)
    return len([n for n in followed(free, events) if n in {s.number for s in free.required_steps}])


def test_a_later_chain_may_be_longer() -> None:
    """A1 B2 X3 B4 C5, X from step 2: B2 counts, and what comes after X does not."""
    steps = tuple(Step(number, None, Match(name)) for number, name in enumerate("ABC", start=1))
    funnel = Funnel("f", 9 * TICK, steps, (Exclusion(Match("X"), 2, 3),))
    events = [(name, tick, 0) for tick, name in enumerate("ABXBC", start=1)]
    assert followed(funnel, events) == {1: 1, 2: 2}
    assert (1, 4, 5) in set(chains(funnel, events))
