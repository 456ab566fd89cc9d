"""What is written in Segment's format and read back gives the same numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.adapters.canonical import Canonical, carried
from tests.adapters.round_trip import round_trip
from tests.adapters.segment import write_segment
from tests.harness import PROJECT
from tests.oracle.random_data import write_case


@pytest.mark.parametrize("number", [4])
def test_random_world(tmp_path: Path, number: int) -> None:
    case = write_case(number, tmp_path / "case")
    rows = carried(case.raw_dir)
    assert len(rows.users) > 20
    for seed in (PROJECT / "seeds").glob("*.csv"):
        if not (case.definitions_dir / seed.name).exists():
            shutil.copy(seed, case.definitions_dir)
    found = round_trip(
        rows,
        write_segment,
        tmp_path,
        definitions_dir=case.definitions_dir,
        variables=case.variables,
    )
    assert found == []


@pytest.mark.long
def test_bundled_sample(tmp_path: Path) -> None:
    assert round_trip(carried(PROJECT / "sample"), write_segment, tmp_path) == []


def test_the_rows_of_the_sample_are_carried() -> None:
    rows: Canonical = carried(PROJECT / "sample")
    assert len(rows.users) > 5000
    assert len(rows.events) > 80_000
