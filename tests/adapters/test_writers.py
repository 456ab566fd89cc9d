"""Writers against readers, both in Python: what a format carries comes back, cell by cell."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.adapters.comparison import row_differences
from tests.adapters.expected import SOURCES, read_export
from tests.adapters.expected.values import Row
from tests.adapters.writers.world import World, random_world
from tests.oracle.random_data import write_case

CASES = (0, 1, 2)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[World]:
    folder = tmp_path_factory.mktemp("worlds")
    found = [random_world(write_case(case, folder / str(case)).raw_dir) for case in CASES]
    return [*found, with_devices(found[0])]


def with_devices(world: World) -> World:
    """Some events come from devices, some from devices alone; devices and old ids have aliases."""
    events = []
    for number, event in enumerate(world.events):
        if number % 3 == 0:
            device = f"d{number % 40}"
            user_id = None if number % 2 else event["user_id"]
            event = event | {"anonymous_id": device, "user_id": user_id}
        events.append(event)
    first, second, *_ = world.users
    aliases = [
        {"alias_id": "d1", "user_id": first["user_id"], "aliased_at": first["created_at"]},
        {"alias_id": "d1", "user_id": second["user_id"], "aliased_at": None},
        {"alias_id": "old", "user_id": second["user_id"], "aliased_at": second["created_at"]},
        {"alias_id": "old", "user_id": "nobody", "aliased_at": None},
    ]
    return World(world.users, events, aliases)


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_written_is_read(source: str, worlds: list[World]) -> None:
    writer = import_module(f"tests.adapters.writers.{source}")
    for number, world in enumerate(worlds):
        carried = writer.carried(world)
        assert carried.users
        assert carried.events
        found = read_export(source, writer.tables(carried))
        assert [
            *row_differences(source, "users", map(from_carried_user, carried.users), users(found)),
            *row_differences(source, "events", carried.events, events(found)),
            *row_differences(source, "aliases", carried.aliases, found.aliases),
        ] == [], f"world {number}"


def from_carried_user(user: Row) -> Row:
    return user | {"signup_found_by": None}


def users(found: object) -> list[Row]:
    """How the signup was found is not of the world."""
    return [user | {"signup_found_by": None} for user in found.users]


def events(found: object) -> list[Row]:
    """Only the columns of the world."""
    own = ("has_", "is_", "raw_")
    return [
        {name: value for name, value in event.items() if not name.startswith(own)}
        for event in found.events
    ]


def test_random_worlds_stay_large(worlds: list[World]) -> None:
    for world in worlds[: len(CASES)]:
        assert len(world.users) > 30
        assert len(world.events) > 300
