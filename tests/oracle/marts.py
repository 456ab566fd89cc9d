"""Every mart, computed a second time from the raw files, in plain Python.

The project's SQL and this package are two readings of one text, the page of definitions. Neither
has seen the other: where both give the same rows, both read the text in the same way. So this
package prefers the literal reading to the fast one. Instants are datetimes with microseconds,
weights and points are Decimals, survival and quantiles are Fractions. A float appears only in the
last step of a rate or a duration.

Each family of marts is a module. To add a mart, write a function of its name there, under `@mart`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

# Each module registers the marts of its family.
from tests.oracle import (  # noqa: F401
    activation,
    discovery,
    funnels,
    qualification,
    quality,
    referral,
    retention,
    scorecard,
    users,
)
from tests.oracle.definition_versions import definitions_version
from tests.oracle.definitions import read_definitions
from tests.oracle.observation import observe
from tests.oracle.population import MARTS, Population, Variables
from tests.oracle.raw_files import Row


def compute_marts(
    raw_dir: Path,
    definitions_dir: Path,
    run_started_at: datetime,
    variables: Mapping[str, object] | None = None,
    settings: Mapping[str, str] | None = None,
) -> dict[str, list[Row]]:
    """Computes every mart.

    Args:
        raw_dir: folder of the raw tables, as PLG_RAW_DIR.
        definitions_dir: folder of the definition CSVs.
        run_started_at: when the build started, in UTC and without a zone.
        variables: dbt vars of the build, those of `Variables`.
        settings: environment variables of the build; PLG_ANONYMOUS_USERS and PLG_HISTORY_DIR
            alone decide anything.

    Returns:
        The rows of each mart by its name, one dict a row.

    Raises:
        FileNotFoundError: a raw table is missing.
        TypeError: a var that the oracle does not know.
        TooLongChain: an id has a chain of too many aliases.
        ValueError: a raw table has two forms, or observed_until can't be read.
    """
    population = population_of(raw_dir, definitions_dir, run_started_at, variables, settings)
    return {name: population.rows_of(name) for name in MARTS}


def population_of(
    raw_dir: Path,
    definitions_dir: Path,
    run_started_at: datetime,
    variables: Mapping[str, object] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Population:
    """The users that count, which compute a mart when they are asked for its rows.

    Arguments and errors are those of `compute_marts`.
    """
    population = observe(
        raw_dir,
        read_definitions(definitions_dir),
        run_started_at,
        Variables(**(variables or {})),
        settings,
    )
    population.definitions_version = definitions_version(definitions_dir, variables or {})
    return population
