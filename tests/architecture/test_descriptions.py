"""Every model, column, metric and test says what it is."""

from __future__ import annotations

import re

import yaml

from plg.marts import read_marts, shipped_vars
from tests.architecture.tree import Manifest, files, marts, models, seeds
from tests.harness import PROJECT, query

# No var says their days: a week has seven, and active users are those of 7 and of 30 days.
DAYS_BY_DEFINITION = {"active_users_by_day", "kpi_scorecard"}


def test_all_is_described_and_persisted(manifest: Manifest) -> None:
    for node in models(manifest) + seeds(manifest):
        assert "One row" in node["description"], f"{node['name']}: the grain is not described"
        assert node["config"]["persist_docs"] == {"relation": True, "columns": True}
        undescribed = [c for c, column in node["columns"].items() if not column["description"]]
        assert not undescribed, f"{node['name']}: {undescribed}"
    for source in manifest["sources"].values():
        assert source["description"]
        assert all(column["description"] for column in source["columns"].values())


def test_marts_say_question_formula_and_source(manifest: Manifest) -> None:
    register = read_marts()
    for node in marts(manifest):
        mart = register[node["name"]]
        assert mart.question.endswith("?"), mart.name
        assert "Source:" in mart.description, mart.name
        if mart.rates:
            assert "ormula" in mart.description, mart.name


def test_descriptions_say_the_values_of_vars() -> None:
    """If you change a window, its description says the new one."""
    numbers = [name for name, value in shipped_vars().items() if isinstance(value, int | list)]
    for file in files(".yml", folders=["models"]):
        for model in yaml.safe_load(file.read_text()).get("models", []):
            described = [model, *model.get("columns", [])]
            text = " ".join(part["description"] for part in described)
            for name in numbers:
                values = re.findall(rf"{{{{ var\('{name}', ", text)
                assert values or not re.search(rf"\b{name}\b", text), (
                    f"{file}: {model['name']} names the var {name} without its value; write "
                    f"{{{{ var('{name}', '{name}') }}}}, so that readers see it"
                )
            if model["name"] not in DAYS_BY_DEFINITION:
                assert not re.search(r"\d+ days", text), f"{model['name']}: days, and no var"


def test_columns_say_nothing_that_dbt_does_not_read() -> None:
    """An unquoted comma in a one-line column cuts its description and makes a key of the rest."""
    known = {"name", "data_type", "description", "data_tests", "config", "meta", "granularity"}
    for file in files(".yml", folders=["models"]):
        for model in yaml.safe_load(file.read_text()).get("models", []):
            for column in model.get("columns", []):
                stray = set(column) - known
                assert not stray, f"{file}: {column['name']}: quote the description ({stray})"


def test_described_columns_are_those_of_the_warehouse(manifest: Manifest, sample_database) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    for row in query(
        sample_database,
        "select table_schema, table_name, column_name from information_schema.columns "
        "order by ordinal_position",
    ):
        place = row["table_schema"], row["table_name"]
        found.setdefault(place, []).append(row["column_name"])
    for node in models(manifest):
        if node["config"]["materialized"] == "ephemeral":
            continue  # It is part of what reads it.
        assert set(node["columns"]) == set(found[node["schema"], node["name"]]), node["name"]


def test_metrics_say_question_unit_and_mart(manifest: Manifest) -> None:
    register = read_marts()
    for metric in manifest["metrics"].values():
        name, description = metric["name"], metric["description"]
        assert metric["label"] not in ("", name), name
        assert "?" in description.split(". ")[0], f"{name}: which question does it answer?"
        assert re.search(
            r"Unit: (users|users or accounts|accounts|leads|rate|ratio|days|seconds)\.", description
        ), name
        assert "Formula: " in description, name
        if metric["type"] != "simple":
            assert "Population: " in description, name
        equals = re.search(r"Equals (\w+)\.(\w+)( / 86400)?\.$", description.strip())
        assert equals and equals[2] in register[equals[1]].columns, f"{name}: which mart holds it?"
    for semantic_model in manifest["semantic_models"].values():
        assert "One row per" in semantic_model["description"], semantic_model["name"]
        for element in [semantic_model, *semantic_model["dimensions"], *semantic_model["measures"]]:
            assert element["label"] and element["description"], element["name"]


def test_unit_tests_read_as_clauses(manifest: Manifest) -> None:
    for unit_test in manifest["unit_tests"].values():
        assert unit_test["name"].startswith(f"{unit_test['model']}__"), unit_test["name"]
        assert unit_test["description"], unit_test["name"]


def test_each_model_has_its_yml_beside_it(manifest: Manifest) -> None:
    for node in models(manifest):
        path = PROJECT / node["original_file_path"]
        assert path.with_suffix(".yml").is_file(), path
        assert node["patch_path"].endswith(f"{node['name']}.yml"), path


def test_models_open_with_their_question_and_end_with_their_name(manifest: Manifest) -> None:
    for node in models(manifest):
        text = node["raw_code"]
        question = re.match(r"\{#-(.*?)-#\}", text, re.DOTALL)
        assert question and "?" in question[1], f"{node['name']} opens without its question"
        names = re.findall(r"^(\w+) as \($", text, re.MULTILINE)
        assert names[-1] == node["name"], f"the last CTE of {node['name']} is {names[-1]}"
        assert text.rstrip().split("from ")[-1].split()[0] == node["name"]
