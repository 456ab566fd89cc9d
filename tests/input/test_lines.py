"""Sorting the lines of a broken file takes no longer than its length allows, whatever is in it."""

from __future__ import annotations

import io
import time
from pathlib import Path

import duckdb
import pytest

from plg.input.lines import Sorted, sort_csv, sort_jsonl
from plg.input.raw_tables import InputProblem, read_table
from tests.input.files import USER_COLUMNS, write_text

HEADER = ",".join(USER_COLUMNS)
GOOD = "u1,a,2024-01-01,free,web,"
MOST_SECONDS = 8  # Quadratic work takes minutes.

AWKWARD = {
    "quotes that open and close on the next line": [HEADER, *['",b,"'] * 20_000],
    "quotes that nothing closes": [HEADER, *['u,"a'] * 20_000],
    "quotes that open once": [HEADER, 'u,"a', *['u1,a"",2024-01-01,free,web,'] * 40_000],
    "doubled quotes": [HEADER, *['"""",b,"'] * 20_000],
    "empty cells in quotes behind an open quote": [HEADER, 'u,"', *['"","","","","",""'] * 20_000],
    "one line of 12 MB": [HEADER, 'u,"a"b,' + '"c",' * 3_000_000, GOOD],
    "one record of 40,000 lines": [HEADER, f'u,"{"x" * 9}', *["x"] * 40_000, '",,,,,', GOOD],
}


def sorted_csv(path: Path, lines: list[str], end: str) -> tuple[Sorted, float]:
    path.write_text(end.join([*lines, ""]), newline="")
    begin = time.process_time()
    found = sort_csv(path, io.BytesIO())
    return found, time.process_time() - begin


@pytest.mark.parametrize("lines", AWKWARD.values(), ids=AWKWARD)
@pytest.mark.parametrize("end", ["\n", "\r"], ids=["LF", "CR"])
def test_a_broken_csv_is_sorted_in_time(tmp_path: Path, lines: list[str], end: str) -> None:
    found, seconds = sorted_csv(tmp_path / "x.csv", lines, end)
    assert found.bad_count
    assert seconds < MOST_SECONDS


def test_one_line_end_of_another_kind_costs_nothing(tmp_path: Path) -> None:
    lines = [HEADER, *['",b,"'] * 15_000, "u\r", *['",b,"'] * 15_000]
    _, seconds = sorted_csv(tmp_path / "x.csv", lines, "\n")
    assert seconds < MOST_SECONDS


def test_json_on_one_line_of_many_mb_is_sorted_in_time(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"user_id": 1}\r' * 3_000_000 + b"\n" + b'{"user_id": 1}\n')
    begin, good = time.process_time(), io.BytesIO()
    found = sort_jsonl(path, good, {"user_id"}, lambda text: False)
    assert time.process_time() - begin < MOST_SECONDS
    assert (found.row_count, found.bad_count, good.getvalue()) == (2, 1, b'{"user_id": 1}\n')
    assert found.reason.startswith("longer than 16 MB")


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_file_that_is_lost_is_not_read_to_its_end(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    # 1,500 of 3,000 rows; it is certain after 1,000 of them.
    rows = {"csv": f"{GOOD}\nu\n", "jsonl": '{"user_id": "u1"}\n{"user_id": \n'}[form] * 1_500
    write_text(tmp_path / f"users.{form}", f"{HEADER}\n{rows}" if form == "csv" else rows)
    with pytest.raises(InputProblem, match=r"\. 1,000 of the first 2,000 rows can't be read"):
        read_table(connection, tmp_path, "users", {})
