"""A canonical world that a vendor's format has to carry: users, events, aliases."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import duckdb

from tests.adapters.expected.values import Row, legal_id, snake_case
from tests.adapters.write_files import write_parquet
from tests.harness import PROJECT
from tests.oracle.random_values import ALIAS_COLUMNS, INSTANT_COLUMNS, USER_COLUMNS
from tests.oracle.raw_files import RawEvent, RawUser, read_raw_table

TRAITS = ("created_at", "plan_tier", "install_source", "invited_by", "account_id")
EVENT_COLUMNS = (
    "event_id",
    "user_id",
    "anonymous_id",
    "event_name",
    "timestamp",
    "received_at",
    "properties",
)


@dataclass
class World:
    """Rows as the canonical tables hold them; the properties of events are objects or None."""

    users: list[Row]
    events: list[Row]
    aliases: list[Row] = field(default_factory=list)

    @property
    def user_ids(self) -> set[object]:
        return {user["user_id"] for user in self.users}

    def with_events(self, events: Iterable[Row]) -> World:
        return replace(self, events=[*events])

    def with_users(self, users: Iterable[Row]) -> World:
        """Only these users, and of the events those of them or of nobody that is known."""
        kept = [*users]
        ids = {user["user_id"] for user in kept} | {None}
        return World(kept, [e for e in self.events if e["user_id"] in ids], self.aliases)


def sample_world() -> World:
    """The bundled sample."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")

        def rows(name: str) -> list[Row]:
            path = PROJECT / "sample" / f"{name}.parquet"
            if not path.exists():
                return []
            result = connection.execute("select * from read_parquet(?)", [str(path)])
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

        return settled(rows("users"), rows("events"), rows("aliases"))


def random_world(raw_dir: Path) -> World:
    """The world of a random case of the oracle, without what no vendor delivers."""
    users = read_raw_table(raw_dir, "users", RawUser, Fraction(1)).rows
    events = read_raw_table(raw_dir, "events", RawEvent, Fraction(1)).rows
    return settled([row._asdict() for row in users], [row._asdict() for row in events], [])


def settled(users: Sequence[Row], events: Sequence[Row], aliases: Sequence[Row]) -> World:
    """What every vendor can carry: one row a user, with a signup, and the events of these users.

    Events of users that nobody knows are not carried: to most vendors, whoever has an event is a
    user. Those of nobody at all are.
    """
    kept: dict[str, Row] = {}
    for user in sorted(users, key=order_of_users):
        user_id = legal_id(user["user_id"])
        if user_id is None or user["created_at"] is None:
            continue
        row = {name: user.get(name) for name in USER_COLUMNS} | {"user_id": user_id}
        row |= {name: legal_id(row[name]) for name in ("account_id", "invited_by")}
        kept.setdefault(user_id, row)
        earliest = min(kept[user_id]["created_at"], user["created_at"])
        kept[user_id]["created_at"] = earliest
    named = [
        {name: event.get(name) for name in EVENT_COLUMNS}
        | {
            "event_id": legal_id(event["event_id"]),
            "user_id": legal_id(event["user_id"]),
            "anonymous_id": legal_id(event.get("anonymous_id")),
            "event_name": snake_case(event["event_name"], "canonical"),
            "properties": object_of(event["properties"]),
        }
        for event in events
    ]
    rows = [
        {name: alias.get(name) for name in ALIAS_COLUMNS}
        for alias in aliases
        if legal_id(alias["alias_id"]) is not None and legal_id(alias["user_id"]) is not None
    ]
    return World([*kept.values()], named, rows).with_users(kept.values())


def order_of_users(user: Row) -> tuple:
    """The row that stays comes first: of several, the one that was true last."""
    true_at = user.get("updated_at") or user.get("received_at") or datetime.min
    rest = [
        (user.get(name) is None, user.get(name) or "")
        for name in USER_COLUMNS
        if name != "user_id" and name != "created_at"
    ]
    created_at = user["created_at"] or datetime.max
    return -(true_at - datetime.min).total_seconds(), created_at, rest


def object_of(text: object) -> Row | None:
    """The properties, where they are an object whose text says the same when written again."""
    try:
        found = json.loads(str(text), object_pairs_hook=distinct_pairs)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found and is_plain(found) else None


def distinct_pairs(pairs: list[tuple[str, object]]) -> Row:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice")
    return found


def is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(is_plain, value.values()))
    if isinstance(value, list):
        return all(map(is_plain, value))
    return not isinstance(value, float) or math.isfinite(value)


def traits_of(user: Row) -> Row:
    """What a vendor's profile says of a user."""
    traits = {name: user[name] for name in TRAITS if user[name] is not None}
    return traits | {"created_at": user["created_at"].isoformat(sep=" ")}


def aliases_of_users(world: World) -> list[Row]:
    """Aliases of users that are not users themselves, one target for each alias."""
    ids = world.user_ids
    kept: dict[object, Row] = {}

    def order(alias: Row) -> tuple:
        return alias["aliased_at"] or datetime.max, str(alias["user_id"]).encode()

    for alias in sorted(world.aliases, key=order):
        if alias["user_id"] in ids and alias["alias_id"] not in ids:
            kept.setdefault(alias["alias_id"], alias)
    return [*kept.values()]


def write_canonical(world: World, folder: Path) -> None:
    """Writes the world as canonical parquet files."""
    folder.mkdir(parents=True)
    events = [
        event
        | {
            "properties": None
            if event["properties"] is None
            else json.dumps(event["properties"], ensure_ascii=False)
        }
        for event in world.events
    ]
    tables: Mapping[str, tuple[Sequence[Row], Sequence[str]]] = {
        "users": (world.users, USER_COLUMNS),
        "events": (events, EVENT_COLUMNS),
        "aliases": (world.aliases, ALIAS_COLUMNS),
    }
    for name, (rows, columns) in tables.items():
        if rows:
            names = {column: column for column in columns}
            types = dict.fromkeys(columns, "VARCHAR") | dict.fromkeys(INSTANT_COLUMNS, "TIMESTAMP")
            write_parquet(folder / f"{name}.parquet", rows, names, types)
