"""A world in a vendor's format, read back, gives every cell of every mart that its own rows give."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest

from plg.compare import differences, mart_differences, open_databases
from plg.marts import read_marts
from tests.adapters.expected import SOURCES
from tests.adapters.random_base import Dice
from tests.adapters.random_ga4 import COLUMN_TYPES
from tests.adapters.write_files import write_tables
from tests.adapters.writers.world import World, random_world, sample_world, write_canonical
from tests.harness import build
from tests.oracle.random_data import write_case

CASES = (0, 1, 2)
# RudderStack's tables are Segment's.
WRITERS = {source: source for source in SOURCES} | {"rudderstack": "segment"}
# It says what the adapter decided, which the canonical rows don't say.
OF_THE_SOURCE = "input_by_decision"
WARNINGS = "build_warnings"
# They name files, or belong to a vendor.
OWN_WARNINGS = ("file_lost", "signup_unknown", "no_traits", "no_merges", "two_persons")
OWN_WARNINGS += ("intraday_only", "mixed_time_units", "no_event_table")


def assert_round_trip(
    source: str,
    world: World,
    folder: Path,
    definitions_dir: Path | None = None,
    variables: Mapping[str, object] | None = None,
) -> None:
    writer = import_module(f"tests.adapters.writers.{WRITERS[source]}")
    carried = writer.carried(world)
    write_canonical(carried, folder / "canonical")
    write_tables(
        writer.tables(carried),
        folder / "vendor",
        Dice(0),
        forms=[".parquet"],
        column_types=COLUMN_TYPES if source == "ga4" else {},
    )
    databases = {}
    for name, environment in (("canonical", {}), ("vendor", {"PLG_SOURCE": source})):
        work = folder / f"{name}-work"
        work.mkdir()
        databases[name] = build(
            folder / name, work, definitions_dir, dict(variables or {}), environment=environment
        )
    with open_databases(**databases) as connection:
        names = [name for name in read_marts() if name not in (OF_THE_SOURCE, WARNINGS)]
        found = mart_differences(
            connection, "canonical.marts.{}".format, "vendor.marts.{}".format, names=names
        )
        key = ("warning_id", "table_name", "subject")
        found += differences(
            connection, WARNINGS, key, warnings_of("canonical"), warnings_of("vendor")
        )
    assert not found, "\n".join([source, *found])


def warnings_of(database: str) -> str:
    return (
        "(select warning_id, table_name, subject, row_count, row_rate "
        f"from {database}.marts.{WARNINGS} where warning_id not in {OWN_WARNINGS})"
    )


@pytest.mark.long
@pytest.mark.parametrize("source", WRITERS)
def test_the_sample_comes_back(source: str, tmp_path: Path) -> None:
    assert_round_trip(source, sample_world(), tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("number", CASES)
@pytest.mark.parametrize("source", WRITERS)
def test_a_random_world_comes_back(source: str, number: int, tmp_path: Path) -> None:
    case = write_case(number, tmp_path / "case")
    world = random_world(case.raw_dir)
    assert_round_trip(source, world, tmp_path, case.definitions_dir, case.variables)
