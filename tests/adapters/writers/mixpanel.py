"""Writes a world as Mixpanel's raw export of events and profiles.

Mixpanel's format carries everything but:
- microseconds of events and of their arrival: its times are milliseconds;
- properties named account, company, organization, org, workspace or team: they name the account of
  the event's user;
- the time of an alias: a mapping holds always;
- aliases whose target is not in `users`: the target of a mapping is a user;
- users without a time of signup, events of users that are not in `users`, repeated rows of users.

The id of an event is composed of its name, its person, its time and its insert id; so events of one
id that differ in one of these are two events. An event of a user without a device has the user's id
as anonymous_id. The properties keep `$user_id` and `$device_id`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.adapters.expected.people import GROUP_TYPES
from tests.adapters.expected.tables import Tables
from tests.adapters.expected.values import Row
from tests.adapters.writers.world import World, aliases_of_users, traits_of

MILLISECOND = timedelta(milliseconds=1)
# Keys that Mixpanel has for itself, and those that name the user's account.
RESERVED = frozenset({"time", "distinct_id", "$insert_id", "mp_processing_time_ms", *GROUP_TYPES})


def carried(world: World) -> World:
    aliases = [alias | {"aliased_at": None} for alias in aliases_of_users(world)]
    return World(world.users, [carried_event(event) for event in world.events], aliases)


def carried_event(event: Row) -> Row:
    timestamp = cut(event["timestamp"])
    ids = {"$user_id": event["user_id"], "$device_id": event["anonymous_id"]}
    properties = {
        key: value for key, value in (event["properties"] or {}).items() if key not in RESERVED
    }
    properties |= {key: value for key, value in ids.items() if value is not None}
    time = milliseconds(timestamp)
    parts = event["event_name"], distinct_id(event), None if time is None else str(time)
    event_id = event["event_id"]
    return event | {
        "event_id": "|".join([*(part or "" for part in parts), event_id]) if event_id else None,
        "insert_id": event_id,
        "timestamp": timestamp,
        "received_at": cut(event["received_at"]),
        "anonymous_id": event["anonymous_id"] or event["user_id"],
        "properties": properties or None,
    }


def distinct_id(event: Row) -> str | None:
    if event["user_id"] is not None:
        return event["user_id"]
    return f"$device:{event['anonymous_id']}" if event["anonymous_id"] is not None else None


def cut(instant: datetime | None) -> datetime | None:
    return instant and instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def milliseconds(instant: datetime | None) -> int | None:
    return instant and (instant - datetime(1970, 1, 1)) // MILLISECOND


def tables(world: World) -> Tables:
    """The world is one that `carried` gave."""
    events = []
    for event in world.events:
        properties = {
            "time": milliseconds(event["timestamp"]),
            "distinct_id": distinct_id(event),
            **(event["properties"] or {}),
        }
        if event["insert_id"] is not None:
            properties["$insert_id"] = event["insert_id"]
        if event["received_at"] is not None:
            properties["mp_processing_time_ms"] = milliseconds(event["received_at"])
        events.append({"event": event["event_name"], "properties": properties})
    people = [
        {"$distinct_id": user["user_id"], "$properties": traits_of(user)} for user in world.users
    ]
    mappings = [
        {"distinct_id": f"$device:{alias['alias_id']}", "resolved_distinct_id": alias["user_id"]}
        for alias in world.aliases
    ]
    found = {"events": events, "people": people}
    return found | ({"identity_mappings": mappings} if mappings else {})
