"""Amplitude: one table of events, which also carries the traits, and one of merged users."""

from __future__ import annotations

from tests.adapters.expected.people import (
    Person,
    begin_of_export,
    group_type,
    order_of,
    user_of,
)
from tests.adapters.expected.result import Canonical, Settings, new_event
from tests.adapters.expected.tables import Tables
from tests.adapters.expected.values import (
    Row,
    first_element,
    first_id,
    legal_id,
    read_id,
    read_name,
    read_object,
    read_time,
    snake_case,
)

DECISIONS = (
    ("users", "signup_from_trait"),
    ("users", "signup_from_vendor"),
    ("events", "not_an_event"),
)
NO_EVENTS = frozenset({"$identify", "$groupidentify", "revenue_amount"})
# Of rows that are no events, these tell traits.
IDENTIFY = "$identify"


def read(tables: Tables, settings: Settings, canonical: Canonical) -> None:
    rows = [row for name, found in tables.items() if is_numbered(name, "events") for row in found]
    people: dict[str, Person] = {}
    named_groups = group_type(settings, (row.get("groups") for row in rows))
    for row in rows:
        event = event_of(row)
        is_event = event["raw_event_name"] not in NO_EVENTS
        if is_event:
            canonical.events.append(event)
        else:
            canonical.decide("events", "not_an_event", event["timestamp"])
        if event["user_id"] is None:
            continue
        person = people.setdefault(event["user_id"], Person(event["user_id"], states=[[]]))
        key = order_of(event["timestamp"], event["received_at"], event["event_id"])
        if is_event or event["raw_event_name"] == IDENTIFY:
            person.states[0].append((key, read_object(row.get("user_properties"))))
        person.vendor_times.append(read_time(row.get("user_creation_time")))
        person.groups.append(
            (key, legal_id(first_element(read_object(row.get("groups")).get(named_groups))))
        )
        if is_event:
            person.events.append(event)
    begin = begin_of_export(canonical.events)
    canonical.users += [user_of(person, begin, settings) for person in people.values()]
    for name, found in tables.items():
        if name == "merged_ids" or is_numbered(name, "merge_ids"):
            canonical.aliases += map(alias_of, found)


def is_numbered(name: str, base: str) -> bool:
    return name == base or (name.startswith(f"{base}_") and name[len(base) + 1 :].isdigit())


def event_of(row: Row) -> Row:
    user_id, is_user_illegal = first_id([row.get("user_id")])
    anonymous_id, is_device_illegal = first_id([row.get("amplitude_id"), row.get("device_id")])
    name = read_name(row.get("event_type"))
    return new_event(
        event_id=event_id_of(row),
        user_id=user_id,
        anonymous_id=anonymous_id,
        event_name=snake_case(name, "amplitude"),
        raw_event_name=name,
        timestamp=read_time(row.get("event_time")),
        received_at=read_time(row.get("server_upload_time"))
        or read_time(row.get("server_received_time")),
        properties=read_object(row.get("event_properties")),
        has_illegal_id=is_user_illegal or is_device_illegal,
    )


def event_id_of(row: Row) -> str | None:
    """The uuid; else the insert id, which is unique on its device only."""
    uuid = legal_id(row.get("uuid"))
    if uuid is not None:
        return uuid
    insert_id = read_id(row.get("$insert_id")) or read_id(row.get("_insert_id"))
    owner, _ = first_id([row.get("user_id"), row.get("device_id")])
    return f"{insert_id}|{owner}" if insert_id is not None and owner is not None else None


def alias_of(row: Row) -> Row:
    return {
        "alias_id": read_id(row.get("amplitude_id")),
        "user_id": legal_id(row.get("merged_amplitude_id")),
        "aliased_at": read_time(row.get("merge_event_time")) or read_time(row.get("merge_time")),
    }
