"""Random exports of Mixpanel: raw and of a pipeline, wall clocks, both writings of a device."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.adapters.expected.values import Row
from tests.adapters.random_base import FIRST_SEEN, Dice, Export, settings_of

OWN = ("$identify", "$create_alias", "$merge", "$mp_web_page_view")
# Wall times that are skipped or occur twice in one of the zones, and their neighbours.
CLOCK_CHANGES = tuple(
    change + minutes * timedelta(minutes=1)
    for change in (
        datetime(2024, 3, 10, 2),
        datetime(2024, 11, 3, 1),
        datetime(2024, 3, 31, 2),
        datetime(2024, 10, 27, 2),
        datetime(2024, 4, 7, 1, 30),
        datetime(2024, 10, 6, 2),
    )
    for minutes in (-1, 0, 1, 15, 29, 30, 59, 60)
)


def random_export(seed: int) -> Export:
    dice = Dice(seed)
    is_raw = seed % 2 == 0
    rows = [event(dice, is_raw) for _ in range(1600 if seed % 3 == 1 else 320)]
    rows += [dict(row) for row in dice.sample(rows, 8)]
    people = [profile(dice, is_raw, user) for user in dice.sample(dice.users, 14)]
    people += [profile(dice, is_raw, other) for other in other_profiles(dice)]
    people += [dict(people[0])]
    if seed % 3 == 1:
        rows.append(first_seen(is_raw, "u1", datetime(1995, 5, 5)))
    rows += [first_seen(is_raw, user, instant) for user, instant in FIRST_SEEN.items()]
    dice.shuffle(rows)
    if is_raw:
        tables = {"events": rows, "people": people}
        mappings = "identity_mappings"
    else:
        tables = {"mp_master_event": rows, "mp_people_data": people}
        mappings = "mp_identity_mappings_data"
    if seed % 3 != 2:
        tables[mappings] = [mapping(dice) for _ in range(25)]
    return Export("mixpanel", tables, settings_of(dice, group=True, zone=True))


def other_profiles(dice: Dice) -> list[object]:
    return [None, "undefined", f"$device:{dice.devices[0]}", dice.devices[13]]


def device(dice: Dice) -> str:
    return dice.choice(("$device:", "")) + dice.choice(dice.devices)


def first_seen(is_raw: bool, user_id: str, instant: datetime) -> Row:
    time = (instant - datetime(1970, 1, 1)) // timedelta(milliseconds=1)
    if is_raw:
        own = {"time": time, "distinct_id": user_id, "$user_id": user_id}
        return {"event": "Clicked", "properties": own}
    return {"event_name": "Clicked", "distinct_id": user_id, "user_id": user_id, "time": time}


def time_of(dice: Dice) -> object:
    """Seconds or milliseconds since 1970, of a wall clock."""
    instant = dice.choice(CLOCK_CHANGES) if dice.chance(0.2) else dice.instant()
    milliseconds = (instant - datetime(1970, 1, 1)) // timedelta(milliseconds=1)
    return dice.choice(
        (milliseconds, milliseconds // 1000, float(milliseconds // 1000), milliseconds)
    )


def event(dice: Dice, is_raw: bool) -> Row:
    name = dice.name(OWN)
    user = dice.id_of(dice.users, missing=0.55)
    named_device = dice.id_of([device(dice)], missing=0.4)
    distinct = dice.choice(
        (
            user,
            user,
            device(dice),
            named_device,
            dice.spelled(dice.choice(dice.users)),
            dice.id_of(dice.users),
        )
    )
    time = dice.no_time() if dice.chance(0.04) else time_of(dice)
    insert_id = dice.choice((None, "")) if dice.chance(0.1) else f"i{dice.randrange(150)}"
    properties = dice.object()
    if dice.chance(0.3):
        properties[dice.choice(("company", "company", "workspace", "team"))] = dice.group()
    if dice.chance(0.8):
        properties["mp_processing_time_ms"] = 1_704_067_200_000 + dice.randrange(10**10)
    if is_raw:
        properties |= {"time": time, "distinct_id": distinct, "$insert_id": insert_id}
        if user is not None:
            properties["$user_id"] = user
        if named_device is not None:
            properties["$device_id"] = named_device
        keys = [*properties]
        dice.shuffle(keys)
        return {"event": name, "properties": {key: properties[key] for key in keys}}
    if dice.chance(0.3):
        properties["$insert_id"] = insert_id
    return {
        "event_name": name,
        "distinct_id": distinct,
        "insert_id": insert_id,
        "time": time,
        "user_id": user,
        "device_id": named_device,
        "properties": properties,
    }


def profile(dice: Dice, is_raw: bool, distinct_id: object = None) -> Row:
    traits = dice.traits(0.9) | {"$email": "person@example.com"}
    if dice.chance(0.5):
        traits["$created"] = dice.maybe_time(share=0.2)
    if is_raw:
        return {"$distinct_id": distinct_id, "$properties": traits}
    return {"distinct_id": distinct_id, "properties": traits}


def mapping(dice: Dice) -> Row:
    target = dice.choice((None, "undefined")) if dice.chance(0.08) else None
    return {
        "distinct_id": dice.choice((device(dice), dice.id_of(dice.users), "undefined")),
        "resolved_distinct_id": target or dice.choice((device(dice), dice.choice(dice.users))),
    }
