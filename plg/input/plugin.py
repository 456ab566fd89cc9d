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
from duckdb import CatalogException, DuckDBPyConnection

from plg.definitions.checks import check_definitions, late_activations, unmatched_benchmarks
from plg.definitions.dbt_vars import project_vars, wrong_vars
from plg.input.raw_tables import TABLES, InputProblem, RawTable, empty_columns, find_table
from plg.settings import check_names

# Commands of dbt that open the database and leave its tables as they are; MetricFlow runs `debug`.
READING = ("generate", "compile", "show", "list", "debug")


class Plugin(BasePlugin):
    """Configured in profiles.yml with raw_dir, raw_schema and definitions_dir."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        self._raw_dir = Path(plugin_config["raw_dir"]).absolute()
        self._raw_schema = plugin_config["raw_schema"]
        self._definitions_dir = Path(plugin_config["definitions_dir"]).absolute()
        self._invocation_id = ""

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        # A profile can't leave a setting out; DuckDB 1 (Python 3.10) has no per cent to name its own.
        if creds.settings and not creds.settings.get("memory_limit"):
            creds.settings.pop("memory_limit", None)

    def configure_cursor(self, cursor: DuckDBPyConnection) -> None:
        # dbt keeps its connection for as long as the process lives: the next run there looks anew.
        if self._invocation_id not in ("", get_invocation_id()):
            self.configure_connection(cursor)

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        self._invocation_id = get_invocation_id()
        problems, warnings = self._check_settings()
        # What only reads goes by what was built, wherever the raw files are by now.
        last_writer = self._last_writer(conn)
        is_reading = bool(last_writer) and getattr(get_flags(), "WHICH", None) in READING
        tables: list[RawTable] = []
        if not is_reading:
            tables, more = self._find_tables(conn)
            problems += more
        if problems:
            raise DbtRuntimeError(
                "The input can't be built from, and nothing was:\n"
                + "\n".join(f"- {problem}" for problem in problems)
            )
        if not is_reading:
            for warning in warnings:
                warn_or_error(JinjaLogWarning(msg=warning))
            self._show(conn, tables)

    def _check_settings(self) -> tuple[list[str], list[str]]:
        """Problems with definitions, names and vars; and what is worth a warning."""
        problems, warnings = check_definitions(self._definitions_dir)
        problems += check_names(Path(self.creds.path), self._raw_schema)
        project_file = Path.cwd() / "dbt_project.yml"
        if project_file.is_file():
            given = project_vars(project_file) | (get_flags().VARS or {})
            problems += wrong_vars(given)
            if not problems:
                picked = given["benchmark_category"], given["benchmark_segment"]
                warnings += unmatched_benchmarks(self._definitions_dir, *picked)
                windows = given["activation_windows_days"]
                warnings += late_activations(self._definitions_dir, windows)
        return problems, warnings

    def _find_tables(self, conn: DuckDBPyConnection) -> tuple[list[RawTable], list[str]]:
        """The raw tables that were found, and problems with those and the others."""
        known_parts = {"users": {}, "events": self._known_parts(conn)}
        tables: list[RawTable] = []
        problems: list[str] = []
        for name in TABLES:
            try:
                tables.append(find_table(conn, self._raw_dir, name))
                sentences = empty_columns(conn, tables[-1], known_parts[name])
                problems += [f"{sentence}." for sentence in sentences]
            except InputProblem as problem:
                problems.append(f"{problem}.")
        return tables, problems

    def _show(self, conn: DuckDBPyConnection, tables: list[RawTable]) -> None:
        """Makes the views of the raw tables."""
        conn.execute(f'create schema if not exists "{self._raw_schema}"')
        names = [f"{self._raw_schema}.{name}" for name in (*TABLES, "event_parts")]
        in_the_way = conn.execute(
            "select concat(schema_name, '.', table_name) from duckdb_tables() where database_name = "
            "current_database() and list_contains(?, concat(schema_name, '.', table_name))",
            [names],
        ).fetchall()
        if in_the_way:
            raise DbtRuntimeError(
                f"PLG_DATABASE {self.creds.path} holds a table {in_the_way[0][0]}, where a view of the "
                "raw files has to go; name another file, or another PLG_RAW_SCHEMA."
            )
        for table in tables:
            conn.execute(
                f'create or replace view "{self._raw_schema}".{table.name} as {table.query}'
            )
            if table.name == "events":
                conn.execute(
                    f'create or replace view "{self._raw_schema}".event_parts as {table.parts_query}'
                )
        # Which run was the last to build here? scripts/publish asks, before it takes the marts.
        conn.execute(f"comment on view \"{self._raw_schema}\".users is '{get_invocation_id()}'")

    def _last_writer(self, conn: DuckDBPyConnection) -> str:
        """The invocation id of the run of dbt that was the last to build in this database."""
        found = conn.execute(
            "select coalesce(comment, '') from duckdb_views() where view_name = 'users' "
            "and schema_name = ? and database_name = current_database()",
            [self._raw_schema],
        ).fetchone()
        return found[0] if found else ""

    def _known_parts(self, conn: DuckDBPyConnection) -> dict[str, str]:
        """The fingerprint of each part of the events that an earlier build took in."""
        try:
            parts = conn.execute("select part, fingerprint from intermediate.int_event_parts")
        except CatalogException:
            return {}
        return dict(parts.fetchall())
