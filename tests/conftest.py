"""Builds that several tests read, and the order in which tests run."""

from __future__ import annotations

import functools
import json
import os
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

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


@functools.cache
def has_shared_fixtures(file: str) -> bool:
    """Whether tests of the file share a fixture of theirs, which each worker would make anew."""
    return 'scope="module"' in (PROJECT / file).read_text()


def group_name(nodeid: str) -> str:
    """The file, where its tests share fixtures and belong on one worker; else the test itself."""
    file = nodeid.partition("::")[0]
    return file if has_shared_fixtures(file) else nodeid


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts the groups so that the longest come first, and no worker is left alone with one."""
    seconds = json.loads(DURATIONS.read_text()) if DURATIONS.exists() else {}
    total: defaultdict[str, float] = defaultdict(float)
    for item in items:
        total[group_name(item.nodeid)] += seconds.get(item.nodeid, 0.0)
    # Sorting is stable: a group keeps its own order.
    place = {group: n for n, group in enumerate(dict.fromkeys(group_name(i.nodeid) for i in items))}
    items.sort(key=lambda i: (-total[group_name(i.nodeid)], place[group_name(i.nodeid)]))


class GroupScheduling(LoadScopeScheduling):
    """Gives each worker that is free the next group."""

    def _split_scope(self, nodeid: str) -> str:
        return group_name(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> GroupScheduling:
    return GroupScheduling(config, log)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Writes the durations, where --measure asks for them."""
    if not config.getoption("measure"):
        return
    seconds: defaultdict[str, float] = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid] += report.duration
    long = {name: round(total) for name, total in sorted(seconds.items()) if total > 2}
    DURATIONS.write_text(json.dumps(long, indent=1) + "\n")
