"""Snowplow: one table of events, whose own properties lie in columns of their schemas."""

from __future__ import annotations

from datetime import datetime

from tests.adapters.expected.people import Person, begin_of_export, user_of
from tests.adapters.expected.result import Canonical, Settings, new_event
from tests.adapters.expected.tables import Tables
from tests.adapters.expected.values import (
    Row,
    first_id,
    legal_id,
    read_json,
    read_name,
    read_text,
    read_time,
    snake_case,
)

DECISIONS = (("events", "time_from_fallback"), ("events", "not_an_event"))
UNSTRUCT = "unstruct_event_"


def read(tables: Tables, settings: Settings, canonical: Canonical) -> None:
    people: dict[str, Person] = {}
    for row in tables["events"]:
        event = event_of(row)
        is_event = event["raw_event_name"] != "page_ping"
        if is_event:
            canonical.events.append(event)
        else:
            canonical.decide("events", "not_an_event", event["timestamp"])
        user_id = event["user_id"]
        if user_id is not None:
            person = people.setdefault(user_id, Person(user_id))
            if is_event:
                person.events.append(event)
    begin = begin_of_export(canonical.events)
    canonical.users += [user_of(person, begin, settings) for person in people.values()]


def event_of(row: Row) -> Row:
    user_id, is_user_illegal = first_id([row.get("user_id")])
    anonymous_id, is_device_illegal = first_id(
        [row.get("domain_userid"), row.get("network_userid")]
    )
    timestamp, has_fallback_time = time_of(row)
    name = name_of(row)
    return new_event(
        event_id=legal_id(row.get("event_id")),
        user_id=user_id,
        anonymous_id=anonymous_id,
        event_name=snake_case(name, "snowplow"),
        raw_event_name=name,
        timestamp=timestamp,
        received_at=read_time(row.get("load_tstamp")) or read_time(row.get("collector_tstamp")),
        properties=properties_of(row),
        has_fallback_time=has_fallback_time,
        has_illegal_id=is_user_illegal or is_device_illegal,
    )


def is_struct(row: Row) -> bool:
    return read_text(row.get("event")) == "struct"


def name_of(row: Row) -> str | None:
    if not is_struct(row):
        return read_name(row.get("event_name"))
    parts = read_name(row.get("se_category")), read_name(row.get("se_action"))
    return read_name("_".join(part for part in parts if part is not None))


def time_of(row: Row) -> tuple[datetime | None, bool]:
    derived = read_time(row.get("derived_tstamp"))
    if derived is not None:
        return derived, False
    collected = read_time(row.get("collector_tstamp"))
    return collected, collected is not None


def properties_of(row: Row) -> Row:
    if is_struct(row):
        values = {name: row.get(f"se_{name}") for name in ("label", "property", "value")}
        return {name: value for name, value in values.items() if value is not None}
    columns = {
        name: read_json(row[name])
        for name in sorted(row, key=str.encode)
        if name.startswith(UNSTRUCT) and row[name] is not None
    }
    if len(columns) == 1:
        (only,) = columns.values()
        if isinstance(only, dict):
            return only
    return columns
