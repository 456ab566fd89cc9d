"""dbt-duckdb plugin: checks what a build is given, and shows the raw files to dbt as views.

It runs where dbt opens its connection, before the first model: input that can't work stops there,
with one sentence for each problem.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.events.types import JinjaLogWarning
from dbt_common.events.functions import warn_or_error
from dbt_common.exceptions import DbtRuntimeError
from duckdb import CatalogException, DuckDBPyConnection

from .definitions import check_definitions
from .raw_tables import TABLES, InputProblem, RawTable, empty_columns, find_table


class Plugin(BasePlugin):
    """Configured in profiles.yml with raw_dir, raw_schema and definitions_dir."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        self._raw_dir = Path(plugin_config["raw_dir"]).absolute()
        self._raw_schema = plugin_config["raw_schema"]
        self._definitions_dir = Path(plugin_config["definitions_dir"]).absolute()

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        problems, warnings = check_definitions(self._definitions_dir)
        known_parts = {"users": {}, "events": self._known_parts(conn)}
        tables: list[RawTable] = []
        for name in TABLES:
            try:
                tables.append(find_table(conn, self._raw_dir, name))
                sentences = empty_columns(conn, tables[-1], known_parts[name])
                problems += [f"{sentence}." for sentence in sentences]
            except InputProblem as problem:
                problems.append(f"{problem}.")
        if problems:
            raise DbtRuntimeError(
                "The input can't be built from, and nothing was:\n"
                + "\n".join(f"- {problem}" for problem in problems)
            )
        for warning in warnings:
            warn_or_error(JinjaLogWarning(msg=warning))
        conn.execute(f'create schema if not exists "{self._raw_schema}"')
        for table in tables:
            conn.execute(
                f'create or replace view "{self._raw_schema}".{table.name} as {table.query}'
            )
            if table.name == "events":
                conn.execute(
                    f'create or replace view "{self._raw_schema}".event_parts as {table.parts_query}'
                )

    def _known_parts(self, conn: DuckDBPyConnection) -> dict[str, str]:
        """The fingerprint of each part of the events that an earlier build took in."""
        try:
            parts = conn.execute("select part, fingerprint from intermediate.int_event_parts")
        except CatalogException:
            return {}
        return dict(parts.fetchall())
