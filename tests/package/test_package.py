"""The project as a dbt package in somebody's own project: the same numbers, and nothing else of theirs changes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from plg.compare import mart_differences, open_databases
from tests.harness import PROJECT, query

pytestmark = pytest.mark.long

FILES = {
    "dbt_project.yml": """\
name: acme
version: "1.0"
profile: acme
vars:
  plg_analytics:
    raw_schema: product
    users_model: users
models:
  acme:
    +materialized: table
seeds:
  acme:
    +schema: lists
    excluded_users:
      +column_types: {user_id: varchar, reason: varchar}
  # Theirs takes its place.
  plg_analytics:
    excluded_users:
      +enabled: false
""",
    "packages.yml": "packages:\n  - local: " + str(PROJECT) + "\n",
    "profiles.yml": """\
acme:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: acme.duckdb
      schema: analytics
      threads: 4
      settings: {TimeZone: UTC}
""",
    # Their own rule for schemas holds for our models, too.
    "macros/generate_schema_name.sql": """\
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema ~ '__' ~ custom_schema_name if custom_schema_name else target.schema }}
{%- endmacro %}
""",
    "models/users.sql": "select * from product.people\n",
    "models/best_leads.sql": """\
select user_id, milestone_score
from {{ ref('plg_analytics', 'pql_scores') }}
where is_pql
""",
    # Their own incremental model and seed are as dbt makes them.
    "models/days_built.sql": """\
{{ config(materialized='incremental', unique_key='day_number') }}
select {{ 2 if is_incremental() else 1 }} as day_number
""",
    "seeds/regions.csv": "region,rank\nnorth,1\nsouth,\n",
}


@pytest.fixture(scope="module")
def adopter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their project, with their raw tables: the sample's rows, users under another name."""
    folder = tmp_path_factory.mktemp("acme")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    shutil.copy(PROJECT / "seeds" / "excluded_users.csv", folder / "seeds")
    with duckdb.connect(str(folder / "acme.duckdb")) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("create schema product")
        for file in ("users", "events", "aliases", "accounts", "subscriptions"):
            path = PROJECT / "sample" / f"{file}.parquet"
            table = "people" if file == "users" else file
            connection.execute(f"create table product.{table} as from '{path}'")
    return folder


def dbt(folder: Path, *arguments: str) -> str:
    """Runs dbt in their project, in an environment without our settings."""
    environment = {name: value for name, value in os.environ.items() if "PLG_" not in name}
    for name in ("DBT_TARGET_PATH", "DBT_LOG_PATH", "DBT_PROFILES_DIR"):
        environment.pop(name, None)
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_marts_equal_those_of_this_project(adopter: Path, sample_database: Path) -> None:
    dbt(adopter, "deps")
    said = dbt(adopter, "build")
    assert "unit_test" not in said and "WARN=0" in said
    database = adopter / "acme.duckdb"
    with open_databases(ours=sample_database, theirs=database) as connection:
        found = mart_differences(
            connection, "ours.marts.{}".format, "theirs.analytics__marts.{}".format
        )
    # Where the users are is a var of theirs, so their definitions have a version of their own.
    assert [one for one in found if not one.startswith("metric_history_by_definition: ")] == []
    rows = query(database, "select count(*) as leads from analytics.best_leads")
    assert rows[0]["leads"] > 0
    schemas = query(database, "select distinct schema_name as name from duckdb_tables()")
    layers = {
        f"analytics__{layer}"
        for layer in ("definitions", "staging", "intermediate", "marts", "lists")
    }
    assert {row["name"] for row in schemas} == {"product", "analytics", *layers}
    seed = query(database, "from analytics__lists.regions order by region")
    assert seed == [{"region": "north", "rank": 1}, {"region": "south", "rank": None}]


def test_a_day_later_only_what_is_new_is_read(adopter: Path) -> None:
    database = adopter / "acme.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "insert into product.events by name select 'new' as event_id, user_id, "
            "'task_completed' as event_name, "
            "(select max(timestamp) from product.events where timestamp < now()) as timestamp "
            "from product.people where user_id is not null limit 1"
        )
    dbt(adopter, "build", "--exclude-resource-type", "test")
    (row,) = query(
        database,
        "select count(*) filter (row_version = 2) as changed, count(*) as parts "
        "from analytics__intermediate.int_event_parts",
    )
    assert row["changed"] == 1 < row["parts"]
    days = query(database, "from analytics.days_built order by day_number")
    assert [row["day_number"] for row in days] == [1, 2]
