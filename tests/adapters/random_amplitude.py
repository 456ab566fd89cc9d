"""Random exports of Amplitude: two tables of events, insert ids that repeat, merged users."""

from __future__ import annotations

from datetime import timedelta

from tests.adapters.expected.values import Row
from tests.adapters.random_base import FIRST_SEEN, Dice, Export, settings_of

OWN = ("$identify", "$groupidentify", "revenue_amount", "session_start", "$x")


def random_export(seed: int) -> Export:
    dice = Dice(seed)
    count = 1500 if seed % 3 == 1 else 260
    # A loader renames the insert id.
    insert_id = "_insert_id" if seed % 3 == 0 else "$insert_id"
    rows = [event(dice, insert_id) for _ in range(count)]
    for row in dice.sample(rows, 12):
        # The same event again, as the vendor means it; traits of the same instant decide by uuid.
        rows.append(row | {"event_properties": dice.object()})
        if row["uuid"] is not None:
            rows.append(row | {"uuid": dice.uuid(), "user_properties": dice.traits(0.8)})
    if seed % 3 == 1:
        rows[0] |= {
            "event_time": "1995-05-05 05:05:05",
            "event_type": "Signed Up",
            "user_id": "u1",
        }
    for user_id, instant in FIRST_SEEN.items():
        row = event(dice, insert_id) | {"user_id": user_id, "event_type": "Clicked"}
        row |= {"user_creation_time": None, "user_properties": {}}
        rows.append(row | {"event_time": dice.time(instant)})
    dice.shuffle(rows)
    tables = {"events": rows} if seed % 3 == 0 else {"events_187520": rows[::2]}
    if seed % 3:
        tables["events_187521"] = rows[1::2]
    if seed % 3 == 1:
        tables["merge_ids_187520"] = [merge(dice) for _ in range(20)]
    elif seed % 3 == 0:
        tables["merged_ids"] = [merge(dice) for _ in range(20)]
    return Export("amplitude", tables, settings_of(dice, group=True))


def amplitude_id(dice: Dice) -> object:
    number = 75_000_000_000 + dice.randrange(20)
    # As a column of numbers with nulls may be written.
    return float(number) if dice.number % 3 == 0 else dice.choice((number, str(number)))


def event(dice: Dice, insert_id: str) -> Row:
    instant = dice.instant()
    has_amplitude_id = dice.chance(0.8)
    uuid = dice.uuid() if dice.chance(0.6) else None
    # Without a uuid the device must tell insert ids apart.
    needs_device = uuid is None or has_amplitude_id
    device = dice.choice(dice.devices) if needs_device else dice.id_of(dice.devices)
    user_id = dice.id_of(dice.users, missing=0.35)
    groups: Row = {}
    if dice.chance(0.15):
        groups["team"] = dice.group()
    if dice.chance(0.4):
        groups[dice.choice(("company", "workspace", "company"))] = dice.group()
    return {
        "uuid": uuid,
        insert_id: dice.choice((f"buy:{dice.randrange(40)}", None)) if uuid is None else "x",
        "event_id": dice.randrange(100),
        "event_type": dice.name(OWN),
        "event_time": dice.maybe_time(instant),
        "client_event_time": dice.time(instant),
        "amplitude_id": amplitude_id(dice) if has_amplitude_id else None,
        "device_id": device,
        "user_id": user_id,
        "server_upload_time": dice.maybe_time(instant + timedelta(seconds=4), share=0.2),
        "server_received_time": dice.maybe_time(instant + timedelta(seconds=2), share=0.2),
        "user_creation_time": dice.maybe_time(share=0.7),
        "event_properties": dice.object(),
        "user_properties": dice.traits(0.12),
        "groups": groups,
    }


def merge(dice: Dice) -> Row:
    def any_id() -> object:
        return dice.choice((None, "0", -1)) if dice.chance(0.1) else amplitude_id(dice)

    return {
        "amplitude_id": any_id(),
        "merged_amplitude_id": any_id(),
        "merge_event_time": dice.maybe_time(share=0.4),
        "merge_time": dice.maybe_time(share=0.2),
    }
