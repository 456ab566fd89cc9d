"""Readers find a whole publication at any moment, whatever other publications do.

Publications of a made-up database are killed, crowded out or short of disk. test_publish_builds.py has
those of real builds.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb
import pytest

from plg.publish import publication
from plg.publish.publication import (
    Column,
    Database,
    Mart,
    NotPublished,
    current_version,
    publish,
    reserved,
)
from tests.harness import query
from tests.publish.published_reader import (
    Reading,
    published_versions,
    read_both,
    read_database,
    read_parquet,
)

FILESYSTEM_EVENTS = ("open", "os.", "shutil.", "fcntl.")


MARTS = [
    Mart(
        name,
        f"What's in {name}?",
        {
            "user_id": Column("bigint", "A user's number."),
            "scored_at": Column("timestamp", "Until when it's known."),
            "score": Column("decimal(18, 5)", "A score."),
        },
        f"built.marts.{name}",
    )
    for name in ("pql_scores", "users_by_day")
]
OBSERVATION = "built.intermediate.int_observation"
DEFINITIONS = "built.intermediate.int_definitions_version"


def make_built(file: Path, day: int) -> None:
    """Makes the database of a build as of a day."""
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts; create schema intermediate")
        connection.execute("create view users as select 1 as user_id")
        connection.execute(f"comment on view users is 'run {day}'")
        instant = f"timestamp '2024-01-01' + interval {day} day"
        connection.execute(
            f"create table intermediate.int_observation as select {instant} as observed_until_at"
        )
        connection.execute(
            f"create table intermediate.int_definitions_version as select 'version {day}' as "
            "definitions_version"
        )
        for mart in MARTS:
            connection.execute(
                f"create table marts.{mart.name} as select range as user_id, {instant} as "
                f"scored_at, cast({day} as decimal(18, 5)) as score from range(500) "
                "order by hash(range)"
            )


class Shop:
    """A database as of some day, and its publications."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "built.duckdb"
        self.page = folder / "page.html"
        self.published = folder / "published"

    def publish(self, day: int | None = None, built_by: str | None = None) -> str:
        """Publishes what is built, or made now for a day; as what this run built, or another."""
        if day is not None:
            make_built(self.database, day)
            self.page.write_text(f"day {day}")
        if not built_by:
            runs = "select comment from duckdb_views() where comment is not null"
            ((built_by,),) = (row.values() for row in query(self.database, runs))
        database = Database(self.database, built_by)
        with reserved(self.published):
            return publish(self.published, MARTS, OBSERVATION, DEFINITIONS, database, [self.page])

    def copy_to(self, folder: Path) -> Shop:
        shutil.copytree(self.database.parent, folder, symlinks=True)
        return Shop(folder)

    def read(self) -> Reading:
        """What readers find, which is the same in both forms."""
        database, parquet = read_both(self.published)
        assert database == parquet
        return database


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is such a place: hundreds of publications wait for no disk."""
    memory = Path("/dev/shm")
    has_memory = memory.is_dir() and os.access(memory, os.W_OK)
    with tempfile.TemporaryDirectory(dir=memory if has_memory else None) as name:
        yield Path(name)


@pytest.fixture
def shop(folder: Path) -> Shop:
    (folder / "shop").mkdir()
    return Shop(folder / "shop")


def everything(folder: Path) -> set[str]:
    """The entries of the folder of publications, hidden ones too, without those of the versions."""
    return {path.name for path in [*folder.iterdir(), *(folder / "versions").iterdir()]}


@contextmanager
def in_a_process(
    target: Callable[..., None], *arguments: object
) -> Iterator[multiprocessing.Process]:
    """Runs a function in a process that has no threads and no databases of this one."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["duckdb", "pytest"])
    process = context.Process(target=target, args=arguments)
    process.start()
    try:
        yield process
    finally:
        process.join()


def test_the_file_is_read_only_and_of_a_format_that_older_clients_open(shop: Shop) -> None:
    shop.publish(day=1)
    files = [path for path in (shop.published / "current").rglob("*") if path.is_file()]
    assert {path.name for path in files} == {
        "page.html",
        "plg.duckdb",
        "pql_scores.parquet",
        "publication.parquet",
        "users_by_day.parquet",
    }
    assert all(path.stat().st_mode & 0o777 == 0o444 for path in files)
    file = shop.published / "current" / "plg.duckdb"
    (found,) = query(
        file, "select tags['storage_version'] as v from duckdb_databases() where path is not null"
    )
    assert found["v"] == "v1.4.0+"
    assert not query(file, "select * from duckdb_views() where not internal")
    assert str(shop.database.parent).encode() not in file.read_bytes()


def test_the_publication_says_what_it_is(shop: Shop) -> None:
    version = shop.publish(day=1)
    (row,) = query(shop.published / "current" / "plg.duckdb", "from marts.publication")
    assert row["version"] == version == current_version(shop.published)
    assert str(row["observed_until_at"]) == "2024-01-02 00:00:00"
    assert row["definitions_version"] == "version 1"
    assert version.startswith(f"{row['published_at']:%Y%m%dT%H%M}")


def test_the_last_three_stay(shop: Shop) -> None:
    versions = [shop.publish(day) for day in range(5)]
    assert everything(shop.published) == {".lock", "current", "versions", *versions[-3:]}
    assert shop.read().version == versions[-1]


def test_what_a_reader_holds_open_stays_as_it_is(shop: Shop) -> None:
    shop.publish(day=1)
    held = duckdb.connect(str(shop.published / "current" / "plg.duckdb"), read_only=True)
    days = "select distinct score from marts.users_by_day"
    for day in range(2, 7):
        shop.publish(day)
        assert held.execute(days).fetchall() == [(1,)]
        assert query(shop.published / "current" / "plg.duckdb", days) == [{"score": day}]
    held.close()


def publish_and_die(folder: Path, step: int) -> None:
    """Publishes, and is killed right before a step that changes or opens files."""
    steps = 0

    def count(event: str, _: tuple) -> None:
        nonlocal steps
        if event.startswith(FILESYSTEM_EVENTS):
            steps += 1
            if steps == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    Shop(folder).publish()


def publish_for_a_while(folder: Path, seconds: float) -> None:
    """Publishes, and is killed after some time, in the middle of whatever it does."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    Shop(folder).publish()


@pytest.mark.long
def test_a_killed_publication_leaves_the_last_one_or_is_whole(shop: Shop, folder: Path) -> None:
    for day in range(3):
        last = shop.publish(day)
    make_built(shop.database, day=3)
    before, seen = shop.read(), set()
    tries = [(publish_for_a_while, 0.005 * step) for step in range(1, 9)]
    tries += [(publish_and_die, step) for step in range(1, 1000)]
    for number, (how, when) in enumerate(tries):
        copy = shop.copy_to(folder / str(number))
        with in_a_process(how, copy.database.parent, when) as process:
            pass
        found = copy.read()
        assert found == before or found.observed_until == "2024-01-04 00:00:00"
        seen.add(found.version == last)
        for name in published_versions(copy.published):
            whole = copy.published / "versions" / name
            assert read_database(whole / "plg.duckdb") == read_parquet(whole / "parquet")
        next_version = copy.publish(day=4)
        assert copy.read().version == next_version
        assert not {name for name in everything(copy.published) if name[0] == "."} - {".lock"}
        shutil.rmtree(copy.database.parent)
        if how is publish_and_die and process.exitcode == 0:
            break
        assert how is publish_for_a_while or process.exitcode == -signal.SIGKILL
    assert process.exitcode == 0 and when > 20, "it was not killed at each step"
    assert seen == {True, False}


def test_two_publications_at_once_do_not_meet(shop: Shop) -> None:
    version = shop.publish(day=1)
    busy = pytest.raises(NotPublished, match="Another plg publish is at work in")
    with reserved(shop.published), busy:
        shop.publish(day=2)
    assert shop.read().version == version


def publish_with_little_disk(folder: Path, said: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    try:
        Shop(folder).publish()
    except NotPublished as problem:
        said.send(str(problem))
    said.close()


def test_a_disk_that_is_full_is_said_and_harms_nothing(shop: Shop) -> None:
    version = shop.publish(day=1)
    make_built(shop.database, day=2)
    here, there = multiprocessing.Pipe()
    with in_a_process(publish_with_little_disk, shop.database.parent, there):
        there.close()
        assert here.recv().startswith(f"The publication could not be written in {shop.published}: ")
    assert shop.read().version == version
    assert everything(shop.published) == {".lock", "current", "versions", version}


def test_a_folder_that_can_not_be_written_is_named(shop: Shop) -> None:
    shop.published.write_text("a file\n")
    with pytest.raises(NotPublished, match="PLG_PUBLISH_DIR"):
        shop.publish(day=1)


def hold_for_writing(file: Path, ready: Event, done: Event) -> None:
    with duckdb.connect(str(file)):
        ready.set()
        done.wait()


def test_a_database_that_another_build_writes_is_named(shop: Shop) -> None:
    make_built(shop.database, day=1)
    context = multiprocessing.get_context("forkserver")
    ready, done = context.Event(), context.Event()
    with in_a_process(hold_for_writing, shop.database, ready, done):
        ready.wait()
        try:
            with pytest.raises(NotPublished, match="Does another build write it"):
                shop.publish(built_by="run 1")
        finally:
            done.set()
    assert current_version(shop.published) is None


def test_what_another_run_has_built_since_is_not_published(shop: Shop) -> None:
    version = shop.publish(day=1)
    with pytest.raises(NotPublished, match="Another run of dbt has written to"):
        shop.publish(day=2, built_by="run 1")
    assert shop.read().version == version


def test_what_is_not_its_own_stays(shop: Shop) -> None:
    versions = shop.published / "versions"
    (versions / ".git").mkdir(parents=True)
    (versions / ".DS_Store").touch()
    others = {".git", ".DS_Store", *(f"{number}.0" for number in range(5))}
    for name in others - {".git", ".DS_Store"}:
        (versions / name).mkdir()
    own = [shop.publish(day) for day in range(4)]
    assert everything(shop.published) == {".lock", "current", "versions", *others, *own[-3:]}


def test_a_current_that_is_no_link_is_named_and_nothing_piles_up(shop: Shop) -> None:
    version = shop.publish(day=1)
    link = shop.published / "current"
    whole = link.resolve()
    link.unlink()
    shutil.copytree(whole, link)
    with pytest.raises(NotPublished, match="is no link to a version"):
        shop.publish(day=2)
    assert published_versions(shop.published) == [version]


def test_a_version_that_readers_were_not_led_to_goes(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = shop.publish(day=1)

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error", "current")

    with monkeypatch.context() as patch:
        patch.setattr(publication, "_switch", fail)
        with pytest.raises(NotPublished, match=r"Input/output error \(current\)"):
            shop.publish(day=2)
    assert everything(shop.published) == {".lock", "current", "versions", version}


def test_the_order_of_versions_outlives_a_clock_that_is_set_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(publication, "_now", lambda: datetime(2099, 1, 1, tzinfo=timezone.utc))
        versions = [shop.publish(day=1)]
    versions += [shop.publish(day) for day in range(2, 5)]
    assert versions == sorted(versions)
    assert published_versions(shop.published) == versions[-3:]
