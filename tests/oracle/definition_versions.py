"""Which version of the definitions a build has, and what other versions said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from plg.definitions.dbt_vars import project_vars
from tests.oracle.cleaning import in_byte_order, latest_first
from tests.oracle.lead_definitions import Logged
from tests.oracle.population import Population
from tests.oracle.raw_files import RawHistory, Row

PROJECT_FILE = Path(__file__).parents[2] / "dbt_project.yml"
# Seeds that change no number, and one that may be too large to be hashed.
SEEDS_LEFT_OUT = ("definition_log", "metric_registry", "excluded_users")
VARS_LEFT_OUT = (
    "observed_until",
    "fail_on_warnings",
    "removed_rows_warning",
    "unreadable_rows_allowed",
)
NOT_LOGGED = Logged(None, None, None)


def definitions_version(folder: Path, variables: Mapping[str, object]) -> str:
    """The version of a folder of CSVs and of the vars of a build."""
    checksums = {path.stem: checksum(path) for path in folder.rglob("*.csv")}
    values = project_vars(PROJECT_FILE) | dict(variables)
    return version_of(
        {name: text for name, text in checksums.items() if name not in SEEDS_LEFT_OUT},
        {name: value for name, value in values.items() if name not in VARS_LEFT_OUT},
    )


def checksum(path: Path) -> str:
    text = path.read_bytes().decode("utf-8").strip()
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def version_of(checksums: Mapping[str, str], values: Mapping[str, object]) -> str:
    names = sorted(checksums, key=str.encode)
    text = "".join(f"{name}={checksums[name]}\n" for name in names)
    text += json.dumps(values, sort_keys=True, separators=(", ", ": "), ensure_ascii=True)
    return hashlib.md5(text.encode("utf-8")).hexdigest()[:12]


def history_rows(population: Population) -> list[Row]:
    """The values of this build, and those of other versions beside them."""
    if not population.users:
        return []
    version = population.definitions_version
    current = {
        (row["metric_id"], row["week_start_date"]): row["current_value"]
        for row in population.rows_of("kpi_scorecard")
    }
    rows = [
        compared(population, (*key, version), population.observed_until_at, value, current)
        for key, value in current.items()
    ]
    for key, row in others(population.metric_history, version).items():
        value = None if row.value is None else float(row.value)
        rows.append(compared(population, key, row.observed_until_at, value, current))
    return rows


def others(history: Iterable[RawHistory], version: str) -> dict[tuple, RawHistory]:
    """Of the other versions: the row that stays of each metric, week and version."""
    usable = [
        row
        for row in history
        if None not in (row.definitions_version, row.metric_id, row.week)
        and row.definitions_version != version
    ]
    kept: dict[tuple, RawHistory] = {}
    for row in sorted(usable, key=place):
        kept.setdefault((row.metric_id, row.week, row.definitions_version), row)
    return kept


def place(row: RawHistory) -> tuple:
    """A sort key: the row that stays comes first."""
    return (
        in_byte_order(row.metric_id, row.definitions_version),
        latest_first(row.observed_until_at),
        (row.value is None, row.value or 0),
    )


def compared(
    population: Population,
    key: tuple,
    observed_until_at: object,
    value: float | None,
    current: Mapping[tuple, float | None],
) -> Row:
    metric_id, week, version = key
    logged = population.definitions.log.get(version, NOT_LOGGED)
    current_value = current.get((metric_id, week))
    return {
        "metric_id": metric_id,
        "week_start_date": week,
        "definitions_version": version,
        "valid_from_date": logged.valid_from_date,
        "owner": logged.owner,
        "change": logged.change,
        "is_current": version == population.definitions_version,
        "observed_until_at": observed_until_at,
        "value": value,
        "current_definition_value": current_value,
        "difference": None if None in (value, current_value) else current_value - value,
        "is_comparable": (
            observed_until_at is not None and observed_until_at == population.observed_until_at
        ),
    }
