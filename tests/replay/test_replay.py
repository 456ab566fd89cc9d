"""Incremental builds equal full builds: a source delivers day by day, and each day is built.

Three worlds deliver in the three forms that raw events come in (`tests/replay/world.py`): a folder
of files, one table, and a table that tells when each row arrived. After each day's `dbt build` on
the same database, every cell of every mart is compared with what the oracle computes from all that
was delivered, and on some days, which a var or a killed build adds to, with a full rebuild by dbt
(a rebuild takes six times as long as the oracle). On one day, the build is killed several times
first; on another, no build runs.

    PLG_REPLAY_SEEDS       numbers of the random worlds, separated by commas; default 1
    PLG_REPLAY_DAYS        days of each world; default 30 for the folder, 12 and 8 for the others
    PLG_REPLAY_FULL_EVERY  days from one full rebuild by dbt to the next; default 10, 1 is each day
    PLG_REPLAY_KEEP        a folder that keeps raw files and databases for a look at them
"""

from __future__ import annotations

import gc
import os
import random
from datetime import datetime, timezone
from pathlib import Path

import pytest

from tests.oracle.expected import oracle_differences
from tests.oracle.marts import compute_marts
from tests.replay.builds import Warehouse, build_differences, damages
from tests.replay.world import FORMS, SEEDS, World, days_of

FULL_EVERY = int(os.environ.get("PLG_REPLAY_FULL_EVERY", "10"))
KEEP = os.environ.get("PLG_REPLAY_KEEP")
KILL_COUNT = 2


class Replay:
    """One world, and the databases that are built on what it delivers."""

    def __init__(self, form: str, seed: int, day_count: int, folder: Path) -> None:
        if KEEP:
            folder = Path(KEEP) / f"{form}-{seed}"
        self.world = World(form, seed, day_count, folder / "source")
        self.title = f"world {form}, seed {seed}"
        self.diary: list[str] = []
        self.folder = folder
        self.incremental = self.warehouse("incremental")
        self.full = self.warehouse("full")

    def warehouse(self, name: str) -> Warehouse:
        return Warehouse(
            self.folder / "databases", name, self.world.raw_dir, self.world.definitions_dir
        )

    def advance(self) -> None:
        happened = self.world.advance()
        self.diary = [f"day {self.world.day}: {told}" for told in happened]

    def build(self) -> None:
        self.incremental.build(self.world.variables)

    def rebuild(self) -> None:
        """Builds the other database from nothing."""
        self.full.empty()
        self.full.build(self.world.variables, full_refresh=True)

    def require_equal_to_rebuild(self) -> None:
        self.require(
            build_differences(self.incremental.database, self.full.database),
            "the incremental build differs from a full one",
        )

    def require_equal_to_oracle(self) -> None:
        self.require(
            oracle_differences(self.incremental.database, self.oracle_marts()),
            "the incremental build differs from the oracle",
        )

    def require(self, found: list[str], problem: str) -> None:
        """Fails, where anything was found, with all that is needed to see it again."""
        if found:
            said = [
                f"{self.title}, day {self.world.day}: {problem}.",
                f"vars {self.world.variables}; files and databases in {self.folder}",
                "What happened since the build before:",
                *(f"  {told}" for told in self.diary),
                "Differences:",
                *(f"  {difference}" for difference in found[:40]),
            ]
            pytest.fail("\n".join(said), pytrace=False)

    def oracle_marts(self) -> dict[str, list[dict[str, object]]]:
        return compute_marts(
            self.world.raw_dir,
            self.world.definitions_dir,
            datetime.now(timezone.utc).replace(tzinfo=None),
            self.world.variables,
        )

    def kill_builds(self, rng: random.Random) -> None:
        """Kills several builds in a row; after each, the marts are whole and of one day."""
        yesterday = self.warehouse("yesterday")
        self.incremental.copy_to(yesterday)
        for _ in range(KILL_COUNT):
            share, delay = rng.uniform(0.05, 0.97), rng.uniform(0, 0.05)
            where = self.incremental.build_and_kill(self.world.variables, share, delay)
            self.diary.append(f"day {self.world.day}: a build is {where}")
            self.require(
                damages(self.incremental.database, yesterday.database, self.full.database),
                "the killed build left damage",
            )


def replay(form: str, seed: int, tmp_path: Path, day_count: int | None = None) -> Replay:
    return Replay(form, seed, day_count or days_of(form), tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("form", FORMS)
def test_each_day_equals_a_full_rebuild(form: str, seed: int, tmp_path: Path) -> None:
    run = replay(form, seed, tmp_path)
    day_count = run.world.day_count
    rng = random.Random(f"interruptions {form} {seed}")
    killed_day = rng.randint(day_count * 2 // 5, day_count * 4 // 5)
    # A world of very few days has no day to miss.
    missed_day = rng.choice([d for d in range(2, day_count) if abs(d - killed_day) > 1] or [0])
    run.build()
    run.require_equal_to_oracle()
    variables = dict(run.world.variables)
    missed: list[str] = []
    for day in range(1, day_count + 1):
        run.advance()
        run.diary = missed + run.diary
        missed = []
        if day == missed_day:
            missed = [*run.diary, f"day {day}: no build runs"]
            continue
        has_new_variables = variables != run.world.variables
        variables = dict(run.world.variables)
        is_rebuilt = day % FULL_EVERY == 0 or has_new_variables or day in (killed_day, day_count)
        if is_rebuilt:
            run.rebuild()
        if day == killed_day:
            run.kill_builds(rng)
        run.build()
        if is_rebuilt:
            run.require_equal_to_rebuild()
        run.require_equal_to_oracle()
        if day % 5 == 0:
            gc.collect()


@pytest.mark.long
def test_a_build_with_nothing_new_changes_nothing(tmp_path: Path) -> None:
    run = replay("folder", SEEDS[0] + 1000, tmp_path, day_count=6)
    run.build()
    run.advance()
    run.build()
    before = run.warehouse("before")
    run.incremental.copy_to(before)
    run.diary.append(f"day {run.world.day}: built twice")
    run.build()
    run.require(
        build_differences(run.incremental.database, before.database),
        "a second build changed the marts",
    )


@pytest.mark.long
def test_two_days_at_once_equal_a_build_each_day(tmp_path: Path) -> None:
    run = replay("folder", SEEDS[0] + 2000, tmp_path, day_count=6)
    run.build()
    at_once = run.warehouse("at_once")
    run.incremental.copy_to(at_once)
    run.advance()
    run.build()
    first_day = run.diary
    run.advance()
    run.diary = first_day + run.diary
    run.build()
    at_once.build(run.world.variables)
    run.rebuild()
    run.require_equal_to_rebuild()
    run.require(
        build_differences(at_once.database, run.incremental.database),
        "two days built at once differ from a build each day",
    )
