"""A small product in which every number is known, and how to write its raw files.

40 users sign up at 09:00, one a day from 2024-01-01. Each signs up with an event, and logs in one and
seven days later at 09:00. Every second user, from the first, sends two invitations at 10:00 and creates
a document at 11:00 of the first day: 20 of 40 are activated. The first one also calls the API and
completes a task at noon, so that each milestone's event occurs. 162 events in all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from tests.input.files import write

Row = dict[str, Any]
FIRST = datetime(2024, 1, 1, 9)


@dataclass
class World:
    """Raw rows, each a dict from column to text, or None."""

    users: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)


def world(user_count: int = 40) -> World:
    """The product of the module's first lines, with this many users."""
    made = World()
    for number in range(user_count):
        user, at = f"u{number:03}", FIRST + timedelta(days=number)
        made.users.append(
            {
                "user_id": user,
                "account_id": f"a{number // 4}",
                "created_at": f"{at}",
                "plan_tier": "pro" if number % 4 == 0 else "free",
                "install_source": ("ads", "organic")[number % 2],
                "invited_by": None,
            }
        )
        happened = [("user_signup", at, None)]
        if number % 2 == 0:
            happened.append(("invite_sent", at + timedelta(hours=1), '{"count": 2}'))
            happened.append(("document_created", at + timedelta(hours=2), None))
        if number == 0:
            noon = at + timedelta(hours=3)
            happened += [("api_call_success", noon, None), ("task_completed", noon, None)]
        happened += [("user_login", at + timedelta(days=days), None) for days in (1, 7)]
        for name, time, properties in happened:
            made.events.append(
                {
                    "event_id": f"e{len(made.events) + 1:05}",
                    "user_id": user,
                    "event_name": name,
                    "timestamp": f"{time}",
                    "properties": properties,
                }
            )
    return made


def each(rows: list[Row], column: str, change: Callable[[Any], Any]) -> None:
    """Changes a column of all rows; nulls are left as they are."""
    for row in rows:
        if row[column] is not None:
            row[column] = change(row[column])


def write_rows(path: Path, rows: list[Row]) -> None:
    """Writes a CSV, or JSON lines, by the file's name; in JSON, values keep their Python type."""
    write(path, list(rows[0]), [tuple(row.values()) for row in rows])


def write_parquet(path: Path, rows: list[Row], **types: str) -> None:
    """Writes a parquet file.

    Args:
        path: of the file.
        rows: text, or None.
        types: the SQL expression of a column's value, such as `user_id="user_id::bigint"`; text where
            none is given.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = list(rows[0])
    with duckdb.connect() as connection:
        made = ", ".join(f'"{column}" varchar' for column in columns)
        connection.execute(f"create table rows ({made})")
        places = ", ".join("?" * len(columns))
        connection.executemany(
            f"insert into rows values ({places})", [[row[c] for c in columns] for row in rows]
        )
        values = ", ".join(f'{types.get(column, column)} as "{column}"' for column in columns)
        connection.sql(f"select {values} from rows").write_parquet(str(path))


def write_world(folder: Path, made: World) -> None:
    """Writes users.csv and events.csv."""
    write_rows(folder / "users.csv", made.users)
    write_rows(folder / "events.csv", made.events)
