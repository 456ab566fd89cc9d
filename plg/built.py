"""Reads what a build has left, on either engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from plg.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

COMMENT = "select comment from duckdb_tables() where schema_name = 'marts' and table_name = ?"


@dataclass(frozen=True)
class Reader:
    """Reads a build.

    Attributes:
        query: gives the rows of a query.
        describe: gives the description of a mart.
        place: says where the numbers are, as the beginning of a sentence.
        descriptions: says what has a description there.
    """

    query: Callable[[str], list[tuple]]
    describe: Callable[[str], str]
    place: str
    descriptions: str


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
    with duckdb.connect(str(settings.database), read_only=True) as connection:

        def describe(mart: str) -> str:
            found = connection.execute(COMMENT, [mart]).fetchone()
            return (found and found[0]) or ""

        yield Reader(
            lambda sql: connection.execute(sql).fetchall(),
            describe,
            f"The database is {settings.database}",
            "each table and column with its description",
        )
