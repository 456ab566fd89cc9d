"""Are the numbers of Spark those of DuckDB? scripts/compare_engines calls it.

Four kinds of data: the bundled sample, with every data test and unit test on Spark; the same sample
delivered in two builds, the second with what is newest; random dirty data (tests/oracle); real data.
Doubles may differ by a billionth of their size, all else not at all.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
sys.path.append(str(PROJECT))

import duckdb  # noqa: E402
from rich.console import Console  # noqa: E402

from plg.build import LOGGING, run_dbt  # noqa: E402
from plg.compare import mart_differences, open_databases  # noqa: E402
from plg.console import say  # noqa: E402
from plg.engines import spark  # noqa: E402
from tests.harness import BuildFailed  # noqa: E402
from tests.harness import build as build_on_duckdb  # noqa: E402
from tests.oracle.random_data import write_case  # noqa: E402
from tests.oracle.real_data import (  # noqa: E402
    REAL_DATA,
    REAL_MILESTONES,
    write_definitions,
)

RAW_SCHEMA = "raw"
NO_TESTS = ("--exclude-resource-type", "test", "unit_test")


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


def data_sets(options: argparse.Namespace, scratch: Path) -> Iterator[DataSet]:
    """The data sets asked for, each written when its turn comes."""
    if "sample" in options.data:
        yield DataSet("sample", (PROJECT / "sample",), has_tests=options.tests)
    if "day" in options.data:
        yield DataSet("sample, then one more day", delivered_twice(scratch / "day"))
    if "random" in options.data:
        for number in range(options.cases):
            case = write_case(number, scratch / f"case-{number}")
            yield DataSet(
                case.description,
                (case.raw_dir,),
                case.definitions_dir,
                case.variables,
            )
    for site in REAL_MILESTONES:
        if site in options.data:
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
    for raw_dir in data.raw_dirs:
        os.environ["PLG_RAW_DIR"] = str(raw_dir)
        problems = spark.register_raw_tables(session, raw_dir, RAW_SCHEMA)
        if problems:
            raise BuildFailed("\n".join(problems))
        arguments = ["build", "--target", "spark", "--vars", json.dumps(data.variables)]
        if not data.has_tests:
            arguments += NO_TESTS
        if run_dbt([*LOGGING, *arguments], console) is None:
            raise BuildFailed("dbt build failed on Spark; the lines above say why")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/compare_engines",
        description="Builds on DuckDB and on Apache Spark, and compares every mart, cell by cell.",
    )
    choices = ["sample", "day", "random", *REAL_MILESTONES]
    parser.add_argument(
        "--data",
        nargs="+",
        choices=choices,
        default=["sample", "day", "random", "stackexchange"],
        help="what to build (default: %(default)s)",
    )
    parser.add_argument("--cases", type=int, default=4, help="random cases (default: %(default)s)")
    parser.add_argument(
        "--no-tests",
        dest="tests",
        action="store_false",
        help="leave out data tests and unit tests on Spark",
    )
    options = parser.parse_args()
    os.chdir(PROJECT)
    console = Console(width=None if sys.stdout.isatty() else 120)
    count = 0
    with tempfile.TemporaryDirectory(prefix="compare-engines-") as folder:
        scratch = Path(folder)
        os.environ |= {
            spark.WAREHOUSE: str(scratch / "spark"),
            "PLG_RAW_SCHEMA": RAW_SCHEMA,
            "DBT_TARGET_PATH": str(scratch / "target"),
            "DBT_LOG_PATH": str(scratch / "logs"),
        }
        try:
            session = spark.start_session(PROJECT / "profiles.yml", PROJECT / "logs" / "spark.log")
            for number, data in enumerate(data_sets(options, scratch)):
                started = time.monotonic()
                console.print(f"{data.name}: DuckDB ...", highlight=False)
                workdir = scratch / f"duckdb-{number}"
                workdir.mkdir()
                database = build_on_duckdb(
                    data.raw_dirs[-1], workdir, data.definitions_dir, data.variables
                )
                console.print(f"{data.name}: Spark ...", highlight=False)
                build_on_spark(session, data, console)
                with open_databases(ours=database) as connection:
                    differences = mart_differences(
                        connection, "ours.marts.{}".format, spark.mart_files
                    )
                count += len(differences)
                result = f"{len(differences)} kinds of difference" if differences else "equal"
                seconds = time.monotonic() - started
                console.print(f"{data.name}: {result} ({seconds:.0f} s)", highlight=False)
                for difference in differences:
                    say(console, f"- {difference}")
        except (spark.NoSpark, BuildFailed) as problem:
            say(console, str(problem))
            return 1
    if count:
        console.print(
            "Spark should give what DuckDB gives. Mend the model or the macro in macros/engine."
        )
        return 1
    console.print("Every cell of every mart is the same on DuckDB and on Spark.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
