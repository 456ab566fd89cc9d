"""Exports of PostHog and Snowplow: how they are known, and what a build reads again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import duckdb

from plg.input.detect import find_source
from plg.input.vendor_tables import parts_query
from tests.input.files import found_in, refused, write_text

EVENT = {"uuid": "e", "event": "paid", "distinct_id": "d", "timestamp": "2024-01-01"}
COLUMNS = "event_id,collector_tstamp,domain_userid,event\n"
ENRICHED = "shop\tweb\t2024-01-01 10:00:00\tpage_view\n"


def fingerprint(connection: duckdb.DuckDBPyConnection, folder: Path) -> str:
    found = found_in(connection, folder)
    assert found.problems == []
    (part,) = connection.execute(parts_query(found.views)).fetchall()
    return part[1]


def test_they_are_known_by_columns_of_their_events(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_text(tmp_path / "events.jsonl", json.dumps(EVENT))
    assert find_source(connection, tmp_path, "auto") == "posthog"
    (tmp_path / "events.jsonl").unlink()
    write_text(tmp_path / "events.csv", COLUMNS.upper())
    assert find_source(connection, tmp_path, "auto") == "snowplow"


def test_events_are_read_again_where_persons_appear_and_not_where_they_change(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_text(tmp_path / "events.jsonl", json.dumps(EVENT))
    alone = fingerprint(connection, tmp_path)
    write_text(tmp_path / "persons.jsonl", json.dumps({"distinct_id": "d", "person_id": "p"}))
    beside_persons = fingerprint(connection, tmp_path)
    assert alone != beside_persons
    write_text(tmp_path / "persons.jsonl", json.dumps({"distinct_id": "d", "person_id": "q"}))
    assert fingerprint(connection, tmp_path) == beside_persons


def test_a_tsv_without_header_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    said = "a TSV without a header; write a CSV"
    (tmp_path / "events.tsv.gz").write_bytes(gzip.compress(ENRICHED.encode()))
    assert f"{tmp_path} holds events.tsv.gz, {said}" in refused(connection, tmp_path, "auto")
    assert said in refused(connection, tmp_path, "snowplow")
    assert said not in refused(connection, tmp_path, "posthog")
    (tmp_path / "events.tsv.gz").unlink()
    write_text(tmp_path / "events.csv", ENRICHED)
    assert f"{tmp_path} holds events.csv, {said}" in refused(connection, tmp_path, "auto")
    # This one has a header.
    write_text(tmp_path / "events.csv", COLUMNS.replace(",", "\t"))
    assert said not in refused(connection, tmp_path, "snowplow")
