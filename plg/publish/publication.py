"""The folder of publications: what readers open while a build, or the next publication, runs.

    published/
        current -> versions/20240628T235504.123Z-1f3a9c     where readers look
        versions/20240628T235504.123Z-1f3a9c/
            plg.duckdb      the marts, and marts.publication, which says what this is
            parquet/        the same tables, a file each
            report/         the pages that people open

A version is written under a hidden name. When it is complete, it gets its own name and never changes
again; then the link is replaced. Both steps are a rename each. So `current` always leads to a whole
publication, the last one or this one, whatever is killed when.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import duckdb

from plg.console import first_line

# A reader that follows `current` and reads file by file can finish while two more are published.
KEPT_VERSIONS = 3
# Older clients (BI tools, notebooks, the DuckDB command line) can open this file format.
STORAGE_VERSION = "v1.4.0"
SCHEMA = "marts"
VERSION = re.compile(r"\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{6}")


class NotPublished(Exception):
    """A sentence that says why there is no publication."""


@dataclass(frozen=True)
class Column:
    type: str
    description: str


@dataclass(frozen=True)
class Mart:
    """A table to publish; `rows` is where it was built, an expression of DuckDB's SQL."""

    name: str
    description: str
    columns: dict[str, Column]
    rows: str


@dataclass(frozen=True)
class Database:
    """The DuckDB file of a build.

    Attributes:
        file: the database.
        built_by: dbt's name of the run that built it. A view in the file has, as its comment, the name
            of the run that built last.
    """

    file: Path
    built_by: str


def publication_row(version: str, observation: str, definitions: str) -> Mart:
    """The table of one row that says what a publication is.

    Args:
        version: its name.
        observation: the table with observed_until_at, an expression of DuckDB's SQL.
        definitions: the table with definitions_version, likewise.
    """
    return Mart(
        "publication",
        "Which publication is this? One row.",
        {
            "version": Column("string", "Name of the publication, and of its folder"),
            "published_at": Column("timestamp", "When it was published (UTC)"),
            "observed_until_at": Column(
                "timestamp", "Until when the product was watched (UTC): the numbers are as of then"
            ),
            "definitions_version": Column(
                "string",
                "Version of the definitions that gave the numbers, as in definition_log.csv",
            ),
        },
        f"(select {text(version)} as version, {text(_now().replace(tzinfo=None))} as published_at, "
        f"observation.observed_until_at, definitions.definitions_version from {observation} as observation "
        f"cross join {definitions} as definitions)",
    )


def text(value: object) -> str:
    """The value as a literal of SQL."""
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def reserved(folder: Path) -> Iterator[None]:
    """Keeps other publications out of the folder; makes it where it is absent.

    Args:
        folder: as PLG_PUBLISH_DIR.

    Raises:
        NotPublished: it can't be written, another process has it, or `current` is no link.
    """
    current = folder / "current"
    if current.exists() and not current.is_symlink():
        raise NotPublished(
            f"{current} is no link to a version, as it is where a copy followed links; move it "
            "away, so that the next publication can take its place."
        )
    try:
        (folder / "versions").mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("w")
    except OSError as error:
        raise NotPublished(
            f"The folder of publications {folder} can't be written ({error.strerror}); make it "
            "writable, or name another in PLG_PUBLISH_DIR."
        ) from error
    with file:
        try:
            # The lock ends with the process, however that ends.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotPublished(
                f"Another plg publish is at work in {folder}; wait until it ends."
            ) from error
        except OSError as error:
            raise NotPublished(
                f"{folder} can't be locked ({error.strerror}); name a folder of a local disk, or of "
                "a file system with locks, in PLG_PUBLISH_DIR."
            ) from error
        yield


def current_version(folder: Path) -> str | None:
    """The version that readers find; None before the first publication."""
    link = folder / "current"
    return link.resolve().name if link.is_symlink() and link.exists() else None


def publish(
    folder: Path,
    marts: list[Mart],
    observation: str,
    definitions: str,
    database: Database | None,
    pages: list[Path],
    memory_limit: str = "",
) -> str:
    """Publishes tables, whole or not at all.

    Args:
        folder: as PLG_PUBLISH_DIR; `reserved`.
        marts: what to publish.
        observation: the table with observed_until_at, an expression of DuckDB's SQL.
        definitions: the table with definitions_version, likewise.
        database: what is opened, read-only, as `built`; the expressions may name it.
        pages: files that belong to them, to be copied.
        memory_limit: for DuckDB, as PLG_MEMORY_LIMIT; empty for 80 % of the machine's.

    Returns:
        The version.

    Raises:
        NotPublished: the tables can't be read, are no longer those of the build, or the files can't
            be written.
    """
    version = _new_name(folder)
    complete = folder / "versions" / version
    draft = _hidden(complete)
    try:
        _remove_leftovers(folder)
        draft.mkdir()
        tables = [*marts, publication_row(version, observation, definitions)]
        _write(draft, tables, database, memory_limit)
        (draft / "report").mkdir()
        for page in pages:
            shutil.copy(page, draft / "report")
        _seal(draft)
        draft.rename(complete)
        _sync(folder / "versions")
        _switch(folder, version)
    except (OSError, duckdb.Error) as error:
        raise NotPublished(
            f"The publication could not be written in {folder}: {first_line(error)}."
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if current_version(folder) != version:
            _remove(complete)
    for path in _versions(folder)[:-KEPT_VERSIONS]:
        _remove(path)
    return version


def _new_name(folder: Path) -> str:
    """A name of now that sorts after the others, also where the clock has been set back."""
    now = _now()
    for path in _versions(folder)[-1:]:
        last = datetime.strptime(path.name.partition("-")[0], "%Y%m%dT%H%M%S.%fZ")
        now = max(now, last.replace(tzinfo=timezone.utc) + timedelta(milliseconds=1))
    return f"{now:%Y%m%dT%H%M%S.%f}"[:-3] + f"Z-{secrets.token_hex(3)}"


def _versions(folder: Path) -> list[Path]:
    """The complete versions, in the order in which they were published."""
    found = (folder / "versions").iterdir()
    return sorted(path for path in found if VERSION.fullmatch(path.name))


def _hidden(version: Path) -> Path:
    return version.with_name(f".{version.name}")


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _write(draft: Path, marts: list[Mart], database: Database | None, memory_limit: str) -> None:
    """Writes the DuckDB file and the parquet files of a version."""
    (draft / "parquet").mkdir()
    config = {"storage_compatibility_version": STORAGE_VERSION}
    if memory_limit:
        config["memory_limit"] = memory_limit
    with duckdb.connect(str(draft / "plg.duckdb"), config=config) as connection:
        # Spark's times have a zone.
        connection.execute("set TimeZone = 'UTC'")
        if database:
            _attach(connection, database)
        connection.execute(f"create schema {SCHEMA}")
        for mart in marts:
            for statement in _statements(mart, draft / "parquet" / f"{mart.name}.parquet"):
                connection.execute(statement)
        # Closing does it too, and says nothing where it can't.
        connection.execute("checkpoint")


def _attach(connection: duckdb.DuckDBPyConnection, database: Database) -> None:
    """Opens the build's database as `built`; until it is closed, nobody else can write to it."""
    try:
        connection.execute(f"attach {text(database.file)} as built (read_only)")
    except duckdb.Error as error:
        raise NotPublished(
            f"{database.file} can't be read: {first_line(error)}. Does another build write it?"
        ) from error
    own = f"database_name = 'built' and comment = {text(database.built_by)}"
    if not connection.execute(f"select 1 from duckdb_views() where {own}").fetchall():
        raise NotPublished(
            f"Another run of dbt has written to {database.file} since it was built here; let one run at "
            "a time, and publish again."
        )


def _statements(mart: Mart, parquet: Path) -> Iterator[str]:
    """The statements that make a table and its parquet file.

    Rows are in the order of the columns, so that the rows of a cohort lie together.
    """
    table = f"{SCHEMA}.{mart.name}"
    columns = ", ".join(
        f'cast("{name}" as {column.type}) as "{name}"' for name, column in mart.columns.items()
    )
    yield f"create table {table} as select {columns} from {mart.rows} order by all"
    yield f"comment on table {table} is {text(mart.description)}"
    for name, column in mart.columns.items():
        yield f'comment on column {table}."{name}" is {text(column.description)}'
    yield f"copy {table} to {text(parquet)} (format parquet)"


def _seal(draft: Path) -> None:
    """Makes the files of a version read-only, and waits until they are on the disk."""
    for path in draft.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
        _sync(path)
    _sync(draft)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _switch(folder: Path, version: str) -> None:
    """Lets `current` lead to the version; a reader always finds this one or the last one."""
    link = folder / f".current-{version}"
    link.symlink_to(Path("versions") / version)
    link.replace(folder / "current")
    _sync(folder)


def _remove_leftovers(folder: Path) -> None:
    """Removes what killed publications left."""
    for path in (folder / "versions").iterdir():
        if VERSION.fullmatch(path.name[1:]) and path.name[0] == ".":
            shutil.rmtree(path)
    for path in folder.glob(".current-*"):
        if VERSION.fullmatch(path.name.removeprefix(".current-")):
            path.unlink()


def _remove(version: Path) -> None:
    """Removes a version; what can't be removed now is removed by the next publication."""
    # Hidden first: half a version must not look like a whole one.
    with suppress(OSError):
        version.rename(_hidden(version))
        shutil.rmtree(_hidden(version), ignore_errors=True)
