"""How values of every type become text, times and JSON."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from tests.input.files import EVENT_COLUMNS, as_text, read, write


def test_files_of_a_folder_may_differ_in_types(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / "users").mkdir()
    rows = {
        "timestamptz": "'u1' as user_id, timestamptz '2024-01-01 12:00+02' as created_at, 'a'",
        "timestamp_ns": "7 as user_id, timestamp_ns '2024-01-01 10:00:00.123456789', 8::double",
        "null": "'no time' as user_id, null::integer as created_at, null::integer",
        "integer": "'seconds' as user_id, 1704103200 as created_at, {'a': 1}",
    }
    for kind, row in rows.items():
        user_id, created_at, account_id = (part.split(" as ")[0] for part in row.split(", ", 2))
        connection.execute(
            f"copy (select {user_id} as user_id, {account_id} as account_id, {created_at} as "
            "created_at, null::integer as plan_tier, 'web' as install_source, null as invited_by) "
            f"to '{tmp_path}/users/{kind}.parquet' (format parquet)"
        )
    assert as_text(read(connection, tmp_path, "users")) == as_text(
        [
            ("u1", "a", "2024-01-01 10:00:00", None, "web", None),
            ("7", "8", "2024-01-01 10:00:00.123456", None, "web", None),
            ("no time", None, None, None, "web", None),
            ("seconds", '{"a":1}', "2024-01-01 10:00:00", None, "web", None),
        ]
    )


TEXTS = [
    ("'007'", "007"),
    ("7", "7"),
    ("12345678901234567890::ubigint", "12345678901234567890"),
    ("7::double", "7"),
    ("7.5::double", "7.5"),
    ("9007199254740991::double", "9007199254740991"),
    ("'nan'::double", None),
    ("7::decimal(38, 0)", "7"),
    ("7.00::decimal(10, 2)", "7"),
    ("7.50::decimal(10, 2)", "7.50"),
    ("encode('é')", "é"),
    ("'pro'::enum ('pro')", "pro"),
    ("true", "true"),
    ("null", None),
    ("{'count': 2}", '{"count":2}'),
    ("map {'count': 2}", '{"count":2}'),
    ("[1, 2]", "[1,2]"),
]


def test_every_type_becomes_text(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rest = "null as plan_tier, null as install_source, null as invited_by"
    (tmp_path / "users").mkdir()
    for number, (value, _) in enumerate(TEXTS):
        connection.execute(
            f"copy (select '{number}' as user_id, {value} as account_id, date '2024-01-01' as "
            f"created_at, {rest}) to '{tmp_path}/users/{number}.parquet' (format parquet)"
        )
    found = {int(row[0]): row[1] for row in read(connection, tmp_path, "users")}
    assert [(value, found[number]) for number, (value, _) in enumerate(TEXTS)] == TEXTS


TIMES = [
    ("date '2024-01-01'", "2024-01-01 00:00:00"),
    ("timestamp '2024-01-01 10:00:00.123456'", "2024-01-01 10:00:00.123456"),
    ("timestamp_s '2024-01-01 10:00:00'", "2024-01-01 10:00:00"),
    ("timestamp_ms '2024-01-01 10:00:00.123'", "2024-01-01 10:00:00.123000"),
    ("timestamp_ns '2024-01-01 10:00:00.123456789'", "2024-01-01 10:00:00.123456"),
    ("timestamptz '2024-01-01 12:00:00+02'", "2024-01-01 10:00:00"),
    # Parquet files of pandas have this type.
    ("timestamptz_ns '2024-01-01 12:00:00.123456789+02'", "2024-01-01 10:00:00.123456"),
    ("'2024-01-01T12:00:00+02:00'", "2024-01-01 10:00:00"),
    ("'2024-01-01'::blob", "2024-01-01 00:00:00"),
    ("1704103200", "2024-01-01 10:00:00"),
    ("1704103200::double", "2024-01-01 10:00:00"),
    ("1704103200000000::ubigint", "2024-01-01 10:00:00"),
    ("1704103200.00::decimal(18, 2)", "2024-01-01 10:00:00"),
    ("20240101::integer", "2024-01-01 00:00:00"),
    ("1704103200.5::double", None),
    ("'nan'::double", None),
    ("-0.0::double", None),
    ("1e300::double", None),
    ("1e37::decimal(38, 0)", None),
    ("true", None),
    ("time '10:00'", None),
    ("timestamp '1989-12-31 23:59:59.999999'", None),
    ("timestamptz '1990-01-01 01:00+02'", None),
    ("timestamp '1990-01-01'", "1990-01-01 00:00:00"),
    ("timestamp '9999-12-31 23:59:59.999999'", "9999-12-31 23:59:59.999999"),
    ("timestamp 'infinity'", None),
    ("timestamptz 'infinity'", None),
    ("timestamptz '-infinity'", None),
    ("date 'infinity'", None),
    ("timestamp '290000-01-01'", None),
    ("date '5000000-01-01'", None),
    ("null", None),
]


def test_every_type_becomes_a_time_or_null(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rest = "null as account_id, null as plan_tier, null as install_source, null as invited_by"
    (tmp_path / "users").mkdir()
    for number, (value, _) in enumerate(TIMES):
        connection.execute(
            f"copy (select '{number}' as user_id, {value} as created_at, {rest}) "
            f"to '{tmp_path}/users/{number}.parquet' (format parquet)"
        )
    found = {int(row[0]): row[2] for row in read(connection, tmp_path, "users")}
    for number, (value, time) in enumerate(TIMES):
        assert found[number] == (None if time is None else datetime.fromisoformat(time)), value


def test_nested_properties_are_json_text(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    properties = [{"count": 2, "page": {"tags": ["é", None]}}, '{"count": 2}', {}, None, ""]
    rows = [(f"e{n}", "u1", "x", "2024-01-01", each) for n, each in enumerate(properties)]
    write(tmp_path / "events.jsonl", EVENT_COLUMNS, rows)
    assert [row[4] for row in sorted(read(connection, tmp_path, "events"))] == [
        '{"count":2,"page":{"tags":["é",null]}}',
        '{"count": 2}',
        "{}",
        None,
        None,
    ]
