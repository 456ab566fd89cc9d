"""The replayed worlds would find a forgetful build: one that takes in less than all that changed.

Each forgetful build here is a way in which incremental models go wrong, played on the input alone:
what it would believe the raw rows to be is written as files of its own, and the oracle computes the
marts from both. A world is worth its time only if the two differ on some day; the fault is then one
that `test_replay.py` finds in dbt's models, too.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.oracle.marts import compute_marts
from tests.oracle.random_definitions import write_seeds
from tests.oracle.random_values import EVENT_COLUMNS, USER_COLUMNS
from tests.replay.cards import deck_of
from tests.replay.files import Row, write_rows
from tests.replay.world import DAYS, FORMS, SEEDS, World, days_of

RUN_STARTED_AT = datetime(2025, 1, 1)


class ForgetfulBuild:
    """Takes in everything of every day; each subclass forgets something."""

    def __init__(self) -> None:
        self.users: list[Row] = []
        self.events: list[Row] = []
        self.seeds: dict[str, list[Row]] = {}
        self.variables: dict[str, object] = {}

    def take_in(self, world: World) -> None:
        # Copies: the world changes its rows in place.
        self.users = self.take_users([dict(user) for user in world.users])
        self.events = self.take_events(world)
        seeds = {name: [dict(row) for row in rows] for name, rows in world.seeds.items()}
        self.seeds = self.take_seeds(seeds)
        self.variables = self.take_variables(dict(world.variables))

    def take_users(self, users: list[Row]) -> list[Row]:
        return users

    def take_events(self, world: World) -> list[Row]:
        return [dict(row) for batch in world.batches for row in batch.rows]

    def take_seeds(self, seeds: dict[str, list[Row]]) -> dict[str, list[Row]]:
        return seeds

    def take_variables(self, variables: dict[str, object]) -> dict[str, object]:
        return variables


def content(row: Row) -> tuple:
    return tuple(row.get(column) for column in EVENT_COLUMNS)


class OnNewRows(ForgetfulBuild):
    """Looks at rows that were not there before, and keeps those that `wants` likes."""

    def take_events(self, world: World) -> list[Row]:
        known = Counter(content(row) for row in self.events)
        kept, new = [], []
        for row in super().take_events(world):
            if known[content(row)]:
                known[content(row)] -= 1
                kept.append(row)
            else:
                new.append(row)
        if not self.events:
            return new
        return kept + [row for row in new if self.wants(row)]

    def wants(self, row: Row) -> bool:
        raise NotImplementedError


class LooksBackThreeDays(OnNewRows):
    def wants(self, row: Row) -> bool:
        stamps = [r["timestamp"] for r in self.events if isinstance(r["timestamp"], datetime)]
        newest = max(stamp for stamp in stamps if stamp < RUN_STARTED_AT)
        return isinstance(row["timestamp"], datetime) and row["timestamp"] >= newest - timedelta(3)


class KeepsTheFirstCopyOfAnId(OnNewRows):
    def wants(self, row: Row) -> bool:
        return not row["event_id"] or all(r["event_id"] != row["event_id"] for r in self.events)


class DropsEventsOfUnknownUsers(OnNewRows):
    def wants(self, row: Row) -> bool:
        return any(user["user_id"] == row["user_id"] for user in self.users)


class DropsEventsBeforeSignup(OnNewRows):
    def wants(self, row: Row) -> bool:
        signups = [u["created_at"] for u in self.users if u["user_id"] == row["user_id"]]
        known = [signup for signup in signups if signup]
        return row["timestamp"] is None or all(str(row["timestamp"]) >= str(s) for s in known)


class KeepsWhatVanished(ForgetfulBuild):
    def take_events(self, world: World) -> list[Row]:
        now = super().take_events(world)
        there = Counter(content(row) for row in now)
        for row in self.events:
            if there[content(row)]:
                there[content(row)] -= 1
            else:
                now.append(row)
        return now


class ByFile(ForgetfulBuild):
    """Reads a file again only where `is_new` says so; what was in deleted files goes."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, tuple[os.stat_result, list[Row]]] = {}

    def take_events(self, world: World) -> list[Row]:
        before, self.files = self.files, {}
        for batch in world.batches:
            found = (world.raw_dir / "events" / batch.name).stat()
            rows = [dict(row) for row in batch.rows]
            if batch.name in before and not self.is_new(before[batch.name][0], found):
                rows = before[batch.name][1]
            self.files[batch.name] = (found, rows)
        return [row for _, rows in self.files.values() for row in rows]

    def is_new(self, before: os.stat_result, now: os.stat_result) -> bool:
        raise NotImplementedError


class ReadsAFileOnce(ByFile):
    def is_new(self, before: os.stat_result, now: os.stat_result) -> bool:
        return False


class KnowsFilesBySize(ByFile):
    def is_new(self, before: os.stat_result, now: os.stat_result) -> bool:
        return before.st_size != now.st_size


class KnowsFilesByLaterTime(ByFile):
    def is_new(self, before: os.stat_result, now: os.stat_result) -> bool:
        return now.st_mtime > before.st_mtime


class ReadsFilesLaterThanTheLast(ByFile):
    """Its watermark is the latest modification of all files that it has read."""

    def take_events(self, world: World) -> list[Row]:
        stamps = [found.st_mtime for found, _ in self.files.values()]
        watermark = max(stamps, default=0.0)
        before = dict(self.files)
        super().take_events(world)
        for name, (found, _) in list(self.files.items()):
            if before and name not in before and found.st_mtime <= watermark:
                self.files[name] = (found, [])
        return [row for _, rows in self.files.values() for row in rows]

    def is_new(self, before: os.stat_result, now: os.stat_result) -> bool:
        return before.st_mtime != now.st_mtime


class NeverReadsACorrectedLine(ForgetfulBuild):
    def __init__(self) -> None:
        super().__init__()
        # The rows themselves: the number of one that is gone could be that of another.
        self.broken: dict[int, Row] = {}

    def take_events(self, world: World) -> list[Row]:
        self.broken |= {id(row): row for batch in world.batches for row in batch.broken_rows}
        return [
            dict(row) for batch in world.batches for row in batch.rows if id(row) not in self.broken
        ]


class CountsRows(ForgetfulBuild):
    """Takes a table for unchanged where it has as many rows as before."""

    def take_events(self, world: World) -> list[Row]:
        now = super().take_events(world)
        return self.events if len(self.events) == len(now) else now


class ReceivedLaterThanTheNewest(ForgetfulBuild):
    def take_events(self, world: World) -> list[Row]:
        if not self.events:
            return super().take_events(world)
        newest = max(row["received_at"] for row in self.events)
        later = [row for row in super().take_events(world) if row["received_at"] > newest]
        return self.events + later


class KeepsUsersAsFirstSeen(ForgetfulBuild):
    def take_users(self, users: list[Row]) -> list[Row]:
        known = {user["user_id"] for user in self.users}
        return self.users + [user for user in users if user["user_id"] not in known]


class KeepsOneColumnOfUsers(ForgetfulBuild):
    column = ""

    def take_users(self, users: list[Row]) -> list[Row]:
        known = {user["user_id"]: user[self.column] for user in self.users}
        return [
            user | {self.column: known.get(user["user_id"], user[self.column])} for user in users
        ]


class KeepsSignups(KeepsOneColumnOfUsers):
    column = "created_at"


class KeepsInviters(KeepsOneColumnOfUsers):
    column = "invited_by"


class KeepsPlans(KeepsOneColumnOfUsers):
    column = "plan_tier"


class IgnoresUpdates(ForgetfulBuild):
    """Of the rows of a user, does not ask which is the newest."""

    def take_users(self, users: list[Row]) -> list[Row]:
        return [user | {"updated_at": None} for user in users]


class KeepsVanishedUsers(ForgetfulBuild):
    def take_users(self, users: list[Row]) -> list[Row]:
        there = {user["user_id"] for user in users}
        return users + [user for user in self.users if user["user_id"] not in there]


class KeepsOneSeed(ForgetfulBuild):
    name = ""

    def take_seeds(self, seeds: dict[str, list[Row]]) -> dict[str, list[Row]]:
        return seeds | {self.name: (self.seeds or seeds)[self.name]}


class KeepsMilestones(KeepsOneSeed):
    name = "milestones"


class KeepsCatalog(KeepsOneSeed):
    name = "event_catalog"


class KeepsSignals(KeepsOneSeed):
    name = "pql_signals"


class KeepsBands(KeepsOneSeed):
    name = "pql_bands"


class NeverLiftsAnExclusion(ForgetfulBuild):
    def take_seeds(self, seeds: dict[str, list[Row]]) -> dict[str, list[Row]]:
        rows = {row["user_id"]: row for row in self.seeds.get("excluded_users", [])}
        rows |= {row["user_id"]: row for row in seeds["excluded_users"]}
        return seeds | {"excluded_users": list(rows.values())}


class KeepsOneVar(ForgetfulBuild):
    name = ""

    def take_variables(self, variables: dict[str, object]) -> dict[str, object]:
        kept = {self.name: self.variables[self.name]} if self.name in self.variables else {}
        return variables | kept


class KeepsObservedUntil(KeepsOneVar):
    name = "observed_until"


class KeepsObservedFrom(KeepsOneVar):
    name = "observed_from"


class KeepsTolerance(KeepsOneVar):
    name = "signup_tolerance"


class IgnoresOneVar(ForgetfulBuild):
    name = ""

    def take_variables(self, variables: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in variables.items() if name != self.name}


class IgnoresObservedUntil(IgnoresOneVar):
    name = "observed_until"


class IgnoresObservedFrom(IgnoresOneVar):
    name = "observed_from"


class IgnoresTolerance(IgnoresOneVar):
    name = "signup_tolerance"


EVERYWHERE = (
    *(LooksBackThreeDays, KeepsTheFirstCopyOfAnId, DropsEventsOfUnknownUsers),
    *(DropsEventsBeforeSignup, KeepsUsersAsFirstSeen, KeepsSignups, KeepsInviters, KeepsPlans),
    *(KeepsVanishedUsers, KeepsMilestones, KeepsCatalog, KeepsSignals, KeepsBands),
    *(NeverLiftsAnExclusion, IgnoresUpdates, KeepsObservedUntil, IgnoresObservedUntil),
    *(KeepsObservedFrom, IgnoresObservedFrom, KeepsTolerance, IgnoresTolerance),
)
FORGETFUL: dict[str, tuple[Callable[[], ForgetfulBuild], ...]] = {
    "folder": (
        *EVERYWHERE,
        *(KeepsWhatVanished, CountsRows, ReadsAFileOnce, KnowsFilesBySize, KnowsFilesByLaterTime),
        *(ReadsFilesLaterThanTheLast, NeverReadsACorrectedLine),
    ),
    "table": (*EVERYWHERE, KeepsWhatVanished, CountsRows),
    "arrivals": (*EVERYWHERE, ReceivedLaterThanTheNewest),
}


def marts_of(build: ForgetfulBuild, folder: Path) -> dict[str, list[Row]]:
    folder.mkdir(exist_ok=True)
    write_rows(folder / "users.csv", (*USER_COLUMNS, "updated_at"), build.users)
    write_rows(folder / "events.csv", EVENT_COLUMNS, build.events)
    write_seeds(build.seeds, folder)
    return compute_marts(folder, folder, RUN_STARTED_AT, build.variables)


def content_of_mart(rows: list[Row]) -> Counter[str]:
    """The rows in no order. One program computed both sides, so that no rounding differs."""
    return Counter(map(repr, rows))


@pytest.mark.long
@pytest.mark.parametrize("form", FORMS)
def test_every_forgetful_build_is_found_out(form: str, tmp_path: Path) -> None:
    seed = SEEDS[0]
    if days_of(form) < DAYS[form]:
        pytest.skip("a replay of fewer days than by default can't show everything")
    world = World(form, seed, days_of(form), tmp_path / "source")
    sound = ForgetfulBuild()
    undetected = {make.__name__: make() for make in FORGETFUL[form]}
    found_on: dict[str, str] = {}
    for day in range(world.day_count + 1):
        if day:
            world.advance()
        sound.take_in(world)
        expected = None
        for name, build in list(undetected.items()):
            build.take_in(world)
            if (build.users, build.seeds, build.variables) == (
                *(sound.users, sound.seeds, sound.variables),
            ) and Counter(map(content, build.events)) == Counter(map(content, sound.events)):
                continue
            expected = expected or marts_of(sound, tmp_path / "sound")
            actual = marts_of(build, tmp_path / "forgetful")
            wrong = [
                mart
                for mart, rows in expected.items()
                if content_of_mart(rows) != content_of_mart(actual[mart])
            ]
            if wrong:
                found_on[name] = f"day {day}: {', '.join(wrong)}"
                del undetected[name]
    print(form, *(f"{name}: {where}" for name, where in found_on.items()), sep="\n  ")
    assert not undetected, f"world {form}, seed {seed}: nothing gives away {list(undetected)}"


def test_every_card_is_played_to_its_end(tmp_path: Path) -> None:
    seed = SEEDS[0]
    if any(days_of(form) < DAYS[form] for form in FORMS):
        pytest.skip("a replay of fewer days than by default can't show everything")
    put_off, acted = set(), set()
    for form in FORMS:
        world = World(form, seed, days_of(form), tmp_path / form)
        for _ in range(world.day_count):
            world.advance()
        unplayed = [card.__name__ for card in deck_of(form) if card not in world.played]
        assert not unplayed, f"world {form}, seed {seed}: these find nothing to act on: {unplayed}"
        put_off |= world.put_off
        acted |= world.acted
    assert put_off == acted, f"never on a later day: {put_off - acted}"
