"""Exports of vendors: which source a folder is, how its tables are shown, what a build reads again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import duckdb

from plg.check import check
from plg.input.delivered import Delivered
from plg.input.detect import find_source
from plg.input.views import show
from plg.settings import Settings
from tests.harness import PROJECT
from tests.input.files import USER_COLUMNS, USERS, found_in, refused, write, write_text

TRACKS = "id,anonymous_id,event,received_at\n"
ROW = {"id": "e", "anonymous_id": "d", "event": "paid", "received_at": "2024-01-01"}


def lines(path: Path, *rows: object) -> None:
    write_text(path, "".join(f"{json.dumps(row)}\n" for row in rows))


def delivered(
    connection: duckdb.DuckDBPyConnection, folder: Path, allowed: float = 0.001
) -> Delivered:
    found = found_in(connection, folder, allowed=allowed)
    assert found.problems == []
    show(connection, "raw", found, "this run")
    return found


def test_segment_is_known_by_the_columns_of_tracks(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_text(tmp_path / "TRACKS.csv", TRACKS.upper())
    assert find_source(connection, tmp_path, "auto") == "segment"
    assert find_source(connection, tmp_path, "rudderstack") == "segment"
    assert find_source(connection, tmp_path, "canonical") == "canonical"


def test_a_key_of_the_first_twenty_lines_will_do(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    late = ROW | {"event": None}
    del late["event"]
    lines(tmp_path / "tracks.json", *[late] * 19, ROW)
    assert find_source(connection, tmp_path, "auto") == "segment"
    lines(tmp_path / "tracks.json", *[late] * 20, ROW)
    assert "fits no source" in refused(connection, tmp_path)


def test_the_sample_is_canonical(connection: duckdb.DuckDBPyConnection) -> None:
    assert find_source(connection, PROJECT / "sample", "auto") == "canonical"


def test_a_table_under_another_name_is_recognized(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_text(tmp_path / "event_data.csv", "event_type,event_time,amplitude_id\n")
    rename = "event_data has the columns of the table events of amplitude; rename it to events"
    for setting in ("auto", "amplitude"):
        assert rename in refused(connection, tmp_path, setting)
    (tmp_path / "event_data.csv").unlink()
    write_text(tmp_path / "people.csv", "user_id,created_at\n")
    rename = "people has the columns of the table users; rename it to users"
    assert rename in refused(connection, tmp_path)


def test_a_folder_that_fits_two_sources_or_none_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_text(tmp_path / "tracks.csv", "id,event\n")
    sentence = refused(connection, tmp_path)
    for word in (
        "PLG_SOURCE is auto",
        f"{tmp_path} fits no source",
        "tracks with id, anonymous_id",
    ):
        assert word in sentence
    write_text(tmp_path / "tracks.csv", TRACKS)
    write(tmp_path / "users.csv", USER_COLUMNS, USERS)
    write_text(tmp_path / "events.csv", "event_id,user_id,event_name,timestamp,properties\n")
    assert "fits canonical and segment; set PLG_SOURCE" in refused(connection, tmp_path)


def test_another_source_than_the_one_that_is_set_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_text(tmp_path / "tracks.csv", "id,event,received_at\n")
    assert "PLG_SOURCE is segment, but tracks has no anonymous_id" in refused(
        connection, tmp_path, "segment"
    )
    write(tmp_path / "users.csv", USER_COLUMNS, USERS)
    write_text(tmp_path / "events.csv", "event_id,user_id,event_name,timestamp,properties\n")
    assert "its tables fit canonical: set PLG_SOURCE=canonical" in refused(
        connection, tmp_path, "segment"
    )
    (tmp_path / "tracks.csv").unlink()
    assert "has no table tracks" in refused(connection, tmp_path, "segment")
    assert "PLG_SOURCE segmnt: write one of auto, canonical" in refused(
        connection, tmp_path, "segmnt"
    )


def test_packed_files_and_arrays_are_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_text(tmp_path / "export.zip", "x")
    assert f"{tmp_path} holds export.zip: unpack it" in refused(connection, tmp_path)
    (tmp_path / "export.zip").unlink()
    write_text(tmp_path / "tracks.csv", TRACKS)
    write_text(tmp_path / "paid.json", json.dumps([ROW], indent=1))
    found = found_in(connection, tmp_path, "segment", 0.1)
    assert len(found.problems) == 1
    assert "paid.json: this is a JSON array; write one object a line" in found.problems[0]


def test_a_table_is_a_view_of_all_columns_as_they_come(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_text(tmp_path / "tracks.csv", f"{TRACKS.upper()}007,d,paid,2024-01-01\n")
    first = ROW | {"amount": 5, "Plan": "pro", "tags": ["a", None]}
    (tmp_path / "paid").mkdir()
    (tmp_path / "paid" / "1.json.gz").write_bytes(gzip.compress(f"{json.dumps(first)}\n".encode()))
    write_text(tmp_path / "paid" / "manifest.json", "{}")
    connection.execute(
        "copy (select 'e2' as id, 'paid' as event, timestamp '2024-01-02' as received_at, 6.5 as amount) "
        f"to '{tmp_path / 'paid' / '2.parquet'}'"
    )
    found = delivered(connection, tmp_path)
    assert sorted(found.vendor_names) == ["segment_paid", "segment_tracks"]
    (row,) = connection.execute("from raw.segment_tracks").fetchall()
    assert row == (
        *("007", "d", "paid", "2024-01-01"),
        *(str(tmp_path / "tracks.csv"), False, "tracks"),
    )
    # Of several types: text.
    rows = connection.execute(
        'select id, amount, "Plan", tags, received_at, plg_table_name from raw.segment_paid order by id'
    ).fetchall()
    assert rows[0] == ("e", "5", '"pro"', '["a",null]', "2024-01-01", "paid")
    assert rows[1] == ("e2", "6.5", None, None, "2024-01-02 00:00:00", "paid")
    assert connection.execute("from raw.plg_source").fetchall() == [("segment",)]
    assert connection.execute("from raw.users").fetchall() == []


def test_spark_reads_no_files_of_a_vendor(tmp_path: Path) -> None:
    write_text(tmp_path / "tracks.csv", TRACKS)
    settings = Settings.from_environment({"PLG_RAW_DIR": str(tmp_path)})
    (problem,) = check(settings, "spark", raw=False).problems
    assert f"{tmp_path} is an export of segment" in problem


def test_views_of_another_export_are_dropped(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_text(tmp_path / "tracks.csv", TRACKS)
    lines(tmp_path / "paid.json", ROW)
    delivered(connection, tmp_path)
    (tmp_path / "paid.json").unlink()
    delivered(connection, tmp_path)
    views = "select view_name from duckdb_views() where starts_with(view_name, 'segment')"
    assert connection.execute(views).fetchall() == [("segment_tracks",)]


def test_rows_that_cant_be_read_are_counted_in_their_table(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_text(tmp_path / "tracks.csv", TRACKS)
    write_text(tmp_path / "paid.ndjson", f"{json.dumps(ROW)}\n{{broken\n")
    found = found_in(connection, tmp_path, allowed=0.1)
    assert "line 2 can't be read" in found.problems[0]
    delivered(connection, tmp_path, allowed=0.5)
    rows = connection.execute(
        "select id, plg_is_unreadable from raw.segment_paid order by id nulls last"
    )
    assert rows.fetchall() == [('"e"', False), (None, True)]


def parts(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    delivered(connection, folder)
    found = connection.execute("select part, fingerprint from raw.event_parts").fetchall()
    return {Path(part).name: fingerprint for part, fingerprint in found}


def test_a_build_reads_tracks_again_when_an_event_gets_a_table(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    lines(tmp_path / "tracks.json", ROW, ROW | {"event": "seen"})
    lines(tmp_path / "paid" / "1.json", ROW)
    write_text(tmp_path / "users.csv", "id\nu\n")
    before = parts(connection, tmp_path)
    assert before.keys() == {"tracks.json", "1.json"}
    # More rows of an event that has a table: only their file is new.
    lines(tmp_path / "paid" / "2.json", ROW | {"id": "e2"})
    more = parts(connection, tmp_path)
    assert before.items() <= more.items() and more.keys() == {*before, "2.json"}
    lines(tmp_path / "seen.json", ROW | {"event": "seen"})
    after = parts(connection, tmp_path)
    assert after["tracks.json"] != before["tracks.json"]
    assert after["1.json"] == before["1.json"]
