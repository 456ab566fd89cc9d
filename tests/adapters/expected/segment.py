"""Segment and RudderStack: a table for all events, one for each event, and those of traits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.adapters.expected.people import (
    Person,
    account_of,
    begin_of_export,
    order_of,
    user_of,
)
from tests.adapters.expected.result import Canonical, Settings, new_event
from tests.adapters.expected.tables import Tables
from tests.adapters.expected.values import (
    Row,
    first_id,
    legal_id,
    read_id,
    read_name,
    read_time,
    snake_case,
)

DECISIONS = (
    ("users", "signup_from_trait"),
    ("events", "time_from_fallback"),
    ("events", "not_an_event"),
)
NO_EVENT_TABLES = ("pages", "screens", "identifies", "groups", "aliases")
NAMED = frozenset({"tracks", "users", "accounts", *NO_EVENT_TABLES})
NO_PROPERTIES = frozenset(
    (
        "id anonymous_id user_id event event_text received_at sent_at timestamp original_timestamp "
        "uuid uuid_ts loaded_at channel"
    ).split()
)


def read(tables: Tables, settings: Settings, canonical: Canonical) -> None:
    event_tables = [
        rows for name, rows in tables.items() if name not in NAMED and is_event_table(rows)
    ]
    with_table = {read_name(row.get("event")) for rows in event_tables for row in rows}
    for rows in event_tables:
        canonical.events += [event_of(row, properties_of(row)) for row in rows]
    for row in tables.get("tracks", ()):
        name = read_name(row.get("event"))
        if name is None or name not in with_table:
            canonical.events.append(event_of(row, {}))
    for name in NO_EVENT_TABLES:
        for row in tables.get(name, ()):
            canonical.decide("events", "not_an_event", time_of(row)[0])
    canonical.users += users_of(tables, settings, canonical.events, event_tables)
    for row in tables.get("aliases", ()):
        canonical.aliases.append(
            {
                "alias_id": read_id(row.get("previous_id")),
                "user_id": legal_id(row.get("user_id")),
                "aliased_at": time_of(row)[0],
            }
        )
    canonical.accounts += accounts_of(tables)


def is_event_table(rows: Sequence[Row]) -> bool:
    names = {name for row in rows for name in row}
    return {"id", "event", "received_at"} <= names


def time_of(row: Row) -> tuple[datetime | None, bool]:
    """When it happened, and whether that is the time of its arrival."""
    timestamp = read_time(row.get("timestamp"))
    if timestamp is not None:
        return timestamp, False
    received_at = read_time(row.get("received_at"))
    return received_at, received_at is not None


def event_of(row: Row, properties: Row) -> Row:
    user_id, is_user_illegal = first_id([row.get("user_id")])
    anonymous_id, is_device_illegal = first_id([row.get("anonymous_id")])
    name = read_name(row.get("event_text")) or read_name(row.get("event"))
    timestamp, has_fallback_time = time_of(row)
    return new_event(
        event_id=legal_id(row.get("id")),
        user_id=user_id,
        anonymous_id=anonymous_id,
        event_name=snake_case(name, "segment"),
        raw_event_name=name,
        timestamp=timestamp,
        received_at=read_time(row.get("received_at")),
        properties=properties,
        has_fallback_time=has_fallback_time,
        has_illegal_id=is_user_illegal or is_device_illegal,
    )


def properties_of(row: Row) -> Row:
    """The columns that are the event's own, in byte order."""
    names = sorted(
        (name for name in row if name not in NO_PROPERTIES and not name.startswith("context_")),
        key=str.encode,
    )
    return {name: row[name] for name in names if row[name] is not None}


def key_of(row: Row) -> tuple[datetime, datetime, bytes]:
    return order_of(time_of(row)[0], read_time(row.get("received_at")), legal_id(row.get("id")))


def users_of(
    tables: Tables, settings: Settings, events: Sequence[Row], event_tables: list[Sequence[Row]]
) -> list[Row]:
    people: dict[str, Person] = {}

    def person(value: object) -> Person | None:
        user_id = legal_id(value)
        if user_id is None:
            return None
        return people.setdefault(user_id, Person(user_id, states=[[], []]))

    latest: dict[str, tuple[datetime, Row]] = {}
    for row in tables.get("users", ()):
        found = person(row.get("id"))
        if found is not None:
            at = read_time(row.get("received_at")) or datetime.min
            if found.user_id not in latest or at > latest[found.user_id][0]:
                latest[found.user_id] = at, row
    for user_id, (_, row) in latest.items():
        people[user_id].states[0] = [(order_of(None, None, None), row)]
    for row in tables.get("identifies", ()):
        found = person(row.get("user_id"))
        if found is not None:
            found.states[1].append((key_of(row), row))
            found.seen.append(time_of(row)[0])
    # Also rows of tracks whose event has a table.
    for rows in (tables.get("tracks", ()), *event_tables):
        for row in rows:
            person(row.get("user_id"))
    for event in events:
        found = person(event["user_id"])
        if found is not None:
            found.events.append(event)
    for row in tables.get("groups", ()):
        user_id = legal_id(row.get("user_id"))
        if user_id in people:
            people[user_id].groups.append((key_of(row), legal_id(row.get("group_id"))))
    begin = begin_of_export(events)
    return [user_of(found, begin, settings) for found in people.values()]


def accounts_of(tables: Tables) -> list[Row]:
    """Of each account the newest row of accounts, else the newest of groups."""
    latest: dict[str, tuple[tuple, Row]] = {}
    for row in tables.get("groups", ()):
        account_id = legal_id(row.get("group_id"))
        if account_id is not None:
            key = (0, key_of(row))
            if account_id not in latest or key > latest[account_id][0]:
                latest[account_id] = key, row
    for row in tables.get("accounts", ()):
        account_id = legal_id(row.get("id"))
        if account_id is not None:
            key = (1, order_of(read_time(row.get("received_at")), None, None))
            if account_id not in latest or key > latest[account_id][0]:
                latest[account_id] = key, row
    return [account_of(account_id, row.get) for account_id, (_, row) in latest.items()]
