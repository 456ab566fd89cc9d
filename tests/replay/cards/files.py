"""Cards: files of a folder, and the single file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.replay.product import Batch

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


def export_of_another_form(world: World) -> str:
    world.events_ending = ".csv" if world.events_ending == ".parquet" else ".parquet"
    return f"the export is events{world.events_ending} from now on"


def arrival_at_the_newest_instant(world: World) -> str:
    for _ in range(3):
        user = world.any_user()
        row = world.event(user["user_id"], world.moment(user["created_at"], world.now))
        world.arriving.append(row | {"received_at": world.newest_received_at})
    return "3 events received at the same instant as the newest of an earlier day"
