"""Are the numbers of Spark those of DuckDB? `plg compare spark` calls it.

Five kinds of data: values of every form in a warehouse's tables; the bundled sample, with every data test and unit test on Spark; the same sample
delivered in two builds, the second with the newest rows; random dirty data (tests/oracle); real data.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console

from plg.compare import mart_differences, open_databases
from plg.console import say
from plg.dbt import LOGGING, run_dbt
from plg.engines import spark
from plg.settings import PROJECT
from tests.harness import BuildFailed, settings_for
from tests.harness import build as build_on_duckdb
from tests.input import warehouse
from tests.oracle.random_data import features_by_turns, write_case
from tests.oracle.real_data import REAL_DATA, REAL_MILESTONES, write_definitions

RAW_SCHEMA = "raw"
CHOICES = ("values", "sample", "day", "random", *REAL_MILESTONES)
NO_TESTS = ("--exclude-resource-type", "test", "unit_test")
ALL_TESTS = ("--selector", "on_spark")


@dataclass(frozen=True)
class DataSet:
    """What both engines build.

    Attributes:
        name: what the output calls it.
        raw_dirs: the folders of raw files of one build after the other; what the last one holds is
            what DuckDB builds at once.
        definitions_dir: folder of the definition CSVs.
        variables: dbt vars.
        has_tests: whether Spark runs the data tests and unit tests, too.
    """

    name: str
    raw_dirs: tuple[Path, ...]
    definitions_dir: Path = PROJECT / "seeds"
    variables: dict[str, Any] = field(default_factory=dict)
    has_tests: bool = False


def delivered_twice(folder: Path) -> tuple[Path, Path]:
    """The bundled sample as it was delivered a day before, and now.

    What comes now is what is newest, and one row in 97 of any age that was late.
    """
    folders = folder / "earlier", folder / "now"
    sample = PROJECT / "sample"
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        (newest,) = connection.execute(
            f"select max(cast(timestamp as date)) from read_parquet('{sample / 'events.parquet'}') "
            "where timestamp < now()"
        ).fetchone()
        for table, time_column in (("users", "created_at"), ("events", "timestamp")):
            rows = f"select * from read_parquet('{sample / table}.parquet') as rows"
            earlier = f"where {time_column} < '{newest}' and hash(rows) % 97 <> 0"
            for raw_dir, condition in zip(folders, (earlier, ""), strict=True):
                raw_dir.mkdir(parents=True, exist_ok=True)
                connection.execute(
                    f"copy ({rows} {condition}) to '{raw_dir / table}.parquet' (format parquet)"
                )
    return folders


def data_sets(
    names: Sequence[str], cases: int, has_tests: bool, scratch: Path
) -> Iterator[DataSet]:
    """Writes each data set when its turn comes.

    Args:
        names: some of CHOICES.
        cases: how many random cases to make.
        has_tests: whether Spark runs data tests and unit tests on the sample.
        scratch: a folder to write to.
    """
    if "sample" in names:
        yield DataSet("sample", (PROJECT / "sample",), has_tests=has_tests)
    if "day" in names:
        yield DataSet("sample, then one more day", delivered_twice(scratch / "day"))
    if "random" in names:
        for number in range(cases):
            case = write_case(number, scratch / f"case-{number}", features_by_turns(number))
            yield DataSet(
                case.description,
                (case.raw_dir,),
                case.definitions_dir,
                case.variables,
            )
    for site in REAL_MILESTONES:
        if site in names:
            if not (REAL_DATA / site).is_dir():
                print(f"{site} is left out: {REAL_DATA / site} is not there (PLG_REAL_DATA)")
                continue
            definitions_dir = write_definitions(site, scratch / f"definitions-{site}")
            yield DataSet(site, (REAL_DATA / site,), definitions_dir)


def build_on_spark(session: Any, data: DataSet, console: Console) -> None:
    """Builds the data set on Spark from nothing, delivery after delivery.

    Raises:
        BuildFailed: the raw files or the build had an error.
    """
    spark.drop_schemas(session, RAW_SCHEMA)
    os.environ["PLG_DEFINITIONS_DIR"] = str(data.definitions_dir)
    for folder in data.raw_dirs:
        # By the link that DuckDB's build reads: warnings name files.
        raw_dir = Path(settings_for(folder, folder)["PLG_RAW_DIR"])
        os.environ["PLG_RAW_DIR"] = str(raw_dir)
        allowed = data.variables.get("unreadable_rows_allowed", 0.001)
        problems = spark.register_raw_tables(session, raw_dir, RAW_SCHEMA, allowed)
        if problems:
            raise BuildFailed("\n".join(problems))
        arguments = ["build", "--target", "spark", "--vars", json.dumps(data.variables)]
        arguments += ALL_TESTS if data.has_tests else NO_TESTS
        if run_dbt([*LOGGING, *arguments], console) is None:
            raise BuildFailed("dbt build failed on Spark; the lines above say why")


def value_differences(session: Any, console: Console) -> list[str]:
    """What create_raw_views reads otherwise than it should from columns of text and of other types."""

    def make_views() -> None:
        arguments = ["--target", "spark", "--args", f"{{schema: {warehouse.SOURCE_SCHEMA}}}"]
        os.environ["PLG_RAW_SCHEMA"] = warehouse.RAW_SCHEMA
        made = run_dbt([*LOGGING, "run-operation", "create_raw_views", *arguments], console)
        os.environ["PLG_RAW_SCHEMA"] = RAW_SCHEMA
        if made is None:
            raise BuildFailed("create_raw_views failed on Spark; the lines above say why")

    def fetch(relation: str, columns: Sequence[str]) -> list[tuple]:
        return spark.rows(session)(f"select {', '.join(columns)} from {relation}")

    return warehouse.differences("spark", session.sql, make_views, fetch, "using parquet")


def compare(names: Sequence[str], cases: int, has_tests: bool, console: Console) -> bool:
    """Builds each data set on both engines, and says what differs.

    Args:
        names, cases, has_tests: as for data_sets.
        console: where to print.

    Returns:
        Whether every cell of every mart is the same.

    Raises:
        NoSpark, BuildFailed: an engine does not start, or a build had an error.
    """
    are_equal = True
    with tempfile.TemporaryDirectory(prefix="compare-spark-") as folder:
        scratch = Path(folder)
        os.environ |= {
            spark.WAREHOUSE: str(scratch / "spark"),
            "PLG_RAW_SCHEMA": RAW_SCHEMA,
            "PLG_SCHEMA": "",
            "DBT_TARGET_PATH": str(scratch / "target"),
            "DBT_LOG_PATH": str(scratch / "logs"),
        }
        session = spark.start_session(PROJECT / "profiles.yml", scratch / "logs" / "spark.log")
        if "values" in names:
            found = value_differences(session, console)
            say(console, f"values: {f'{len(found)} are wrong' if found else 'equal'}")
            for difference in found:
                say(console, f"- {difference}")
            are_equal = not found
        for number, data in enumerate(data_sets(names, cases, has_tests, scratch)):
            started = time.monotonic()
            say(console, f"{data.name}: DuckDB ...")
            workdir = scratch / f"duckdb-{number}"
            workdir.mkdir()
            database = build_on_duckdb(
                data.raw_dirs[-1], workdir, data.definitions_dir, data.variables
            )
            say(console, f"{data.name}: Spark ...")
            build_on_spark(session, data, console)
            with open_databases(ours=database) as connection:
                differences = mart_differences(connection, "ours.marts.{}".format, spark.mart_files)
            result = f"{len(differences)} kinds of difference" if differences else "equal"
            say(console, f"{data.name}: {result} ({time.monotonic() - started:.0f} s)")
            for difference in differences:
                say(console, f"- {difference}")
            are_equal = are_equal and not differences
    return are_equal
