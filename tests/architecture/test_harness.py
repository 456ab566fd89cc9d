"""Builds of one process share a parsed project, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.harness import PROJECT, build, compiled, query

INLINE = "select '{{ run_started_at }}' as at, '{{ env_var(\"PLG_DATABASE\") }}' as place"


def test_each_build_loads_its_own_definitions(tmp_path: Path) -> None:
    loaded = []
    for number in range(2):
        definitions, workdir = tmp_path / f"definitions-{number}", tmp_path / f"build-{number}"
        shutil.copytree(PROJECT / "seeds", definitions)
        workdir.mkdir()
        if number:
            # A row more, and columns in another order.
            (definitions / "excluded_users.csv").write_text("reason,user_id\nbot,ann\nstaff,bob\n")
        database = build(PROJECT / "sample", workdir, definitions, arguments=["seed"])
        loaded.append(query(database, "select user_id, reason from definitions.excluded_users"))
    assert loaded[0] != loaded[1]
    assert loaded[1] == [
        {"user_id": "ann", "reason": "bot"},
        {"user_id": "bob", "reason": "staff"},
    ]


def test_each_run_has_its_own_time(tmp_path: Path) -> None:
    first, second = (
        next(iter(compiled(tmp_path / "plg.duckdb", "--inline", INLINE).values())) for _ in range(2)
    )
    assert "work/plg.duckdb" in first
    assert first < second, "the second run started at the time of the first"


def test_a_build_leaves_the_parsed_project_as_it_was(tmp_path: Path) -> None:
    """A build without comments takes them away from its copy only."""
    comments = "select count(comment) as n from duckdb_tables() where schema_name = 'definitions'"
    counts = []
    for is_commented in (True, False, True):
        database = build(PROJECT / "sample", tmp_path, arguments=["seed"], comments=is_commented)
        (row,) = query(database, comments)
        counts.append(row["n"])
    assert counts[0] == counts[2] > 0 == counts[1]
