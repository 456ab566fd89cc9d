"""What the Spark targets need before dbt runs: a session, the checks of the input, the raw tables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import jinja2
import yaml

from plg_input.raw_tables import TABLES, InputProblem, empty_columns, find_table
from plg_input.spark_tables import SparkTables

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def start_session(profiles_file: Path) -> SparkSession:
    """The Spark session as dbt would start it; dbt, in the same process, goes on with it.

    Args:
        profiles_file: profiles.yml, whose target `spark` says how.
    """
    from pyspark.sql import SparkSession

    def env_var(name: str, default: str = "") -> str:
        return os.environ.get(name, default)

    profiles = yaml.safe_load(jinja2.Template(profiles_file.read_text()).render(env_var=env_var))
    builder = SparkSession.builder.enableHiveSupport()
    for name, value in profiles["plg_analytics"]["outputs"]["spark"]["server_side_parameters"].items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def register_raw_tables(session: SparkSession, raw_dir: Path, schema: str, links: Path) -> list[str]:
    """Shows the raw files to Spark, in place.

    Returns:
        What is wrong with the files, a sentence each; where there is something, nothing was done.
    """
    problems, tables = [], []
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name in TABLES:
            try:
                tables.append(find_table(connection, raw_dir, name))
                problems += [f"{text}." for text in empty_columns(connection, tables[-1], {})]
            except InputProblem as problem:
                problems.append(f"{problem}.")
    if not problems:
        session.sql(f"create schema if not exists `{schema}`")
        for table in tables:
            for statement in SparkTables(table, schema, links).statements():
                session.sql(statement)
    return problems
