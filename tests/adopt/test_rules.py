"""Each rule at its boundary, from made-up facts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plg.adopt import rules
from plg.adopt.facts import Adopters, Candidate, Event, Half, Times


def events(**users: int) -> list[Event]:
    return [Event(name, count, count) for name, count in users.items()]


def adopters(users: int, retained: int, half: Half) -> Adopters:
    return Adopters(half, users, retained)


HALF = Half(users=1000, retained=200)
BETTER, SAME = adopters(100, 50, HALF), adopters(100, 20, HALF)


def candidate(
    name: str = "a", k: int = 1, older: Adopters = BETTER, newer: Adopters = BETTER
) -> Candidate:
    return Candidate(name, k, older, newer)


def test_the_signup_event_is_the_first_that_half_of_all_users_have() -> None:
    found = events(registered=100, signed_up=50, user_signup=49)
    assert rules.signup_event(found, 100).name == "signed_up"
    assert rules.signup_event(found, 101).name == "registered"
    assert rules.signup_event(events(joined=100), 100) is None
    assert rules.signup_event(events(), 0) is None


def test_the_invitation_of_most_users_comes_first() -> None:
    found = events(b_invited=5, a_invited=5, invite_accepted=9, c_invite=6)
    assert [event.name for event in rules.invitation_events(found)] == [
        *("c_invite", "a_invited", "b_invited")
    ]


@pytest.mark.parametrize(
    ("users", "half", "is_enough"),
    [
        (50, Half(1000, 200), True),
        (49, Half(980, 200), False),
        (50, Half(1001, 200), False),  # less than 5 %
        (950, Half(1000, 200), True),
        (951, Half(1001, 200), False),  # more than 95 %
        (50, Half(100, 20), True),
        (50, Half(99, 20), False),  # 49 others
    ],
)
def test_a_milestone_needs_users_on_both_sides(users: int, half: Half, is_enough: bool) -> None:
    assert rules.is_enough(candidate(older=adopters(users, 10, half))) == is_enough


def test_phi_is_that_of_the_table_of_four() -> None:
    # 50 of 100 adopters came back, and 150 of 900 others: (50·750 - 50·150) / √(100·900·200·800).
    assert BETTER.phi == pytest.approx(30000 / (100 * 900 * 200 * 800) ** 0.5)
    assert SAME.phi == 0
    assert adopters(100, 10, HALF).phi == pytest.approx(-10000 / (100 * 900 * 200 * 800) ** 0.5)
    assert adopters(100, 100, Half(1000, 1000)).phi_squared is None


def test_of_equal_counts_the_smaller_stays() -> None:
    found = rules.best_candidates([candidate(k=3), candidate(k=1), candidate(k=2, older=SAME)])
    assert [(one.name, one.k) for one in found] == [("a", 1)]
    better = candidate(k=5, older=adopters(100, 60, HALF))
    assert [one.k for one in rules.best_candidates([candidate(k=1), better])] == [5]


def test_who_is_not_better_in_the_newer_half_goes() -> None:
    assert rules.best_candidates([candidate(newer=BETTER)])
    assert not rules.best_candidates([candidate(newer=SAME)])
    assert not rules.best_candidates([candidate(newer=adopters(0, 0, HALF))])
    assert not rules.best_candidates([candidate(older=SAME)])


def test_the_best_four_by_phi_then_reach_then_name() -> None:
    strong = adopters(100, 90, HALF)
    # The phi of BETTER, at a tenth of all users in another half of the same shares.
    wide = adopters(200, 100, Half(2000, 400))
    found = [
        candidate("e"),
        candidate("d"),
        candidate("c", older=strong),
        candidate("y", older=wide),
        candidate("z"),
    ]
    assert [one.name for one in rules.best_candidates(found)] == ["c", "y", "d", "e"]


@pytest.mark.parametrize(
    ("within", "days"),
    [
        ({1: 8, 3: 8, 7: 9, 14: 9, 30: 10}, 1),
        ({1: 7, 3: 8, 7: 9, 14: 9, 30: 10}, 3),
        ({1: 0, 3: 0, 7: 0, 14: 7, 30: 10}, 30),
    ],
)
def test_the_shortest_timeframe_that_holds_four_fifths(within: dict[int, int], days: int) -> None:
    assert rules.timeframe_days(Times(10, 1.0, within)) == days


def test_nobody_in_time_gets_the_longest_timeframe() -> None:
    assert rules.timeframe_days(Times(0, None, dict.fromkeys((1, 3, 7, 14, 30), 0))) == 30


def test_weights_sum_to_one_and_the_first_has_the_rest() -> None:
    assert [str(one) for one in rules.weights(3)] == ["0.34", "0.33", "0.33"]
    assert [str(one) for one in rules.weights(1)] == ["1.00"]
    for count in range(1, 5):
        assert sum(rules.weights(count)) == Decimal(1)
    assert rules.weights(0) == []


def test_milestones_go_by_time_and_keep_the_rank_of_phi() -> None:
    best = [candidate("slow"), candidate("quick", k=2), candidate("middle")]
    seconds = {"slow": 300.0, "quick": 100.0, "middle": 200.0}
    found = rules.milestones(
        best,
        events(slow=1, quick=2, middle=3),
        lambda name, k: Times(10, seconds[name], dict.fromkeys((1, 3, 7, 14, 30), 10)),
    )
    said = [(one.event.name, one.k, one.is_required, one.is_first_value) for one in found]
    assert said == [
        ("quick", 2, True, False),
        ("middle", 1, False, False),
        ("slow", 1, True, True),
    ]
    assert [str(one.weight) for one in found] == ["0.34", "0.33", "0.33"]


def test_without_data_the_events_of_most_users_and_no_login_first() -> None:
    found = events(user_login=90, b=5, a=5, c=7, page_view=80)
    passive = rules.passive_events(found, None, "canonical")
    assert [one.event.name for one in passive] == ["page_view"]
    times = Times(0, None, dict.fromkeys((1, 3, 7, 14, 30), 0))
    milestones = rules.fallback_milestones(found, passive, lambda name, k: times)
    said = [(one.event.name, one.is_required, one.is_first_value) for one in milestones]
    assert said == [("c", True, True), ("a", False, False), ("b", False, False)]
    milestones = rules.fallback_milestones(found[:2], [], lambda name, k: times)
    assert [one.event.name for one in milestones] == ["b", "user_login"]
    assert rules.fallback_milestones([], [], lambda name, k: times) == []
