"""Plays sequences of deliveries together: after each state, a build equals one from nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from tests.harness import PROJECT
from tests.replay.builds import Warehouse, build_differences

State = TypeVar("State")


class Delivery(NamedTuple):
    """What is there of all sequences on one day.

    Attributes:
        tables: the lines of raw tables other than events, without their heads, by the table.
        events: the content of each file of events.
        excluded: user_ids.
    """

    tables: Mapping[str, Sequence[str]]
    events: Mapping[str, str]
    excluded: Sequence[str]


HEADS = {
    # With a user of all sequences, so that there is always one.
    "users": (
        "user_id,account_id,created_at,plan_tier,install_source,invited_by,updated_at\n"
        "all,,2021-12-31,,,,\n"
    ),
    "aliases": "alias_id,user_id,aliased_at\n",
}


def quoted_line(cells: Sequence[str]) -> str:
    """A line of CSV; the cell `-` is empty."""
    quoted = ['"' + cell.replace('"', '""') + '"' if cell != "-" else "" for cell in cells]
    return ",".join(quoted) + "\n"


def assert_each_state_equals_a_build_from_nothing(
    folder: Path,
    sequences: Mapping[str, Sequence[State]],
    delivery_of: Callable[[Sequence[State]], Delivery],
    variables: dict[str, object],
    environment: dict[str, str] | None = None,
) -> None:
    """Delivers all sequences together, state by state, and builds on one database.

    Args:
        folder: a new one.
        sequences: each of as many states.
        delivery_of: what is delivered of the same state of each sequence.
        variables: dbt vars of the builds.
        environment: their further settings.
    """
    raw_dir, definitions_dir = folder / "raw", folder / "definitions"
    shutil.copytree(PROJECT / "seeds", definitions_dir)
    (raw_dir / "events").mkdir(parents=True)
    incremental, full = (
        Warehouse(folder, name, raw_dir, definitions_dir) for name in ("incremental", "full")
    )
    for number, states in enumerate(zip(*sequences.values(), strict=True)):
        deliver(delivery_of(states), raw_dir, definitions_dir)
        incremental.build(variables, environment=environment)
        if number:
            full.empty()
            full.build(variables, environment=environment)
            found = build_differences(incremental.database, full.database)
            assert not found, f"state {number}:\n" + "\n".join(found)


def deliver(delivery: Delivery, raw_dir: Path, definitions_dir: Path) -> None:
    """Writes what is there; a file of events that stays the same is not touched."""
    for table, lines in delivery.tables.items():
        (raw_dir / f"{table}.csv").write_text(HEADS[table] + "".join(lines))
    excluded = "".join(f"{user_id},test\n" for user_id in delivery.excluded)
    (definitions_dir / "excluded_users.csv").write_text(f"user_id,reason\n{excluded}")
    there = {path.stem: path for path in (raw_dir / "events").glob("*.csv")}
    for name in there.keys() - delivery.events.keys():
        there[name].unlink()
    for name, content in delivery.events.items():
        path = raw_dir / "events" / f"{name}.csv"
        if name not in there or path.read_text() != content:
            path.write_text(content)
