"""Compares canonical rows, every cell, in any order."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from decimal import Decimal

from tests.adapters.expected import all_decisions
from tests.adapters.expected.result import Decision
from tests.adapters.expected.values import Row, as_text

USER_COLUMNS = (
    "user_id",
    "account_id",
    "created_at",
    "plan_tier",
    "install_source",
    "invited_by",
    "signup_found_by",
)
EVENT_COLUMNS = (
    "event_id",
    "user_id",
    "anonymous_id",
    "event_name",
    "raw_event_name",
    "timestamp",
    "received_at",
    "properties",
    "has_fallback_time",
    "is_zone_applied",
    "has_illegal_id",
    "is_person_at_ingestion",
)
ALIAS_COLUMNS = ("alias_id", "user_id", "aliased_at")
ACCOUNT_COLUMNS = (
    "account_id",
    "created_at",
    "account_name",
    "seat_count",
    "trial_started_at",
    "trial_ends_at",
    "plan_tier",
    "install_source",
    "acquisition_type",
)
COLUMNS = {
    "users": USER_COLUMNS,
    "events": EVENT_COLUMNS,
    "aliases": ALIAS_COLUMNS,
    "accounts": ACCOUNT_COLUMNS,
}
# Composed of several fields: only which rows share an id means something.
COMPOSED_EVENT_IDS = frozenset({"amplitude", "mixpanel", "ga4"})
# The properties are columns: their keys are in byte order.
SORTED_PROPERTIES = frozenset({"segment"})
# Of columns of a CSV nobody knows whether they are numbers: these have their properties there.
PROPERTIES_IN_COLUMNS = frozenset({"segment", "snowplow"})


def comparable(value: object, *, is_loose: bool = False) -> object:
    """A value of JSON such that equal ones mean the same: 1 and 1.0, but not 1 and true.

    Args:
        value: as Python has it.
        is_loose: whether a number and its text are the same, for a CSV tells them not apart.
    """
    if isinstance(value, dict):
        pairs = ((key, comparable(item, is_loose=is_loose)) for key, item in value.items())
        return "object", tuple(sorted(pairs))
    if isinstance(value, list | tuple):
        return "list", tuple(comparable(item, is_loose=is_loose) for item in value)
    if is_loose and value is not None:
        return "text", as_text(value)
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, int | float | Decimal):
        return "number", format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(timezone.utc).replace(tzinfo=None)
    return type(value).__name__, str(value)


def read_properties(value: object) -> object:
    """Properties that a build gives as text; empty ones are none."""
    if isinstance(value, str):
        value = json.loads(value, parse_float=Decimal)
    return value or None


def row_differences(
    source: str,
    table: str,
    expected: Iterable[Row],
    actual: Iterable[Row],
    *,
    loose_properties: bool = False,
    limit: int = 5,
) -> list[str]:
    """Sentences about rows of a table that are missing or surplus; empty where all are equal."""
    columns = COLUMNS[table]

    def cells(rows: Iterable[Row]) -> Counter[tuple]:
        read = [dict(row) for row in rows]
        for row in read:
            if table == "events":
                row["properties"] = read_properties(row["properties"])
        if table == "events" and source in COMPOSED_EVENT_IDS:
            read = name_ids_by_rows(read, columns)
        return Counter(
            tuple(
                comparable(row.get(name), is_loose=loose_properties and name == "properties")
                for name in columns
            )
            for row in read
        )

    left, right = cells(expected), cells(actual)
    found = [
        f"{table}: {count} x {said} is {what}"
        for what, counts in (("missing", left - right), ("not expected", right - left))
        for said, count in sorted((said_of(columns, row), count) for row, count in counts.items())[
            :limit
        ]
    ]
    if found:
        found.insert(0, f"{table}: {left.total()} rows expected, {right.total()} found")
    return found


def said_of(columns: Sequence[str], row: tuple) -> str:
    return ", ".join(f"{name}={value[1]}" for name, value in zip(columns, row, strict=True))


def name_ids_by_rows(rows: list[Row], columns: Sequence[str]) -> list[Row]:
    """Gives each event_id the other cells of all rows that share it as its name."""
    others = [name for name in columns if name not in ("event_id", "properties")]

    def said(row: Row) -> str:
        return repr([comparable(row.get(name)) for name in others])

    sharing: defaultdict[object, list[str]] = defaultdict(list)
    for row in rows:
        sharing[row["event_id"]].append(said(row))
    return [
        row
        | {"event_id": None if row["event_id"] is None else repr(sorted(sharing[row["event_id"]]))}
        for row in rows
    ]


def key_order_differences(rows: Iterable[Row]) -> list[str]:
    """Sentences about properties whose keys are not in byte order."""
    found = []
    for row in rows:
        if row["properties"]:
            keys = [*json.loads(row["properties"])]
            if keys != sorted(keys, key=str.encode):
                found.append(f"events: {row['event_id']}: keys in the order {keys}")
    return found


def decision_differences(
    expected: Mapping[tuple[str, str], Decision], actual: Mapping[tuple[str, str], Row]
) -> list[str]:
    """Sentences about rows of input_by_decision that differ.

    Args:
        expected: what the source can decide.
        actual: the rows of the mart by table and decision. Of another source's decisions, it has none
            that was made.
    """
    found = []
    for (table, decision), seen in expected.items():
        row = actual.get((table, decision))
        if row is None:
            found.append(f"input_by_decision: {table}, {decision} is missing")
            continue
        values = row["row_count"], row["first_seen_at"], row["last_seen_at"]
        wanted = seen.row_count, seen.first_seen_at, seen.last_seen_at
        if values != wanted:
            found.append(
                f"input_by_decision: {table}, {decision} should be {wanted} and is {values}"
            )
    found += [
        f"input_by_decision: {table}, {decision} is not expected"
        for table, decision in sorted(all_decisions() - expected.keys())
        if actual.get((table, decision), {}).get("row_count")
    ]
    return found
