"""Writes a world as the tables of Segment: tracks, a table for each event, users, identifies and aliases.

Segment's format carries everything but:
- properties that are named as a column that Segment has for itself, or that begin with context_ or plg_; keys that
  differ in capitals only; keys that no column can have;
- events without a time: the time of their arrival takes its place;
- users without a time of signup, events of users that are not in `users`, repeated rows of users.

Properties are columns: a value without one (null) is no property.
"""

from __future__ import annotations

import re

from tests.adapters.expected.segment import NAMED, NO_PROPERTIES
from tests.adapters.expected.tables import Tables
from tests.adapters.expected.values import Row
from tests.adapters.writers.world import World, traits_of

PLAIN = re.compile("[a-z][a-z0-9_]*")


def carried(world: World) -> World:
    timed = (event for event in world.events if event["timestamp"] is not None)
    return world.with_events(carried_event(event) for event in timed)


def carried_event(event: Row) -> Row:
    kept: Row = {}
    for key, value in (event["properties"] or {}).items():
        is_own = key not in NO_PROPERTIES and not key.startswith(("context_", "plg_"))
        if is_own and PLAIN.fullmatch(key) and value is not None:
            kept[key] = value
    ordered = dict(sorted(kept.items(), key=lambda item: item[0].encode()))
    return event | {"properties": ordered or None}


def tables(world: World) -> Tables:
    """The world is one that `carried` gave."""
    found: dict[str, list[Row]] = {"tracks": []}
    for event in world.events:
        row = {
            "id": event["event_id"],
            "anonymous_id": event["anonymous_id"],
            "user_id": event["user_id"],
            "event": event["event_name"],
            "event_text": event["event_name"],
            "timestamp": event["timestamp"],
            "received_at": event["received_at"],
            "context_ip": "192.0.2.1",
        }
        # A row without a name has no event table of its own: in tracks it would be there twice.
        if event["event_name"] is not None:
            found["tracks"].append(row)
        found.setdefault(table_of(str(event["event_name"])), []).append(
            row | (event["properties"] or {})
        )
    found["users"], found["identifies"] = [], []
    for user in world.users:
        traits = traits_of(user)
        # In the table of calls, and under other names; of an earlier call nothing is left.
        source, plan = traits.pop("install_source", None), traits.pop("plan_tier", None)
        found["users"].append({"id": user["user_id"], "received_at": None, "plan": plan, **traits})
        if source is not None:
            found["identifies"] += [
                identify(user, "2024-01-01 00:00:00", "another"),
                identify(user, "2024-01-02 00:00:00", source),
            ]
    if world.aliases:
        found["aliases"] = [
            {
                "id": f"alias-{number}",
                "previous_id": alias["alias_id"],
                "user_id": alias["user_id"],
                "timestamp": alias["aliased_at"],
                "received_at": alias["aliased_at"],
            }
            for number, alias in enumerate(world.aliases)
        ]
    return found


def table_of(name: str) -> str:
    """The table of an event; another name where its own is taken, or is none for a file."""
    if PLAIN.fullmatch(name) and name not in NAMED:
        return name
    return f"event_{name.encode().hex()}"


def identify(user: Row, time: str, source: object) -> Row:
    return {
        "id": f"identify-{user['user_id']}-{time}",
        "anonymous_id": None,
        "user_id": user["user_id"],
        "timestamp": time,
        "received_at": time,
        "utm_source": source,
    }
