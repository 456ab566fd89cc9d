"""Schemas follow the target, and what dbt runs where you name nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from plg.schemas import LAYERS, schema_name, schema_names
from tests.harness import PROJECT, dbt

KEYS = ("--output", "json", "--output-keys", "name resource_type schema")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One target folder for all listings: the second one parses what changed."""
    return tmp_path_factory.mktemp("list")


def listed(place: Path, *arguments: str, **environment: str) -> Iterator[dict[str, Any]]:
    """What `dbt ls` names."""
    for line in dbt("--quiet", "ls", *KEYS, *arguments, workdir=place, **environment).splitlines():
        yield json.loads(line)


def layers() -> dict[str, str]:
    """The layer of each folder of models, as dbt_project.yml says it."""
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text("utf-8"))
    folders = project["models"]["plg_analytics"]
    found = {name: each["+schema"] for name, each in folders.items() if "+schema" in each}
    return found | {"seeds": project["seeds"]["plg_analytics"]["+schema"]}


def test_each_layer_has_a_schema() -> None:
    assert set(layers().values()) == set(LAYERS)


@pytest.mark.long
@pytest.mark.parametrize("target_schema", ["", "dev"])
def test_dbt_and_python_agree_on_schemas(place: Path, target_schema: str) -> None:
    nodes = listed(
        place, "--resource-type", "model", "--resource-type", "seed", PLG_SCHEMA=target_schema
    )
    assert {node["schema"] for node in nodes} == set(schema_names(target_schema or "main"))


def test_the_default_target_has_plain_names() -> None:
    assert schema_names() == LAYERS
    assert schema_name("marts", "ci_42") == "ci_42_marts"


@pytest.mark.long
def test_unit_tests_run_where_you_ask_for_them(place: Path) -> None:
    def counts(*arguments: str) -> tuple[int, int]:
        kinds = [node["resource_type"] for node in listed(place, *arguments)]
        return kinds.count("unit_test"), kinds.count("test")

    by_default, everything = counts(), counts("--selector", "everything")
    assert by_default[0] == 0
    assert everything[0] > 100
    assert by_default[1] == everything[1] > 0
    assert counts("--select", "test_type:unit") == (everything[0], 0)
    assert counts("--select", "int_user_days")[0] > 0
