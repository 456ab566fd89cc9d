"""Cards: files of a folder, and the single file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.replay.files import Row
from tests.replay.product import DAY, Batch

if TYPE_CHECKING:
    from tests.replay.world import World


def file_renamed(world: World) -> str:
    batch = world.rng.choice(world.batches)
    before = batch.name
    batch.name = f"renamed-{world.number('rename')}-{Path(before).name}"
    batch.is_changed = True
    return f"{before} renamed to {batch.name}"


def file_moved(world: World) -> str:
    batch = world.rng.choice(world.batches)
    before = batch.name
    batch.name = f"archive/{world.number('move')}-{Path(before).name}"
    batch.is_changed = True
    return f"{before} moved to {batch.name}"


def file_deleted(world: World) -> str:
    batch = world.rng.choice(world.large_batches())
    world.batches.remove(batch)

    def come_back() -> str:
        batch.is_changed = True
        world.batches.append(batch)
        return f"{batch.name} comes back"

    if world.rng.random() < 0.6:
        world.later(come_back)
    return f"{batch.name} deleted"


def file_of_another_form(world: World) -> str:
    batch = world.rng.choice(world.batches)
    before = batch.name
    ending = ".csv" if before.endswith(".parquet") else ".parquet"
    batch.name = before.split(".")[0] + ending
    world.touch(batch)
    return f"{before} becomes {batch.name}"


def file_copied(world: World) -> str:
    batch = world.rng.choice(world.batches)
    name = f"copy-{world.number('copy')}-of-{Path(batch.name).name}"
    world.batches.append(Batch(name, [row | {} for row in batch.rows], batch.modified_at))
    return f"{batch.name} copied to {name}"


def contents_exchanged(world: World) -> str:
    first, second = world.rng.sample(world.batches, 2)
    first.rows, second.rows = second.rows, first.rows
    world.touch(first)
    world.touch(second)
    return f"{first.name} and {second.name} exchange their contents"


def old_file_arrives(world: World) -> str:
    """A backfill whose name sorts before all others and whose time is older than theirs."""
    users = [world.any_user() for _ in range(4)]
    rows = [world.event(u["user_id"], world.moment(u["created_at"], world.now)) for u in users]
    name = f"0000-backfill-{world.number('backfill')}.parquet"
    world.batches.insert(0, Batch(name, rows, 1_000_000.0 + world.day))
    return f"{name} arrives, 4 events"


def header_arrives(world: World) -> str:
    name = f"{world.now:%Y-%m-%d}-empty-{world.number('empty')}.csv"
    world.batches.append(Batch(name, [], world.some_time()))
    return f"{name} arrives, without rows"


def file_emptied(world: World) -> str:
    batch = world.rng.choice(world.large_batches())
    rows, batch.rows = batch.rows, []
    world.touch(batch)

    def fill() -> str:
        batch.rows = rows + batch.rows
        world.touch(batch)
        return f"{batch.name} has its rows again"

    world.later(fill)
    return f"{batch.name} keeps its header only"


def break_rows(world: World, batch: Batch, rows: list[Row]) -> str:
    """Makes rows of a file unreadable, allows for it, and corrects them on a later day."""
    batch.rows = without(batch.rows, rows)
    batch.broken_rows += rows
    world.touch(batch)
    allow_broken_rows(world, len(rows))

    def correct() -> str:
        batch.rows += rows
        batch.broken_rows = without(batch.broken_rows, rows)
        world.touch(batch)
        allow_broken_rows(world, -len(rows))
        return f"{len(rows)} lines of {batch.name} can be read again"

    world.later(correct)
    return f"{len(rows)} lines of {batch.name} can't be read"


def without(rows: list[Row], gone: list[Row]) -> list[Row]:
    """The rows but these very ones: others may say the same."""
    return [row for row in rows if all(row is not other for other in gone)]


def allow_broken_rows(world: World, count: int) -> None:
    """Raises the var as long as a row can't be read."""
    world.numbers["broken row"] += count
    if world.numbers["broken row"]:
        world.variables["unreadable_rows_allowed"] = 1.0
    else:
        world.variables.pop("unreadable_rows_allowed", None)


def unreadable_lines(world: World) -> str | None:
    """Among them one whose twin, in another file, counts for the time being."""
    batches = [batch for batch in world.large_batches() if batch.is_text]
    if not batches:
        return None
    batch = world.rng.choice(batches)
    rows = world.rng.sample(batch.rows, 2)
    if rows[0]["user_id"] and isinstance(rows[0]["timestamp"], datetime):
        world.arriving.append(rows[0] | {"timestamp": rows[0]["timestamp"] + 2 * DAY})
    return break_rows(world, batch, rows)


def file_without_a_readable_line(world: World) -> str:
    users = [world.any_user() for _ in range(4)]
    rows = [world.event(u["user_id"], world.moment(u["created_at"], world.now)) for u in users]
    name = f"{world.now:%Y-%m-%d}-unreadable-{world.number('unreadable')}.csv"
    batch = Batch(name, rows, world.some_time())
    world.batches.append(batch)
    return break_rows(world, batch, rows)


def unreadable_line_of_a_user(world: World) -> str:
    user = world.any_user()
    world.users = [other for other in world.users if other is not user]
    world.broken_users.append(user)
    allow_broken_rows(world, 1)

    def correct() -> str:
        world.broken_users = [other for other in world.broken_users if other is not user]
        world.users.append(user)
        allow_broken_rows(world, -1)
        return f"the row of {user['user_id']} can be read again"

    world.later(correct)
    return f"a row of {user['user_id']} can't be read"


def export_of_another_form(world: World) -> str:
    world.events_ending = ".csv" if world.events_ending == ".parquet" else ".parquet"
    return f"the export is events{world.events_ending} from now on"


def arrival_at_the_newest_instant(world: World) -> str:
    for _ in range(3):
        user = world.any_user()
        row = world.event(user["user_id"], world.moment(user["created_at"], world.now))
        world.arriving.append(row | {"received_at": world.newest_received_at})
    return "3 events received at the same instant as the newest of an earlier day"
