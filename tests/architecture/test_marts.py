"""What every mart has to be, so that the register is enough to know it by."""

from __future__ import annotations

import re

from plg.marts import COHORT_COLUMNS, read_marts
from tests.architecture.tree import Manifest, generic_tests_of, layer, marts, models, seeds

# What a name promises: how a column's name begins or ends, and the types that it may have.
PROMISES = {
    r"_at$": {"timestamp"},
    r"_date$": {"date"},
    r"^(is|has)_": {"boolean"},
    r"_count$|^(dau|wau|mau)$": {"bigint"},
    r"_rate$|_ci_(lower|upper)$|_factor$|_probability$": {"double"},
    r"_seconds$": {"double"},
    r"_score$(?<!mean_score)(?<!normalized_score)(?<!brier_score)(?<!brier_skill_score)|_points$": {
        "decimal(18, 12)",
        "decimal(18, 10)",
    },
    r"_id$|_type$|_value$(?<!current_value)(?<!previous_value)(?<!p_value)(?<!q_value)(?<!target_value)(?<!definition_value)": {
        "string"
    },
}


def test_the_register_knows_every_mart(manifest: Manifest) -> None:
    register = read_marts()
    assert set(register) == {node["name"] for node in marts(manifest)}
    for node in marts(manifest):
        columns = {name: column["data_type"] for name, column in node["columns"].items()}
        assert register[node["name"]].columns == columns, node["name"]
        assert register[node["name"]].description == node["description"].strip(), node["name"]


def test_marts_are_tables_with_an_enforced_contract(manifest: Manifest) -> None:
    for node in marts(manifest):
        assert node["config"]["materialized"] == "table", node["name"]
        assert node["config"]["contract"]["enforced"], node["name"]
        assert all(column["data_type"] for column in node["columns"].values()), node["name"]


def test_each_mart_keeps_its_promises_and_each_seed_has_a_key(manifest: Manifest) -> None:
    for node in marts(manifest):
        assert "keeps_promises" in generic_tests_of(manifest, node), node["name"]
    for node in seeds(manifest):
        assert "is_key" in generic_tests_of(manifest, node), node["name"]


def test_promises_are_about_columns_that_are_there() -> None:
    for mart in read_marts().values():
        named = {*mart.key, *mart.never_null, *mart.may_be_null, *mart.rates}
        # A step of a chain, or a part of a rate, may be an expression of columns.
        expressions = [step for chain in mart.nested for step in chain]
        for rate in mart.rates.values():
            expressions += [rate.numerator, rate.denominator]
            if rate.has_interval:
                named |= {f"{rate.name}_ci_lower", f"{rate.name}_ci_upper"}
        named |= {word for step in expressions for word in re.findall(r"[a-z]\w*", step)}
        assert named <= set(mart.columns), f"{mart.name}: {sorted(named - set(mart.columns))}"


# Rates whose denominator no column of the mart holds: a whole raw table, the units or the conversions of a
# whole set (columns of pql_calibration), means of predictions, and targets.
ELSEWHERE = {
    "build_warnings": ("row_rate",),
    "data_quality_by_rule": ("row_rate",),
    "playbook_kpis": ("target_rate",),
    "pql_calibration": ("mean_predicted_rate",),
    "pql_calibration_by_bin": ("mean_predicted_rate", "cumulative_recall_rate"),
    "pql_thresholds": ("flagged_rate", "recall_rate", "false_positive_rate"),
}


def test_every_rate_says_which_counts_it_is_made_of() -> None:
    for mart in read_marts().values():
        for name in mart.columns:
            if re.search(r"_rate$|_factor$", name) and name not in ELSEWHERE.get(mart.name, ()):
                assert name in mart.rates, f"{mart.name}.{name}: say so in config.meta.rates"
            if name.endswith("_ci_lower") and name.removesuffix("_ci_lower") in mart.rates:
                rate = mart.rates[name.removesuffix("_ci_lower")]
                assert rate.has_interval, f"{mart.name}.{rate.name}: has_interval in its rates"


def test_names_promise_types() -> None:
    for mart in read_marts().values():
        for name, data_type in mart.columns.items():
            for pattern, types in PROMISES.items():
                if re.search(pattern, name):
                    assert data_type in types, f"{mart.name}.{name}"


def test_cohort_marts_have_the_cohort_columns() -> None:
    for mart in read_marts().values():
        if mart.name.endswith("_by_cohort"):
            assert mart.has_cohorts, mart.name
            assert tuple(mart.columns)[:4] == COHORT_COLUMNS, mart.name


def test_a_family_has_the_same_name_in_each_layer(manifest: Manifest) -> None:
    families = {mart.family for mart in read_marts().values()}
    for node in models(manifest):
        if layer(node) == "intermediate":
            family = node["original_file_path"].split("/")[2]
            assert family in families | {"events", "users", "identity", "accounts"}, (
                f"{node['name']} is in {family}"
            )


def test_every_mart_is_in_an_exposure(manifest: Manifest) -> None:
    by_id = {node["unique_id"]: node["name"] for node in marts(manifest)}
    exposed = set()
    for exposure in manifest["exposures"].values():
        assert set(exposure["depends_on"]["nodes"]) <= set(by_id), exposure["name"]
        assert exposure["description"], exposure["name"]
        exposed |= {by_id[unique_id] for unique_id in exposure["depends_on"]["nodes"]}
    assert exposed == set(read_marts())


def test_every_model_is_tested(manifest: Manifest) -> None:
    unit_tested = {unit_test["model"] for unit_test in manifest["unit_tests"].values()}
    for node in models(manifest):
        # The key of int_scorecard_weeks proves that of the families' weeks: it is their union.
        in_union = node["name"].endswith("_kpi_weeks")
        same_rows = "one row per row" in node["description"].lower()
        # An ephemeral model is tested where it is read.
        is_part = node["config"]["materialized"] == "ephemeral"
        if layer(node) != "staging" and not (same_rows or in_union or is_part):
            assert generic_tests_of(manifest, node), f"{node['name']} has no data test"
        assert node["name"] in unit_tested, f"{node['name']} has no unit test"
