"""metric_registry.csv and definition_log.csv: what each metric means, and when definitions changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel

from plg.definitions.cells import Key, Text, matching, one_of
from plg.definitions.definition import Definition, Rows, Sound
from plg.definitions.scorecard import UNITS
from plg.settings import PROJECT

LAYERS = (
    "acquisition", "activation", "retention", "referral", "qualification", "revenue", "expansion",
)  # fmt: skip
MOST_NAMED = 10
MARTS = PROJECT / "models" / "marts"


def _is_a_date(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError(DATE_REMEDY) from None
    return value


DATE_REMEDY = "write a date, such as 2026-01-31"
Date = Annotated[str, AfterValidator(_is_a_date), matching(r"\d{4}-\d\d-\d\d", DATE_REMEDY)]
Version = Annotated[
    str,
    matching("[0-9a-f]{12}", "write the 12 digits that the build prints, such as c575be4c913d"),
]


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
    owner: Text


class LoggedVersion(BaseModel):
    definitions_version: Version
    valid_from_date: Date
    owner: Key
    change: Key
    reason: Key


@cache
def _columns_of(mart: str) -> tuple[str, ...]:
    """The columns of a mart; none where there is no such mart. The register of marts reads all of them."""
    found = list(MARTS.glob(f"*/{mart}.yml")) if re.fullmatch("[a-z0-9_]+", mart) else []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    models = yaml.load(found[0].read_text("utf-8"), loader)["models"] if found else []
    return tuple(column["name"] for model in models for column in model["columns"])


def _unknown_columns(rows: Rows) -> Iterator[str]:
    """A sentence for each row whose mart, or whose column there, does not exist."""
    for line, row in rows:
        place = f"row {line} ({row.metric_id})"
        if not (row.mart or row.column_name):
            # A metric of your own, which no mart has.
            continue
        columns = _columns_of(row.mart)
        if not columns:
            yield (
                f"there is no mart {row.mart} ({place}, column mart); write the mart that has the "
                "metric (the README lists them)"
            )
        elif row.column_name not in columns:
            yield (
                f"{row.mart} has no column {row.column_name} ({place}, column column_name); write one of "
                f"{', '.join(columns)}"
            )


def _metrics_without_a_row(sound: Sound) -> Iterator[str]:
    registered = {row.metric_id for row in sound["metric_registry"]}
    missing = [metric for metric in UNITS if metric not in registered]
    if missing:
        has = "has" if len(missing) == 1 else "have"
        yield (
            f"{', '.join(missing[:MOST_NAMED])} {has} no row in metric_registry.csv, so the scorecard says "
            "neither layer nor owner; copy the row from the project's seeds folder and edit it"
        )


DEFINITIONS = (
    Definition(
        "metric_registry",
        RegisteredMetric,
        keys=(("metric_id",),),
        problems=_unknown_columns,
        doubts=_metrics_without_a_row,
    ),
    Definition("definition_log", LoggedVersion, keys=(("definitions_version",),)),
)
