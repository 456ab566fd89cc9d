"""Random exports of PostHog: persons in several versions, ids that move, deleted persons."""

from __future__ import annotations

from datetime import timedelta

from tests.adapters.expected.values import Row
from tests.adapters.random_base import FIRST_SEEN, Dice, Export, settings_of

OWN = ("$identify", "$create_alias", "$merge_dangerously", "$groupidentify", "$set", "$pageview")
# Devices that did nothing that tells who uses them; what the person's properties say of that.
QUIET = {
    "0190a6f2-0000-7000-8000-000000000001": {},
    "0190A6F2-0000-7000-8000-00000000000B": {"$is_identified": False},
    "0190a6f2-0000-7000-8000-000000000003": {"$is_identified": True},
}


def random_export(seed: int) -> Export:
    dice = Dice(seed)
    dice.devices = [dice.uuid() for _ in range(24)]
    person_ids = [dice.uuid() for _ in range(30)]
    rows = [event(dice, person_ids) for _ in range(1600 if seed % 3 == 1 else 340)]
    rows += [dict(row) for row in dice.sample(rows, 8)]
    for device in QUIET:
        row = event(dice, person_ids) | {"event": "Clicked", "distinct_id": device}
        rows.append(row | {"person_id": f"p-{device}"})
    if seed % 3 == 1:
        rows[0] |= {"timestamp": "1995-05-05", "event": "Clicked", "distinct_id": "u1"}
    for user_id, instant in FIRST_SEEN.items():
        row = event(dice, person_ids) | {"event": "Clicked", "distinct_id": user_id}
        rows.append(row | {"person_id": f"p-{user_id}", "timestamp": dice.time(instant)})
    dice.shuffle(rows)
    tables = {"events": rows}
    if seed % 3 != 2:
        tables["persons"] = persons(dice, person_ids)
    return Export("posthog", tables, settings_of(dice, group=True))


def event(dice: Dice, person_ids: list[str]) -> Row:
    name = dice.name(OWN, 0.2)
    properties = dice.object()
    if dice.chance(0.3):
        kinds = ("company", "company", "workspace", "team")
        properties["$groups"] = {dice.choice(kinds): dice.id_of(dice.accounts)}
    if name == "$groupidentify":
        properties |= {
            "$group_type": dice.choice(("company", "workspace", "team")),
            "$group_key": dice.id_of(dice.accounts, missing=0.1),
            "$group_set": account_traits(dice),
        }
    instant = dice.instant()
    return {
        "uuid": dice.uuid(),
        "event": name,
        # Few are illegal; half are devices that nobody may have claimed.
        "distinct_id": dice.id_of(dice.choice((dice.devices, dice.users)), missing=0.03),
        "person_id": dice.id_of(person_ids, missing=0.05),
        "timestamp": dice.maybe_time(instant),
        "created_at": dice.maybe_time(instant + timedelta(seconds=5)),
        "properties": properties,
        "team_id": 1,
    }


def account_traits(dice: Dice) -> Row:
    values = {
        "name": "Acme Inc",
        "account_name": "Acme",
        "created_at": dice.instant().isoformat(),
        "seat_count": dice.choice((3, 20)),
        "industry": "tools",
        "trial_ends_at": dice.instant().isoformat(),
        "plan_tier": dice.choice(("pro", "free")),
    }
    return {key: values[key] for key in values if dice.chance(0.5)}


def persons(dice: Dice, person_ids: list[str]) -> list[Row]:
    """A row for each pair of a distinct id and a version of a person."""
    versions = {person_id: versions_of(dice) for person_id in person_ids[:24]}
    free = [*dice.users, *dice.devices]
    dice.shuffle(free)
    rows: list[Row] = []

    def deliver(person_id: str, distinct_id: object, mapping_version: int) -> None:
        for version in dice.sample(versions[person_id], dice.randrange(1, 3)):
            rows.append(
                {
                    "team_id": 1,
                    "distinct_id": distinct_id,
                    "person_id": person_id,
                    "person_distinct_id_version": mapping_version,
                    **version,
                }
            )

    for person_id in versions:
        for _ in range(dice.choice((1, 1, 1, 2, 3))):
            if free:
                distinct_id = free.pop()
                deliver(person_id, distinct_id, 0)
                if dice.chance(0.2):
                    # The id moves; of an equal version the smaller person has it.
                    other = dice.choice([*versions])
                    deliver(other, distinct_id, dice.choice((0, 1, 5)))
    for person_id in dice.sample([*versions], 4):
        deliver(person_id, dice.choice(("undefined", "null-user", "0")), dice.randrange(3))
    versions |= {f"p-{user}": [{"person_version": n} for n in (1, 2)] for user in FIRST_SEEN}
    for device, traits in QUIET.items():
        version = {"person_version": 1, "properties": traits, "created_at": dice.instant()}
        versions[f"p-{device}"] = [version, version]
        deliver(f"p-{device}", device, 0)
    for user_id in FIRST_SEEN:
        deliver(f"p-{user_id}", user_id, 0)
    dice.shuffle(rows)
    return rows


def versions_of(dice: Dice) -> list[Row]:
    """At least two versions of a person; deleting makes a new one."""
    created_at = dice.maybe_time(share=0.15)
    numbers = sorted(dice.sample(range(12), 2))
    found = []
    for number in numbers:
        traits = dice.traits(0.6) if dice.chance(0.6) else {}
        if dice.chance(0.1):
            traits["$is_identified"] = dice.choice((True, False))
        found.append(
            {
                "properties": traits,
                "person_version": number,
                "created_at": created_at,
                "is_deleted": number == numbers[-1] and dice.chance(0.15),
            }
        )
    return found
