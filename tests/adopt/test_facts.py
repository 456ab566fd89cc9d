"""The numbers that the rules read, at their boundaries."""

from __future__ import annotations

import datetime as dt

from plg.adopt.facts import Candidate
from tests.adopt.world import DAY, START, World

MOMENT = dt.timedelta(microseconds=1)


def found(world: World, *names: str) -> dict[tuple[str, int], Candidate]:
    given = world.facts().candidates(["back", *names], names)
    return {(one.name, one.k): one for one in given}


def test_adopters_do_it_within_seven_days_as_often_as_counts() -> None:
    world = World()
    late, twice = world.user(), world.user()
    world.does(late, "a", DAY, 7 * DAY)
    world.does(twice, "a", DAY, 7 * DAY - MOMENT)
    candidates = found(world, "a")
    assert candidates["a", 1].older.users == 2
    assert candidates["a", 2].older.users == 1
    assert ("a", 3) not in candidates


def test_who_comes_back_is_active_on_day_28_to_34() -> None:
    world = World()
    for days in (27.9, 28, 34.9, 35):
        user = world.user(START)
        world.does(user, "a", DAY)
        world.does(user, "back", days * DAY)
        world.does(user, "seen", 30 * DAY)
    candidate = found(world, "a")["a", 1]
    assert (candidate.older.users, candidate.older.retained) == (4, 2)


def test_week_4_is_over_for_who_is_eligible() -> None:
    world = World(until=START + 35 * DAY)
    world.user(START + DAY - MOMENT)  # day 34 ended just now
    world.user(START + DAY)
    assert world.facts().overview.eligible == 1


def test_the_median_user_is_older() -> None:
    world = World()
    for days in (0, 1, 2):
        world.does(world.user(START + days * DAY), "a", DAY)
    candidate = found(world, "a")["a", 1]
    assert (candidate.older.half.users, candidate.newer.half.users) == (2, 1)
    world.does(world.user(START + 3 * DAY), "a", DAY)
    candidate = found(world, "a")["a", 1]
    assert (candidate.older.half.users, candidate.newer.half.users) == (2, 2)


def test_the_dates_of_week_4_are_those_of_the_zone() -> None:
    """The signup at 02:00 UTC is of 31 December in New York: day 34 is 3 February there, not the 4th."""
    for zone, eligible in (("UTC", 0), ("America/New_York", 1)):
        world = World(until=START + 34 * DAY, zone=zone)
        world.user(START + dt.timedelta(hours=2))
        assert world.facts().overview.eligible == eligible


def test_times_to_the_k_th_event_within_30_days() -> None:
    world = World()
    for days in (1, 2, 29.9, 30):
        world.does(world.user(), "a", 0 * DAY, days * DAY)
    times = world.facts().times("a", 2)
    assert (times.users, times.median_seconds) == (3, 2 * 86400.0)
    assert times.within == {1: 0, 3: 2, 7: 2, 14: 2, 30: 3}


def test_users_and_events_of_each_name() -> None:
    world = World()
    ann, bob = world.user(), world.user(plan="enterprise")
    world.does(ann, "b", DAY, 2 * DAY)
    world.does(bob, "b", DAY)
    world.does(bob, "it's", DAY)
    facts = world.facts()
    assert [(event.name, event.users, event.events) for event in facts.events] == [
        ("b", 2, 3),
        ("it's", 1, 1),
    ]
    assert facts.values_of_plan() == {"enterprise"}
    assert facts.times("it's", 1).users == 1


def test_heavy_users_have_more_than_20_times_the_99th_percentile() -> None:
    world = World()
    for _ in range(200):
        world.does(world.user(), "a", DAY)
    world.does(0, "b", *[DAY] * 19)
    assert world.facts().heavy_users() == (1.0, 0, 20)
    world.does(0, "b", DAY)
    assert world.facts().heavy_users() == (1.0, 1, 21)
