"""Canonical rows that every vendor's format can carry, from any raw files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from plg.input.raw_tables import find_tables
from plg.input.unreadable import RowTables

Row = dict[str, Any]
USER_COLUMNS = ("user_id", "account_id", "created_at", "plan_tier", "install_source", "invited_by")
EVENT_COLUMNS = ("event_id", "user_id", "event_name", "timestamp", "properties", "received_at")
# Adapters read these as no id.
NO_IDS = (
    *("anonymous", "guest", "null", "none", "nil", "undefined", "nan", "true", "false", "0", "-1"),
    *("[object object]", "not_authenticated", "unknown", "00000000-0000-0000-0000-000000000000"),
)


@dataclass(frozen=True)
class Canonical:
    """Users and events, each row a dict from column to text, time or None."""

    users: list[Row]
    events: list[Row]

    def write(self, folder: Path) -> None:
        """Writes users.parquet and events.parquet.

        Args:
            folder: takes the files; made here.
        """
        folder.mkdir(parents=True)
        _write(folder / "users.parquet", USER_COLUMNS, self.users)
        _write(folder / "events.parquet", EVENT_COLUMNS, self.events)


def carried(raw_dir: Path) -> Canonical:
    """The rows of raw files that a vendor's format can carry.

    That is one row of a user, with a signup; events of these users, or without a user; names in snake_case;
    properties that are a JSON object, without keys that differ in capitals only.

    Args:
        raw_dir: as PLG_RAW_DIR, with canonical tables.
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        found, problems = find_tables(
            connection, raw_dir, row_tables=RowTables(connection, allowed=1)
        )
        assert problems == []
        tables = {table.name: list(_rows(connection, table.query)) for table in found}
    users: dict[str, Row] = {}
    for row in tables["users"]:
        key = row["user_id"]
        if key and row["created_at"] and key.lower() not in NO_IDS and key not in users:
            ids = (row["account_id"], row["invited_by"])
            if not {str(one).lower() for one in ids if one} & set(NO_IDS):
                users[key] = {column: row[column] for column in USER_COLUMNS}
    events = [
        {column: row[column] for column in EVENT_COLUMNS}
        for row in tables["events"]
        if (row["user_id"] is None or row["user_id"] in users) and _is_plain(row)
    ]
    return Canonical(list(users.values()), events)


def _is_plain(event: Row) -> bool:
    name, event_id = event["event_name"], event["event_id"]
    if event["is_unreadable"]:
        return False
    if event_id and event_id.lower() in NO_IDS:
        return False
    if name is not None and not re.fullmatch("[a-z0-9]+(_[a-z0-9]+)*", name):
        return False
    if event["properties"] is None:
        return True
    with suppress(ValueError):
        properties = json.loads(event["properties"], parse_constant=_refuse)
        if isinstance(properties, dict):
            keys = [key.lower() for key in properties]
            return len(keys) == len(set(keys)) and all(re.fullmatch("[a-z_]+", k) for k in keys)
    return False


def _refuse(name: str) -> None:
    raise ValueError(name)


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[Row]:
    found = connection.execute(query)
    names = [column[0] for column in found.description]
    for row in found.fetchall():
        yield dict(zip(names, row, strict=True))


def _write(path: Path, columns: tuple[str, ...], rows: list[Row]) -> None:
    times = {"created_at", "timestamp", "received_at"}
    types = {c: "TIMESTAMP" if c in times else "VARCHAR" for c in columns}
    lines = path.with_suffix(".jsonl")
    with lines.open("w", encoding="utf-8") as file:
        for row in rows:
            texts = {c: None if row[c] is None else f"{row[c]}" for c in columns}
            file.write(json.dumps(texts, ensure_ascii=False) + "\n")
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (from read_json('{lines}', columns = {types}, format = 'newline_delimited')) "
            f"to '{path}'"
        )
    lines.unlink()
