"""The views that show the raw files in DuckDB.

A view or table of the same name that the project has not made is left as it is, and a sentence says
what to do. What the project made is known by an alias in the view's SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from duckdb import DuckDBPyConnection

from plg.input.delivered import Delivered
from plg.input.forms import FILE_NAME
from plg.input.sql import literal
from plg.input.unreadable import RowTables
from plg.inputs import Input, read_inputs

# Says which source the data come from; the macro plg_source reads it.
SOURCE_VIEW = "plg_source"
MARK = "made_by_plg_analytics"
# How to know a view of a version before the mark: it names our column of file names, or is the view of
# parts, whose columns nothing else has.
EARLIER = (
    f"contains(sql, '{FILE_NAME}') "
    "or (view_name = 'event_parts' and column_count = 2 and contains(sql, 'fingerprint'))"
)


def in_the_way(
    connection: DuckDBPyConnection,
    schema: str,
    database: Path,
    inputs: Mapping[str, Input] | None = None,
    more: Iterable[str] = (),
) -> list[str]:
    """A sentence for each table, and each view of somebody else, where a raw view has to go.

    Args:
        connection: to the database of the build.
        schema: of the raw views, as PLG_RAW_SCHEMA.
        database: its file, for the sentence.
        inputs: the register of inputs; the project's where None.
        more: names of further views.
    """
    names = [view for table in (inputs or read_inputs()).values() for view in table.views]
    names += [SOURCE_VIEW, *more]
    found = connection.execute(
        "select 'table' as kind, table_name as name from duckdb_tables() "
        "where database_name = current_database() and schema_name = $schema "
        "and list_contains($names, table_name) "
        "union all "
        "select 'view' as kind, view_name as name from duckdb_views() "
        "where database_name = current_database() and schema_name = $schema "
        f"and list_contains($names, view_name) and not (contains(sql, '{MARK}') or {EARLIER}) "
        "order by name",
        {"schema": schema, "names": names},
    )
    return [
        f"PLG_DATABASE {database} holds a {kind} {schema}.{name} that no build has made, where a view "
        "of the raw files has to go; name another file, or another PLG_RAW_SCHEMA."
        for kind, name in found.fetchall()
    ]


def show(connection: DuckDBPyConnection, schema: str, found: Delivered, built_by: str) -> None:
    """Makes the views of the raw tables, and of a vendor's; drops those of another vendor.

    Args:
        connection: to the database of the build.
        schema: of the views, made where it is missing.
        found: what to show.
        built_by: names this run of dbt. `plg publish` reads it from the view of the users, to see
            whether another run has built here since.
    """
    connection.execute(f'create schema if not exists "{schema}"')
    queries = {
        view: query
        for table in found.tables
        for view, query in zip(table.input.views, (table.query, table.parts_query), strict=False)
    }
    queries[SOURCE_VIEW] = f"select {literal(found.source)} as source"
    queries |= dict(zip(found.vendor_names, (view.query for view in found.views), strict=True))
    for name, query in queries.items():
        connection.execute(
            f'create or replace view "{schema}"."{name}" as select * from ({query}) as {MARK}'
        )
    for name, view in zip(found.vendor_names, found.views, strict=True):
        comment = "\n".join([view.entry.name, *sorted(set(view.tables.values()))])
        connection.execute(f'comment on view "{schema}"."{name}" is {literal(comment)}')
    _drop_others(connection, schema, list(queries))
    RowTables(connection, schema).drop_others(found.files_in_tables)
    connection.execute(f"comment on view \"{schema}\".users is '{built_by}'")


def _drop_others(connection: DuckDBPyConnection, schema: str, names: list[str]) -> None:
    """Drops our views of what is no longer delivered."""
    others = connection.execute(
        "select view_name from duckdb_views() where database_name = current_database() "
        f"and schema_name = $schema and contains(sql, '{MARK}') "
        "and not list_contains($names, view_name)",
        {"schema": schema, "names": names},
    )
    for (name,) in others.fetchall():
        connection.execute(f'drop view "{schema}"."{name}"')
