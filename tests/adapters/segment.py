"""Writes canonical tables in the format of Segment: what the adapter reads back must be the same.

What the format can't carry: several rows of one user; a user without a signup whose events tell one; an event of a
user who is no row of users (Segment would know this user).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]
# Tables that mean something else in Segment's schema.
TAKEN = {"tracks", "identifies", "users", "groups", "accounts", "aliases", "pages", "screens"}


def write_segment(raw_dir: Path, folder: Path) -> None:
    """Writes the tables users and events of a folder as Segment's.

    Args:
        raw_dir: folder with users and events in parquet files.
        folder: takes the tables; made here.
    """
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        users = _rows(connection, raw_dir / "users.parquet")
        events = _rows(connection, raw_dir / "events.parquet")
    write_users(folder, users)
    write_events(folder, events)


def write_users(folder: Path, users: Iterable[Row]) -> None:
    """Writes users as traits: some columns in the table users, the others in identifies.

    Args:
        folder: takes the tables.
        users: rows of the canonical table.
    """
    delivered, identifies = [], []
    for number, user in enumerate(users):
        key = user["user_id"]
        # A trait under another name, and in the other table: identifies, of which the latest counts.
        delivered.append(
            {
                "id": key,
                "received_at": None,
                "created_at": _text(user["created_at"]),
                "plan": user["plan_tier"],
                "company_id": user["account_id"],
            }
        )
        for day, source in (("01", "earlier"), ("02", user["install_source"])):
            if source is not None and user["install_source"] is not None:
                identifies.append(
                    {
                        "id": f"i{number}-{day}",
                        "anonymous_id": None,
                        "user_id": key,
                        "timestamp": f"2024-01-{day}T00:00:00.000Z",
                        "received_at": f"2024-01-{day}T00:00:01.000Z",
                        "utm_source": source,
                        "referred_by": user["invited_by"],
                    }
                )
        if user["install_source"] is None and user["invited_by"] is not None:
            identifies.append(
                {"id": f"i{number}", "user_id": key, "referred_by": user["invited_by"]}
            )
    write_lines(folder / "users.json", delivered)
    write_lines(folder / "identifies.json", identifies)


def write_events(folder: Path, events: Iterable[Row]) -> None:
    """Writes tracks, which holds every event, and a table for each event that has properties.

    Args:
        folder: takes the tables.
        events: rows of the canonical table.
    """
    tracks: list[Row] = []
    tables: dict[str, list[Row]] = {}
    with_properties: set[str] = set()
    for event in events:
        name = event["event_name"]
        row = {
            "id": event["event_id"],
            "anonymous_id": None,
            "user_id": event["user_id"],
            "event": name,
            "event_text": name,
            "timestamp": _text(event["timestamp"]),
            "received_at": _text(event.get("received_at")),
            "context_ip": "192.0.2.1",
        }
        tracks.append(row)
        properties = json.loads(event["properties"] or "{}")
        if name is not None:
            tables.setdefault(name, []).append(row | properties)
            with_properties |= {name} if properties else set()
    write_lines(folder / "tracks.json", tracks)
    for number, name in enumerate(sorted(with_properties)):
        is_plain = re.fullmatch("[a-z][a-z0-9_]*", name) and name not in TAKEN
        write_lines(folder / f"{name if is_plain else f'event_{number}'}.json", tables[name])


def write_lines(path: Path, rows: list[Row]) -> None:
    """Writes rows as JSON lines.

    Args:
        path: of the file.
        rows: in their order.
    """
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def _rows(connection: duckdb.DuckDBPyConnection, path: Path) -> list[Row]:
    found = connection.execute(f"from '{path}'")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _text(time: Any) -> str | None:
    return None if time is None else f"{time}"
