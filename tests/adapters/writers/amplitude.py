"""Writes a world as Amplitude's export.

A row of `$identify` carries the traits of each user, so that users without an event are there, too.

Amplitude's format carries everything but:
- users without a time of signup, and events of users that are not in `users`: whoever has an event
  is a user;
- rows of users that repeat a user.
"""

from __future__ import annotations

from tests.adapters.expected.tables import Tables
from tests.adapters.expected.values import Row
from tests.adapters.writers.world import World, traits_of


def carried(world: World) -> World:
    return world


def tables(world: World) -> Tables:
    rows = [identify(user) for user in world.users]
    rows += [
        {
            "uuid": event["event_id"],
            "event_type": event["event_name"],
            "event_time": event["timestamp"],
            "user_id": event["user_id"],
            "amplitude_id": event["anonymous_id"],
            "device_id": None,
            "server_upload_time": event["received_at"],
            "event_properties": event["properties"] or {},
            "user_properties": {},
        }
        for event in world.events
    ]
    merged = [
        {
            "amplitude_id": alias["alias_id"],
            "merged_amplitude_id": alias["user_id"],
            "merge_event_time": alias["aliased_at"],
        }
        for alias in world.aliases
    ]
    return {"events": rows} | ({"merged_ids": merged} if merged else {})


def identify(user: Row) -> Row:
    return {
        "uuid": f"identify {user['user_id']}",
        "event_type": "$identify",
        "event_time": user["created_at"],
        "user_id": user["user_id"],
        "event_properties": {},
        "user_properties": traits_of(user),
    }
