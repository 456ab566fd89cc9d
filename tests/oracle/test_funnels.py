"""Funnels and friction on the examples of the definitions, worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.oracle.activation import milestone_completion_by_cohort
from tests.oracle.funnel_definitions import Match
from tests.oracle.funnels import (
    friction_by_funnel_step,
    funnel_conversion_by_cohort,
)
from tests.oracle.properties import text_of_key
from tests.oracle.small_funnels import (
    START,
    WATCHED,
    clock,
    column,
    done,
    funnel,
    interval,
    steps_of,
)
from tests.oracle.small_world import DAY, HOUR, MOMENT, Compute, Observe, event, fired, user


def test_ties(population_of_rows: Observe) -> None:
    population = population_of_rows(
        seeds={"funnels": funnel("A", "B", "A")},
        variables=WATCHED,
        **done(
            u1=[
                ("A", clock(10)),
                ("B", clock(10)),
                ("A", clock(10)),
                ("A", clock(10) + timedelta(minutes=5)),
            ],
            u2=[("B", clock(9)), ("A", clock(10))],
            u3=[("A", clock(10)), ("B", clock(10, days=1))],
        ),
    )
    rows = steps_of(population)
    assert column(rows, "reached_user_count") == [3, 1, 1]
    assert interval(rows[1], "conversion_from_previous_rate") == pytest.approx(
        [1 / 3, 0.0615, 0.7923], abs=5e-5
    )
    assert column(rows, "mean_seconds") == [None, 0.0, 300.0]
    assert column(rows, "median_seconds_from_entry") == [None, 0.0, 300.0]
    assert column(rows, "dropped_user_count") == [0, 2, 0]


def test_only_closed_windows_count(population_of_rows: Observe) -> None:
    entries = {"u1": clock(0, 7), "u2": clock(0, 7) + timedelta(seconds=1), "u3": clock(0)}
    population = population_of_rows(
        seeds={"funnels": funnel("A", "B", window="7d")},
        variables={"observed_until": "2024-01-15"},
        **done(
            **{
                user_id: [("A", at), *([("B", at + HOUR)] if user_id != "u3" else [])]
                for user_id, at in entries.items()
            }
        ),
    )
    rows = steps_of(population)
    assert column(rows, "entered_user_count") == [3, 3]
    assert column(rows, "eligible_user_count") == [2, 2]
    assert column(rows, "reached_user_count") == [2, 1]
    assert interval(rows[1], "conversion_from_entry_rate") == pytest.approx(
        [0.5, 0.0945, 0.9055], abs=5e-5
    )
    weeks = {
        row["cohort_date"]: (row["entered_user_count"], row["eligible_user_count"])
        for row in funnel_conversion_by_cohort(population)
        if (row["cohort_grain"], row["segment_type"], row["step_number"]) == ("week", "all", 2)
    }
    assert {str(day): counts for day, counts in weeks.items()} == {
        "2024-01-01": (1, 1),
        "2024-01-08": (2, 1),
    }


def test_users_before_observed_from_are_entered_and_not_eligible(
    population_of_rows: Observe,
) -> None:
    population = population_of_rows(
        seeds={"funnels": funnel("A", "B")},
        variables=WATCHED | {"observed_from": (START + MOMENT).isoformat()},
        **done(u1=[("A", clock(10, 5)), ("B", clock(11, 5))]),
    )
    rows = steps_of(population)
    assert column(rows, "entered_user_count") == [1, 1]
    assert column(rows, "eligible_user_count") == [0, 0]
    assert column(rows, "conversion_from_entry_rate") == [None, None]
    assert column(rows, "drop_off_rate") == [None, None]


def test_the_deadline_is_too_late(population_of_rows: Observe) -> None:
    population = population_of_rows(
        seeds={"funnels": funnel("A", "B")},
        variables=WATCHED,
        **done(
            u1=[("A", clock(10)), ("B", clock(10, 1) - MOMENT)],
            u2=[("A", clock(10)), ("B", clock(10, 1))],
        ),
    )
    assert column(steps_of(population), "reached_user_count") == [2, 1]


def test_an_optional_step_holds_nobody_up(population_of_rows: Observe) -> None:
    population = population_of_rows(
        seeds={"funnels": funnel("S", "O?", "T")},
        variables=WATCHED,
        **done(
            u1=[("S", clock(1)), ("O", clock(2)), ("T", clock(3))],
            u2=[("S", clock(1)), ("T", clock(2)), ("O", clock(3))],
            u3=[("S", clock(1)), ("O", clock(2))],
        ),
    )
    start, optional, last = steps_of(population)
    assert start["reached_user_count"] == 3
    assert (optional["previous_user_count"], optional["reached_user_count"]) == (3, 2)
    assert (optional["dropped_user_count"], optional["drop_off_rate"]) == (None, None)
    assert (last["previous_user_count"], last["reached_user_count"]) == (3, 2)
    assert last["dropped_user_count"] == 1
    assert interval(last, "conversion_from_previous_rate")[1:] == pytest.approx(
        [0.2077, 0.9385], abs=5e-5
    )
    assert (optional["mean_seconds"], last["mean_seconds"]) == (3600.0, 5400.0)


def test_an_optional_step_shares_its_event_with_a_later_one(population_of_rows: Observe) -> None:
    """One event is O and T, and O may come at T's instant; but not an event of the step before."""
    population = population_of_rows(
        seeds={"funnels": "f,1,a,S,1d,,,,\nf,2,b,T,1d,true,p,exists,\nf,3,c,T,1d,,,,\n"},
        variables=WATCHED,
        **done(
            u1=[("S", clock(1)), ("T", clock(2), '{"p":0}')],
            u2=[("S", clock(1)), ("T", clock(2)), ("T", clock(3), '{"p":0}')],
        ),
    )
    assert column(steps_of(population), "reached_user_count") == [2, 1, 2]


def test_an_exclusion_ends_an_attempt(population_of_rows: Observe) -> None:
    population = population_of_rows(
        seeds={"funnels": funnel("A", "B", "C"), "funnel_exclusions": "f,X,,,,,\n"},
        variables=WATCHED,
        **done(
            u1=[("A", clock(1)), ("X", clock(2)), ("B", clock(3)), ("C", clock(4))],
            u2=[("A", clock(1)), ("B", clock(2)), ("X", clock(2)), ("C", clock(3))],
            u3=[("A", clock(1)), ("X", clock(1)), ("B", clock(2)), ("C", clock(3))],
            u4=[("A", clock(1))],
        ),
    )
    rows = steps_of(population)
    assert column(rows, "reached_user_count") == [4, 2, 1]
    assert column(rows, "dropped_user_count") == [0, 2, 1]
    assert column(rows, "dropped_with_exclusion_user_count") == [0, 1, 1]
    # u3: B an hour after A, C an hour after B.
    assert column(rows, "p75_seconds") == [None, 3600.0, 3600.0]
    assert column(rows, "median_seconds_from_entry") == [None, 3600.0, 7200.0]


def test_a_late_exclusion_takes_the_earliest_way(population_of_rows: Observe) -> None:
    population = population_of_rows(
        seeds={"funnels": funnel("A", "B", "C"), "funnel_exclusions": "f,X,2,,,,\n"},
        variables=WATCHED,
        **done(
            u=[
                ("A", clock(1)),
                ("B", clock(2)),
                ("X", clock(3)),
                ("B", clock(4)),
                ("C", clock(5)),
            ]
        ),
    )
    rows = steps_of(population)
    assert column(rows, "reached_user_count") == [1, 1, 0]
    assert column(rows, "dropped_with_exclusion_user_count") == [0, 0, 1]


def test_an_exclusion_holds_between_its_steps_alone(population_of_rows: Observe) -> None:
    """From step 1 to step 2: what comes after step 2 is not excluded; nor is it at the deadline."""
    population = population_of_rows(
        seeds={"funnels": funnel("A", "B", "C"), "funnel_exclusions": "f,X,1,2,,,\n"},
        variables=WATCHED,
        **done(
            u1=[("A", clock(1)), ("B", clock(2)), ("X", clock(3)), ("C", clock(4))],
            u2=[("A", clock(1)), ("X", clock(1, 1) - MOMENT)],
            u3=[("A", clock(1)), ("X", clock(1, 1))],
        ),
    )
    rows = steps_of(population)
    assert column(rows, "reached_user_count") == [3, 1, 1]
    assert column(rows, "dropped_with_exclusion_user_count") == [0, 1, 0]


def test_a_funnel_from_the_signup(population_of_rows: Observe) -> None:
    """An event up to an hour before the signup counts at the signup."""
    population = population_of_rows(
        seeds={"funnels": funnel("", "B")},
        variables=WATCHED,
        **done(u1=[("B", START - HOUR)], u2=[("B", clock(24))], u3=[("B", clock(24) - MOMENT)]),
    )
    rows = steps_of(population)
    assert column(rows, "entered_user_count") == [3, 3]
    assert column(rows, "reached_user_count") == [3, 2]
    assert rows[1]["mean_seconds"] == pytest.approx((24 * 3600 - 1e-6) / 2)


def test_no_funnel_and_no_user(population_of_rows: Observe) -> None:
    seeds = {"funnels": funnel("A", "B"), "event_catalog": "err,false,true\n"}
    nobody = population_of_rows(seeds=seeds, users=[], events=[])
    assert funnel_conversion_by_cohort(nobody) == []
    (row,) = friction_by_funnel_step(nobody)
    assert (row["step_number"], row["event_name"], row["verdict"]) == (2, "err", "not_enough_data")
    assert (row["at_step_user_count"], row["friction_user_rate"]) == (0, None)
    no_funnel = population_of_rows(seeds=seeds | {"funnels": ""}, **done(u=[("A", clock(1))]))
    assert funnel_conversion_by_cohort(no_funnel) == []
    assert friction_by_funnel_step(no_funnel) == []


# Each is the value of a key; two that read the same stand beside each other.
VALUES = ("4", '"4"', "0", "true", '"true"', "false", '"false"', '""', "null", '" 4"', "-4")


@pytest.mark.parametrize(
    ("filtered", "passing"),
    [
        (("is", "4"), {"4", '"4"'}),
        (("is", "0"), {"0"}),
        (("is", "true"), {"true", '"true"'}),
        (("is", "false"), {"false", '"false"'}),
        (("is_not", "4"), {*VALUES, "absent", "no object"} - {"4", '"4"'}),
        (("is_not", "false"), {*VALUES, "absent", "no object"} - {"false", '"false"'}),
        (("exists", None), {*VALUES} - {"null"}),
    ],
)
def test_filters(filtered: tuple[str, str | None], passing: set[str]) -> None:
    properties = {value: f'{{"key":{value}}}' for value in VALUES}
    properties |= {"absent": '{"other":{"key":4}}', "no object": '[{"key":4}]'}
    match = Match("e", "key", *filtered)
    assert {value for value, text in properties.items() if match.accepts(text)} == passing
    assert match.accepts(None) == match.accepts("key=4") == (filtered[0] == "is_not")


def test_values_of_other_kinds_are_there_and_equal_nothing() -> None:
    for text in ('{"k":{"k":4}}', '{"k":[4]}', '{"k":4.5}'):
        assert Match("e", "k", "exists").accepts(text)
        assert not Match("e", "k", "is", str(text_of_key('{"k":4}', "k"))).accepts(text)


def test_filters_tell_steps_of_one_event_apart(population_of_rows: Observe) -> None:
    population = population_of_rows(
        seeds={
            "funnels": "f,1,a,A,1d,,plan,,pro\nf,2,b,A,1d,,plan,is_not,pro\n",
            "funnel_exclusions": "f,A,,,plan,is,stop\n",
        },
        variables=WATCHED,
        **done(
            u1=[("A", clock(1)), ("A", clock(2), '{"plan":"pro"}'), ("A", clock(3))],
            # At one instant: a step takes an event of its own, of a later instant.
            u2=[("A", clock(2), '{"plan":"pro"}'), ("A", clock(2))],
            u3=[
                ("A", clock(2), '{"plan":"pro"}'),
                ("A", clock(3), '{"plan":"stop"}'),
            ],
        ),
    )
    rows = steps_of(population)
    # The third user's event is step 2 and the exclusion: a tie favours the step.
    assert column(rows, "reached_user_count") == [3, 2]
    assert column(rows, "dropped_with_exclusion_user_count") == [0, 0]


def test_warnings_of_funnels(marts_of: Compute) -> None:
    marts = marts_of(
        seeds={
            "funnels": "f,1,a,,1d,,,,\nf,2,b,A,1d,,plan,,pro\nf,3,c,never,1d,,,,\n",
            "funnel_exclusions": "f,nor_this,,,,,\n",
            "event_catalog": "",
        },
        **done(u=[("A", clock(1), "no json"), ("A", clock(2), "{}")]),
    )
    matching_nothing = fired(marts, "definition_matches_nothing")
    assert ("funnels", "never", 0, None) in matching_nothing
    assert ("funnel_exclusions", "nor_this", 0, None) in matching_nothing
    assert [found[1] for found in matching_nothing if found[0] == "funnels"] == ["never"]
    assert fired(marts, "properties_no_object") == [("events", "A", 1, 0.5)]


def with_friction(is_reached: bool, has_friction: bool) -> list[tuple[str, datetime]]:
    events = [("A", clock(1))]
    if is_reached:
        events.append(("B", clock(2)))
    if has_friction:
        events.append(("err", clock(1.5)))
    return events


def test_friction(population_of_rows: Observe) -> None:
    groups = [(True, True)] * 12 + [(False, True)] * 48 + [(True, False)] * 84
    groups += [(False, False)] * 56
    population = population_of_rows(
        seeds={
            "funnels": funnel("A", "B"),
            "event_catalog": "err,false,true\ncalm,false,true\nB,true,\n",
        },
        variables=WATCHED,
        **done(**{f"u{n}": with_friction(*group) for n, group in enumerate(groups)}),
    )
    calm, row = friction_by_funnel_step(population)
    assert (calm["event_name"], calm["friction_user_count"]) == ("calm", 0)
    assert (calm["conversion_with_friction_rate"], calm["verdict"]) == (None, "not_enough_data")
    assert row["at_step_user_count"] == 200
    assert (row["friction_user_count"], row["reached_with_friction_user_count"]) == (60, 12)
    assert row["reached_without_friction_user_count"] == 84
    assert interval(row, "rate_difference") == pytest.approx([-0.4, -0.5126, -0.2560], abs=5e-5)
    assert row["chi_square"] == pytest.approx(26.9231, abs=5e-5)
    assert row["p_value"] == row["q_value"] == pytest.approx(2.117e-7, rel=5e-4)
    assert row["verdict"] == "hinders"


@pytest.mark.parametrize(
    ("minutes", "error_at", "reached_at", "expected"),
    [
        (60, clock(1), clock(2), 1),
        (60, clock(1) - MOMENT, clock(2), 0),
        (60, clock(2) - MOMENT, clock(2), 1),
        (60, clock(2), clock(2), 0),
        (60, clock(2) - MOMENT, None, 1),
        (60, clock(2), None, 0),
        (60, clock(1), clock(1), 0),
        (90, clock(2.5) - MOMENT, None, 1),
        (90, clock(2.5), None, 0),
        (1440 * 2, clock(25) - MOMENT, None, 1),
        (1440 * 2, clock(25), None, 0),
    ],
)
def test_when_friction_counts(
    minutes: int,
    error_at: datetime,
    reached_at: datetime | None,
    expected: int,
    population_of_rows: Observe,
) -> None:
    events = [("A", clock(1)), ("err", error_at)]
    events += [("B", reached_at)] if reached_at else []
    population = population_of_rows(
        seeds={"funnels": funnel("A", "B"), "event_catalog": "err,,true\n"},
        variables=WATCHED | {"friction_window_minutes": minutes},
        **done(u=events),
    )
    (row,) = friction_by_funnel_step(population)
    assert row["friction_user_count"] == expected


def test_a_funnel_to_a_milestone_is_its_completion(population_of_rows: Observe) -> None:
    population = population_of_rows(
        seeds={"funnels": funnel("", "invite_sent", window="7d")},
        variables={"observed_until": clock(0, 8).isoformat()},
        users=[user(f"u{n}", START + n * DAY, plan_tier=f"p{n % 2}") for n in range(4)],
        events=[
            event(n, START + n * DAY + instant, f"u{n}", event_name="invite_sent")
            for n, instant in enumerate((7 * DAY, 7 * DAY - MOMENT, DAY))
        ],
    )
    completed = {
        tuple(
            row[name] for name in ("cohort_grain", "cohort_date", "segment_type", "segment_value")
        ): (
            row["eligible_user_count"],
            row["completed_user_count"],
        )
        for row in milestone_completion_by_cohort(population)
        if row["milestone_id"] == "m1"
    }
    reached = {
        tuple(
            row[name] for name in ("cohort_grain", "cohort_date", "segment_type", "segment_value")
        ): (
            row["eligible_user_count"],
            row["reached_user_count"],
        )
        for row in funnel_conversion_by_cohort(population)
        if row["step_number"] == 2
    }
    assert reached == completed
    assert (2, 1) in reached.values()
