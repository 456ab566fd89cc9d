"""Builds that several tests read, and the order in which tests run."""

from __future__ import annotations

import json
import os
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.harness import PROJECT, build, parsed_file

# Seconds of the tests that take more than two, as `pytest --measure` last wrote them.
DURATIONS = Path(__file__).with_name("durations.json")
# A folder that holds plg.duckdb, the sample built with comments: scripts/test names it.
BUILT = os.environ.get("PLG_TESTS_BUILT")


@pytest.fixture(scope="session")
def manifest() -> dict[str, Any]:
    """dbt's manifest of the project."""
    return json.loads(parsed_file("manifest.json").read_text())


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DuckDB file built from the bundled sample, for this process alone. Tests only read it."""
    folder = tmp_path_factory.mktemp("sample")
    if BUILT:
        return Path(shutil.copy(Path(BUILT) / "plg.duckdb", folder))
    return build(PROJECT / "sample", folder, comments=True)


@pytest.fixture(scope="session")
def spare_sample_database(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample's database that dbt may write to."""
    return Path(shutil.copy(sample_database, tmp_path_factory.mktemp("spare")))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--measure", action="store_true", help=f"write how long tests take to {DURATIONS.name}"
    )


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keeps tests of a file that share a fixture together, in one group and on one worker."""
    item.add_marker(pytest.mark.xdist_group(group_name(item)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts the groups so that the longest come first, and no worker is left alone with one."""
    seconds = json.loads(DURATIONS.read_text()) if DURATIONS.exists() else {}
    group_of = {item: item.get_closest_marker("xdist_group").args[0] for item in items}
    total: defaultdict[str, float] = defaultdict(float)
    for item in items:
        # A worker's names of tests end with the group.
        total[group_of[item]] += seconds.get(item.nodeid.partition("@")[0], 0.0)
    # Sorting is stable: a group keeps its own order.
    place = {group: number for number, group in enumerate(dict.fromkeys(group_of.values()))}
    items.sort(key=lambda item: (-total[group_of[item]], place[group_of[item]]))


def group_name(item: pytest.Item) -> str:
    """The file where the test has a fixture of its file, else the test itself."""
    definitions = item._fixtureinfo.name2fixturedefs.values()
    if any(found[-1].scope in ("module", "class") for found in definitions if found):
        return item.nodeid.partition("::")[0]
    return item.nodeid.replace("@", "_")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Writes the durations, where --measure asks for them."""
    if not config.getoption("measure"):
        return
    seconds: defaultdict[str, float] = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.partition("@")[0]] += report.duration
    long = {name: round(total) for name, total in sorted(seconds.items()) if total > 2}
    DURATIONS.write_text(json.dumps(long, indent=1) + "\n")
