"""PostHog: events as they were sent, and persons with their ids, each in several versions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.adapters.expected.people import (
    Person,
    account_of,
    begin_of_export,
    group_type,
    order_of,
    user_of,
)
from tests.adapters.expected.result import Canonical, Settings, new_event
from tests.adapters.expected.tables import Tables
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
)

DECISIONS = (
    ("users", "signup_from_trait"),
    ("users", "signup_from_vendor"),
    ("users", "person_not_identified"),
    ("users", "person_deleted"),
    ("events", "person_at_ingestion"),
    ("events", "not_an_event"),
)
NO_EVENTS = frozenset(
    {"$identify", "$create_alias", "$merge_dangerously", "$groupidentify", "$set"}
)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


@dataclass
class Delivered:
    """A row of events: as it would be canonical, whether it is an event, and its group."""

    row: Row
    event: Row
    is_event: bool
    properties: Row


@dataclass
class Holder:
    """A person with the distinct ids that it holds and the newest row of its own."""

    row: Row | None = None
    distinct_ids: set[str] = field(default_factory=set)


def read(tables: Tables, settings: Settings, canonical: Canonical) -> None:
    persons = tables.get("persons")
    delivered = [delivery_of(row, is_ingestion=persons is None) for row in tables["events"]]
    for one in delivered:
        if one.is_event:
            canonical.events.append(one.event)
        else:
            canonical.decide("events", "not_an_event", one.event["timestamp"])
    if persons is None:
        holders = holders_of_events(delivered)
    else:
        mapping = newest_mapping(persons)
        holders = holders_of_persons(persons, mapping)
        for distinct_id, person_id in mapping.items():
            target = None if is_no_id(person_id) else person_id
            canonical.aliases.append(
                {"alias_id": distinct_id, "user_id": target, "aliased_at": None}
            )
    add_users(holders, delivered, settings, canonical)
    canonical.accounts += accounts_of(delivered, account_type(delivered, settings))


def delivery_of(row: Row, *, is_ingestion: bool) -> Delivered:
    properties = read_object(row.get("properties"))
    name = read_name(row.get("event"))
    anonymous_id, is_illegal = first_id([row.get("distinct_id")])
    user_id = None
    if is_ingestion:
        user_id, is_person_illegal = first_id([row.get("person_id")])
        is_illegal = is_illegal or is_person_illegal
    event = new_event(
        event_id=legal_id(row.get("uuid")),
        user_id=user_id,
        anonymous_id=anonymous_id,
        event_name=snake_case(name, "posthog"),
        raw_event_name=name,
        timestamp=read_time(row.get("timestamp")),
        received_at=read_time(row.get("created_at")),
        properties=properties,
        has_illegal_id=is_illegal,
        is_person_at_ingestion=user_id is not None,
    )
    return Delivered(row, event, name not in NO_EVENTS, properties)


def version(row: Row, column: str) -> int:
    text = read_id(row.get(column))
    return int(text) if text is not None else -1


def newest_mapping(persons: Iterable[Row]) -> dict[str, str | None]:
    """Whom each distinct id belongs to: by the highest version, of equal ones the smallest person."""
    found: dict[str, tuple[int, str | None]] = {}
    for row in persons:
        distinct_id, person_id = read_id(row.get("distinct_id")), read_id(row.get("person_id"))
        if distinct_id is None:
            continue
        new = version(row, "person_distinct_id_version"), person_id
        old = found.get(distinct_id)
        is_newer = old is None or new[0] > old[0]
        if is_newer or (new[0] == old[0] and (new[1] or "").encode() < (old[1] or "").encode()):
            found[distinct_id] = new
    return {distinct_id: person_id for distinct_id, (_, person_id) in found.items()}


def holders_of_persons(persons: Iterable[Row], mapping: dict[str, str | None]) -> dict[str, Holder]:
    holders: defaultdict[str, Holder] = defaultdict(Holder)
    for row in persons:
        person_id = legal_id(row.get("person_id"))
        if person_id is not None:
            newest = holders[person_id].row
            if newest is None or version(row, "person_version") > version(newest, "person_version"):
                holders[person_id].row = row
    for distinct_id, person_id in mapping.items():
        if not is_no_id(distinct_id) and person_id in holders:
            holders[person_id].distinct_ids.add(distinct_id)
    return dict(holders)


def holders_of_events(delivered: Iterable[Delivered]) -> dict[str, Holder]:
    holders: defaultdict[str, Holder] = defaultdict(Holder)
    for one in delivered:
        if one.event["user_id"] is not None:
            holder = holders[one.event["user_id"]]
            if one.event["anonymous_id"] is not None:
                holder.distinct_ids.add(one.event["anonymous_id"])
    return dict(holders)


def add_users(
    holders: dict[str, Holder],
    delivered: list[Delivered],
    settings: Settings,
    canonical: Canonical,
) -> None:
    by_distinct_id: defaultdict[str, list[Delivered]] = defaultdict(list)
    for one in delivered:
        if one.event["anonymous_id"] is not None:
            by_distinct_id[one.event["anonymous_id"]].append(one)
    named_group = account_type(delivered, settings)
    begin = begin_of_export(canonical.events)
    for person_id, holder in holders.items():
        person_row = holder.row or {}
        created_at = read_time(person_row.get("created_at"))
        if is_true(person_row.get("is_deleted")):
            canonical.decide("users", "person_deleted", created_at)
            continue
        own = [one for distinct_id in holder.distinct_ids for one in by_distinct_id[distinct_id]]
        traits = read_object(person_row.get("properties"))
        if not is_identified(holder, own, traits, settings):
            canonical.decide("users", "person_not_identified", created_at)
            continue
        person = Person(
            person_id,
            states=[[(order_of(None, None, None), traits)]],
            vendor_times=[created_at],
            events=[one.event for one in own if one.is_event],
            groups=[(key_of(one), group_of(one, named_group)) for one in own],
        )
        canonical.users.append(user_of(person, begin, settings))


def is_identified(
    holder: Holder, own: Iterable[Delivered], traits: Row, settings: Settings
) -> bool:
    if not holder.distinct_ids:
        return False
    if len(holder.distinct_ids) > 1 or is_true(traits.get("$is_identified")):
        return True
    if any(not UUID.fullmatch(distinct_id) for distinct_id in holder.distinct_ids):
        return True
    return any(
        one.event["raw_event_name"] == "$identify"
        or one.event["event_name"] in settings.signup_events
        for one in own
    )


def is_true(value: object) -> bool:
    return (as_text(value) or "").lower() in ("true", "1")


def key_of(one: Delivered) -> tuple:
    return order_of(one.event["timestamp"], one.event["received_at"], one.event["event_id"])


def account_type(delivered: Iterable[Delivered], settings: Settings) -> str | None:
    return group_type(settings, (one.properties.get("$groups") for one in delivered))


def group_of(one: Delivered, named_group: str | None) -> str | None:
    return legal_id(first_element(read_object(one.properties.get("$groups")).get(named_group)))


def accounts_of(delivered: Iterable[Delivered], named_group: str | None) -> list[Row]:
    """Of each account its traits, merged key by key in the order of time."""
    merged: defaultdict[str, Row] = defaultdict(dict)
    for one in sorted(delivered, key=key_of):
        is_identify = one.event["raw_event_name"] == "$groupidentify"
        if not is_identify or read_text(one.properties.get("$group_type")) != named_group:
            continue
        account_id = legal_id(one.properties.get("$group_key"))
        if account_id is not None:
            merged[account_id] |= read_object(one.properties.get("$group_set"))
    return [account_of(account_id, traits.get) for account_id, traits in merged.items()]
