"""Cards: corrections of what was delivered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.replay.files import Row
from tests.replay.product import DAY, EVENT_NAMES

if TYPE_CHECKING:
    from tests.replay.world import World


def rows_removed(world: World) -> str:
    rows = world.rng.sample(world.rng.choice(world.large_batches()).rows, 2)
    world.remove_rows(rows)
    return f"rows removed: {[row['event_id'] for row in rows]}"


def rows_added(world: World) -> str:
    batch = world.rng.choice(world.batches)
    user = world.any_user()
    row = world.event(user["user_id"], world.moment(user["created_at"], world.now))
    batch.rows.insert(world.rng.randint(0, len(batch.rows)), row)
    world.touch(batch)
    return f"{row['event_id']} of {row['timestamp']} added to {batch.name}"


def row_changed(world: World, **changes: object) -> str:
    row = world.any_event()
    batch = world.owner(row)
    row.update(changes)
    world.touch(batch)
    return f"{row['event_id']} in {batch.name} corrected: {changes}"


def timestamp_corrected(world: World) -> str:
    return row_changed(world, timestamp=world.now - world.rng.random() * 40 * DAY)


def name_corrected(world: World) -> str:
    return row_changed(world, event_name=world.rng.choice(EVENT_NAMES))


def user_corrected(world: World) -> str:
    return row_changed(world, user_id=world.any_user()["user_id"])


def properties_corrected(world: World) -> str:
    invites = [row for row in world.sound_events() if row["event_name"] == "invite_sent"]
    row = world.rng.choice(invites)
    row["properties"] = f'{{"count":{world.rng.randint(5, 50)}}}'
    world.touch(world.owner(row))
    return f"properties of {row['event_id']} corrected: {row['properties']}"


def id_corrected(world: World) -> str:
    other = world.any_event()["event_id"]
    return row_changed(world, event_id=other)


def values_exchanged(world: World) -> str:
    """Two rows exchange their users: as many rows and, in a CSV, as many bytes as before."""
    batches = [b for b in world.large_batches() if b.name.endswith(".csv")]
    batch = world.rng.choice(batches or world.large_batches())
    sound = [row for row in batch.rows if row["user_id"]]
    first, second = world.rng.sample(sound, 2)
    first["user_id"], second["user_id"] = second["user_id"], first["user_id"]
    world.touch(batch)
    return f"users of {first['event_id']} and {second['event_id']} exchanged in {batch.name}"


def rows_in_another_order(world: World) -> str:
    batch = world.rng.choice(world.large_batches())
    world.rng.shuffle(batch.rows)
    world.touch(batch)
    return f"rows of {batch.name} in another order"


def only_activity_taken_back(world: World) -> str | None:
    by_user_date: dict[tuple[object, date], list[Row]] = {}
    for row in world.sound_events():
        if world.user_of(row):
            by_user_date.setdefault((row["user_id"], row["timestamp"].date()), []).append(row)
    single = [rows for rows in by_user_date.values() if len(rows) == 1]
    if not single:
        return None
    (row,) = world.rng.choice(single)
    world.remove_rows([row])
    return f"{row['event_id']} taken back, all that {row['user_id']} did on its date"


def date_emptied(world: World) -> str:
    day = world.any_event()["timestamp"].date()
    rows = [row for row in world.sound_events() if row["timestamp"].date() == day]
    world.remove_rows(rows)
    return f"all {len(rows)} events of {day} vanish"


def newest_taken_back(world: World) -> str:
    rows = sorted(world.sound_events(), key=lambda row: row["timestamp"])[-3:]
    world.remove_rows(rows)
    return "the 3 newest events are taken back"
