"""What the tests of the oracle start from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.oracle.raw_files import Row
from tests.oracle.small_world import Compute, Marts, compute


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
