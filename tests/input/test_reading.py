"""Text means the same from every form of file."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import available_timezones

import duckdb
import pytest
from jinja2 import Environment

from plg.input.raw_tables import find_table
from plg.inputs import Input
from plg.reading import Value, reading
from plg.settings import PROJECT
from tests.input.files import FORMS, write
from tests.input.values import BLANKS, CASES, Case

THINGS = Input(
    "things",
    {
        "row": "string",
        "x_id": "string",
        "event_name": "string",
        "word": "string",
        "at": "timestamp",
    },
)


def read(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[int, tuple]:
    table = find_table(connection, folder, "things", {"things": THINGS})
    rows = connection.execute(f"select * exclude (part, file_name) from ({table.query})").fetchall()
    return {int(number): tuple(values) for is_unreadable, number, *values in rows}


def expected(case: Case) -> tuple:
    return case.as_id, case.as_text, case.as_word, case.as_time


@pytest.mark.parametrize("form", [*FORMS, ".csv.gz"])
def test_text_is_read_by_the_rules(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    connection.execute("set TimeZone = 'America/New_York'")
    rows = [(str(n), *[case.text] * 4) for n, case in enumerate(CASES)]
    write(tmp_path / f"things{form}", tuple(THINGS.columns), rows)
    found = read(connection, tmp_path)
    for number, case in enumerate(CASES):
        assert found[number] == expected(case), case


def test_a_blank_is_each_of_nine_characters_and_no_other() -> None:
    assert sorted(map(ord, BLANKS)) == [9, 10, 13, 32, 0xA0, 0x200B, 0x202F, 0x2060, 0xFEFF]


def test_every_known_zone_is_one(connection: duckdb.DuckDBPyConnection) -> None:
    text = (PROJECT / "macros" / "engine" / "known_zones.sql").read_text()
    names = Environment().from_string(text).module.known_zones().strip().strip("'").split("', '")
    # A newer one, or a computer's own name.
    left_out = available_timezones() - set(names)
    assert set(names) <= available_timezones() and len(left_out) < 20
    rows = [(f"2024-01-31 09:30 {name}",) for name in names]
    connection.execute("create table times (created_at varchar)")
    connection.executemany("insert into times values (?)", rows)
    query = reading("duckdb").rows(
        [Value("created_at", "created_at", "VARCHAR", "timestamp")], "times", {}
    )
    assert connection.sql(f"select count(created_at) from ({query})").fetchall() == [(len(names),)]
