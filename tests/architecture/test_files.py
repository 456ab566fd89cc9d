"""Files that a person can read in one sitting, and that name no machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.tree import Manifest, files, models
from tests.harness import PROJECT

MOST_PYTHON_LINES = 500
MOST_SQL_LINES = 110
# In the first comment of a longer model; the reason comes after it.
REASON = re.compile(r"(Longer than 110 lines|Long because):? \w+")
ALL = (".sql", ".yml", ".py", ".csv", ".md", ".toml", ".js", ".css", ".html", "")
RIVALS = PROJECT / "benchmark" / "rivals"


def test_no_python_file_is_too_long() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in files(".py")}
    assert not {str(path): n for path, n in lengths.items() if n > MOST_PYTHON_LINES}


def test_a_long_model_gives_its_reason(manifest: Manifest) -> None:
    for node in models(manifest):
        comment, _, sql = node["raw_code"].partition("#}")
        count = len(sql.strip().splitlines())
        if count > MOST_SQL_LINES:
            said = f"{node['name']} has {count} lines of SQL: split it, or say why not"
            assert REASON.search(comment), said


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"\b(TODO|FIXME|XXX|HACK)\b", id="nothing is left open"),
        pytest.param(r"/(home|root|work|Users|tmp)/[\w.]", id="no path of a machine"),
    ],
)
def test_no_file_has(pattern: str) -> None:
    found = [
        f"{path.relative_to(PROJECT)}: {match[0]}"
        for path in files(*ALL)
        if path != Path(__file__) and RIVALS not in path.parents
        for match in re.finditer(pattern, path.read_text())
    ]
    assert not found


def test_python_runs_from_3_10() -> None:
    newer = re.compile(
        r"datetime import .*\bUTC\b|datetime\.UTC|\btomllib\b|\bStrEnum\b|ExceptionGroup|"
        r"typing import .*\bSelf\b|fromisoformat\([^)]*Z\""
    )
    found = [str(p) for p in files(".py") if p != Path(__file__) and newer.search(p.read_text())]
    assert not found
