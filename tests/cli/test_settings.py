"""Settings: what the environment says, from the folder that you are in, else the default."""

from __future__ import annotations

import ast
import dataclasses
import os
from pathlib import Path

import pytest

from plg.places import check_output_dir
from plg.settings import INPUTS, OUTPUTS, Settings
from tests.harness import PROJECT

PATHS = {**INPUTS, **OUTPUTS}
READS_THE_ENVIRONMENT = {"settings.py"}


def made(caller: Path, **environ: str) -> Settings:
    return Settings.from_environment(environ, caller)


def test_without_settings_everything_is_in_the_project(tmp_path: Path) -> None:
    settings = made(tmp_path)
    for name, (_, default) in PATHS.items():
        assert getattr(settings, name) == PROJECT / default
    assert (settings.raw_schema, settings.schema, settings.memory_limit) == ("raw", "main", "")
    # Nothing is said that dbt would not have by itself: it would read the project again.
    assert settings.environment() == {}


@pytest.mark.parametrize("name", PATHS)
def test_a_relative_path_is_meant_from_the_folder_that_you_are_in(
    name: str, tmp_path: Path
) -> None:
    variable = PATHS[name][0]
    for given in ("some where/x", str(tmp_path / "some where" / "x")):
        settings = made(tmp_path, **{variable: given})
        assert getattr(settings, name) == tmp_path / "some where" / "x"
        assert settings.environment() == {variable: str(tmp_path / "some where" / "x")}
    assert getattr(made(tmp_path, **{variable: " "}), name) == PROJECT / PATHS[name][1]


def test_outputs_are_together_unless_one_has_a_setting_of_its_own(tmp_path: Path) -> None:
    settings = made(tmp_path, PLG_OUTPUT_DIR="out", PLG_REPORT_DIR="pages")
    assert settings.report_dir == tmp_path / "pages"
    assert settings.database == tmp_path / "out" / "plg.duckdb"
    assert settings.raw_dir == PROJECT / "sample"
    said = settings.environment()
    assert said["PLG_DATABASE"] == str(tmp_path / "out" / "plg.duckdb")
    assert said["DBT_TARGET_PATH"] == str(tmp_path / "out" / "target")
    assert said["PLG_REPORT_DIR"] == str(tmp_path / "pages")
    assert "PLG_RAW_DIR" not in said


def test_where_the_checkout_can_not_be_written_outputs_go_where_you_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != PROJECT)
    settings = made(tmp_path)
    assert settings.database == tmp_path / "plg.duckdb"
    assert settings.environment()["DBT_LOG_PATH"] == str(tmp_path / "logs")
    assert check_output_dir(settings) == []
    monkeypatch.setattr(os, "access", lambda *_: False)
    (problem,) = check_output_dir(made(tmp_path))
    assert str(tmp_path) in problem and "set PLG_OUTPUT_DIR" in problem


def test_other_variables_go_on_to_dbt_as_they_are(tmp_path: Path) -> None:
    settings = made(tmp_path, PLG_SPARK_MASTER="local[2]", PLG_SCHEMA="dev", PATH="/bin")
    assert settings.schema == "dev"
    assert settings.environment() == {"PLG_SPARK_MASTER": "local[2]", "PLG_SCHEMA": "dev"}


def test_settings_do_not_change(tmp_path: Path) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        made(tmp_path).database = tmp_path


def test_nothing_else_of_the_command_line_reads_the_environment() -> None:
    """The engines read what only they know; all other modules ask the settings."""
    found = set()
    for path in (PROJECT / "plg").rglob("*.py"):
        if path.parent.name == "engines":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"):
                found.add(path.name)
    assert found == READS_THE_ENVIRONMENT
