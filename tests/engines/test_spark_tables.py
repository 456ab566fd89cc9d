"""How the raw files are shown to Spark: the statements, made without a Spark to run them.

`plg compare spark` proves that Spark reads through them what DuckDB reads.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import duckdb

from plg.engines.spark_tables import SparkTables
from plg.input.raw_tables import read_table
from plg.input.unreadable import RowTables
from plg.inputs import Input, read_inputs

USERS = "user_id,account_id,created_at,plan_tier,install_source,invited_by\nann,,2024-01-01,,,\n"
EVENTS = "event_id,user_id,event_name,timestamp,properties\ne1,ann,login,2024-01-02 10:00:00,\n"


def statements(folder: Path, name: str, inputs: dict[str, Input] | None = None) -> list[str]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        row_tables = RowTables(connection, allowed=0.5)
        table, _ = read_table(connection, folder / "raw", name, {}, inputs, row_tables)
        return list(SparkTables(connection, table, "raw", folder / "links").statements())


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


def test_no_view_is_longer_than_a_metastore_takes(tmp_path: Path) -> None:
    traits = [f"trait_{number}" for number in range(12)]
    header, row = USERS.splitlines()
    further = ["updated_at", "received_at", *traits]
    text = f"{','.join([header, *further])}\n{row}{',' * len(further)}\n"
    write(tmp_path / "raw" / "users.csv", text)
    users = replace(read_inputs()["users"], further=dict.fromkeys(traits, True))
    inputs = {**read_inputs(), "users": users}
    made = statements(tmp_path, "users", inputs)
    assert max(map(len, made)) < 32_700
    views = [
        text for text in made if text.startswith("create or replace view `raw`.`plg_users_0_read")
    ]
    assert len(views) > 1 and all(f"`{trait}`" in made[-1] for trait in traits)


def test_links_of_an_earlier_build_are_gone(tmp_path: Path) -> None:
    for day in ("2024-01-01", "2024-01-02"):
        write(tmp_path / "raw" / "events" / f"{day}.csv", EVENTS)
    statements(tmp_path, "events")
    (tmp_path / "raw" / "events" / "2024-01-02.csv").unlink()
    statements(tmp_path, "events")
    assert len(list((tmp_path / "links" / "events" / "0").iterdir())) == 1


def test_files_of_other_columns_are_tables_of_their_own(tmp_path: Path) -> None:
    write(tmp_path / "raw" / "events" / "a.csv", EVENTS)
    other = EVENTS.replace("properties\n", "properties,note\n").replace(":00,\n", ":00,,\n")
    write(tmp_path / "raw" / "events" / "b.csv", other)
    made = statements(tmp_path, "events")
    assert sum(text.startswith("create table `raw`.`plg_events_") for text in made) == 2 + 1
    assert "`column 6` string" in " ".join(made)


def files(folder: Path) -> list[dict[str, object]]:
    """What the links of the events stand for."""
    statements(folder, "events")
    lines = (folder / "links" / "events" / "files" / "files.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_a_changed_file_has_another_fingerprint(tmp_path: Path) -> None:
    file = tmp_path / "raw" / "events" / "a.csv"
    write(file, EVENTS)
    (before,) = files(tmp_path)
    file.write_text(EVENTS.replace("login", "logout"))
    (after,) = files(tmp_path)
    assert before["path"] == after["path"] == str(file)
    assert before["fingerprint"] != after["fingerprint"]


def test_values_of_partitions_come_from_folders(tmp_path: Path) -> None:
    text = EVENTS.replace("event_name,", "").replace("login,", "")
    write(tmp_path / "raw" / "events" / "event_name=log%20in" / "a.csv", text)
    write(tmp_path / "raw" / "events" / "event_name=__HIVE_DEFAULT_PARTITION__" / "a.csv", text)
    assert {file["folder_event_name"] for file in files(tmp_path)} == {"log in", None}
    assert any("from files.`folder_event_name`)" in text for text in statements(tmp_path, "events"))


def test_views_stay_short_however_many_files_there_are(tmp_path: Path) -> None:
    for number in range(400):
        write(tmp_path / "raw" / "events" / f"{number:04}.csv", EVENTS)
    assert max(len(text) for text in statements(tmp_path, "events")) < 20_000


def test_names_with_quotes_are_text(tmp_path: Path) -> None:
    folder = tmp_path / "plan's"
    write(folder / "raw" / "events.csv", EVENTS)
    assert any(r"plan\'s" in text for text in statements(folder, "events"))


def test_rows_that_cannot_be_read_come_along(tmp_path: Path) -> None:
    write(tmp_path / "raw" / "events" / "a.csv", EVENTS + "e2,ann\n")
    write(tmp_path / "raw" / "events" / "b.csv", EVENTS)
    made = statements(tmp_path, "events")
    links = tmp_path / "links" / "events"
    assert (links / "0" / "000000.csv").is_symlink()
    rows = f"select event_id, plg_is_unreadable from '{links}/1/000000.parquet' order by all"
    with duckdb.connect() as connection:
        assert connection.execute(rows).fetchall() == [("e1", False), (None, True)]
    assert any(
        "plg_is_unreadable as `is_unreadable`" in text and "`plg_events_1_read_0`" in text
        for text in made
    )


def test_bytes_that_are_no_text_are_unreadable(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select encode('e1') as event_id, 'ann' as user_id, 'login' as event_name, "
            f"'2024-01-02' as timestamp, '' as properties) to '{tmp_path}/raw/events.parquet'"
        )
    (view,) = (text for text in statements(tmp_path, "events") if "_read_0` as" in text)
    assert "not is_valid_utf8(cast(`event_id` as string))" in view
    assert "if(is_unreadable, null, `user_id`) as `user_id`" in view
