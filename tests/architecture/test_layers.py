"""Data flows one way, and each layer keeps to its own work."""

from __future__ import annotations

import re

from tests.architecture.tree import Manifest, layer, models, readers
from tests.harness import PROJECT

# No model reads the last. It is beside the marts, on the same intermediate models.
LAYERS = ("adapters", "staging", "intermediate", "marts", "semantic")
PREFIXES = {"staging": "stg_", "intermediate": "int_", "semantic": "sem_"}
# A family's weeks of the scorecard read its marts, so that no number is computed twice.
ABOVE_THE_MARTS = "_kpi_weeks"


def test_data_flow_one_way(manifest: Manifest) -> None:
    wrong = []
    for node in models(manifest):
        for parent_id in node["depends_on"]["nodes"]:
            parent = manifest["nodes"].get(parent_id) or manifest["sources"][parent_id]
            if parent["resource_type"] == "source":
                # A warning about an export asks which tables of the vendor are there.
                asks = parent["source_name"] != "raw" and node["name"].endswith("_warnings")
                allowed = layer(node) in ("adapters", "staging") or asks
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


def test_raw_events_are_read_once(manifest: Manifest) -> None:
    assert readers(manifest, "raw.events") == {"stg_events"}
    # Devices are few, and read only where events have them.
    assert readers(manifest, "stg_events") == {"int_events_classified", "int_device_users"}
    # Behind these, everything reads user days and the few events that a definition names.
    assert readers(manifest, "int_events_classified") == {
        "int_events_repeated",
        "int_event_dates",
        "int_events",
        "int_user_days",
        "int_observation",
        "int_defined_events",
        "int_tried_events",
        "int_event_days",
        "int_event_counts",
        "int_newest_instants",
        "int_last_counted_events",
        "int_unmatched_values",
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
    # Copies are few.
    whole = {"data_quality_by_rule", "int_event_decisions"}
    # The warnings look at copies, too, and at the events of excluded users who are in no row of users.
    warnings = {
        "int_date_only_warnings",
        "int_delivered_rows",
        "int_property_warnings",
        "int_record_dates",
        "int_removed_examples",
        "int_shared_id_warnings",
        "int_unmatched_values",
    }
    # And of the newest dates the last events are looked up.
    newest = {"int_events", "int_observation", "int_newest_instants", "int_last_counted_events"}
    assert by_event - incremental == newest | whole | warnings
    for node in models(manifest):
        if node["name"] in incremental:
            assert node["config"]["unique_key"] and "row_version" in node["columns"], node["name"]


def test_names_tell_the_layer(manifest: Manifest) -> None:
    for node in models(manifest):
        prefix = PREFIXES.get(layer(node))
        if prefix:
            assert node["name"].startswith(prefix)
        else:
            assert not re.match(r"(fct|dim|rpt|mart|int|stg|sem)_", node["name"])


def test_schema_access_and_group(manifest: Manifest) -> None:
    for node in models(manifest):
        assert node["config"]["group"] == "growth", node["name"]
        # An adapter is part of the staging model that reads it, and has no table.
        schema = "staging" if layer(node) == "adapters" else layer(node)
        assert node["schema"] == schema, node["name"]
        assert node["access"] == ("public" if layer(node) == "marts" else "private"), node["name"]


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


def test_the_scorecard_is_in_the_semantic_layer(manifest: Manifest) -> None:
    targets = (PROJECT / "seeds" / "kpi_targets.csv").read_text().splitlines()[1:]
    names = {metric["name"] for metric in manifest["metrics"].values()}
    assert {target.split(",")[0] for target in targets} <= names
