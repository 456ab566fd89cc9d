"""A few rows as raw files and definitions, for tests that say what the oracle makes of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from tests.oracle.definitions import SHIPPED_SEEDS
from tests.oracle.marts import population_of
from tests.oracle.population import MARTS, Population
from tests.oracle.raw_files import Row

MONDAY = datetime(2024, 1, 1, 12)
DAY, HOUR, MOMENT = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
RUN_STARTED_AT = datetime(2030, 1, 1)
SEED_HEADS = {
    "milestones": (
        "milestone_id,definition,weight,timeframe,triggered_by_event,milestone_order,path,"
        "is_required,is_first_value,min_count,min_days,within_days\n"
    ),
    "excluded_users": "user_id,reason\n",
    # Cells at the end may be left out.
    "event_catalog": "event_name,is_meaningful,is_friction\n",
    "funnels": (
        "funnel_id,step_number,step_name,event_name,timeframe,is_optional,"
        "property_key,property_operator,property_value\n"
    ),
    "funnel_exclusions": (
        "funnel_id,event_name,from_step,to_step,property_key,property_operator,property_value\n"
    ),
    "pql_signals": "signal_id,triggered_by_event,user_column,user_value,points,max_count\n",
    "segments": "segment_type,source_table,source_column,max_values,bounds\n",
    "input_columns": "table_name,column_name,source_column\n",
    "pql_bands": "scheme,band,lower_bound,recommended_action,is_qualified,exit_bound\n",
    "pql_decay": "older_than_days,factor\n",
    "propensity_behaviors": "behavior_id,definition,triggered_by_event,min_count,weight\n",
    "playbooks": (
        "playbook_id,kpi_id,kpi_type,triggered_by_event,min_count,timeframe,retention_period,"
        "target_rate,segment_type,segment_value,kpi_order,playbook_name,persona,owner,kpi_name\n"
    ),
    "metric_registry": "metric_id,layer,indicator_type,owner\n",
    "definition_log": "definitions_version,valid_from_date,owner,change,reason\n",
}
# The mart whose rows bear the version of the definitions: any other var or seed is another one.
VERSIONED = "metric_history_by_definition"
Marts = dict[str, list[Row]]
# The fixture marts_of.
Compute = Callable[..., Marts]
# The fixture population_of_rows.
Observe = Callable[..., Population]


def compute(
    folder: Path,
    tables: Mapping[str, Iterable[Row]],
    variables: Row | None = None,
    settings: Mapping[str, str] | None = None,
    **seeds: str,
) -> Marts:
    """The marts of some tables; arguments as in `small_population`."""
    population = small_population(folder, tables, variables, settings, **seeds)
    return {name: population.rows_of(name) for name in MARTS}


def small_population(
    folder: Path,
    tables: Mapping[str, Iterable[Row]],
    variables: Row | None = None,
    settings: Mapping[str, str] | None = None,
    **seeds: str,
) -> Population:
    """The users that count of some tables.

    Args:
        folder: where files may be written; those of an earlier call go.
        tables: rows by the table; users and events may be left out.
        variables: vars of dbt.
        settings: environment variables.
        seeds: the rows of CSVs that take the place of the shipped ones; other funnels than those
            have no exclusions, unless they are given, too.
    """
    if "funnels" in seeds:
        seeds = {"funnel_exclusions": ""} | seeds
    shutil.rmtree(folder / "world", ignore_errors=True)
    definitions, raw_dir = folder / "world" / "seeds", folder / "world" / "raw"
    shutil.copytree(SHIPPED_SEEDS, definitions)
    raw_dir.mkdir()
    for name, lines in seeds.items():
        (definitions / f"{name}.csv").write_text(SEED_HEADS[name] + lines)
    for name, rows in ({"users": (), "events": ()} | dict(tables)).items():
        text = "".join(json.dumps(row, default=str) + "\n" for row in rows)
        (raw_dir / f"{name}.jsonl").write_text(text)
    return population_of(raw_dir, definitions, RUN_STARTED_AT, variables, settings)


def user(user_id: str, created_at: object = MONDAY, **columns: object) -> Row:
    return {"user_id": user_id, "created_at": created_at, **columns}


def event(
    event_id: object, timestamp: object, user_id: str | None, device: str | None = None, **columns
) -> Row:
    return {
        "event_id": str(event_id),
        "user_id": user_id,
        "anonymous_id": device,
        "event_name": "e",
        "timestamp": timestamp,
        **columns,
    }


def alias(alias_id: str | None, user_id: str | None, aliased_at: object = None) -> Row:
    return {"alias_id": alias_id, "user_id": user_id, "aliased_at": aliased_at}


def removed(marts: Marts, table_name: str) -> dict[str, int]:
    """How many rows each rule took, of the rules that took any."""
    return {
        row["rule_name"]: row["row_count"]
        for row in marts["data_quality_by_rule"]
        if row["table_name"] == table_name and row["row_count"]
    }


def decided(marts: Marts, table_name: str) -> dict[str, int]:
    """The counts of the decisions of a table."""
    return {
        row["decision"]: row["row_count"]
        for row in marts["input_by_decision"]
        if row["table_name"] == table_name
    }


def people(marts: Marts) -> dict[str, Row]:
    return {row["user_id"]: row for row in marts["users"]}


def fired(marts: Marts, warning_id: str) -> list[tuple[object, ...]]:
    return [
        (row["table_name"], row["subject"], row["row_count"], row["row_rate"])
        for row in marts["build_warnings"]
        if row["warning_id"] == warning_id
    ]
