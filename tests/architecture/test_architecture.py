"""What every model, column, macro and file of the project has to be, read from dbt's manifest."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmark import compare
from tests.harness import PROJECT, query
from tests.oracle import oracle

Manifest = dict[str, Any]
Node = dict[str, Any]

# Nobody reads the last; it stands beside the marts, on the same intermediate models.
LAYERS = ("staging", "intermediate", "marts", "semantic")
# A family's weeks of the scorecard read its marts, so that no number is computed twice.
ABOVE_THE_MARTS = "_kpi_weeks"
COHORT_COLUMNS = ["cohort_grain", "cohort_date", "segment_type", "segment_value"]
MARTS = {
    "activation_by_cohort",
    "milestone_completion_by_cohort",
    "time_to_first_value_by_cohort",
    "time_to_first_value_curve",
    "milestone_velocity_by_cohort",
    "retention_by_cohort",
    "active_users_by_day",
    "growth_accounting_by_week",
    "viral_coefficient_by_cohort",
    "pql_scores",
    "pql_conversion_by_cohort",
    "kpi_scorecard",
    "data_quality_by_rule",
}
# What a name promises: the ending or beginning of a column's name, and its type.
PROMISES = {
    r"_at$": {"timestamp"},
    r"_date$": {"date"},
    r"^(is|has)_": {"boolean"},
    r"_count$|^(dau|wau|mau)$": {"bigint"},
    r"_rate$|_ci_(lower|upper)$|_factor$|_probability$": {"double"},
    r"_seconds$": {"double"},
    r"_score$|_points$": {"decimal(18, 12)", "decimal(18, 5)"},
    r"_id$|_type$|_value$(?<!current_value)(?<!previous_value)(?<!target_value)": {"string"},
}
# Whose days no var says: a week has seven, and active users are those of 7 and of 30 days.
DAYS_BY_DEFINITION = {"active_users_by_day", "kpi_scorecard"}
# Each rate, and the counts that it is the quotient of.
RATES = {
    "activation_rate": ("activated_user_count", "eligible_user_count"),
    "completion_rate": ("completed_user_count", "eligible_user_count"),
    "conversion_from_previous_rate": (
        "completed_both_user_count",
        "previous_completed_user_count",
    ),
    "reached_rate": ("reached_user_count", "eligible_user_count"),
    "hazard_rate": ("event_count", "at_risk_count"),
    "progression_rate": ("progressed_user_count", "eligible_user_count"),
    "retention_rate": ("retained_user_count", "eligible_user_count"),
    "stickiness_rate": ("dau", "mau"),
    "invitation_conversion_rate": ("invited_signup_count", "invitation_count"),
    "k_factor": ("invited_signup_count", "cohort_user_count"),
    "activated_k_factor": ("invited_activated_count", "fully_observed_user_count"),
    "pql_conversion_rate": ("pql_user_count", "activated_user_count"),
}
WITH_INTERVAL = {"activation_rate", "completion_rate", "reached_rate", "retention_rate"}


def models(manifest: Manifest) -> list[Node]:
    return [n for n in manifest["nodes"].values() if n["resource_type"] == "model"]


def seeds(manifest: Manifest) -> list[Node]:
    return [n for n in manifest["nodes"].values() if n["resource_type"] == "seed"]


def layer(node: Node) -> str:
    return Path(node["original_file_path"]).parts[1]


def marts(manifest: Manifest) -> list[Node]:
    return [node for node in models(manifest) if layer(node) == "marts"]


def sql_files() -> list[Path]:
    folders = ("models", "macros", "analyses", "tests")
    return sorted(path for folder in folders for path in (PROJECT / folder).rglob("*.sql"))


def data_tests_of(manifest: Manifest, node: Node) -> list[Node]:
    return [
        test
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test" and test.get("attached_node") == node["unique_id"]
    ]


def test_the_marts_are_those_of_the_public_interface(manifest: Manifest) -> None:
    assert {node["name"] for node in marts(manifest)} == MARTS


def test_data_flow_one_way(manifest: Manifest) -> None:
    wrong = []
    for node in models(manifest):
        for parent_id in node["depends_on"]["nodes"]:
            parent = manifest["nodes"].get(parent_id) or manifest["sources"][parent_id]
            if parent["resource_type"] == "source":
                allowed = layer(node) == "staging"
            elif parent["resource_type"] == "seed":
                allowed = True
            else:
                allowed = layer(parent) != "marts" and LAYERS.index(layer(parent)) <= LAYERS.index(
                    layer(node)
                )
                allowed = allowed or node["name"].endswith(ABOVE_THE_MARTS)
            if not allowed:
                wrong.append(f"{node['name']} reads {parent['name']}")
    assert not wrong


def readers(manifest: Manifest, name: str) -> set[str]:
    return {
        node["name"]
        for node in models(manifest)
        if any(parent.endswith(f".{name}") for parent in node["depends_on"]["nodes"])
    }


def test_raw_events_are_read_once(manifest: Manifest) -> None:
    assert readers(manifest, "raw.events") == {"stg_events"}
    assert readers(manifest, "stg_events") == {"int_events_classified"}
    # Behind these, everything reads user days and the few events that a definition names.
    assert readers(manifest, "int_events_classified") == {
        "int_events_repeated",
        "int_event_dates",
        "int_events",
        "int_user_days",
        "int_observation",
        "int_defined_events",
        "int_signal_counts",
        "data_quality_by_rule",
    }
    assert not readers(manifest, "int_events")


def test_what_reads_events_grows_by_what_arrived(manifest: Manifest) -> None:
    incremental = {
        node["name"] for node in models(manifest) if node["config"]["materialized"] == "incremental"
    }
    by_event = {
        name
        for source in ("int_events_classified", "int_events_repeated", "int_event_dates")
        for name in readers(manifest, source)
    }
    # Signals are counted, and removed rows, over all events each time: two narrow passes.
    whole = {"int_signal_counts", "data_quality_by_rule"}
    # And of the newest dates the last event is looked up.
    assert by_event - incremental == {"int_events", "int_observation"} | whole
    for node in models(manifest):
        if node["name"] in incremental:
            assert node["config"]["unique_key"] and "row_version" in node["columns"], node["name"]


def test_names_tell_the_layer(manifest: Manifest) -> None:
    for node in models(manifest):
        prefix = {"staging": "stg_", "intermediate": "int_", "semantic": "sem_"}.get(layer(node))
        if prefix:
            assert node["name"].startswith(prefix)
        else:
            assert not re.match(r"(fct|dim|rpt|mart|int|stg|sem)_", node["name"])


def test_schema_access_and_group(manifest: Manifest) -> None:
    for node in models(manifest):
        assert node["config"]["group"] == "growth", node["name"]
        assert node["schema"] == layer(node), node["name"]
        assert node["access"] == ("public" if layer(node) == "marts" else "private"), node["name"]


def test_marts_are_tables_with_an_enforced_contract(manifest: Manifest) -> None:
    for node in marts(manifest):
        assert node["config"]["materialized"] == "table", node["name"]
        assert node["config"]["contract"]["enforced"], node["name"]
        assert all(column["data_type"] for column in node["columns"].values()), node["name"]


def test_the_semantic_layer_decides_nothing(manifest: Manifest) -> None:
    semantic = {node["name"]: node for node in models(manifest) if layer(node) == "semantic"}
    used = {
        parent.split(".")[-1]
        for semantic_model in manifest["semantic_models"].values()
        for parent in semantic_model["depends_on"]["nodes"]
    }
    time_spines = {name for name, node in semantic.items() if node["time_spine"]}
    assert used | time_spines == set(semantic)
    for name, node in semantic.items():
        assert node["config"]["materialized"] == "view", f"{name} costs every build"
        assert not readers(manifest, name), f"{name} is read by a model"
        for parent in node["depends_on"]["nodes"]:
            assert layer(manifest["nodes"][parent]) == "intermediate", f"{name} reads {parent}"


def test_metrics_say_question_unit_and_mart(manifest: Manifest) -> None:
    columns = {node["name"]: node["columns"] for node in marts(manifest)}
    for metric in manifest["metrics"].values():
        name, description = metric["name"], metric["description"]
        assert metric["label"] not in ("", name), name
        assert "?" in description.split(". ")[0], f"{name}: which question does it answer?"
        assert re.search(r"Unit: (users|rate|ratio|days|seconds)\.", description), name
        assert "Formula: " in description, name
        if metric["type"] != "simple":
            assert "Population: " in description, name
        equals = re.search(r"Equals (\w+)\.(\w+)( / 86400)?\.$", description.strip())
        assert equals and equals[2] in columns[equals[1]], f"{name}: which mart holds it?"
    for semantic_model in manifest["semantic_models"].values():
        assert "One row per" in semantic_model["description"], semantic_model["name"]
        for element in [semantic_model, *semantic_model["dimensions"], *semantic_model["measures"]]:
            assert element["label"] and element["description"], element["name"]


def test_the_scorecard_is_in_the_semantic_layer(manifest: Manifest) -> None:
    targets = (PROJECT / "seeds" / "kpi_targets.csv").read_text().splitlines()[1:]
    names = {metric["name"] for metric in manifest["metrics"].values()}
    assert {target.split(",")[0] for target in targets} <= names


def test_all_is_described_and_persisted(manifest: Manifest) -> None:
    for node in models(manifest) + seeds(manifest):
        assert "One row" in node["description"], f"{node['name']}: the grain is not described"
        assert node["config"]["persist_docs"] == {"relation": True, "columns": True}
        undescribed = [c for c, column in node["columns"].items() if not column["description"]]
        assert not undescribed, f"{node['name']}: {undescribed}"
    for source in manifest["sources"].values():
        assert source["description"]
        assert all(column["description"] for column in source["columns"].values())
    for macro in manifest["macros"].values():
        if macro["package_name"] == "plg_analytics":
            text = (PROJECT / macro["original_file_path"]).read_text()
            assert text.startswith("{#-"), f"{macro['name']}: its file opens without a comment"


def test_marts_say_question_formula_and_source(manifest: Manifest) -> None:
    for node in marts(manifest):
        assert node["description"].split("\n")[0].strip().endswith("?"), node["name"]
        assert "Source:" in node["description"], node["name"]
        if any(column in RATES for column in node["columns"]):
            assert "ormula" in node["description"], node["name"]


def test_descriptions_say_the_values_of_vars() -> None:
    """A window that a team has changed is described as it is, not as it was shipped."""
    settings = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["vars"]["plg_analytics"]
    numbers = [name for name, value in settings.items() if isinstance(value, int | list)]
    for file in sorted((PROJECT / "models").rglob("*.yml")):
        for model in yaml.safe_load(file.read_text()).get("models", []):
            described = [model, *model.get("columns", [])]
            text = " ".join(part["description"] for part in described)
            for name in numbers:
                values = re.findall(rf"{{{{ var\('{name}'\)", text)
                assert values or name not in text, f"{model['name']}: the value of {name}"
            if model["name"] not in DAYS_BY_DEFINITION:
                assert not re.search(r"\d+ days", text), f"{model['name']}: days, and no var"


def test_described_columns_are_those_of_the_warehouse(
    manifest: Manifest, sample_database: Path
) -> None:
    found: dict[str, list[str]] = {}
    for row in query(
        sample_database,
        "select table_schema, table_name, column_name from information_schema.columns "
        "order by ordinal_position",
    ):
        found.setdefault(row["table_name"], []).append(row["column_name"])
    for node in models(manifest):
        assert set(node["columns"]) == set(found[node["name"]]), node["name"]


def test_names_promise_types(manifest: Manifest) -> None:
    for node in marts(manifest):
        for name, column in node["columns"].items():
            for pattern, types in PROMISES.items():
                if re.search(pattern, name):
                    assert column["data_type"] in types, f"{node['name']}.{name}"


def test_each_rate_stands_beside_its_counts(manifest: Manifest) -> None:
    for node in marts(manifest):
        for name in node["columns"]:
            if name.endswith("_rate") or name in RATES:
                assert name in RATES, f"{node['name']}.{name}: say which counts it is made of"
                assert set(RATES[name]) <= set(node["columns"]), f"{node['name']}.{name}"
            if name in WITH_INTERVAL:
                assert {f"{name}_ci_lower", f"{name}_ci_upper"} <= set(node["columns"])


def test_rates_are_the_quotients_of_their_counts(manifest: Manifest, sample_database: Path) -> None:
    for node in marts(manifest):
        for name in set(RATES) & set(node["columns"]):
            numerator, denominator = RATES[name]
            wrong = query(
                sample_database,
                f"select * from marts.{node['name']} where ({name} is null) <> "
                f"(coalesce({denominator}, 0) = 0) or "
                f"abs({name} - cast({numerator} as double) / {denominator}) > 1e-12",
            )
            assert not wrong, f"{node['name']}.{name}: {wrong[:2]}"


def test_cohort_marts_have_the_cohort_columns(manifest: Manifest) -> None:
    for node in marts(manifest):
        if node["name"].endswith("_by_cohort"):
            assert list(node["columns"])[:4] == COHORT_COLUMNS, node["name"]


def test_every_model_is_tested(manifest: Manifest) -> None:
    unit_tested = {unit_test["model"] for unit_test in manifest["unit_tests"].values()}
    for node in models(manifest):
        described = node["description"].lower()
        # The key of int_scorecard_weeks, their union, is that of the families' weeks.
        in_union = node["name"].endswith(ABOVE_THE_MARTS)
        if layer(node) != "staging" and "one row per row" not in described and not in_union:
            assert data_tests_of(manifest, node), f"{node['name']} has no data test"
        assert node["name"] in unit_tested, f"{node['name']} has no unit test"


def test_the_keys_of_the_marts_are_said_alike(manifest: Manifest) -> None:
    assert set(oracle.KEYS) == set(compare.KEYS) == MARTS
    for node in marts(manifest):
        name = node["name"]
        (key,) = [
            set(test["test_metadata"]["kwargs"]["columns"])
            for test in data_tests_of(manifest, node)
            if test.get("test_metadata", {}).get("name") == "is_key"
        ]
        assert key == set(oracle.KEYS[name]) == set(compare.KEYS[name]), name


def test_every_mart_has_a_key(manifest: Manifest) -> None:
    for node in marts(manifest) + seeds(manifest):
        keys = [
            test
            for test in data_tests_of(manifest, node)
            if test["test_metadata"]["name"] == "is_key"
        ]
        assert keys, node["name"]


def test_unit_tests_read_as_clauses(manifest: Manifest) -> None:
    for unit_test in manifest["unit_tests"].values():
        model = unit_test["model"]
        assert unit_test["name"].startswith(f"{model}__"), unit_test["name"]
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


def test_no_model_reads_a_clock() -> None:
    clock = re.compile(r"current_date|current_timestamp|now\(\)|getdate|sysdate|today\(", re.I)
    hits = [str(path) for path in sql_files() if clock.search(path.read_text())]
    assert not hits
    readers = [path.name for path in sql_files() if "run_started_at" in path.read_text()]
    assert readers == ["credible_until.sql"]


def test_engines_differ_in_one_folder_only() -> None:
    outside = [path for path in sql_files() if "engine" not in path.parts]
    engines = "duckdb|spark|postgres|redshift|snowflake|bigquery|databricks"
    branch = re.compile(rf"target\.(type|name)|adapter\.type\(|\b({engines})__")
    hits = [str(path) for path in outside if branch.search(path.read_text())]
    assert not hits


def test_every_engine_macro_is_tested_over_literal_rows() -> None:
    code = "\n".join(path.read_text() for path in (PROJECT / "tests/dbt/engine").glob("*.sql"))
    # Statements, types and names, which `plg compare` and `plg compile` prove.
    proven_by_building = {"contract_types", "incremental", "load_csv_rows", "raw_column"}
    for path in (PROJECT / "macros" / "engine").glob("*.sql"):
        if path.stem not in proven_by_building:
            assert re.search(rf"\b{path.stem}\(", code), f"{path.stem} is not tested"


def test_sql_is_portable() -> None:
    words = re.compile(r"^\s*qualify\b|\b(arg_min|arg_max|group by all|filter \(|datediff)\b", re.M)
    for path in sql_files():
        if "engine" not in path.parts:
            code = re.sub(r"\{#.*?#\}|--[^\n]*", "", path.read_text(), flags=re.DOTALL)
            assert not words.search(code), path


def test_every_macro_and_var_is_used(manifest: Manifest) -> None:
    files = [*sql_files(), *(PROJECT / "models").rglob("*.yml"), PROJECT / "dbt_project.yml"]
    comments = re.compile(r"\{#.*?#\}", re.DOTALL)
    code = {path: comments.sub("", path.read_text()) for path in files}
    overridden = {
        "generate_schema_name",
        "noop_statement",
        "create_csv_table",
        "load_csv_rows",
        "reset_csv_table",
        "materialization_incremental_spark",
        "get_assert_columns_equivalent",
        "get_table_columns_and_constraints",
        "dbt_bigquery_validate_get_incremental_strategy",
        "bq_generate_incremental_build_sql",
        "create_raw_views",  # By hand: dbt run-operation.
    }
    for macro in manifest["macros"].values():
        name = macro["name"].split("__")[-1].removeprefix("test_")
        if macro["package_name"] == "plg_analytics" and name not in overridden:
            # Its tests are no users, and neither is the file that bears its name.
            uses = {
                path.relative_to(PROJECT): len(re.findall(rf"\b{name}\b", text))
                for path, text in code.items()
            }
            own = Path(macro["original_file_path"])
            uses[own] = 0 if own.stem == name else uses[own] - 1
            used = any(count and path.parts[0] != "tests" for path, count in uses.items())
            assert used, f"nothing uses the macro {name}"
    for var in manifest_vars():
        used = any(re.search(rf"var\(['\"]{var}['\"]", text) for text in code.values())
        assert used, f"nothing uses the var {var}"


def manifest_vars() -> list[str]:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    return list(project["vars"]["plg_analytics"])


def test_exposures_name_public_marts(manifest: Manifest) -> None:
    assert manifest["exposures"]
    public = {node["unique_id"] for node in marts(manifest)}
    for exposure in manifest["exposures"].values():
        assert set(exposure["depends_on"]["nodes"]) <= public, exposure["name"]
        assert exposure["description"], exposure["name"]


@pytest.mark.parametrize("pattern", [r"\b(TODO|FIXME|XXX|HACK)\b", r"/(home|root|work|Users)/"])
def test_nothing_is_left_open_and_no_path_of_a_machine(pattern: str) -> None:
    hits = []
    for folder in (
        "models",
        "macros",
        "analyses",
        "plg",
        "simulator",
        "benchmark",
        "scripts",
        "seeds",
        "tests",
    ):
        for path in (PROJECT / folder).rglob("*"):
            if path.suffix in {".sql", ".yml", ".py", ".csv", ".md", ""} and path.is_file():
                if path != Path(__file__) and re.search(pattern, path.read_text()):
                    hits.append(str(path))
    assert not hits
