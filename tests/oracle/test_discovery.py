"""Discovery, transitions, dependence and survival on the examples of the definitions, by hand."""

from __future__ import annotations

import math
from datetime import date, datetime
from itertools import count

import pytest

from tests.oracle.activation import milestone_survival_curve, time_to_first_value_curve
from tests.oracle.discovery import (
    activation_event_candidates,
    event_transitions,
    milestone_dependence,
    train_until,
)
from tests.oracle.population import Population
from tests.oracle.raw_files import Row
from tests.oracle.small_world import DAY, MOMENT, Observe, event, user

START = datetime(2024, 1, 1)
WATCHED = {"observed_until": (START + 100 * DAY).isoformat()}
# One cell alone.
ONE_CELL = WATCHED | {"discovery_windows_days": [7], "discovery_counts": [1]}


def test_the_first_seven_tenths_are_train() -> None:
    days = [date(2024, 1, number) for number in range(1, 11)]
    assert train_until(days) == date(2024, 1, 7)
    # Six of nine are less than seven in ten.
    assert train_until(days[:9]) == date(2024, 1, 7)
    assert train_until([*days[:2], *[days[4]] * 8]) == days[4]
    assert train_until([]) is None


def habits(groups: list[tuple[int, bool, bool]], signed_up_at: datetime, first: int) -> tuple:
    """Users by groups: how many, whether they star a board, and whether they come again."""
    numbers, users, events = count(first), [], []
    for size, has_starred, is_retained in groups:
        for _ in range(size):
            number = next(numbers)
            users.append(user(f"u{number}", signed_up_at))
            for day, name, happens in ((1, "starred", has_starred), (28, "came", is_retained)):
                if happens:
                    instant = signed_up_at + day * DAY
                    events.append(event(f"{name}{number}", instant, f"u{number}", event_name=name))
    return users, events


WORKED = [(60, True, True), (40, True, False), (40, False, True), (160, False, False)]


def cell(population: Population, **key: object) -> Row:
    (row,) = [
        row
        for row in activation_event_candidates(population)
        if all(row[column] == value for column, value in key.items())
    ]
    return row


def test_a_candidate(population_of_rows: Observe) -> None:
    users, events = habits(WORKED, START, 0)
    population = population_of_rows(users=users, events=events, variables=ONE_CELL)
    row = cell(population, event_name="starred", sample_name="train")
    assert (row["user_count"], row["done_user_count"]) == (300, 100)
    assert (row["retained_user_count"], row["done_retained_user_count"]) == (100, 60)
    assert row["phi"] == pytest.approx(0.4)
    assert row["chi_square"] == pytest.approx(48, abs=1e-9)
    assert row["chi_square"] == pytest.approx(row["user_count"] * row["phi"] ** 2)
    assert row["p_value"] == pytest.approx(4.262e-12, rel=5e-4)
    assert row["retention_lift"] == 1.8
    assert (row["sensitivity_rate"], row["specificity_rate"]) == (0.6, 0.8)
    assert row["candidate_rank"] == 1
    # All signed up on one date: nobody is later, so nothing is confirmed.
    assert (row["is_confirmed"], row["is_recommended"]) == (False, False)
    confirm = cell(population, event_name="starred", sample_name="confirm")
    assert (confirm["user_count"], confirm["candidate_rank"]) == (0, 1)
    assert (confirm["reach_rate"], confirm["phi"], confirm["q_value"]) == (None, None, None)
    # What happens in week 4 is no early behaviour.
    came = cell(population, event_name="came", sample_name="train")
    assert (came["done_user_count"], came["phi"], came["candidate_rank"]) == (0, None, None)


def test_a_confirmed_candidate_is_recommended(population_of_rows: Observe) -> None:
    later = [(50, True, True), (10, True, False), (10, False, True), (50, False, False)]
    older, newer = habits(WORKED, START, 0), habits(later, START + DAY, 300)
    population = population_of_rows(
        users=older[0] + newer[0], events=older[1] + newer[1], variables=ONE_CELL
    )
    for sample, size in (("train", 300), ("confirm", 120)):
        row = cell(population, event_name="starred", sample_name=sample)
        assert (row["user_count"], row["candidate_rank"]) == (size, 1)
        assert row["is_confirmed"] and row["is_recommended"]
    opposite = [(10, True, True), (50, True, False), (50, False, True), (10, False, False)]
    newer = habits(opposite, START + DAY, 300)
    population = population_of_rows(
        users=older[0] + newer[0], events=older[1] + newer[1], variables=ONE_CELL
    )
    row = cell(population, event_name="starred", sample_name="confirm")
    # The difference is certain, and it goes the other way.
    assert row["q_value"] < 0.05
    assert not row["is_confirmed"] and not row["is_recommended"]


def test_without_a_confirmed_first_candidate_none_is_recommended(
    population_of_rows: Observe,
) -> None:
    """Two counts of the same event: the first is a hair better, and not confirmed."""
    users, events = habits(WORKED, START, 0)
    later = [(30, True, True), (30, True, False), (30, False, True), (30, False, False)]
    newer = habits(later, START + DAY, 300)
    population = population_of_rows(
        users=users + newer[0],
        events=events + newer[1],
        variables=WATCHED | {"discovery_windows_days": [7, 3], "discovery_counts": [1]},
    )
    rows = [row for row in activation_event_candidates(population) if row["candidate_rank"]]
    # Equal phi: the shorter window comes first.
    ranks = {(row["candidate_rank"], row["window_days"], row["sample_name"]) for row in rows}
    assert ranks == {
        (rank, days, sample) for rank, days in ((1, 3), (2, 7)) for sample in ("train", "confirm")
    }
    assert not any(row["is_recommended"] or row["is_confirmed"] for row in rows)


def test_a_second_choice_is_confirmed_and_not_recommended(population_of_rows: Observe) -> None:
    """Sharing goes best with staying among the older users, and not at all among the newer."""
    users, events = habits(WORKED, START, 0)
    later = [(50, True, True), (10, True, False), (10, False, True), (50, False, False)]
    newer = habits(later, START + DAY, 300)
    # Of the older, all that starred and came again; of the newer, every second one.
    shared = [(f"u{number}", START) for number in range(60)]
    shared += [(f"u{number}", START + DAY) for number in range(300, 420) if number % 2]
    shares = [
        event(f"share{user_id}", signed_up_at + 2 * DAY, user_id, event_name="shared")
        for user_id, signed_up_at in shared
    ]
    population = population_of_rows(
        users=users + newer[0], events=events + newer[1] + shares, variables=ONE_CELL
    )
    first, second = (
        cell(population, event_name=name, sample_name="confirm") for name in ("shared", "starred")
    )
    assert (first["candidate_rank"], first["is_confirmed"]) == (1, False)
    assert (second["candidate_rank"], second["is_confirmed"]) == (2, True)
    assert not second["is_recommended"]


@pytest.mark.parametrize(
    ("observed_until", "expected"),
    [
        # Day 34, 4 February, has to lie before the date of the end.
        (START + 35 * DAY - MOMENT, 0),
        (START + 35 * DAY, 1),
    ],
)
def test_the_week_has_to_be_over(
    observed_until: datetime, expected: int, population_of_rows: Observe
) -> None:
    population = population_of_rows(
        users=[user("u", START)],
        events=[event(1, START + 7 * DAY - MOMENT, "u", event_name="a")],
        variables=ONE_CELL | {"observed_until": observed_until.isoformat()},
    )
    row = cell(population, event_name="a", sample_name="train")
    assert (row["user_count"], row["done_user_count"]) == (expected, expected)


@pytest.mark.parametrize(
    ("instant", "name", "done", "retained"),
    [
        (7 * DAY - MOMENT, "a", 1, 0),
        (7 * DAY, "a", 0, 0),
        (28 * DAY - MOMENT, "a", 0, 0),
        (28 * DAY, "a", 0, 1),
        (35 * DAY - MOMENT, "a", 0, 1),
        (35 * DAY, "a", 0, 0),
        # No sign of use.
        (28 * DAY, "user_signup", 0, 0),
    ],
)
def test_windows_of_discovery(
    instant: object, name: str, done: int, retained: int, population_of_rows: Observe
) -> None:
    other = event(0, START + 50 * DAY, "u", event_name="a")
    population = population_of_rows(
        users=[user("u", START)],
        events=[other, event(1, START + instant, "u", event_name=name)],
        variables=ONE_CELL,
    )
    row = cell(population, event_name="a", sample_name="train")
    assert (row["done_user_count"], row["retained_user_count"]) == (done, retained)


def test_the_journey_has_twenty_events(population_of_rows: Observe) -> None:
    """Done by two are first; then the first in byte order; never what shows no use."""
    names = [f"e{number:02}" for number in range(22)]
    events = [(name, "u1") for name in names] + [("e21", "u2")]
    events += [("user_signup", "u1"), ("user_signup", "u2")]
    population = population_of_rows(
        users=[user("u1", START), user("u2", START)],
        events=[
            event(number, START + DAY, user_id, event_name=name)
            for number, (name, user_id) in enumerate(events)
        ],
        variables=ONE_CELL,
    )
    rows = activation_event_candidates(population)
    assert {row["event_name"] for row in rows} == {*names[:19], "e21"}
    assert len(rows) == 2 * 20
    from_names = {row["from_event_name"] for row in event_transitions(population)}
    assert from_names == {"(signup)", *names[:19], "e21"}


def transitions(population: Population) -> dict[tuple[object, object], tuple]:
    return {
        (row["from_event_name"], row["to_event_name"]): (
            row["eligible_user_count"],
            row["transition_user_count"],
            row["transition_rate"],
            row["median_seconds"],
        )
        for row in event_transitions(population)
        if row["segment_type"] == "all"
    }


def test_transitions(population_of_rows: Observe) -> None:
    population = population_of_rows(
        users=[user("u1", START), user("u2", START), user("u3", START + 30 * DAY)],
        events=[
            event(1, START + DAY, "u1", event_name="B"),
            event(2, START + DAY, "u1", event_name="A"),
            event(3, START + 2 * DAY, "u2", event_name="B"),
        ],
        variables={"observed_until": (START + 40 * DAY).isoformat()},
    )
    day = 86400.0
    assert transitions(population) == {
        ("(signup)", "A"): (2, 1, 0.5, day),
        ("(signup)", "B"): (2, 1, 0.5, 2 * day),
        ("(signup)", "(none)"): (2, 0, 0.0, None),
        ("A", "B"): (1, 1, 1.0, 0.0),
        ("A", "(none)"): (1, 0, 0.0, None),
        ("B", "(none)"): (2, 2, 1.0, None),
    }


def test_a_transition_comes_before_the_deadline(population_of_rows: Observe) -> None:
    population = population_of_rows(
        users=[user("u1", START), user("u2", START)],
        events=[
            event(1, START + 5 * DAY - MOMENT, "u1", event_name="A"),
            event(2, START + 5 * DAY, "u2", event_name="A"),
        ],
        variables={"observed_until": (START + 7 * DAY).isoformat(), "velocity_window_days": 5},
    )
    assert transitions(population) == {
        ("(signup)", "A"): (2, 1, 0.5, 5 * 86400 - 1e-6),
        ("(signup)", "(none)"): (2, 1, 0.5, None),
        # Nobody's five days are over, yet somebody did it.
        ("A", "(none)"): (0, 0, None, None),
    }
    types = {row["segment_type"] for row in event_transitions(population)}
    assert types == {"all", "acquisition_type"}


MILESTONES = "".join(
    f"m{number},sentence,0.5,7d,{name},{number},default,true,true,1,,\n"
    for number, name in ((1, "A"), (2, "B"))
)


def test_dependence(population_of_rows: Observe) -> None:
    groups = [(True, True)] * 45 + [(True, False)] * 55 + [(False, True)] * 50
    groups += [(False, False)] * 150
    numbers = count()
    events = [
        event(next(numbers), START + day * DAY, f"u{n}", event_name=name)
        for n, group in enumerate(groups)
        for day, name, happens in ((1, "A", group[0]), (9, "B", group[1]))
        if happens
    ]
    population = population_of_rows(
        users=[user(f"u{n}", START) for n in range(300)],
        events=events,
        variables=WATCHED,
        seeds={"milestones": MILESTONES},
    )
    row, reverse = milestone_dependence(population)
    assert (row["milestone_id"], row["next_milestone_id"]) == ("m1", "m2")
    assert (row["done_user_count"], row["done_reached_user_count"]) == (100, 45)
    assert (row["not_done_user_count"], row["not_done_reached_user_count"]) == (200, 50)
    found = [
        row["rate_difference"],
        *(row[f"rate_difference_ci_{end}"] for end in ("lower", "upper")),
    ]
    assert found == pytest.approx([0.2, 0.0862, 0.3119], abs=5e-5)
    assert row["p_value"] == row["q_value"] == pytest.approx(0.000447, abs=5e-7)
    assert row["verdict"] == "likelier"
    # Who did A in the first week can't do it later.
    assert (reverse["eligible_user_count"], reverse["done_user_count"]) == (200, 0)
    assert (reverse["reached_if_done_rate"], reverse["verdict"]) == (None, "not_enough_data")


@pytest.mark.parametrize(
    ("a_at", "b_at", "expected"),
    [
        (7 * DAY - MOMENT, 7 * DAY, (1, 1, 1)),
        (7 * DAY, 7 * DAY, (1, 0, 0)),
        (DAY, 7 * DAY - MOMENT, (0, 0, 0)),
        (DAY, 30 * DAY - MOMENT, (1, 1, 1)),
        (DAY, 30 * DAY, (1, 1, 0)),
    ],
)
def test_windows_of_dependence(
    a_at: object, b_at: object, expected: tuple[int, ...], population_of_rows: Observe
) -> None:
    population = population_of_rows(
        users=[user("u", START), user("open", START + MOMENT)],
        events=[
            event(1, START + a_at, "u", event_name="A"),
            event(2, START + b_at, "u", event_name="B"),
        ],
        variables={"observed_until": (START + 30 * DAY).isoformat()},
        seeds={"milestones": MILESTONES},
    )
    row, _ = milestone_dependence(population)
    assert (
        row["eligible_user_count"],
        row["done_user_count"],
        row["done_reached_user_count"],
    ) == expected


def test_a_curve_of_each_milestone(population_of_rows: Observe) -> None:
    """Of four users one reaches m1 on day 2, much too late for its hour, and one is censored."""
    milestones = MILESTONES.replace("7d,A", "1h,A")
    population = population_of_rows(
        users=[user(f"u{n}", START) for n in range(3)] + [user("young", START + 99 * DAY)],
        events=[event(1, START + 3 * DAY - MOMENT, "u0", event_name="A")],
        variables=WATCHED,
        seeds={"milestones": milestones},
    )
    curve = {
        (row["milestone_id"], row["day_number"]): row
        for row in milestone_survival_curve(population)
        if row["segment_type"] == "all"
    }
    assert len(curve) == 2 * 91
    day = curve["m1", 2]
    assert (day["at_risk_count"], day["event_count"], day["censored_count"]) == (3, 1, 0)
    assert day["survival_probability"] == pytest.approx(2 / 3)
    assert curve["m1", 1]["censored_count"] == 1
    assert curve["m2", 90]["survival_probability"] == 1.0
    # Both milestones are first value: nobody reaches one before the user who reaches m1.
    first_value = [row | {"milestone_id": "m1"} for row in time_to_first_value_curve(population)]
    assert first_value == [
        row for row in milestone_survival_curve(population) if row["milestone_id"] == "m1"
    ]
    assert math.isclose(day["hazard_rate"], 1 / 3)


def test_nobody_has_no_rows(population_of_rows: Observe) -> None:
    population = population_of_rows(users=[], events=[], variables=WATCHED)
    for mart in (
        activation_event_candidates,
        event_transitions,
        milestone_dependence,
        milestone_survival_curve,
    ):
        assert mart(population) == []
