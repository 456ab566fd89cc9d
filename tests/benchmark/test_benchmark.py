"""What can be wrong in the benchmark itself: its arithmetic, its comparison, and its data."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from benchmark.data import DataSet, newest_date, split_events, users_for
from benchmark.measure import Cost, RunFailed, beyond_startup, in_process, median_cost, run
from benchmark.run_sql import statements
from benchmark.variants import MARTS, NOT_IN_CORE, database_differences
from plg.marts import read_marts

# An event's id and time: one on each date, one at a midnight, two without a date that can be.
EVENTS = """
    values
        ('first', timestamp '2024-01-01 10:00:00'),
        ('first again', timestamp '2024-01-01 23:59:59.999999'),
        ('midnight', timestamp '2024-01-02 00:00:00'),
        ('before the start', timestamp '2023-12-31 08:00:00'),
        ('last', timestamp '2024-01-04 12:00:00'),
        ('far future', timestamp '2124-01-02 12:00:00'),
        ('without a time', null)
"""


# -------------------------------------------------------------------------------------------------
# Costs
# -------------------------------------------------------------------------------------------------


def test_median_is_taken_number_by_number() -> None:
    rounds = [Cost(1.0, 9.0, 100.0), Cost(3.0, 5.0, 300.0), Cost(2.0, 7.0, 900.0)]
    assert median_cost(rounds) == Cost(2.0, 7.0, 300.0)


def test_median_of_no_round_is_refused() -> None:
    with pytest.raises(ValueError, match="without a round"):
        median_cost([])


def test_startup_is_subtracted_round_by_round() -> None:
    # The machine slows down: medians of each, 14 and 11, would give 3; the rounds give 2, 2 and 4.
    runs = [Cost(12.0, 6.0, 500.0), Cost(14.0, 7.0, 510.0), Cost(16.0, 8.0, 520.0)]
    startups = [Cost(10.0, 5.0, 200.0), Cost(12.0, 5.0, 200.0), Cost(12.0, 5.0, 200.0)]
    # Memory is that of the run: nothing is subtracted.
    assert beyond_startup(runs, startups) == Cost(2.0, 2.0, 510.0)


def test_no_run_takes_less_than_nothing() -> None:
    beyond = beyond_startup([Cost(9.5, 4.0, 300.0)], [Cost(10.0, 5.0, 200.0)])
    assert beyond == Cost(0.0, 0.0, 300.0)


def test_startup_of_another_number_of_rounds_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        beyond_startup([Cost(9.5, 4.0, 300.0)], [])


def test_run_counts_time_and_memory_of_the_process(tmp_path: Path) -> None:
    code = "import time; block = bytearray(200_000_000); time.sleep(0.2); sum(range(3_000_000))"
    # As in the benchmark, from a small process: this one may have held more by now.
    cost = in_process(run, [sys.executable, "-S", "-c", code], tmp_path / "log", 1)
    assert 200 < cost.peak_megabytes < 300
    assert 0 < cost.cpu_seconds < cost.wall_seconds - 0.1


def test_run_that_fails_says_why_and_where(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(RunFailed, match="no such mart") as caught:
        run([sys.executable, "-S", "-c", "raise SystemExit('no such mart')"], log, cpus=1)
    assert str(log) in str(caught.value)


# -------------------------------------------------------------------------------------------------
# Comparison
# -------------------------------------------------------------------------------------------------


def test_every_mart_of_the_benchmark_is_one_of_the_project() -> None:
    register = read_marts()
    assert len(MARTS) == 13
    for mart in MARTS:
        assert mart in register, f"{mart} has another name now: its rivals have the old one"
    assert set(NOT_IN_CORE) < set(MARTS)


def test_another_database_is_compared_in_whatever_schema_its_marts_are(tmp_path: Path) -> None:
    for name, schema, conversion in (("ours", "marts", 1), ("theirs", "main", 2)):
        with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as connection:
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(
                f"create table {schema}.pql_scores as select 'a' as user_id, {conversion} as score"
            )
    found = database_differences(tmp_path / "ours.duckdb", tmp_path / "theirs.duckdb")
    assert "pql_scores: user_id a: score should be 1 and is 2 (1 rows differ in it)" in found
    assert len(found) == len(MARTS)


# -------------------------------------------------------------------------------------------------
# Data
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def events_file(tmp_path: Path) -> Path:
    file = tmp_path / "events.parquet"
    query = f"select * from ({EVENTS}) as events (event_id, timestamp)"
    duckdb.execute(f"copy ({query}) to '{file}' (format parquet)")
    return file


def test_split_loses_no_row(events_file: Path, tmp_path: Path) -> None:
    days = tmp_path / "days"
    assert split_events(events_file, days, date(2024, 1, 4), "500MB") == 7
    rows = duckdb.execute(
        "select parse_filename(filename), list(event_id order by event_id) "
        f"from read_parquet('{days}/*.parquet', filename = true) group by all"
    ).fetchall()
    assert dict(rows) == {
        "2023-12-31.parquet": ["before the start"],
        "2024-01-01.parquet": ["first", "first again"],
        "2024-01-02.parquet": ["midnight"],
        "2024-01-04.parquet": ["far future", "last", "without a time"],
    }
    columns = duckdb.execute(f"describe from '{days}/2024-01-04.parquet'").fetchall()
    assert [name for name, *_ in columns] == ["event_id", "timestamp"]


def test_newest_date_is_one_that_can_be(events_file: Path) -> None:
    assert newest_date(events_file, date(2024, 12, 30)) == date(2024, 1, 4)


def test_last_date_is_delivered_and_taken_back(tmp_path: Path) -> None:
    data = DataSet("small", tmp_path, event_count=0, last_date=date(2024, 1, 2))
    (data.whole / "events").mkdir(parents=True)
    (tmp_path / "earlier").mkdir()
    (data.whole / "users.parquet").write_text("all users")
    (tmp_path / "earlier" / "users.parquet").write_text("earlier users")
    for day in ("2024-01-01", "2024-01-02"):
        (data.whole / "events" / f"{day}.parquet").write_text(day)

    def raw_files() -> dict[str, str]:
        files = (path for path in data.raw.rglob("*") if path.is_file())
        return {str(path.relative_to(data.raw)): path.read_text() for path in files}

    history = {"users.parquet": "earlier users", "events/2024-01-01.parquet": "2024-01-01"}
    data.link_history()
    assert raw_files() == history
    with data.delivered():
        whole = {"users.parquet": "all users", "events/2024-01-02.parquet": "2024-01-02"}
        assert raw_files() == {**history, **whole}
        # An interrupted run leaves it like this; the next one starts from the history.
        data.link_history()
        assert raw_files() == history
        (data.raw / "events" / "2024-01-02.parquet").touch()
    assert raw_files() == history


def test_users_are_as_many_as_the_events_need() -> None:
    assert users_for(10) == 233_000
    assert users_for(0.001) == 1_000


def test_script_is_cut_at_semicolons_that_end_a_line() -> None:
    script = "-- a; b\ncreate table a as select ';' as x;  -- why\n\nselect\n    1;\n-- the end\n"
    assert [part.strip() for part in statements(script)] == [
        "-- a; b\ncreate table a as select ';' as x",
        "select\n    1",
    ]
