"""Checks what a build is given (settings, vars, definitions, raw files), without dbt and its start."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plg.schemas import PLAIN
from plg.settings import Settings

if TYPE_CHECKING:
    from plg.input.raw_tables import RawTable

EXAMPLE = "write it as --vars '{name: value}'."


@dataclass
class Found:
    """What a check has found.

    Attributes:
        problems: sentences; with one of them, nothing can be built.
        warnings: sentences about what is allowed and looks wrong.
        source: where the raw data come from: canonical, or a vendor.
        tables: the raw tables.
        counts: a sentence for each raw table, where they are asked for: what it holds.
    """

    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    source: str = "canonical"
    tables: list[RawTable] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)


def given_vars(
    text: str | None, project_file: Path, definitions_dir: Path | None = None
) -> tuple[dict[str, Any], list[str]]:
    """The vars of a build, and what is wrong with them.

    Args:
        text: the argument of --vars; None without one.
        project_file: dbt_project.yml, with the defaults.
        definitions_dir: the folder of vars.txt, whose values win over the defaults; --vars wins over both.

    Returns:
        The value of each var, and a sentence for each problem.
    """
    import yaml

    from plg.definitions.dbt_vars import project_vars, wrong_vars
    from plg.definitions.own_vars import own_vars

    shipped = project_vars(project_file) | (own_vars(definitions_dir) if definitions_dir else {})
    try:
        given = yaml.safe_load(text or "{}") or {}
    except (yaml.YAMLError, ValueError) as error:
        return shipped, [f"--vars {text}: it can't be read ({error}); {EXAMPLE}"]
    if not isinstance(given, dict):
        return shipped, [f"--vars {text}: these are no names with values; {EXAMPLE}"]
    return shipped | given, wrong_vars(shipped | given)


def check(
    settings: Settings,
    engine: str = "duckdb",
    variables: str | None = None,
    *,
    raw: bool = True,
    count: bool = False,
) -> Found:
    """Checks everything that a build is given.

    Args:
        settings: where it reads and writes.
        engine: duckdb or spark; for Spark, the DuckDB file does not matter.
        variables: the argument of --vars.
        raw: whether to read the raw files, too.
        count: whether to count what they hold, if nothing is wrong.
    """
    from plg.input.source_zone import check_source_zone

    found = Found()
    project_file = settings.project / "dbt_project.yml"
    values, wrong = given_vars(variables, project_file, settings.definitions_dir)
    _check_definitions(settings, values if not wrong else {}, found)
    wrong_places = _check_places(settings, engine)
    found.problems += [*wrong_places, *wrong, *check_source_zone(settings.source_time_zone)]
    if engine == "spark":
        found.problems += _check_spark_files(settings)
    if raw:
        has_database = engine == "duckdb" and not wrong_places
        allowed = 0.001 if wrong else values["unreadable_rows_allowed"]
        _check_raw_files(settings, found, allowed, has_database=has_database, count=count)
    return found


def _check_spark_files(settings: Settings) -> list[str]:
    """A sentence if the files are a vendor's: Spark in this process reads only canonical files."""
    import duckdb

    from plg.input.detect import find_source
    from plg.input.problem import InputProblem
    from plg.input.vendors import CANONICAL

    with closing(duckdb.connect()) as connection:
        try:
            source = find_source(connection, settings.raw_dir, settings.source)
        except InputProblem as problem:
            return [f"{problem}."]
    if source == CANONICAL:
        return []
    return [
        f"{settings.raw_dir} is an export of {source}, and `plg build --engine spark` reads only canonical files; "
        "build on DuckDB, or load the export into tables and run dbt with the target spark_thrift."
    ]


def _check_definitions(settings: Settings, values: dict[str, Any], found: Found) -> None:
    from plg.definitions.checks import (
        check_definitions,
        foretold_conversions,
        late_activations,
        late_periods,
        unmatched_benchmarks,
    )

    folder = settings.definitions_dir
    problems, warnings = check_definitions(folder)
    found.problems += problems
    found.warnings += warnings
    if values and not problems:
        found.problems += late_periods(folder, values)
        picked = values["benchmark_category"], values["benchmark_segment"]
        found.warnings += unmatched_benchmarks(folder, *picked)
        found.warnings += late_activations(folder, values["activation_windows_days"])
        found.warnings += foretold_conversions(folder, values["conversion_event"])


def _check_places(settings: Settings, engine: str) -> list[str]:
    from plg.places import check_database, check_memory_limit, check_names, check_output_dir

    problems = check_output_dir(settings)
    if engine == "duckdb":
        limit = settings.memory_limit
        problems += check_names(settings.database, settings.raw_schema, settings.schema)
        problems += check_memory_limit(limit) if limit else []
        problems += check_database(settings.database)
    elif settings.schema != PLAIN:
        problems.append(
            f"PLG_SCHEMA {settings.schema}: `plg build --engine spark` builds the schemas of "
            f"{PLAIN}; leave it out, or run .venv-spark/bin/dbt build --target spark."
        )
    return problems


def _check_raw_files(
    settings: Settings, found: Found, allowed: float, *, has_database: bool, count: bool
) -> None:
    import duckdb

    from plg.input.delivered import find_delivered
    from plg.input.parts import known_parts
    from plg.input.values import said_of, said_of_view
    from plg.input.views import in_the_way

    has_database = has_database and settings.database.exists()
    known: dict[str, str] = {}
    if has_database and not count:  # To count, all files have to be read.
        with closing(duckdb.connect(str(settings.database), read_only=True)) as connection:
            known = known_parts(connection, settings.schema)
    with closing(duckdb.connect()) as connection:
        # As in profiles.yml.
        connection.execute("set TimeZone = 'UTC'")
        delivered = find_delivered(
            connection,
            settings.raw_dir,
            settings.source,
            settings.definitions_dir,
            known,
            settings.raw_schema,
            allowed,
        )
        if has_database:
            with closing(duckdb.connect(str(settings.database), read_only=True)) as database:
                found.problems += in_the_way(
                    database,
                    settings.raw_schema,
                    settings.database,
                    more=delivered.vendor_names,
                )
        found.source = delivered.source
        found.tables += delivered.tables
        found.problems += delivered.problems
        found.warnings += [warning for table in delivered.tables for warning in table.warnings]
        if count and not found.problems:
            for table in delivered.tables:
                if table.calls or not delivered.views:
                    found.counts += said_of(connection, table)
            for view in delivered.views:
                found.counts.append(said_of_view(connection, view))


@click.command()
@click.option("--vars", "variables", metavar="TEXT", help="Values of vars, as for plg build.")
def command(variables: str | None) -> None:
    """Check input, definitions and settings, and build nothing.

    Says what is wrong and how to fix it, as `plg build` would. Ends with 1 if a build could not start.
    """
    from plg.console import make_console, say

    settings = Settings.from_environment()
    console = make_console()
    found = check(settings, variables=variables, count=True)
    for warning in found.warnings:
        say(console, f"Warning: {warning}")
    for problem in found.problems:
        say(console, f"- {problem}")
    if found.problems:
        say(console, "Fix the above, then build.")
        raise SystemExit(1)
    if found.source != "canonical":
        say(console, f"Source: {found.source} (PLG_SOURCE)")
    for sentence in found.counts:
        say(console, sentence)
    say(console, f"Definitions: {settings.definitions_dir}")
    say(console, f"Database: {settings.database}")
    say(console, "No mistake found. You can build: plg build")
