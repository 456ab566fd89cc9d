"""What the tests of the oracle start from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.oracle.population import Population
from tests.oracle.raw_files import Row
from tests.oracle.small_world import Compute, Marts, Observe, compute, small_population


@pytest.fixture
def marts_of(tmp_path: Path) -> Compute:
    """Gives the marts of a few rows, by the table; `seeds` take the place of the shipped ones."""

    def marts_of(
        *,
        variables: Row | None = None,
        settings: Mapping[str, str] | None = None,
        seeds: Mapping[str, str] | None = None,
        **tables: list[Row],
    ) -> Marts:
        return compute(tmp_path, tables, variables, settings, **(seeds or {}))

    return marts_of


@pytest.fixture
def population_of_rows(tmp_path: Path) -> Observe:
    """Gives the users that count of a few rows; arguments as those of `marts_of`."""

    def population_of_rows(
        *, variables: Row | None = None, seeds: Mapping[str, str] | None = None, **tables: list[Row]
    ) -> Population:
        return small_population(tmp_path, tables, variables, **(seeds or {}))

    return population_of_rows
