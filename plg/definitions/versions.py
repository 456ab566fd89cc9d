"""metric_registry.csv and definition_log.csv: what each metric means, and when definitions changed."""

from __future__ import annotations

from pydantic import BaseModel

from plg.definitions.cells import Key, Text, one_of
from plg.definitions.definition import Definition

LAYERS = (
    "acquisition", "activation", "retention", "referral", "qualification", "revenue", "expansion",
)  # fmt: skip


class RegisteredMetric(BaseModel):
    metric_id: Key
    metric_name: Key
    layer: one_of(*LAYERS)
    indicator_type: one_of("leading", "lagging")
    unit_of_analysis: str
    time_window: str
    definition: str
    edge_cases: str
    mart: Text
    column_name: Text
    actionable_signal: str
    common_mistake: str
    owner: Key


class LoggedVersion(BaseModel):
    definitions_version: Key
    valid_from_date: Key
    owner: Key
    change: Key
    reason: Key


DEFINITIONS = (
    Definition("metric_registry", RegisteredMetric, keys=(("metric_id",),)),
    Definition("definition_log", LoggedVersion, keys=(("definitions_version",),)),
)
