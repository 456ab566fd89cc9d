"""What the tests of input start from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from plg.input import plugin as plg_input
from tests.input.files import EVENT_COLUMNS, EVENTS, SEEDS, USER_COLUMNS, USERS, write


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as profiles.yml sets it up."""
    with duckdb.connect() as opened:
        opened.execute("set TimeZone = 'UTC'")
        yield opened


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    """A copy of the shipped definitions."""
    return Path(shutil.copytree(SEEDS, tmp_path / "definitions"))


@pytest.fixture
def raw_dir(tmp_path: Path) -> Path:
    """A small set of raw files."""
    write(tmp_path / "raw" / "users.csv", USER_COLUMNS, USERS)
    write(tmp_path / "raw" / "events.jsonl", EVENT_COLUMNS, EVENTS)
    return tmp_path / "raw"


@pytest.fixture
def plugin(tmp_path: Path, raw_dir: Path, monkeypatch: pytest.MonkeyPatch) -> plg_input.Plugin:
    """The plugin, as `dbt build` calls it."""
    monkeypatch.setattr(plg_input, "get_flags", lambda: SimpleNamespace(VARS={}, WHICH="build"))
    config = {"raw_dir": raw_dir, "raw_schema": "raw", "definitions_dir": SEEDS}
    credentials = SimpleNamespace(path=tmp_path / "plg.duckdb", schema="main")
    return plg_input.Plugin("plg_input", config, credentials)
