"""What is measured: each variant's command, and where its marts are afterwards."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from benchmark.data import PROJECT, DataSet
from benchmark.measure import Cost, run
from benchmark.queries import QUERIES
from plg.compare import mart_differences, open_databases
from plg.environments import environment

HERE = Path(__file__).resolve().parent
RIVALS = HERE / "rivals"
# `plg benchmark` runs in the environment of the rivals.
BENCHMARK_PYTHON = sys.executable
DEFINITIONS = PROJECT / "seeds"
# The models that hold a row for each event or for each user and day: what an increment is for. All
# else is as large as the users or the cohorts, and is made anew.
EVENT_LEVEL = [
    "int_event_parts",
    "int_events_classified",
    "int_events_repeated",
    "int_event_dates",
    "int_event_counts",
    "int_user_days",
    "int_defined_events",
    "int_milestone_reach_history",
]
BUILD = ("build", "--exclude-resource-type", "test", "unit_test")
BUILD_WITH_TESTS = ("build", "--exclude-resource-type", "unit_test")
BUILD_EVENT_LEVEL = (*BUILD, "--select", *EVENT_LEVEL)
# What the event level has to know of users: they are read in full each day.
BUILD_USERS = (*BUILD, "--select", "int_users_classified", "int_signups")
# In the order in which a round runs them; the first is what all others are compared with.
VARIANTS = ("ours", "floor", "usual", "polars", "pandas")
# In million events: beyond it, one round, and of the others the tuned SQL script alone. The rest would
# need more memory than the machine has, or hours.
LARGEST_FOR_ALL = 10
ALSO_BEYOND = ("floor",)
# The rivals are frozen at the marts that the project had when they were written, and so is what is
# compared. A newer mart is built and measured in ours, and compared with nobody's.
MARTS = tuple(QUERIES)
# The core scripts leave out three of them, and of the others the columns that match.
NOT_IN_CORE = ("time_to_first_value_curve", "pql_conversion_by_cohort", "kpi_scorecard")
COLUMNS_NOT_IN_CORE = (
    ".*_ci_(lower|upper)|km_median_time_to_first_value_days|milestone_(band|action)"
    "|(behavior|fit)_points|points_(score|band|action)"
)
# How little DuckDB may be given; what does not fit is spilled to disk.
SMALL_MEMORY_LIMIT = "400MB"


@dataclass(frozen=True)
class Settings:
    """What holds for all runs: the processors, DuckDB's memory limit, the latest credible time."""

    cpus: int
    memory_limit: str
    credible_until: datetime


def missing_file(variant: str) -> Path | None:
    """The script that the variant needs, where it is not there."""
    if variant == "ours":
        return None
    name = f"{variant}.sql" if variant in ("floor", "usual") else f"{variant}_core.py"
    return None if (RIVALS / name).exists() else RIVALS / name


def dbt(command: tuple[str, ...], raw_dir: Path, database: Path, settings: Settings) -> Cost:
    """Runs dbt on the project as a user would who has just cloned it: nothing is parsed yet.

    Args:
        command: the arguments of dbt.
        raw_dir: as PLG_RAW_DIR.
        database: as PLG_DATABASE; what is there stays.
        settings: of the benchmark.

    Raises:
        measure.RunFailed: dbt ended with an error.
    """
    workdir = database.parent
    shutil.rmtree(workdir / "target", ignore_errors=True)
    cost = run(
        [environment() / "bin" / "dbt", "--no-use-colors", *command],
        workdir / "dbt.log",
        settings.cpus,
        {
            "PLG_RAW_DIR": str(raw_dir),
            "PLG_DATABASE": str(database),
            "PLG_DEFINITIONS_DIR": "",
            "PLG_RAW_SCHEMA": "",
            "PLG_MEMORY_LIMIT": settings.memory_limit,
            "DBT_TARGET_PATH": str(workdir / "target"),
            "DBT_LOG_PATH": str(workdir / "logs"),
        },
    )
    nodes = json.loads((workdir / "target" / "run_results.json").read_text())["results"]
    model_seconds = sum(
        node["execution_time"] for node in nodes if node["unique_id"].startswith("model.")
    )
    return replace(cost, model_seconds=model_seconds)


def fresh(folder: Path) -> Path:
    """The path of a database that is not there yet, in a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder / "plg.duckdb"


def build_history(data: DataSet, database: Path, settings: Settings) -> None:
    """Builds the database of the history before the last date; not measured."""
    dbt(BUILD, data.raw, database, settings)


def increment(
    command: tuple[str, ...],
    data: DataSet,
    history: Path,
    database: Path,
    settings: Settings,
    last_file: Path | None = None,
    first: tuple[str, ...] | None = None,
) -> Cost:
    """Runs dbt after the last date was delivered to a copy of the history's database.

    Args:
        command: the arguments of dbt.
        data: whose last date is delivered.
        history: its database, of build_history.
        database: the copy, in a folder made by `fresh`.
        settings: of the benchmark.
        last_file: a file of events to deliver instead of the data set's own.
        first: arguments of a run of dbt before the one that is measured.

    Raises:
        measure.RunFailed: dbt ended with an error.
    """
    shutil.copyfile(history, database)
    with data.delivered(last_file) as raw_dir:
        if first:
            dbt(first, raw_dir, database, settings)
        return dbt(command, raw_dir, database, settings)


def competitor(variant: str, data: DataSet, out_dir: Path, settings: Settings) -> Cost:
    """Runs a variant that is not ours over the whole history.

    Raises:
        measure.RunFailed: it ended with an error.
    """
    shutil.rmtree(out_dir, ignore_errors=True)
    out_dir.mkdir(parents=True)
    credible_until = settings.credible_until.isoformat()
    if variant in ("floor", "usual"):
        command = [BENCHMARK_PYTHON, HERE / "run_sql.py", RIVALS / f"{variant}.sql", data.whole]
        command += [DEFINITIONS, out_dir / f"{variant}.duckdb", settings.memory_limit]
        command += [str(settings.cpus), credible_until]
    else:
        command = [BENCHMARK_PYTHON, RIVALS / f"{variant}_core.py", data.whole, DEFINITIONS]
        command += [out_dir, credible_until]
    return run(command, out_dir / "log.txt", settings.cpus)


def competitor_differences(variant: str, our_database: Path, out_dir: Path) -> list[str]:
    """Where a competitor's marts differ from ours; none where all cells agree."""
    if variant in ("floor", "usual"):
        return database_differences(our_database, out_dir / f"{variant}.duckdb")
    folder = str(out_dir).replace("'", "''")
    with open_databases(ours=our_database) as connection:
        return mart_differences(
            connection,
            "ours.marts.{}".format,
            lambda mart: f"read_parquet('{folder}/{mart}.parquet')",
            names=[mart for mart in MARTS if mart not in NOT_IN_CORE],
            omitted=COLUMNS_NOT_IN_CORE,
        )


def database_differences(our_database: Path, database: Path) -> list[str]:
    """Where the marts of another database differ from ours, whatever schema they are in."""
    with open_databases(ours=our_database, theirs=database) as connection:
        found = connection.execute(
            "select table_name, arg_max(table_schema, table_schema = 'marts') from "
            "information_schema.tables where table_catalog = 'theirs' group by table_name"
        ).fetchall()
        schemas = dict(found)
        return mart_differences(
            connection,
            "ours.marts.{}".format,
            lambda mart: f"theirs.{schemas.get(mart, 'main')}.{mart}",
            names=MARTS,
        )
