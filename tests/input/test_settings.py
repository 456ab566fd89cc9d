"""Which settings a build accepts, and what is said of the others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

from plg.check import check
from plg.input.source_zone import check_source_zone
from plg.places import RESERVED, check_database, check_memory_limit, check_names
from plg.schemas import LAYERS
from plg.settings import Settings
from tests.harness import PROJECT
from tests.input.files import write_text


@pytest.mark.parametrize("name", ["marts.duckdb", "Semantic.x.duckdb", ".main.db", "temp", "RAW"])
def test_database_named_as_a_schema_is_refused(tmp_path: Path, name: str) -> None:
    (problem,) = check_names(tmp_path / name, "raw")
    for word in (f"PLG_DATABASE {tmp_path / name}: ", "name of a schema", "otherwise"):
        assert word in problem


def test_names_of_schemas_are_those_of_the_project() -> None:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    models = project["models"]["plg_analytics"].values()
    layers = [layer for layer in models if isinstance(layer, dict)]
    schemas = {layer["+schema"] for layer in layers if "+schema" in layer}
    assert schemas | {project["seeds"]["plg_analytics"]["+schema"]} == set(LAYERS)
    assert {"main", "temp", "system"} <= set(RESERVED)


def test_raw_schema_is_a_plain_name(tmp_path: Path) -> None:
    assert check_names(tmp_path / "plg.duckdb", "Raw_2") == []
    (problem,) = check_names(tmp_path / "raw_2.duckdb", "Raw_2")
    assert problem.startswith(f"PLG_DATABASE {tmp_path / 'raw_2.duckdb'}: ")
    for name in ("2raw", 'r"w', "my raw", "raw.x", "räw", "marts", "Main", "temp"):
        (problem,) = check_names(tmp_path / "plg.duckdb", name)
        assert problem.startswith(f"PLG_RAW_SCHEMA {name}: ")


@pytest.mark.parametrize("name", ["it's.duckdb", 'a"b.duckdb', "a;b.duckdb", "plg#1.duckdb"])
def test_database_with_a_name_that_dbt_can_not_quote_is_refused(tmp_path: Path, name: str) -> None:
    (problem,) = check_names(tmp_path / name, "raw")
    assert problem.startswith(f"PLG_DATABASE {tmp_path / name}: ")
    assert "name it otherwise" in problem


def test_memory_limit_is_one_that_duckdb_reads() -> None:
    for limit in ("4GB", "60%", "500 MiB"):
        assert check_memory_limit(limit) == []
    for limit in ("lots", "4", "4 apples"):
        (problem,) = check_memory_limit(limit)
        assert problem.startswith(f"PLG_MEMORY_LIMIT {limit}: DuckDB can't read it (")
        assert "4GB or 60%" in problem
    for limit, word in (("1KB", "too little"), ("0%", "too little"), ("-5GB", "negative")):
        (problem,) = check_memory_limit(limit)
        assert word in problem


def test_database_that_can_be_written_is_accepted_and_not_made(tmp_path: Path) -> None:
    file = tmp_path / "plg.duckdb"
    assert list(check_database(file)) == []
    assert not file.exists()
    duckdb.connect(str(file)).close()
    assert list(check_database(file)) == []


def test_database_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    write_text(tmp_path / "text.duckdb", "no database " * 1000)
    for place, word in (
        ("missing/plg.duckdb", f"there is no folder {tmp_path / 'missing'}"),
        ("", "this is a folder"),
        ("text.duckdb", "not a valid DuckDB database file"),
        ("text.duckdb/plg.duckdb", "there is no folder"),
    ):
        (problem,) = check_database(tmp_path / place)
        assert problem.startswith(f"PLG_DATABASE {tmp_path / place}: ")
        assert word in problem


def test_database_that_another_process_has_open_is_named_with_it(tmp_path: Path) -> None:
    file = tmp_path / "plg.duckdb"
    duckdb.connect(str(file)).close()
    opening = "c = duckdb.connect(sys.argv[1], read_only=True)"
    reader = f"import duckdb, sys; {opening}; print('open'); input()"
    with subprocess.Popen(
        [sys.executable, "-uc", reader, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        (problem,) = check_database(file)
        process.stdin.close()
    for word in (f"PLG_DATABASE {file}: ", f"PID {process.pid}", "reader", "plg publish"):
        assert word in problem


def test_wrong_settings_stop_a_build_with_a_sentence_each(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "plg", "build"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(PROJECT),
            "PLG_DATABASE": "missing/marts.duckdb",
            "PLG_RAW_SCHEMA": "my raw",
            "PLG_MEMORY_LIMIT": "lots",
            "DBT_TARGET_PATH": str(tmp_path / "target"),
            "DBT_LOG_PATH": str(tmp_path / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    assert "Traceback" not in finished.stdout + finished.stderr
    said = " ".join(finished.stdout.split())
    for word in ("PLG_RAW_SCHEMA my raw: ", "name of a schema", "PLG_MEMORY_LIMIT lots: "):
        assert word in said
    assert "there is no folder" in said and "Nothing was built." in said


def test_zone_of_the_source_is_one_of_the_iana() -> None:
    for name in ("UTC", "America/New_York", "Etc/GMT+5"):
        assert check_source_zone(name) == []
    for name in ("New York", "america/new_york", "GMT+25", "local"):
        (problem,) = check_source_zone(name)
        assert problem.startswith(f"PLG_SOURCE_TIME_ZONE is {name}, which is no IANA time zone;")


def test_zone_of_the_source_stops_a_check(tmp_path: Path) -> None:
    settings = Settings.from_environment({"PLG_SOURCE_TIME_ZONE": " Mars/Olympus "}, tmp_path)
    (problem,) = check(settings, raw=False).problems
    assert problem.startswith("PLG_SOURCE_TIME_ZONE is Mars/Olympus,")
