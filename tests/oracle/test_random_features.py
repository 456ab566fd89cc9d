"""In eight random cases with features, each rule and decision of them has to occur.

And what the definitions promise of all data has to hold in each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import pytest

from plg.marts import read_marts
from tests.oracle.cleaning import RULES
from tests.oracle.identity import LONGEST_CHAIN
from tests.oracle.marts import population_of
from tests.oracle.population import MARTS, Population
from tests.oracle.random_data import FEATURES, Case, write_case
from tests.oracle.random_zones import REPORTING_ZONES, zone_of_case
from tests.oracle.raw_files import Row
from tests.oracle.small_world import VERSIONED

CASE_COUNT = len(REPORTING_ZONES)
NOW = datetime.now(timezone.utc).replace(tzinfo=None)
# Without a date, whatever the zone.
MARTS_WITHOUT_DATES = {
    "time_to_first_value_curve",
    "pql_scores",
    "milestone_survival_curve",
    "friction_by_funnel_step",
    "event_transitions",
    "milestone_dependence",
    "data_quality_by_rule",
    "input_by_decision",
    # Their dates are those of UTC.
    "pql_score_history",
    "pql_calibration",
    "pql_calibration_by_bin",
    "pql_thresholds",
    "pql_drift_by_week",
    "handoff_outcomes_by_week",
}


@dataclass(frozen=True)
class Computed:
    case: Case
    population: Population

    @property
    def features(self) -> frozenset[str]:
        return self.case.features

    def rows_of(self, mart: str) -> list[Row]:
        return self.population.rows_of(mart)


def compute(case: Case, **variables: object) -> Computed:
    population = population_of(
        case.raw_dir, case.definitions_dir, NOW, {**case.variables, **variables}, case.settings
    )
    return Computed(case, population)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Computed]:
    computed = []
    for number in range(CASE_COUNT):
        features = [name for name in FEATURES if name != "devices" or number % 2]
        computed.append(compute(write_case(number, tmp_path_factory.mktemp("case"), features)))
    return computed


def counts(computed: Computed, mart: str, rule: str) -> Mapping[tuple[str, str], int]:
    return {(row["table_name"], row[rule]): row["row_count"] for row in computed.rows_of(mart)}


def test_every_rule_removes_rows(cases: list[Computed]) -> None:
    removed = Counter()
    for computed in cases:
        removed.update(counts(computed, "data_quality_by_rule", "rule_name"))
    assert set(removed) == {(table, rule) for table, rules in RULES.items() for rule in rules}
    assert [rule for rule, count in removed.items() if not count] == []


def test_every_decision_is_made(cases: list[Computed]) -> None:
    made = Counter()
    for computed in cases:
        made.update(counts(computed, "input_by_decision", "decision"))
    assert [decision for decision, count in made.items() if not count] == []


def test_every_row_has_a_fate(cases: list[Computed]) -> None:
    for computed in cases:
        removed = Counter()
        for (table, _), count in counts(computed, "data_quality_by_rule", "rule_name").items():
            removed[table] += count
        made = counts(computed, "input_by_decision", "decision")
        for table in RULES:
            assert made[table, "delivered"] == made[table, "counted"] + removed[table]


def test_every_id_leads_to_one_id(cases: list[Computed]) -> None:
    lengths = set()
    for computed in cases:
        identity = computed.population.identity
        for any_id in identity.links:
            person = identity.resolve(any_id)
            assert identity.resolve(person) == person
            lengths.add(identity.chain_length(any_id))
    assert max(lengths) == LONGEST_CHAIN


def test_a_device_and_an_alias_give_users_what_they_did(cases: list[Computed]) -> None:
    ways = Counter()
    for computed in cases:
        for outcome in computed.population.outcomes["events"]:
            if outcome.rule is None:
                ways["device"] += outcome.row.user_id is None
                ways["alias"] += outcome.row.user_id not in (None, outcome.person)
                ways["other device"] += None not in (
                    outcome.row.user_id,
                    outcome.row.anonymous_id,
                ) and outcome.person != computed.population.identity.resolve(
                    outcome.row.anonymous_id
                )
    assert min(ways[way] for way in ("device", "alias", "other device")) > 0


def test_a_row_of_another_id_fills_what_is_null(cases: list[Computed]) -> None:
    assert any(
        outcome.rule is None
        and outcome.row.plan_tier is None
        and computed.population.people[outcome.person].plan_tier is not None
        for computed in cases
        for outcome in computed.population.outcomes["users"]
    )


def test_users_are_made_of_devices(cases: list[Computed]) -> None:
    made = {
        "devices" in computed.features: sum(
            outcome.row is not None and outcome.row.file is None
            for outcome in computed.population.outcomes["users"]
        )
        for computed in cases
    }
    assert made[False] == 0 < made[True]


def test_every_kind_of_segment_has_rows(cases: list[Computed]) -> None:
    kinds, values = set(), set()
    for computed in cases:
        for segment_type in computed.population.definitions.segment_types:
            has_bounds = bool(segment_type.bounds)
            for value in computed.population.segment_values.values[segment_type.name].values():
                kinds.add((segment_type.source_table, has_bounds, value == "unknown"))
                values.add(value)
    assert len(kinds) == 8
    assert {"true", "false", "other", "under 11", "11 to under 51", "51 and over"} <= values
    types = [len(computed.population.definitions.segment_types) for computed in cases]
    assert (min(types), max(types)) == (0, 12)


def test_the_values_of_a_segment_sum_to_all(cases: list[Computed]) -> None:
    register = read_marts()
    checked = 0
    for computed in cases:
        for name in MARTS:
            rows = computed.rows_of(name)
            # A test of a segment's values has no row of all users; a transition has a row only
            # where somebody made it; a playbook is that of one segment.
            if name in ("event_transitions", "playbook_kpis") or all(
                row.get("segment_type") != "all" for row in rows
            ):
                continue
            columns = [column for column in register[name].counts if column in rows[0]]
            key = [column for column in register[name].key if not column.startswith("segment_")]
            sums: dict[tuple, Counter] = defaultdict(Counter)
            for row in rows:
                place = tuple(row[column] for column in key)
                for column in columns:
                    sums[place, column][row["segment_type"]] += row[column] or 0
            for place, totals in sums.items():
                assert len(set(totals.values())) == 1, (name, place, totals)
                checked += totals["all"] > 0
    assert checked > 1000


def test_a_zone_moves_dates_and_nothing_else(cases: list[Computed]) -> None:
    moved = 0
    for number, computed in enumerate(cases):
        in_utc = compute(computed.case, reporting_timezone="UTC")
        if zone_of_case(number).name == "Etc/UTC":
            marts = MARTS.keys() - {VERSIONED}
            assert all(in_utc.rows_of(mart) == computed.rows_of(mart) for mart in marts)
        # Days of use are dates.
        elif all(m.min_days is None for m in computed.population.definitions.milestones):
            people, people_in_utc = computed.rows_of("users"), in_utc.rows_of("users")
            moved += people != people_in_utc
            for mart in MARTS_WITHOUT_DATES:
                assert in_utc.rows_of(mart) == computed.rows_of(mart)
    assert moved > 2


def test_users_live_on_both_sides_of_a_change_of_clocks(cases: list[Computed]) -> None:
    for number, computed in enumerate(cases):
        change = zone_of_case(number).change
        instants = [event.timestamp for event in computed.population.events]
        assert min(instants) < change < max(instants)
        assert any(abs((instant - change).total_seconds()) < 1e-5 for instant in instants)


def test_names_of_columns_change_nothing(tmp_path: Path) -> None:
    plain = compute(write_case(1, tmp_path / "plain", ["identity", "segments"]))
    named = compute(write_case(1, tmp_path / "named", ["identity", "segments", "names"]))
    marts = MARTS.keys() - {VERSIONED}
    assert all(plain.rows_of(mart) == named.rows_of(mart) for mart in marts)


def test_a_case_is_the_same_each_time(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        write_case(1, folder, FEATURES)
    one, two = (
        {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*.*"))}
        for folder in folders
    )
    assert one == two
    assert len(one) > 10
