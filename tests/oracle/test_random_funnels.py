"""What twelve random cases with funnels have to hold, and what has to occur in them.

Where a boundary or a verdict doesn't occur, the cases prove nothing of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest

from tests.oracle.activation import milestone_completion_by_cohort, milestone_survival_curve
from tests.oracle.arithmetic import COHORT
from tests.oracle.discovery import (
    activation_event_candidates,
    event_transitions,
    milestone_dependence,
)
from tests.oracle.funnel_attempts import Attempt, attempts_of
from tests.oracle.funnel_definitions import Funnel, Match, Step
from tests.oracle.funnels import (
    friction_by_funnel_step,
    funnel_conversion_by_cohort,
    segment_tests,
)
from tests.oracle.marts import population_of
from tests.oracle.population import Population
from tests.oracle.random_data import write_case
from tests.oracle.random_funnels import DISCOVERY_VARIABLES, FRICTION_MINUTES
from tests.oracle.raw_files import Row

CASE_COUNT = 12
FEATURES = ("funnels", "segments")
MOMENT = timedelta(microseconds=1)
Mart = Callable[[Population], list[Row]]
MARTS: tuple[Mart, ...] = (
    funnel_conversion_by_cohort,
    friction_by_funnel_step,
    segment_tests,
    milestone_survival_curve,
    activation_event_candidates,
    event_transitions,
    milestone_dependence,
)
# By the mart: the columns of each q-value's family.
FAMILIES = {
    friction_by_funnel_step: (),
    segment_tests: ("metric_id", "comparison"),
    activation_event_candidates: ("sample_name",),
    milestone_dependence: (),
}
Computed = tuple[Population, dict[Mart, list[Row]]]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Computed]:
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    computed = []
    for number in range(CASE_COUNT):
        case = write_case(number, tmp_path_factory.mktemp("case"), FEATURES)
        population = population_of(
            case.raw_dir, case.definitions_dir, now, case.variables, case.settings
        )
        computed.append((population, {mart: mart(population) for mart in MARTS}))
    return computed


def rows_of(cases: list[Computed], mart: Mart) -> Iterator[Row]:
    for _, marts in cases:
        yield from marts[mart]


def attempts(cases: list[Computed]) -> Iterator[tuple[Population, Funnel, Attempt]]:
    for population, _ in cases:
        for funnel in population.definitions.funnels:
            for attempt in attempts_of(population, funnel).values():
                yield population, funnel, attempt


# What has to hold


def test_no_key_twice(cases: list[Computed]) -> None:
    keys = {
        funnel_conversion_by_cohort: (*COHORT, "funnel_id", "step_number"),
        friction_by_funnel_step: ("funnel_id", "step_number", "event_name"),
        segment_tests: ("metric_id", "item", "segment_type", "comparison", "segment_value"),
        milestone_survival_curve: ("milestone_id", *COHORT[2:], "day_number"),
        activation_event_candidates: ("event_name", "window_days", "min_count", "sample_name"),
        event_transitions: (*COHORT[2:], "from_event_name", "to_event_name"),
        milestone_dependence: ("milestone_id", "next_milestone_id"),
    }
    for _, marts in cases:
        for mart, columns in keys.items():
            counts = Counter(tuple(row[column] for column in columns) for row in marts[mart])
            assert set(counts.values()) <= {1}, mart.__name__


def test_steps_never_rise(cases: list[Computed]) -> None:
    for _, marts in cases:
        by_funnel = defaultdict(list)
        for row in marts[funnel_conversion_by_cohort]:
            by_funnel[tuple(row[c] for c in (*COHORT, "funnel_id"))].append(row)
        for rows in by_funnel.values():
            rows.sort(key=lambda row: row["step_number"])
            for row in rows:
                assert (
                    row["reached_user_count"]
                    <= row["previous_user_count"]
                    <= row["eligible_user_count"]
                    <= row["entered_user_count"]
                )
            required = [row for row in rows if not row["is_optional"]]
            assert required[0]["reached_user_count"] == required[0]["eligible_user_count"]
            for before, row in pairwise(required):
                assert row["previous_user_count"] == before["reached_user_count"]
                dropped = row["previous_user_count"] - row["reached_user_count"]
                assert dropped == row["dropped_user_count"]
                assert row["dropped_with_exclusion_user_count"] <= dropped


@pytest.mark.parametrize(
    ("mart", "types"),
    [
        (funnel_conversion_by_cohort, None),
        (milestone_survival_curve, None),
        (event_transitions, {"acquisition_type", "all"}),
    ],
)
def test_the_values_of_a_segment_sum_to_all(
    mart: Mart, types: set[str] | None, cases: list[Computed]
) -> None:
    checked = 0
    for population, marts in cases:
        sums: dict[tuple, Counter] = defaultdict(Counter)
        for row in marts[mart]:
            key = tuple(
                (name, value)
                for name, value in row.items()
                if not isinstance(value, float | bool)
                and value is not None
                and not name.startswith("segment_")
                and not name.endswith("_count")
            )
            key = tuple((n, v) for n, v in key if not n.endswith(("_rate", "_lower", "_upper")))
            for name, value in row.items():
                # A row of a transition has all eligible users of its event, and is there only
                # where somebody made the transition.
                is_repeated = mart is event_transitions and name == "eligible_user_count"
                if name.endswith("_count") and not is_repeated:
                    sums[key, name][row["segment_type"]] += value or 0
        expected = types or {"all", *(t for t, _ in population.segments)}
        for key, totals in sums.items():
            assert {totals[name] for name in expected} == {totals["all"]}, key
            checked += totals["all"] > 0
    assert checked > 500


def test_a_funnel_to_a_milestone_is_its_completion(cases: list[Computed]) -> None:
    checked = 0
    for population, _ in cases:
        milestones = {
            milestone.milestone_id: milestone
            for milestone in population.definitions.milestones
            if milestone.min_days is None and milestone.min_count == 1
        }
        funnels = [
            Funnel(
                name,
                milestone.timeframe,
                (Step(1, "signup", Match(None)), Step(2, name, Match(milestone.event_name))),
            )
            for name, milestone in milestones.items()
        ]
        definitions = replace(population.definitions, funnels=funnels)
        completed = {
            (row["milestone_id"], *(row[column] for column in COHORT)): (
                row["eligible_user_count"],
                row["completed_user_count"],
            )
            for row in milestone_completion_by_cohort(population)
            if row["milestone_id"] in milestones
        }
        reached = {
            (row["funnel_id"], *(row[column] for column in COHORT)): (
                row["eligible_user_count"],
                row["reached_user_count"],
            )
            for row in funnel_conversion_by_cohort(replace(population, definitions=definitions))
            if row["step_number"] == 2
        }
        assert reached == completed
        checked += sum(reached for _, reached in reached.values())
    assert checked > 1000


def test_chi_square_is_users_by_phi_squared(cases: list[Computed]) -> None:
    checked = 0
    for row in rows_of(cases, activation_event_candidates):
        if row["chi_square"] is not None:
            expected = row["user_count"] * row["phi"] ** 2
            assert row["chi_square"] == pytest.approx(expected, abs=1e-9)
            checked += 1
    assert checked > 50


def test_the_transitions_of_an_event_sum_to_its_users(cases: list[Computed]) -> None:
    for _, marts in cases:
        sums, eligible = Counter(), {}
        for row in marts[event_transitions]:
            key = row["segment_type"], row["segment_value"], row["from_event_name"]
            sums[key] += row["transition_user_count"]
            eligible[key] = row["eligible_user_count"]
        assert sums == Counter(eligible)


def test_two_tested_values_share_a_statistic(cases: list[Computed]) -> None:
    checked = Counter()
    for _, marts in cases:
        by_type = defaultdict(list)
        for row in marts[segment_tests]:
            if row["group_count"] == 2 and row["statistic"] is not None:
                key = row["metric_id"], row["item"], row["segment_type"]
                by_type[key].append(row["statistic"])
        for key, statistics in by_type.items():
            is_log_rank = key[0].startswith("time_to")
            assert len(statistics) == (2 if is_log_rank else 3)
            assert statistics == [pytest.approx(statistics[0], abs=1e-9)] * len(statistics)
            checked[is_log_rank] += 1
    assert checked[True] and checked[False]


def test_q_values_belong_to_their_families(cases: list[Computed]) -> None:
    """The largest p of a family is its own q; none has a smaller q than p or than a smaller p."""
    for mart, columns in FAMILIES.items():
        checked = 0
        for _, marts in cases:
            families = defaultdict(list)
            for row in marts[mart]:
                if row["q_value"] is not None:
                    family = tuple(row[column] for column in columns)
                    families[family].append((row["p_value"], row["q_value"]))
                elif row.get("sample_name") != "confirm":
                    assert row["p_value"] is None
            for pairs in families.values():
                pairs.sort()
                assert pairs[-1][0] == pytest.approx(pairs[-1][1], rel=1e-12)
                assert all(p <= q * (1 + 1e-12) and q <= 1 for p, q in pairs)
                assert [q for _, q in pairs] == sorted(q for _, q in pairs)
                checked += len(pairs)
        assert checked > 3, mart.__name__


def test_candidates_are_told_on_both_rows(cases: list[Computed]) -> None:
    for _, marts in cases:
        told = defaultdict(set)
        for row in marts[activation_event_candidates]:
            cell = row["event_name"], row["window_days"], row["min_count"]
            told[cell].add((row["candidate_rank"], row["is_confirmed"], row["is_recommended"]))
        assert all(len(found) == 1 for found in told.values())
        found = [next(iter(cell)) for cell in told.values()]
        ranks = sorted(rank for rank, _, _ in found if rank is not None)
        assert ranks == list(range(1, len(ranks) + 1))
        assert sum(is_recommended for _, _, is_recommended in found) <= 1
        assert all(rank is None or rank >= 1 for rank, _, _ in found)
        assert not any(is_confirmed for rank, is_confirmed, _ in found if rank is None)


# What has to occur


def test_funnels_that_match_nothing_are_warned_of(cases: list[Computed]) -> None:
    warned = {
        (row["warning_id"], row["table_name"])
        for population, _ in cases
        for row in population.rows_of("build_warnings")
        if row["subject"].startswith("moon_landing_completed")
        or (row["warning_id"] == "properties_no_object" and row["subject"] != "invite_sent")
    }
    assert warned >= {
        ("definition_matches_nothing", "funnels"),
        ("definition_matches_nothing", "funnel_exclusions"),
        ("definition_matches_nothing", "event_catalog"),
        ("properties_no_object", "events"),
    }


@pytest.mark.parametrize(
    ("mart", "verdicts"),
    [
        (friction_by_funnel_step, {"hinders", "helps", "not_enough_data", "no_difference_shown"}),
        (
            segment_tests,
            {
                *("not_tested", "not_enough_data", "no_difference_shown"),
                *("differs", "above", "below"),
            },
        ),
        (
            milestone_dependence,
            {"likelier", "less_likely", "not_enough_data", "no_difference_shown"},
        ),
    ],
)
def test_every_verdict_is_given(mart: Mart, verdicts: set[str], cases: list[Computed]) -> None:
    assert {row["verdict"] for row in rows_of(cases, mart)} == verdicts


def test_candidates_occur_of_every_kind(cases: list[Computed]) -> None:
    kinds = Counter(
        (row["candidate_rank"] is not None, row["is_confirmed"], row["is_recommended"])
        for row in rows_of(cases, activation_event_candidates)
    )
    assert set(kinds) == {
        (False, False, False),
        (True, False, False),
        (True, True, False),
        (True, True, True),
    }


def test_every_column_has_a_value_and_a_null(cases: list[Computed]) -> None:
    """Where the definitions let it be null."""
    never_null = {"segment_value", "is_optional", "is_confirmed", "is_recommended", "verdict"}
    for mart in MARTS:
        values, nulls = Counter(), Counter()
        for row in rows_of(cases, mart):
            for column, value in row.items():
                (nulls if value is None else values)[column] += 1
        columns = set(next(rows_of(cases, mart)))
        assert columns - set(values) == set(), mart.__name__
        assert not nulls.keys() & never_null
        assert not [c for c in nulls if c.endswith(("_id", "_name", "_number", "_days"))]


def test_steps_are_reached_on_their_boundaries(cases: list[Computed]) -> None:
    seen = Counter()
    for population, funnel, attempt in attempts(cases):
        journey = attempt.journey
        seen["closed to the microsecond"] += journey.deadline == population.observed_until_at
        seen["open by a microsecond"] += journey.deadline == population.observed_until_at + MOMENT
        for step in funnel.steps[1:]:
            before = funnel.required_before(step)[-1]
            if not journey.has_reached(before):
                continue
            at = journey.reached_at.get(step.number)
            matching = set(journey.instants(step.match))
            seen["too late by nothing"] += at is None and journey.deadline in matching
            bounds = journey.exclusions_at(step)
            seen["several exclusions"] += len(bounds) > 1
            if at is None:
                late = [i for i in matching if i >= journey.reached_at[before.number]]
                seen["excluded by a microsecond"] += any(b + MOMENT in late for b in bounds)
                continue
            seen["just in time"] += at == journey.deadline - MOMENT
            seen["at one instant"] += at == journey.reached_at[before.number]
            seen["an earlier event of the step"] += min(matching) < at
            seen["tied with an exclusion"] += at in bounds
            seen["excluded by nothing"] += any(bound > at for bound in bounds)
            same = [
                s
                for s in funnel.required_before(step)
                if s.match.event_name == step.match.event_name
            ]
            seen["an event of its own"] += any(
                journey.reached_at[s.number] in matching and journey.reached_at[s.number] < at
                for s in same
            )
            if step.is_optional:
                following = journey.reached_at.get(funnel.required_after(step)[0].number)
                seen["optional with the next"] += at == following
                seen["optional and no next"] += following is None
    assert [kind for kind, count in seen.items() if not count] == []


def test_filters_let_some_pass_and_others_not(cases: list[Computed]) -> None:
    seen: dict[tuple, Counter] = defaultdict(Counter)
    for population, _ in cases:
        for funnel in population.definitions.funnels:
            for match in funnel.matches:
                if match.property_key is not None:
                    key = match.event_name, match.property_key, match.property_operator
                    for event in population.events:
                        if event.event_name == match.event_name:
                            seen[key][match.accepts(event.properties)] += 1
    assert {operator for _, _, operator in seen} == {"is", "is_not", "exists"}
    assert [key for key, counts in seen.items() if len(counts) < 2] == []


def test_friction_lies_on_its_boundaries(cases: list[Computed]) -> None:
    seen = Counter()
    for population, funnel, attempt in attempts(cases):
        longest = timedelta(minutes=population.variables.friction_window_minutes)
        for before, step in pairwise(funnel.required_steps):
            start = attempt.journey.reached_at.get(before.number)
            if start is None:
                continue
            reached_at = attempt.journey.reached_at.get(step.number)
            for name in population.definitions.friction_events:
                for instant in attempt.user.timestamps_by_event.get(name, []):
                    seen["at the step before"] += instant == start
                    seen["before it"] += instant == start - MOMENT
                    seen["at the end"] += instant == start + longest
                    seen["just before the end"] += instant == start + longest - MOMENT
                    seen["at the step"] += instant == reached_at
                    seen["just before the step"] += instant == (reached_at or start) - MOMENT
    assert [kind for kind, count in seen.items() if not count] == []


def test_every_var_has_several_values(cases: list[Computed]) -> None:
    names = {name for variables in DISCOVERY_VARIABLES for name in variables}
    values = defaultdict(set)
    for population, _ in cases:
        for name in {*names, "friction_window_minutes"}:
            values[name].add(str(getattr(population.variables, name)))
    assert [name for name, found in values.items() if len(found) < 2] == []
    assert len(values["friction_window_minutes"]) == len(FRICTION_MINUTES)


def test_twenty_events_are_not_all(cases: list[Computed]) -> None:
    """Somewhere the list of the journey is cut, and somewhere it has room."""
    lengths = {
        len({row["event_name"] for row in marts[activation_event_candidates]}) for _, marts in cases
    }
    assert max(lengths) == 20 and min(lengths) < 20


def test_some_funnels_have_nobody(cases: list[Computed]) -> None:
    funnels = {
        bool(attempts_of(population, funnel))
        for population, _ in cases
        for funnel in population.definitions.funnels
    }
    assert funnels == {True, False}
    assert {bool(population.definitions.funnels) for population, _ in cases} == {True, False}
