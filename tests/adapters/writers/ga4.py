"""Writes a world as GA4's table of events in BigQuery.

GA4's format carries everything but:
- users without an event: there is no table of users;
- properties that are lists, objects, booleans or null, whole numbers of more than 64 bits, and
  whole numbers with a point (3.0);
- when an event arrived;
- aliases;
- a null event_id: each event has an id, composed of several fields;
- users without a time of signup, events of users that are not in `users`, repeated rows of users.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.adapters.expected.tables import Tables
from tests.adapters.expected.values import Row
from tests.adapters.writers.world import World, traits_of


def carried(world: World) -> World:
    bundles: dict[object, int] = {}
    events = []
    for number, event in enumerate(world.events):
        # Rows of one event are one bundle; a row without an id is a bundle of its own.
        named = event["event_id"] if event["event_id"] is not None else (number,)
        bundle = bundles.setdefault(named, len(bundles))
        parts = event["user_id"], event["anonymous_id"], event["event_name"]
        time = micros(event["timestamp"])
        parts += None if time is None else str(time), str(bundle), "", "", ""
        properties = {
            key: value for key, value in (event["properties"] or {}).items() if is_carried(value)
        }
        events.append(
            event
            | {
                "event_id": "|".join(part or "" for part in parts),
                "bundle": bundle,
                "received_at": None,
                "properties": properties or None,
            }
        )
    seen = {event["user_id"] for event in events}
    return World([user for user in world.users if user["user_id"] in seen], events)


def is_carried(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return not value.is_integer()
    return isinstance(value, str) or (isinstance(value, int) and -(2**63) <= value < 2**63)


def micros(instant: datetime | None) -> int | None:
    return instant and (instant - datetime(1970, 1, 1)) // timedelta(microseconds=1)


def tables(world: World) -> Tables:
    """The world is one that `carried` gave."""
    traits = {user["user_id"]: parameters(traits_of(user)) for user in world.users}
    rows = [
        {
            "event_timestamp": micros(event["timestamp"]),
            "event_name": event["event_name"],
            "user_id": event["user_id"],
            "user_pseudo_id": event["anonymous_id"],
            "event_bundle_sequence_id": event["bundle"],
            "event_params": parameters(event["properties"] or {}),
            "user_properties": traits.get(event["user_id"], []),
        }
        for event in world.events
    ]
    return {"events": rows}


def parameters(values: Row) -> list[Row]:
    kinds = {str: "string_value", int: "int_value", float: "double_value"}
    return [{"key": key, "value": {kinds[type(value)]: value}} for key, value in values.items()]
