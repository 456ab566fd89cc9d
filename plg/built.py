"""Reads what a build has left, on either engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from plg.schemas import LAYERS, PLAIN, schema_name
from plg.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

COMMENT = "select comment from duckdb_tables() where schema_name = ? and table_name = ?"


@dataclass(frozen=True)
class Reader:
    """Reads a build.

    Attributes:
        query: gives the rows of a query.
        describe: gives the description of a mart.
        place: says where the numbers are, as the beginning of a sentence.
        descriptions: says what has a description there.
        marts: the schema of the marts there.
    """

    query: Callable[[str], list[tuple]]
    describe: Callable[[str], str]
    place: str
    descriptions: str
    marts: str = "marts"


@contextmanager
def reading(settings: Settings, session: SparkSession | None = None) -> Iterator[Reader]:
    """Opens what a build has left.

    Args:
        settings: where it is.
        session: Spark's, where Spark built it.

    Raises:
        duckdb.Error: there is no database, or it can't be read.
    """
    if session:
        from plg.engines import spark

        yield Reader(
            spark.rows(session),
            lambda mart: session.catalog.getTable(f"marts.{mart}").description or "",
            f"The Spark warehouse is {settings.spark_warehouse}",
            # Spark keeps a description for a table, not for each column of a table of files.
            "each table with its description",
        )
        return
    with _opened(settings) as connection:
        marts = schema_name("marts", settings.schema)

        def describe(mart: str) -> str:
            found = connection.execute(COMMENT, [marts, mart]).fetchone()
            return (found and found[0]) or ""

        yield Reader(
            lambda sql: connection.execute(sql).fetchall(),
            describe,
            f"The database is {settings.database}",
            "each table and column with its description",
            marts,
        )


@contextmanager
def _opened(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The database, with the layers under their plain names, whatever PLG_SCHEMA says."""
    if settings.schema == PLAIN:
        with duckdb.connect(str(settings.database), read_only=True) as connection:
            yield connection
        return
    with duckdb.connect() as connection:
        place = str(settings.database).replace("'", "''")
        connection.execute(f"attach '{place}' as built (read_only)")
        for layer in LAYERS:
            connection.execute(f"create schema {layer}")
            schema = schema_name(layer, settings.schema)
            tables = connection.execute(
                "select table_name from information_schema.tables "
                "where table_catalog = 'built' and table_schema = ?",
                [schema],
            ).fetchall()
            for (table,) in tables:
                connection.execute(
                    f'create view {layer}."{table}" as from built."{schema}"."{table}"'
                )
        yield connection
