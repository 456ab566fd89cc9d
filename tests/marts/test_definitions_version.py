"""The version of the definitions: what is in it, that dbt and Python agree, and that a build says it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plg.catalogue import PROJECT, definition_log, definition_vars
from plg.definitions.checks import DEFINITIONS
from plg.definitions.dbt_vars import Vars, project_vars
from plg.definitions.version import (
    SEEDS_WITHOUT_VERSION,
    VARS_WITHOUT_VERSION,
    declared_vars,
    seed_checksum,
    version_of,
    version_of_build,
)
from plg.summary import version_lines
from tests.harness import query

PROJECT_FILE = PROJECT / "dbt_project.yml"
SEEDS = PROJECT / "seeds"
IN_DATABASE = "select * from intermediate.int_definitions_version"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped definitions."""
    return Path(shutil.copytree(SEEDS, tmp_path / "definitions"))


def version(folder: Path, **given: object) -> str:
    return version_of_build(PROJECT_FILE, folder, given)


def test_the_version_of_two_seeds_and_two_vars() -> None:
    seeds, values = {"decay": "22", "bands": "11"}, {"zone": None, "value_week": 8}
    assert version_of(seeds, values) == "c575be4c913d"
    # The order of keys does not matter, a value does.
    assert version_of(seeds, {"value_week": 8, "zone": None}) == "c575be4c913d"
    assert version_of(seeds, {"value_week": 8, "zone": "null"}) != "c575be4c913d"


def test_dbt_and_python_agree(sample_database: Path) -> None:
    (row,) = query(sample_database, IN_DATABASE)
    assert row["definitions_version"] == version(SEEDS)
    marts = "select distinct definitions_version from marts.metric_history_by_definition"
    assert query(sample_database, marts) == [{"definitions_version": version(SEEDS)}]


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_an_edited_definition_has_another_version(folder: Path, name: str) -> None:
    before = version(folder)
    path = folder / f"{name}.csv"
    path.write_text(path.read_text().replace(",", ", ", 1))
    assert (version(folder) == before) == (name in SEEDS_WITHOUT_VERSION)


def test_white_space_at_the_ends_of_a_file_changes_nothing(folder: Path) -> None:
    path = folder / "pql_decay.csv"
    path.write_bytes(b"\r\n " + path.read_bytes() + b"\n\n")
    assert version(folder) == version(SEEDS)
    path.write_bytes(path.read_bytes().replace(b"7,", b"8,"))
    assert version(folder) != version(SEEDS)


@pytest.mark.parametrize("name", sorted(project_vars(PROJECT_FILE)))
def test_another_value_of_a_var_is_another_version(name: str) -> None:
    assert (version(SEEDS, **{name: "other"}) == version(SEEDS)) == (name in VARS_WITHOUT_VERSION)


def test_a_value_in_vars_txt_is_that_of_the_command_line(folder: Path) -> None:
    (folder / "vars.txt").write_text("value_week: 9\nobserved_from: 2024-01-01\n")
    assert version(folder) == version(SEEDS, value_week=9, observed_from="2024-01-01")
    assert version(folder, value_week=8, observed_from=None) == version(SEEDS)


def test_the_catalogue_knows_the_vars_and_the_shipped_version(tmp_path: Path) -> None:
    for name in declared_vars(PROJECT_FILE):
        assert f"'{name}'," in definition_vars(PROJECT)
    assert set(declared_vars(PROJECT_FILE)) | set(VARS_WITHOUT_VERSION) <= set(Vars.model_fields)
    assert definition_log(PROJECT) == (SEEDS / "definition_log.csv").read_text()
    # With another definition the row has another version, and says the same of it.
    shutil.copytree(SEEDS, tmp_path / "seeds")
    shutil.copy(PROJECT_FILE, tmp_path)
    decay = tmp_path / "seeds" / "pql_decay.csv"
    decay.write_text(decay.read_text() + "30,0.2\n")
    found, shipped = definition_log(tmp_path), definition_log(PROJECT)
    assert version(tmp_path / "seeds") in found
    assert found != shipped
    assert found.replace(version(tmp_path / "seeds"), version(SEEDS)) == shipped


@pytest.mark.parametrize("is_logged", [True, False])
def test_a_build_says_its_version_and_the_row_that_the_log_lacks(is_logged: bool) -> None:
    lines = list(version_lines(lambda _: [("c575be4c913d", is_logged)]))
    assert lines[-1] == "Version of the definitions: c575be4c913d"
    assert len(lines) == (1 if is_logged else 2)
    if not is_logged:
        said, row = lines[0].split("\n")
        assert "definition_log.csv" in said
        cells = row.split(",")
        assert len(cells) == 5
        assert cells[0] == "c575be4c913d"


def test_the_checksum_is_that_of_dbt(manifest: dict) -> None:
    for node in manifest["nodes"].values():
        if node["resource_type"] == "seed":
            path = SEEDS / f"{node['name']}.csv"
            assert node["checksum"]["checksum"] == seed_checksum(path), node["name"]
