"""Mixpanel: the raw export (an event and its properties) or the tables of its pipelines."""

from __future__ import annotations

from tests.adapters.expected.people import (
    Person,
    begin_of_export,
    group_type,
    order_of,
    user_of,
)
from tests.adapters.expected.result import Canonical, Settings, new_event
from tests.adapters.expected.tables import Tables, first_table
from tests.adapters.expected.values import (
    Row,
    as_text,
    first_element,
    first_id,
    is_no_id,
    legal_id,
    read_id,
    read_name,
    read_object,
    read_text,
    read_time,
    snake_case,
    wall_time,
)

DECISIONS = (
    ("users", "signup_from_trait"),
    ("users", "signup_from_vendor"),
    ("events", "time_zone_applied"),
    ("events", "not_an_event"),
)
NO_EVENTS = frozenset({"$identify", "$create_alias", "$merge"})
# The vendor's own; the rest of an event's properties is the team's.
NO_PROPERTIES = frozenset({"$insert_id", "mp_processing_time_ms", "time", "distinct_id"})
DEVICE = "$device:"


def read(tables: Tables, settings: Settings, canonical: Canonical) -> None:
    rows = first_table(tables, "events", "mp_master_event") or []
    profiles = first_table(tables, "people", "mp_people_data") or []
    mappings = first_table(tables, "identity_mappings", "mp_identity_mappings_data") or []
    known = known_ids(profiles, mappings)
    people = {user_id: Person(user_id, states=[[]]) for user_id in known}
    for profile in profiles:
        person = people.get(distinct_id_of(profile) or "")
        if person is not None:
            traits = read_object(profile.get("$properties", profile.get("properties")))
            person.states[0].append((order_of(None, None, None), traits))
            person.vendor_times.append(read_time(traits.get("$created")))
    named_group = group_type(settings, (row.get("properties") for row in rows))
    for row in rows:
        event = event_of(row, known, settings)
        is_event = event["raw_event_name"] not in NO_EVENTS
        if is_event:
            canonical.events.append(event)
        else:
            canonical.decide("events", "not_an_event", event["timestamp"])
        own = event["user_id"]
        if own is None:
            continue
        person = people.setdefault(own, Person(own, states=[[]]))
        if is_event:
            person.events.append(event)
        group = read_object(row.get("properties")).get(named_group) if named_group else None
        key = order_of(event["timestamp"], event["received_at"], event["event_id"])
        person.groups.append((key, legal_id(first_element(group))))
    begin = begin_of_export(canonical.events)
    canonical.users += [user_of(person, begin, settings) for person in people.values()]
    for row in mappings:
        target = without_device(read_id(row.get("resolved_distinct_id")))
        canonical.aliases.append(
            {
                "alias_id": without_device(read_id(row.get("distinct_id"))),
                "user_id": None if is_no_id(target) else target,
                "aliased_at": None,
            }
        )


def distinct_id_of(profile: Row) -> str | None:
    return legal_id(profile.get("$distinct_id", profile.get("distinct_id")))


def known_ids(profiles: list[Row], mappings: list[Row]) -> set[str]:
    """People with a profile and targets of mappings; a device is nobody."""
    found = {distinct_id_of(profile) for profile in profiles}
    found |= {legal_id(row.get("resolved_distinct_id")) for row in mappings}
    return {one for one in found if one is not None and not one.startswith(DEVICE)}


def without_device(text: str | None) -> str | None:
    return text if text is None else text.removeprefix(DEVICE) or None


def event_of(row: Row, known: set[str], settings: Settings) -> Row:
    properties = read_object(row.get("properties"))
    is_raw = "event_name" not in row
    name = read_name(row.get("event") if is_raw else row.get("event_name"))
    # The raw export has them among the properties, a pipeline in columns.
    own = properties if is_raw else row
    delivered_time = own.get("time")
    distinct = own.get("distinct_id")
    insert_id = properties.get("$insert_id", properties.get("_insert_id"))
    insert_id = insert_id if is_raw else row.get("insert_id")
    named_user = properties.get("$user_id") if is_raw else row.get("user_id")
    named_device = properties.get("$device_id") if is_raw else row.get("device_id")

    device, is_device_illegal = first_id([without_device(read_id(named_device))])
    user_id, is_user_illegal = first_id([named_user])
    distinct_id, is_distinct_illegal = first_id([without_device(read_id(distinct))])
    is_illegal = is_user_illegal or is_device_illegal or is_distinct_illegal
    as_written = read_id(distinct)
    if user_id is None and as_written in known and as_written != device:
        user_id = as_written

    utc = read_time(delivered_time)
    timestamp = wall_time(utc, settings.time_zone)
    received = properties if "mp_processing_time_ms" in properties else row
    return new_event(
        event_id=event_id_of(row, distinct, delivered_time, insert_id),
        user_id=user_id,
        anonymous_id=device or distinct_id,
        event_name=snake_case(name, "mixpanel"),
        raw_event_name=name,
        timestamp=timestamp,
        received_at=read_time(received.get("mp_processing_time_ms")),
        properties={key: value for key, value in properties.items() if key not in NO_PROPERTIES},
        is_zone_applied=utc != timestamp,
        has_illegal_id=is_illegal,
    )


def event_id_of(row: Row, distinct: object, time: object, insert_id: object) -> str | None:
    """The vendor's key of four parts, as they are written."""
    if read_text(insert_id) is None:
        return None
    name = row.get("event_name", row.get("event"))
    return "|".join(as_text(part) or "" for part in (name, distinct, time, insert_id))
