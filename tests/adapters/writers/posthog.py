"""Writes a world as PostHog's export of events and persons.

PostHog's format carries everything but:
- the id of the user beside an event: an event has one id only, and the persons say whose it is. So
  an event before the signup is a visit (anonymous_before_signup), without the hour of tolerance,
  and a device that a row names beside the user is lost;
- the time of an alias, and aliases of aliases: a distinct id belongs to one person, always;
- people that were merged: they are one person when they are exported;
- users without a time of signup, events of users that are not in `users`, repeated rows of users.
"""

from __future__ import annotations

from tests.adapters.expected.tables import Tables
from tests.adapters.expected.values import Row
from tests.adapters.writers.world import World, aliases_of_users, traits_of


def own_id(user_id: object) -> str:
    """The distinct id that a user identified with; the person keeps the user's id."""
    return f"login {user_id}"


def carried(world: World) -> World:
    aliases = [
        {"alias_id": own_id(user["user_id"]), "user_id": user["user_id"], "aliased_at": None}
        for user in world.users
    ]
    aliases += [alias | {"aliased_at": None} for alias in aliases_of_users(world)]
    events = [
        event
        | {
            "user_id": None,
            "anonymous_id": event["anonymous_id"]
            if event["user_id"] is None
            else own_id(event["user_id"]),
        }
        for event in world.events
    ]
    return World(world.users, events, aliases)


def tables(world: World) -> Tables:
    """The world is one that `carried` gave."""
    users = {user["user_id"]: user for user in world.users}
    events = [
        {
            "uuid": event["event_id"],
            "event": event["event_name"],
            "distinct_id": event["anonymous_id"],
            "timestamp": event["timestamp"],
            "created_at": event["received_at"],
            "properties": event["properties"] or {},
        }
        for event in world.events
    ]
    return {"events": events, "persons": [person(alias, users) for alias in world.aliases]}


def person(alias: Row, users: dict[object, Row]) -> Row:
    user = users[alias["user_id"]]
    return {
        "team_id": 1,
        "distinct_id": alias["alias_id"],
        "person_id": alias["user_id"],
        "person_distinct_id_version": 0,
        "person_version": 1,
        "properties": traits_of(user),
        "created_at": user["created_at"],
        "is_deleted": False,
    }
