"""Writes a world as Snowplow's table of events.

Snowplow's format carries the events, and of the users nothing but their ids. So it can't carry:
- the time of signup: it is that of the earliest event `user_signup`; users without one are left out
  here, with their events;
- account_id, plan_tier, install_source, invited_by;
- aliases;
- events named `page_ping`: they are no events;
- events without a time: the time of their arrival takes its place;
- repeated rows of users.
"""

from __future__ import annotations

from datetime import datetime

from tests.adapters.expected.tables import Tables
from tests.adapters.expected.values import Row
from tests.adapters.writers.world import World
from tests.oracle.random_values import USER_COLUMNS

COLUMN = "unstruct_event_com_acme_action_1_0_0"
SIGNUP_EVENT = "user_signup"


def carried(world: World) -> World:
    signed_up_at: dict[object, datetime] = {}
    for event in world.events:
        is_signup = event["event_name"] == SIGNUP_EVENT and event["timestamp"] is not None
        if is_signup and event["user_id"] is not None:
            known = signed_up_at.get(event["user_id"], event["timestamp"])
            signed_up_at[event["user_id"]] = min(known, event["timestamp"])
    users = [
        dict.fromkeys(USER_COLUMNS) | {"user_id": user_id, "created_at": created_at}
        for user_id, created_at in signed_up_at.items()
    ]
    kept = world.with_users(users)
    return World(users, [event for event in kept.events if is_carried(event)])


def is_carried(event: Row) -> bool:
    return event["event_name"] != "page_ping" and event["timestamp"] is not None


def tables(world: World) -> Tables:
    return {"events": [row_of(event) for event in world.events]}


def row_of(event: Row) -> Row:
    return {
        "event_id": event["event_id"],
        "event": "unstruct",
        "event_name": event["event_name"],
        "user_id": event["user_id"],
        "domain_userid": event["anonymous_id"],
        "network_userid": None,
        "derived_tstamp": event["timestamp"],
        "collector_tstamp": event["received_at"],
        COLUMN: event["properties"],
    }
