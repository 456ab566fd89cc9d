"""Builds that several tests read, made once per worker."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.harness import PROJECT, build, dbt


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """dbt's manifest of the project, freshly parsed."""
    workdir = tmp_path_factory.mktemp("manifest")
    dbt("parse", "--no-partial-parse", workdir=workdir)
    return json.loads((workdir / "target" / "manifest.json").read_text())


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The DuckDB file built from the bundled sample."""
    return build(PROJECT / "sample", tmp_path_factory.mktemp("sample"), comments=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets the longest tests come first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.path.name != "test_replay.py")
