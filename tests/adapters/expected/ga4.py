"""GA4 in BigQuery: a table for each date, with parameters as lists of keys and values."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.adapters.expected.people import (
    Person,
    begin_of_export,
    order_of,
    user_of,
)
from tests.adapters.expected.result import Canonical, Settings, new_event
from tests.adapters.expected.tables import Tables
from tests.adapters.expected.values import (
    Row,
    first_id,
    read_id,
    read_json,
    read_name,
    read_object,
    read_text,
    read_time,
    snake_case,
)

DECISIONS = (
    ("users", "signup_from_trait"),
    ("users", "signup_from_vendor"),
    ("events", "intraday_replaced"),
)
DAILY = re.compile(r"events_(\d{8})")
INTRADAY = re.compile(r"events_intraday_(\d{8})")
PARTS_OF_ID = (
    "event_name",
    "event_timestamp",
    "event_bundle_sequence_id",
    "batch_page_id",
    "batch_ordering_id",
    "batch_event_index",
)


def read(tables: Tables, settings: Settings, canonical: Canonical) -> None:
    people: dict[str, Person] = {}
    sources: dict[str, list[tuple[tuple, str | None]]] = {}
    for row in rows_that_count(tables, canonical):
        event = event_of(row)
        canonical.events.append(event)
        user_id = event["user_id"]
        if user_id is None:
            continue
        person = people.setdefault(user_id, Person(user_id, states=[[]]))
        key = order_of(event["timestamp"], event["received_at"], event["event_id"])
        person.events.append(event)
        person.states[0].append((key, parameters(row.get("user_properties"))))
        person.vendor_times.append(read_time(row.get("user_first_touch_timestamp")))
        source = read_text(read_object(row.get("traffic_source")).get("source"))
        sources.setdefault(user_id, []).append((key, source))
    begin = begin_of_export(canonical.events)
    for person in people.values():
        named = [(key, source) for key, source in sources[person.user_id] if source is not None]
        newest = max(named, key=lambda keyed: keyed[0])[1] if named else None
        canonical.users.append(
            user_of(person, begin, settings, last_source=lambda newest=newest: newest)
        )


def rows_that_count(tables: Tables, canonical: Canonical) -> Iterable[Row]:
    daily = {match[1] for name in tables if (match := DAILY.fullmatch(name))}
    for name, rows in tables.items():
        intraday = INTRADAY.fullmatch(name)
        if intraday and intraday[1] in daily:
            for row in rows:
                seen_at = read_time(row.get("event_timestamp"))
                canonical.decide("events", "intraday_replaced", seen_at)
        elif intraday or name == "events" or DAILY.fullmatch(name):
            yield from rows


def event_of(row: Row) -> Row:
    user_id, is_user_illegal = first_id([row.get("user_id")])
    anonymous_id, is_device_illegal = first_id([row.get("user_pseudo_id")])
    name = read_name(row.get("event_name"))
    parts = [user_id, anonymous_id, *(read_id(row.get(part)) for part in PARTS_OF_ID)]
    return new_event(
        event_id="|".join(part or "" for part in parts),
        user_id=user_id,
        anonymous_id=anonymous_id,
        event_name=snake_case(name, "ga4"),
        raw_event_name=name,
        timestamp=read_time(row.get("event_timestamp")),
        properties=parameters(row.get("event_params")),
        has_illegal_id=is_user_illegal or is_device_illegal,
    )


def parameters(value: object) -> Row:
    """Keys and their values; of a key that occurs twice the first."""
    found: Row = {}
    listed = read_json(value)
    for pair in listed if isinstance(listed, list) else ():
        values = read_object(pair.get("value"))
        found.setdefault(pair.get("key"), first_value(values))
    return {key: value for key, value in found.items() if value is not None}


def first_value(values: Row) -> object:
    """The first that is not null, of text, whole number, float and double."""
    if values.get("string_value") is not None:
        return values["string_value"]
    for name, kind in (("int_value", int), ("float_value", float), ("double_value", float)):
        value = values.get(name)
        if value is not None:
            # JSON of BigQuery has whole numbers in quotes.
            return kind(value) if isinstance(value, str) else value
    return None
