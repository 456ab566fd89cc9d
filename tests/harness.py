"""Builds the project on given input, apart from the working copy, and reads the result."""

from __future__ import annotations

import atexit
import functools
import gc
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.resources import FileHash
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt_common.events.base_types import EventMsg

from plg.compare import mart_differences, open_databases
from plg.definitions.version import seed_checksum
from plg.marts import read_marts

PROJECT = Path(__file__).resolve().parent.parent
DBT = Path(sys.executable).with_name("dbt")
BUILD = ["build", "--exclude-resource-type", "test", "unit_test"]
QUIET = ("--log-level", "none", "--log-level-file", "none", "--no-use-colors")
# Vars on which refs depend. Builds of one process share a parsed project, so they can't set them.
PLACES_OF_RAW_TABLES = (
    "raw_database",
    "raw_schema",
    "users_model",
    "events_model",
    "accounts_model",
    "subscriptions_model",
)
# With it, marts wait for the warnings.
ORDER_OF_BUILDING = ("fail_on_warnings",)
# What is set of the project's own; no test depends on it.
SETTINGS = tuple(name for name in os.environ if name.startswith("PLG_"))


class BuildFailed(AssertionError):
    """dbt ended with an error; the message is what it printed."""


def dbt(*arguments: str, workdir: Path, **environment: str) -> str:
    """Runs dbt on the project, with its target folder, logs and database in `workdir`.

    Args:
        arguments: the command line behind `dbt`.
        workdir: an existing folder that takes all that the run writes.
        environment: environment variables over those of this process; the project's own settings
            are not inherited.

    Returns:
        What dbt printed.

    Raises:
        BuildFailed: dbt ended with an error.
    """
    inherited = {key: value for key, value in os.environ.items() if key not in SETTINGS}
    finished = subprocess.run(
        [str(DBT), "--no-use-colors", *arguments],
        cwd=PROJECT,
        env={
            **inherited,
            "PLG_DATABASE": str(workdir / "plg.duckdb"),
            "DBT_TARGET_PATH": str(workdir / "target"),
            "DBT_LOG_PATH": str(workdir / "logs"),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise BuildFailed(finished.stdout)
    return finished.stdout


def run_in_process(
    arguments: list[str],
    settings: dict[str, str],
    variables: dict[str, Any] | None = None,
    *,
    comments: bool = False,
) -> Any:
    """Runs dbt in this process on a copy of the project as it was parsed first.

    dbt's start and its parsing take as long as a small build, so both happen once for each process
    and settings. What a run depends on is read by each run: the raw files, the CSVs of the
    definitions, the vars, and the clock. No config, ref or argument of a test may depend on a var;
    an architecture test sees to it.

    Args:
        arguments: the command line behind `dbt`.
        settings: environment variables; the project's own are not inherited.
        variables: dbt vars.
        comments: whether tables and columns get their descriptions. They take a quarter of the
            time, and no number depends on them.

    Returns:
        dbt's result of the command.

    Raises:
        BuildFailed: dbt ended with an error.
    """
    with _in_project(settings), _without_garbage_collection():
        try:
            manifest = _parsed(tuple(sorted(settings.items()))).deepcopy()
            _refresh_seeds(manifest, Path(settings["PLG_DEFINITIONS_DIR"]))
            if not comments:
                for node in manifest.nodes.values():
                    node.config.persist_docs = {}
            given = ("--vars", json.dumps(variables or {}))
            return _invoke(*arguments, "--no-write-json", *given, manifest=manifest)
        finally:
            DuckDBConnectionManager.close_all_connections()


def _refresh_seeds(manifest: Manifest, definitions_dir: Path) -> None:
    """Gives each seed the checksum of its file, as each parse does: the version of the definitions has it."""
    for node in manifest.nodes.values():
        path = definitions_dir / f"{node.name}.csv"
        if node.resource_type == "seed" and path.exists():
            node.checksum = FileHash("sha256", seed_checksum(path))
            # What macros see as `graph` was made with the copy.
            manifest.flat_graph["nodes"][node.unique_id]["checksum"] = node.checksum.to_dict()


@functools.cache
def _parsed(settings: tuple[tuple[str, str], ...]) -> Manifest:
    """The project, parsed once for each settings that are in force; runs get copies of it."""
    manifest = _invoke("parse")
    # Manifest.deepcopy fails on selectors. A run reads them from selectors.yml, not from here.
    manifest.selectors = {}
    return manifest


def _invoke(*arguments: str, manifest: Manifest | None = None) -> Any:
    """Runs dbt and returns its result.

    Raises:
        BuildFailed: dbt ended with an error.
    """
    said: list[str] = []

    def listen(event: EventMsg) -> None:
        if event.info.level == "error":
            said.append(event.info.msg)

    result = dbtRunner(manifest, callbacks=[listen]).invoke([*QUIET, *arguments])
    if not result.success:
        raise BuildFailed("\n".join([*said, str(result.exception or "")]))
    return result.result


def _build_in_process(*arguments: Any, **options: Any) -> None:
    """As run_in_process, without the result, which another process can't be given."""
    run_in_process(*arguments, **options)


def _tests_in_process(arguments: list[str], settings: dict[str, str]) -> list[str]:
    results = run_in_process(arguments, settings)
    return [r.node.name for r in results if r.node.resource_type in ("test", "unit_test")]


def _compiled_in_process(arguments: list[str], settings: dict[str, str]) -> dict[str, str]:
    return {r.node.unique_id: r.node.compiled_code for r in run_in_process(arguments, settings)}


def _parsed_in_process(settings: dict[str, str]) -> None:
    with _in_project(settings):
        _parsed(tuple(sorted(settings.items())))


@contextmanager
def _in_project(settings: dict[str, str]) -> Iterator[None]:
    """The project's folder as the current one, and the settings as environment, for a while."""
    folder, environment = Path.cwd(), dict(os.environ)
    os.chdir(PROJECT)
    for name in environment:
        if name.startswith("PLG_"):
            del os.environ[name]
    os.environ.update(settings)
    try:
        yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """dbt makes many objects and few cycles: a fifth of its time goes into looking for those."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def build(
    raw_dir: Path,
    workdir: Path,
    definitions_dir: Path | None = None,
    variables: dict[str, Any] | None = None,
    *,
    arguments: Sequence[str] = BUILD,
    comments: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Path:
    """Builds all seeds and models on the raw files.

    Args:
        raw_dir: folder with the raw tables, as PLG_RAW_DIR.
        workdir: an existing folder for the database and what lies beside it.
        definitions_dir: folder with the definition CSVs; the shipped ones where None.
        variables: dbt vars, such as observed_until.
        arguments: the command line behind `dbt`.
        comments: whether tables and columns get their descriptions.
        environment: further settings, such as PLG_SOURCE. dbt parses the project for each anew.

    Returns:
        The path of the DuckDB file.

    Raises:
        BuildFailed: dbt ended with an error.
    """
    assert not set(PLACES_OF_RAW_TABLES) & set(variables or {}), "tests/package sets these"
    assert not set(ORDER_OF_BUILDING) & set(variables or {}), "tests/marts/test_warnings.py sets it"
    settings = settings_for(raw_dir, workdir, definitions_dir) | dict(environment or {})
    task = _builder().submit(
        _build_in_process, list(arguments), settings, variables, comments=comments
    )
    task.result()
    return workdir / "plg.duckdb"


def settings_for(
    raw_dir: Path, workdir: Path, definitions_dir: Path | None = None
) -> dict[str, str]:
    """The settings of all builds of this process, with their places linked to these folders.

    dbt parses the project anew where a setting has another value. Here all builds have the same
    settings, and links lead to the folders of each.
    """
    place = _place()
    folders = {"work": workdir, "raw": raw_dir, "definitions": definitions_dir or PROJECT / "seeds"}
    for name, folder in folders.items():
        (place / name).unlink(missing_ok=True)
        (place / name).symlink_to(folder.resolve())
    return {
        "PLG_RAW_DIR": str(place / "raw"),
        "PLG_DEFINITIONS_DIR": str(place / "definitions"),
        "PLG_DATABASE": str(place / "work" / "plg.duckdb"),
        "PLG_HISTORY_DIR": str(place / "work" / "history"),
        "DBT_TARGET_PATH": str(place / "target"),
        "DBT_LOG_PATH": str(place / "logs"),
    }


@functools.cache
def _builder() -> ProcessPoolExecutor:
    """A process for builds: they would make this one large, and slow to fork."""
    return ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn"))


def run_tests(selection: str, database: Path) -> list[str]:
    """Runs the tests of dbt that a selection names.

    Args:
        selection: what follows `--select`.
        database: a built DuckDB file of the sample, in a folder of its own, that dbt may write to.

    Returns:
        The names of the tests.

    Raises:
        BuildFailed: a test failed; the message is what dbt says of it.
    """
    settings = settings_for(PROJECT / "sample", database.parent)
    arguments = ["test", "--select", selection]
    return _builder().submit(_tests_in_process, arguments, settings).result()


def compiled(database: Path, *arguments: str) -> dict[str, str]:
    """Compiles nodes for a database.

    Args:
        database: as for `run_tests`.
        arguments: the command line behind `dbt compile`.

    Returns:
        The SQL of each node by its unique id.

    Raises:
        BuildFailed: dbt ended with an error.
    """
    settings = settings_for(PROJECT / "sample", database.parent)
    return _builder().submit(_compiled_in_process, ["compile", *arguments], settings).result()


def parsed_file(name: str) -> Path:
    """A file that dbt writes of the project when it parses it, such as manifest.json."""
    # Any folder does: parsing reads no raw file.
    settings = settings_for(PROJECT / "sample", _place())
    _builder().submit(_parsed_in_process, settings).result()
    return _place() / "target" / name


@functools.cache
def _place() -> Path:
    """A folder with links to the folders of the build that runs."""
    place = Path(tempfile.mkdtemp(prefix="builds-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


def unlike_marts(actual: Path, expected: Path, without: Collection[str] = ()) -> list[str]:
    """Where the marts of two databases differ.

    Args:
        actual, expected: DuckDB files.
        without: the marts that are not compared.
    """
    names = [name for name in read_marts() if name not in without]
    with open_databases(threads=1, actual=actual, expected=expected) as connection:
        return mart_differences(
            connection, "expected.marts.{}".format, "actual.marts.{}".format, names=names
        )


def query(database: Path, sql: str) -> list[dict[str, Any]]:
    """The rows of a query on the database, each a dict from column to Python value."""
    with duckdb.connect(str(database), read_only=True) as connection:
        result = connection.execute(sql)
        columns = [column[0] for column in result.description]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
