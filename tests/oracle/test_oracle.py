"""Every cell of every mart against independent Python, on random dirty data and on real data.

The real data lie beside a checkout of the project, not in it; PLG_REAL_DATA names another place.
Where there are none, those two tests are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timezone
from pathlib import Path

import pytest

from tests.harness import PROJECT, build, query
from tests.oracle.compare import differences
from tests.oracle.oracle import KEYS, compute_marts
from tests.oracle.random_data import write_case

CASE_COUNT = int(os.environ.get("PLG_ORACLE_CASES", "12"))
# The rest takes too long for scripts/test; scripts/replay builds it.
SHORT_CASES = 8
REAL_DATA = Path(os.environ.get("PLG_REAL_DATA", PROJECT.parent / "shared" / "data")).resolve()
MILESTONE_COLUMNS = (
    "milestone_id,definition,weight,timeframe,triggered_by_event,milestone_order,path,is_required,"
    "is_first_value,min_count\n"
)
REAL_MILESTONES = {
    "stackexchange": """\
s1,Posts a first comment,0.10,7d,comment_posted,1,default,false,false,1
s2,Asks a first question,0.20,14d,question_asked,2,asker,true,true,1
s3,Posts a first answer,0.20,14d,answer_posted,3,answerer,true,true,1
s4,Receives a first upvote,0.20,30d,upvote_received,4,default,false,false,1
s5,Earns three badges,0.30,30d,badge_earned,5,default,false,false,3
""",
    "cdnow": "c1,Buys a second time,1,90d,purchase,1,default,true,true,2\n",
}


def assert_marts_equal_oracle(
    database: Path,
    raw_dir: Path,
    definitions_dir: Path,
    observed_until: str | None = None,
    benchmark_category: str = "overall",
    benchmark_segment: str = "all",
) -> None:
    """Compares all marts of the database with what the oracle computes from the raw files."""
    expected = compute_marts(
        raw_dir,
        definitions_dir,
        datetime.now(timezone.utc).replace(tzinfo=None),
        observed_until,
        benchmark_category,
        benchmark_segment,
    )
    found = [
        difference
        for mart, keys in KEYS.items()
        for difference in differences(
            mart, expected[mart], query(database, f"select * from marts.{mart}"), keys
        )
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, marks=[pytest.mark.long] if number >= SHORT_CASES else [])
        for number in range(CASE_COUNT)
    ],
)
def test_random_data(number: int, tmp_path: Path) -> None:
    case = write_case(number, tmp_path)
    variables = {
        "observed_until": case.observed_until,
        "benchmark_category": case.benchmark_category,
        "benchmark_segment": case.benchmark_segment,
    }
    workdir = tmp_path / "build"
    workdir.mkdir()
    database = build(case.raw_dir, workdir, case.definitions_dir, variables)
    assert_marts_equal_oracle(
        database,
        case.raw_dir,
        case.definitions_dir,
        case.observed_until,
        case.benchmark_category,
        case.benchmark_segment,
    )


@pytest.mark.parametrize("site", REAL_MILESTONES)
def test_real_data(site: str, tmp_path: Path) -> None:
    raw_dir = REAL_DATA / site
    if not raw_dir.is_dir():
        pytest.skip(f"{raw_dir} is not there; PLG_REAL_DATA names the folder that holds {site}")
    definitions_dir = tmp_path / "definitions"
    shutil.copytree(PROJECT / "seeds", definitions_dir)
    (definitions_dir / "milestones.csv").write_text(MILESTONE_COLUMNS + REAL_MILESTONES[site])
    database = build(raw_dir, tmp_path, definitions_dir)
    assert_marts_equal_oracle(database, raw_dir, definitions_dir)


def test_bundled_sample(sample_database: Path) -> None:
    assert_marts_equal_oracle(sample_database, PROJECT / "sample", PROJECT / "seeds")
