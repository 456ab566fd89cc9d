"""In twelve random cases, each rule, form of a value, warning, status and var has to occur.

Where one doesn't, the cases prove nothing of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from fractions import Fraction

import pytest

from tests.oracle.cleaning import RULES
from tests.oracle.definitions import read_definitions
from tests.oracle.marts import compute_marts
from tests.oracle.observation import observe, read_variable
from tests.oracle.population import Population, Variables
from tests.oracle.random_data import Case, write_case
from tests.oracle.random_forms import OTHER_FORMS, TIME_FORMS
from tests.oracle.random_text_files import BROKEN_CSV, BROKEN_JSON
from tests.oracle.random_traits import OTHER_VARIABLES, RETENTION_VARIABLES
from tests.oracle.raw_files import RawEvent, Row, read_raw_table
from tests.oracle.warnings_of_definitions import WARNINGS_OF_DEFINITIONS
from tests.oracle.warnings_of_rows import WARNINGS_OF_ROWS

CASE_COUNT = 12
TABLES = ("users", "events")
# A case without features has nothing that they could take.
RULES_OF_FEATURES = {
    ("users", "merged_user"),
    ("events", "anonymous_event"),
    ("events", "anonymous_before_signup"),
}
STATUSES = (
    "unknown",
    "not_measured",
    "met",
    "not_enough_data",
    "stable",
    "needs_attention",
    "on_track",
    "improving",
)


@dataclass(frozen=True)
class Computed:
    case: Case
    population: Population
    marts: dict[str, list[Row]]

    @property
    def tolerance(self) -> timedelta:
        return timedelta(hours=self.population.variables.signup_tolerance)

    def events_with_signups(self) -> Iterator[tuple[RawEvent, datetime]]:
        """The events that count as they were delivered, and when their users signed up."""
        signups = {user.user_id: user.created_at for user in self.population.users}
        for outcome in self.population.outcomes["events"]:
            if outcome.rule is None:
                yield outcome.row, signups[outcome.row.user_id]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Computed]:
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    computed = []
    for number in range(CASE_COUNT):
        case = write_case(number, tmp_path_factory.mktemp("case"))
        where = case.raw_dir, case.definitions_dir
        population = observe(where[0], read_definitions(where[1]), now, Variables(**case.variables))
        computed.append(Computed(case, population, compute_marts(*where, now, case.variables)))
    return computed


def test_every_form_of_a_value_and_every_broken_line_is_written(cases: list[Computed]) -> None:
    used = sum((computed.case.forms for computed in cases), Counter())
    broken = {break_record.__name__ for break_record in (*BROKEN_CSV, *BROKEN_JSON)}
    assert {*TIME_FORMS, *OTHER_FORMS, *broken} - used.keys() == set()


def test_every_rule_removes_rows(cases: list[Computed]) -> None:
    removed = {
        (row["table_name"], row["rule_name"])
        for computed in cases
        for row in computed.marts["data_quality_by_rule"]
        if row["row_count"]
    }
    rules = {(table_name, rule) for table_name in TABLES for rule in RULES[table_name]}
    assert removed == rules - RULES_OF_FEATURES


def test_every_warning_comes_in_some_case_and_in_some_not(cases: list[Computed]) -> None:
    counts = Counter(
        warning_id
        for computed in cases
        for warning_id in {row["warning_id"] for row in computed.marts["build_warnings"]}
    )
    assert set(counts) == {*WARNINGS_OF_ROWS, *WARNINGS_OF_DEFINITIONS} - {"date_only_times"}
    assert [warning_id for warning_id, count in counts.items() if count == CASE_COUNT] == []


@pytest.mark.parametrize(
    ("seed", "subject"),
    [
        ("milestones", "moon_landing_completed"),
        ("event_catalog", "moon_landing_completed"),
        ("pql_signals", "moon_landing_completed"),
        ("pql_signals", "install_source = moon"),
        ("excluded_users", "80000000"),
    ],
)
def test_every_kind_of_definition_matches_nothing(
    cases: list[Computed], seed: str, subject: str
) -> None:
    assert any(
        (row["warning_id"], row["table_name"], row["subject"])
        == ("definition_matches_nothing", seed, subject)
        for computed in cases
        for row in computed.marts["build_warnings"]
    )


def test_every_status_is_given(cases: list[Computed]) -> None:
    statuses = {row["status"] for computed in cases for row in computed.marts["kpi_scorecard"]}
    assert statuses == set(STATUSES)


def test_every_var_has_several_values(cases: list[Computed]) -> None:
    names = {name for variables in RETENTION_VARIABLES for name in variables}
    values = defaultdict(set)
    for computed in cases:
        for name in {*names, *OTHER_VARIABLES, "observed_from", "observed_until"}:
            values[name].add(str(getattr(computed.population.variables, name)))
    assert [name for name, found in values.items() if len(found) < 2] == []


def test_every_grain_of_retention_has_rows_in_some_case_and_in_some_not(
    cases: list[Computed],
) -> None:
    counts = Counter(
        grain
        for computed in cases
        for grain in {row["period_grain"] for row in computed.marts["retention_by_cohort"]}
    )
    assert set(counts) == {"day", "week", "month", "bracket", "on_or_after"}
    assert max(counts.values()) < CASE_COUNT


def test_events_lie_on_both_sides_of_the_tolerance(cases: list[Computed]) -> None:
    for is_on_the_edge in (
        lambda before, tolerance: before == tolerance > timedelta(0),
        lambda before, tolerance: timedelta(0) < before < tolerance,
    ):
        assert any(
            is_on_the_edge(signed_up_at - event.timestamp, computed.tolerance)
            for computed in cases
            for event, signed_up_at in computed.events_with_signups()
        )
    just_beyond = timedelta(microseconds=1)
    assert any(
        user.created_at - outcome.row.timestamp == computed.tolerance + just_beyond
        for computed in cases
        for users in [{user.user_id: user for user in computed.population.users}]
        for outcome in computed.population.outcomes["events"]
        if outcome.rule == "before_signup"
        for user in [users[outcome.row.user_id]]
    )


def test_dates_without_a_time_are_spared(cases: list[Computed]) -> None:
    assert any(
        signed_up_at - event.timestamp > computed.tolerance
        and event.timestamp == datetime.combine(signed_up_at.date(), time())
        for computed in cases
        for event, signed_up_at in computed.events_with_signups()
    )


def test_a_later_row_of_a_user_takes_the_signup_of_an_earlier_one(cases: list[Computed]) -> None:
    rows = [
        (outcome.row, user)
        for computed in cases
        for users in [{user.user_id: user for user in computed.population.users}]
        for outcome in computed.population.outcomes["users"]
        if outcome.rule is None
        for user in [users[outcome.row.user_id]]
    ]
    assert any(row.created_at > user.created_at for row, user in rows)
    assert any(row.updated_at is None and row.true_at is not None for row, _ in rows)


def test_equal_ids_of_other_users_and_other_events_count(cases: list[Computed]) -> None:
    users, names = defaultdict(set), defaultdict(set)
    for number, computed in enumerate(cases):
        for event, _ in computed.events_with_signups():
            users[number, event.event_id, event.event_name].add(event.user_id)
            names[number, event.event_id, event.user_id].add(event.event_name)
    for found in (users, names):
        assert any(len(found[key]) > 1 for key in found if key[1] is not None)


def test_events_that_arrive_later_are_cut(cases: list[Computed]) -> None:
    late = 0
    for computed in cases:
        until = read_variable("observed_until", computed.case.observed_until)
        if until is not None:
            events = read_raw_table(computed.case.raw_dir, "events", RawEvent, Fraction(1)).rows
            late += sum(
                event.received_at > until >= event.timestamp
                for event in events
                if event.received_at and event.timestamp
            )
    assert late > 0


def test_days_of_use_decide_milestones(cases: list[Computed]) -> None:
    reached = Counter()
    for computed in cases:
        for milestone in computed.population.definitions.milestones:
            if milestone.min_days is None:
                continue
            for user in computed.population.users:
                count = len(user.timestamps_by_event.get(milestone.event_name, []))
                if count >= milestone.min_days:
                    is_reached = milestone.milestone_id in user.reached_at
                    reached[milestone.within_days is None, is_reached] += 1
    assert reached.keys() == {(True, True), (True, False), (False, True), (False, False)}


def test_what_is_not_measured_occurs(cases: list[Computed]) -> None:
    populations = [computed.population for computed in cases]
    assert {population.is_invitation_measured for population in populations} == {True, False}
    assert {population.is_activation_measured for population in populations} == {True, False}


def test_users_sign_up_on_both_sides_of_observed_from(cases: list[Computed]) -> None:
    boundaries = [
        user.created_at - computed.population.observed_from
        for computed in cases
        if computed.population.observed_from is not None
        for user in computed.population.users
    ]
    assert timedelta(0) in boundaries
    assert timedelta(microseconds=-1) in boundaries
