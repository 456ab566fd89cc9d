"""dbt-duckdb plugin: checks what a build is given, and shows the raw files to dbt as views.

It runs where dbt opens its connection, before the first model: input that can't work stops there,
with one sentence for each problem.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.events.types import JinjaLogWarning
from dbt.flags import get_flags
from dbt_common.events.functions import warn_or_error
from dbt_common.exceptions import DbtRuntimeError
from dbt_common.invocation import get_invocation_id
from duckdb import DuckDBPyConnection

from plg.definitions.checks import (
    check_definitions,
    foretold_conversions,
    late_activations,
    late_periods,
    unmatched_benchmarks,
)
from plg.definitions.dbt_vars import project_vars, wrong_vars
from plg.definitions.own_vars import own_vars
from plg.input.delivered import Delivered, find_delivered
from plg.input.parts import known_parts
from plg.input.source_zone import check_source_zone
from plg.input.vendors import AUTO
from plg.input.views import in_the_way, show
from plg.places import check_names

# Commands of dbt that open the database and leave its tables as they are; MetricFlow runs `debug`.
READING = ("generate", "compile", "show", "list", "debug")


class Plugin(BasePlugin):
    """Configured in profiles.yml with raw_dir, source, source_time_zone, raw_schema and definitions_dir."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        self._raw_dir = Path(plugin_config["raw_dir"]).absolute()
        self._source = plugin_config.get("source", AUTO).strip().lower()
        self._source_time_zone = plugin_config.get("source_time_zone", "UTC").strip()
        self._raw_schema = plugin_config["raw_schema"]
        self._definitions_dir = Path(plugin_config["definitions_dir"]).absolute()
        self._invocation_id = ""

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        # A profile can't leave a setting out; DuckDB 1 (Python 3.10) has no per cent to name its own.
        if creds.settings and not creds.settings.get("memory_limit"):
            creds.settings.pop("memory_limit", None)

    def configure_cursor(self, cursor: DuckDBPyConnection) -> None:
        # dbt keeps its connection for as long as the process lives: each run has to look again.
        if self._invocation_id not in ("", get_invocation_id()):
            self.configure_connection(cursor)

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        self._invocation_id = get_invocation_id()
        problems, warnings, allowed = self._check_settings()
        # A command that only reads uses what was built, wherever the raw files are by now.
        is_reading = self._was_built(conn) and getattr(get_flags(), "WHICH", None) in READING
        found = Delivered()
        if not is_reading:
            found = find_delivered(
                conn,
                self._raw_dir,
                self._source,
                self._definitions_dir,
                known_parts(conn, self.creds.schema),
                self._raw_schema,
                allowed,
            )
            problems += found.problems
            problems += in_the_way(
                conn, self._raw_schema, Path(self.creds.path), more=found.vendor_names
            )
        warnings += [warning for table in found.tables for warning in table.warnings]
        if problems:
            raise DbtRuntimeError(
                "The input can't be built from, and nothing was:\n"
                + "\n".join(f"- {problem}" for problem in problems)
            )
        if not is_reading:
            for warning in warnings:
                warn_or_error(JinjaLogWarning(msg=warning))
            show(conn, self._raw_schema, found, built_by=self._invocation_id)

    def _check_settings(self) -> tuple[list[str], list[str], float]:
        """Problems with definitions, names and vars; what is worth a warning; unreadable_rows_allowed."""
        allowed = 0.001
        problems, warnings = check_definitions(self._definitions_dir)
        problems += check_names(Path(self.creds.path), self._raw_schema)
        problems += check_source_zone(self._source_time_zone)
        project_file = Path.cwd() / "dbt_project.yml"
        if project_file.is_file():
            of_run = get_flags().VARS or {}
            given = project_vars(project_file) | of_run
            problems += wrong_vars(given)
            problems += [
                f"{self._definitions_dir / 'vars.txt'} sets the var {name}, but dbt does not read this file; build "
                f"with scripts/build, or give dbt --vars '{{{name}: {value}}}'."
                for name, value in own_vars(self._definitions_dir).items()
                if name not in of_run and given.get(name) != value
            ]
            if not problems:
                problems += late_periods(self._definitions_dir, given)
                allowed = given["unreadable_rows_allowed"]
                picked = given["benchmark_category"], given["benchmark_segment"]
                warnings += unmatched_benchmarks(self._definitions_dir, *picked)
                windows = given["activation_windows_days"]
                warnings += late_activations(self._definitions_dir, windows)
                event = given["conversion_event"]
                warnings += foretold_conversions(self._definitions_dir, event)
        return problems, warnings, allowed

    def _was_built(self, conn: DuckDBPyConnection) -> bool:
        """Whether a build has made the raw views of this database."""
        found = conn.execute(
            "select 1 from duckdb_views() where view_name = 'users' and comment <> '' "
            "and schema_name = ? and database_name = current_database()",
            [self._raw_schema],
        )
        return found.fetchone() is not None
