"""How the raw files are shown to Spark: the statements, made without a Spark to run them.

That Spark reads through them what DuckDB reads is for scripts/compare_engines.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from plg_input.raw_tables import find_table
from plg_input.spark_tables import ISO, SparkTables

USERS = "user_id,account_id,created_at,plan_tier,install_source,invited_by\nann,,2024-01-01,,,\n"
EVENTS = "event_id,user_id,event_name,timestamp,properties\ne1,ann,login,2024-01-02 10:00:00,\n"


def statements(folder: Path, name: str) -> list[str]:
    with duckdb.connect() as connection:
        table = find_table(connection, folder / "raw", name)
    return list(SparkTables(table, "raw", folder / "links").statements())


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_files_are_linked_not_copied(tmp_path: Path) -> None:
    file = tmp_path / "raw" / "users.csv"
    write(file, USERS)
    made = statements(tmp_path, "users")
    (link,) = (tmp_path / "links" / "users" / "0").iterdir()
    assert link.is_symlink() and link.resolve() == file
    assert made[-1].startswith("create or replace view `raw`.users as select ")


def test_links_of_an_earlier_build_are_gone(tmp_path: Path) -> None:
    for day in ("2024-01-01", "2024-01-02"):
        write(tmp_path / "raw" / "events" / f"{day}.csv", EVENTS)
    statements(tmp_path, "events")
    (tmp_path / "raw" / "events" / "2024-01-02.csv").unlink()
    statements(tmp_path, "events")
    assert len(list((tmp_path / "links" / "events" / "0").iterdir())) == 1


def test_files_of_other_columns_are_tables_of_their_own(tmp_path: Path) -> None:
    write(tmp_path / "raw" / "events" / "a.csv", EVENTS)
    write(tmp_path / "raw" / "events" / "b.csv", EVENTS.replace("properties\n", "properties,note\n"))
    made = statements(tmp_path, "events")
    assert sum(text.startswith("create table") for text in made) == 2
    assert "`column 6` string" in " ".join(made)


def test_a_changed_file_has_another_fingerprint(tmp_path: Path) -> None:
    file = tmp_path / "raw" / "events" / "a.csv"
    write(file, EVENTS)
    before = statements(tmp_path, "events")[-1]
    file.write_text(EVENTS.replace("login", "logout"))
    assert statements(tmp_path, "events")[-1] != before


def test_names_with_quotes_are_text(tmp_path: Path) -> None:
    write(tmp_path / "raw" / "events" / "plan's" / "a.csv", EVENTS)
    assert r"plan\'s" in statements(tmp_path, "events")[-1]


def test_values_of_partitions_come_from_folders(tmp_path: Path) -> None:
    text = EVENTS.replace("event_name,", "").replace("login,", "")
    write(tmp_path / "raw" / "events" / "event_name=log%20in" / "a.csv", text)
    write(tmp_path / "raw" / "events" / "event_name=__HIVE_DEFAULT_PARTITION__" / "a.csv", text)
    view = statements(tmp_path, "events")[-2]
    assert "'log in')" in view and "cast(null as string))" in view


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31",
        "2024-01-31 09:30",
        "2024-01-31T09:30:00Z",
        "2024-01-31 09:30:00.1234567+05:30",
        "2024-01-31T09:30:00-08",
        "09:30",
        "T09:30",
        "2024",
        "2024-01",
        "infinity",
        "now",
        "soon",
        "",
    ],
)
def test_spark_is_asked_for_the_times_that_duckdb_reads(text: str) -> None:
    (value,) = duckdb.execute("select try_cast(? as timestamptz)", [text]).fetchone()
    is_asked = re.match(ISO.replace("\\\\", "\\"), text) is not None
    assert is_asked == (value is not None and text != "infinity")
