"""The views of a warehouse's own raw tables: the macro create_raw_views, run by dbt on DuckDB.

dbt runs it in a project of its own, which has this project's macros and a sources.yml made up here.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg

from tests.harness import PROJECT

SOURCES = """
sources:
  - name: raw
    schema: raw
    tables:
      - name: users
        columns:
          - {name: user_id, data_type: string}
          - {name: created_at, data_type: timestamp}
          - {name: plan_tier, data_type: string}
          - {name: install_source, data_type: string}
          - {name: role, data_type: string, config: {meta: {may_be_absent: true}}}
      - name: events
        columns:
          - {name: event_id, data_type: string}
          - {name: timestamp, data_type: timestamp}
          - {name: received_at, data_type: timestamp, config: {meta: {may_be_absent: true}}}
          - {name: part, data_type: string, config: {meta: {made_by_build: true}}}
      - name: event_parts
        config: {meta: {parts_of: events}}
      - name: costs
        config: {meta: {optional: true}}
        columns:
          - {name: cost_date, data_type: date}
          - {name: amount, data_type: "decimal(18, 2)"}
      - name: cost_parts
        config: {meta: {parts_of: costs}}
      - name: payments
        config: {meta: {optional: true, one_of: [account_id, user_id]}}
        columns:
          - {name: payment_id, data_type: string}
          - {name: account_id, data_type: string, config: {meta: {may_be_absent: true}}}
          - {name: user_id, data_type: string, config: {meta: {may_be_absent: true}}}
  - name: other
    schema: other
    tables: [{name: events, columns: [{name: wrong, data_type: string}]}]
"""
DELIVERED = """
create schema product;
create table product.users as
select 'u1' as user_id, timestamp '2024-01-01' as created_at, 'free' as plan_tier, 'ads' as install_source;
create table product.events as
select 'e' || n as event_id, timestamp '2024-01-01' + interval (n) day as timestamp,
    date '2024-02-01' as loaded_at
from range(3) as numbers (n);
"""
VIEWS = ["users", "events", "event_parts", "costs", "cost_parts"]


def run_all(project: Path, steps: list[tuple[str, dict[str, str], list[str]]]) -> list[Any]:
    """Runs the macro several times in this process.

    Args:
        project: folder of a dbt project.
        steps: each with SQL to run before, the macro's arguments, and queries to run after.

    Returns:
        For each step what dbt said where it failed, and else the rows of each query.
    """
    os.chdir(project)
    found: list[Any] = []
    parsed = dbtRunner().invoke(["parse", "--log-level", "none", "--log-level-file", "none"])
    assert parsed.success, parsed.exception
    for before, arguments, queries in steps:
        with duckdb.connect("test.duckdb") as connection:
            connection.execute(before)
        said: list[str] = []

        def listen(event: EventMsg, said: list[str] = said) -> None:
            if event.info.level == "error":
                said.append(event.info.msg)

        command = ["run-operation", "create_raw_views", "--args", json.dumps(arguments)]
        command += ["--log-level", "none", "--log-level-file", "none"]
        done = dbtRunner(parsed.result, callbacks=[listen]).invoke(command)
        DuckDBConnectionManager.close_all_connections()
        if not done.success:
            found.append("\n".join([*said, str(done.exception or "")]))
            continue
        with duckdb.connect("test.duckdb") as connection:
            found.append([connection.execute(query).fetchall() for query in queries])
    return found


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "models").mkdir()
    (folder / "models" / "sources.yml").write_text(SOURCES)
    (folder / "macros").symlink_to(PROJECT / "macros")
    (folder / "seeds").mkdir()
    for name in ("input_columns.csv", "segments.csv"):
        (folder / "seeds" / name).symlink_to(PROJECT / "seeds" / name)
    (folder / "dbt_project.yml").write_text(
        "{name: plg_analytics, profile: test, model-paths: [models], "
        "flags: {send_anonymous_usage_stats: false}}"
    )
    (folder / "profiles.yml").write_text(
        "test: {target: test, outputs: {test: {type: duckdb, path: test.duckdb}}}"
    )
    return folder


COSTS_COME = """
create table product.costs as select '2024-01-05' as cost_date, 7 as amount;
alter table product.users add column role varchar default 'it';
"""
COSTS = "select cost_date, amount, typeof(cost_date), typeof(amount) from raw.costs"
PARTS = "select part from raw.event_parts order by part"


def test_views_of_a_warehouse(project: Path) -> None:
    product = {"schema": "product"}
    arrival = {"schema": "product", "received_at": "loaded_at"}
    views = "select column_name from duckdb_columns() where schema_name = 'raw' and table_name = 'costs'"
    steps = [
        (DELIVERED, product, [COSTS, PARTS, "select role from raw.users", views]),
        (
            COSTS_COME,
            arrival,
            [COSTS, PARTS, "select role from raw.users", "select part from raw.cost_parts"],
        ),
        ("create or replace view raw.users as select 'own' as user_id", product, []),
        (
            # As a version before the column made_by left it.
            "create or replace view raw.event_parts as select 'p' as part, 'f' as fingerprint",
            product,
            ["select user_id, made_by, file_name, is_unreadable from raw.users"],
        ),
        ("drop view raw.costs; create table raw.costs as select 'own' as made_by", product, []),
        ("drop table raw.costs", {"schema": "raw"}, []),
        ("", {"schema": "test.raw"}, []),
        ("create table product.payments as select 'p' as payment_id", product, []),
    ]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as process:
        absent, there, view, earlier, table, same, same_in_full, nobody = process.submit(
            run_all, project, steps
        ).result()

    (costs, parts, roles, columns) = absent
    assert costs == []
    assert columns == [
        (name,) for name in ("part", "file_name", "is_unreadable", "cost_date", "amount", "made_by")
    ]
    assert parts == [("2024-01-01",), ("2024-01-02",), ("2024-01-03",)]
    assert roles == [(None,)]

    (((date, amount, *types),), parts, roles, cost_parts) = there
    assert (str(date), str(amount), *types) == ("2024-01-05", "7.00", "DATE", "DECIMAL(18,2)")
    assert parts == [("2024-02-01",)]
    assert roles == [("it",)]
    # received_at is a column of the events; costs are told apart by their own date.
    assert cost_parts == [("2024-01-05",)]

    assert "The schema raw holds a view users that create_raw_views has not made" in view
    assert "set PLG_RAW_SCHEMA to another schema" in view
    assert earlier == [[("u1", "plg_analytics", None, False)]]
    assert "The schema raw holds a table costs that create_raw_views has not made" in table
    for sentence in (same, same_in_full):
        assert "where their views would go; set PLG_RAW_SCHEMA to another schema" in sentence
    assert "payments has neither account_id nor user_id. It has payment_id: " in nobody
