"""What another version of the project has built is recognised, and built from nothing."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import duckdb
import pytest

from plg.compare import mart_differences, open_databases
from tests.harness import PROJECT, build, dbt, query

USERS = "user_id,account_id,created_at,plan_tier,install_source,invited_by\nann,,2024-01-01,,,\n"
HEADER = "event_id,user_id,event_name,timestamp,properties\n"
SENTENCE = "Another version of plg_analytics built "
FOLDERS = ("macros", "models", "plg", "seeds", "analyses", "tests/dbt")
FILES = ("dbt_project.yml", "profiles.yml", "selectors.yml")


def deliver(raw_dir: Path, day: int) -> Path:
    (raw_dir / "events").mkdir(parents=True, exist_ok=True)
    (raw_dir / "users.csv").write_text(USERS)
    row = f"e{day},ann,task_completed,2024-01-0{day} 10:00:00,\n"
    (raw_dir / "events" / f"{day}.csv").write_text(HEADER + row)
    return raw_dir


def differences(one: Path, other: Path) -> list[str]:
    with open_databases(one=one, other=other) as connection:
        return mart_differences(connection, "one.marts.{}".format, "other.marts.{}".format)


def run(database: Path, *statements: str) -> None:
    with duckdb.connect(str(database)) as connection:
        for statement in statements:
            connection.execute(statement)


def newest_version(database: Path, table: str) -> int:
    (row,) = query(database, f"select max(row_version) as version from intermediate.{table}")
    return row["version"]


def pretend_other_version(database: Path, table: str, column: str) -> None:
    """Leaves the database as a version would that had no such column."""
    record = query(database, "from intermediate.incremental_versions")
    rows = ", ".join(
        f"('{row['model_name']}', '{'other' if row['model_name'] == table else row['code_version']}')"
        for row in record
    )
    run(
        database,
        f"create or replace view intermediate.incremental_versions as "
        f"from (values {rows}) as known (model_name, code_version)",
        f"alter table intermediate.{table} drop column {column}",
    )


@pytest.mark.long
def test_a_table_of_other_code_is_built_from_nothing(tmp_path: Path) -> None:
    database = build(deliver(tmp_path / "raw", 2), tmp_path)
    pretend_other_version(database, "int_user_days", "definition_version")
    build(deliver(tmp_path / "raw", 3), tmp_path)
    # What it reads was kept, and took the new day in.
    assert newest_version(database, "int_event_dates") == 2
    assert newest_version(database, "int_user_days") == 1
    (tmp_path / "whole").mkdir()
    assert differences(build(tmp_path / "raw", tmp_path / "whole"), database) == []


@pytest.mark.long
def test_a_database_without_a_record_is_built_from_nothing(tmp_path: Path) -> None:
    database = build(deliver(tmp_path / "raw", 2), tmp_path)
    run(
        database,
        "drop view intermediate.incremental_versions",
        "alter table intermediate.int_event_parts drop column build_settings",
        "alter table intermediate.int_signups drop column is_excluded",
    )
    build(deliver(tmp_path / "raw", 3), tmp_path)
    assert newest_version(database, "int_event_parts") == 1
    assert newest_version(database, "int_signups") == 1
    (tmp_path / "whole").mkdir()
    assert differences(build(tmp_path / "raw", tmp_path / "whole"), database) == []


@pytest.mark.long
def test_a_rebuild_is_said_once(tmp_path: Path) -> None:
    raw_dir = deliver(tmp_path / "raw", 2)
    database = build(raw_dir, tmp_path)
    pretend_other_version(database, "int_active_days", "row_version")
    for is_said in (True, False):
        said = dbt("run", "--select", "int_active_days", workdir=tmp_path, PLG_RAW_DIR=str(raw_dir))
        assert (f"{SENTENCE}int_active_days. " in said) == is_said


@pytest.fixture(scope="module")
def copied_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy") / "project"
    for name in FOLDERS:
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(PROJECT / name, folder)
    return folder


def code_versions(project: Path, workdir: Path) -> dict[str, str]:
    """What the code in a copy of the project calls its version, by incremental model."""
    nodes = (
        "graph.nodes.values() | selectattr('config.materialized', 'equalto', 'incremental') | list"
    )
    inline = "{% if execute %}{{ code_versions(" + nodes + ") }}{% endif %}"
    arguments = ("compile", "--inline", inline, "--project-dir", str(project))
    said = dbt("--quiet", *arguments, workdir=workdir, PLG_RAW_DIR=str(PROJECT / "sample"))
    return ast.literal_eval(said[said.index("{") : said.rindex("}") + 1])


@pytest.mark.long
def test_a_version_changes_with_the_code_and_not_with_a_comment(
    copied_project: Path, tmp_path: Path
) -> None:
    before = code_versions(copied_project, tmp_path)
    assert len(before) > 5

    def edit(*changes: tuple[str, str, str]) -> set[str]:
        """Edits files of the project; the models that have another version than at first."""
        for file, old, new in changes:
            text = (copied_project / file).read_text("utf-8")
            assert old in text
            (copied_project / file).write_text(text.replace(old, new, 1), "utf-8")
        after = code_versions(copied_project, tmp_path)
        assert before.keys() == after.keys()
        return {name for name in before if before[name] != after[name]}

    path = "models/intermediate/users/int_user_days.sql"
    comments = ((path, "select", "-- A comment.\n    select"), (path, "\nwith\n", "\n\nwith\n\n"))
    assert edit(*comments) == set()
    readers = {"int_user_days", "int_active_days"}
    assert edit((path, "select", "select distinct")) == readers
    # A macro behind a dispatch, which only later builds call.
    changed = edit(("macros/engine/is_distinct.sql", "is distinct from", "<>"))
    assert changed > readers | {"int_event_parts", "int_signups"}
