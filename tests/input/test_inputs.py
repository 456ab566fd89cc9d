"""The register of inputs, and tables that may be absent: tried on a sources.yml made up here."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from plg.engines.spark_tables import SparkTables
from plg.input.delivered import Delivered
from plg.input.raw_tables import InputProblem, empty_columns, find_table, find_tables
from plg.input.views import in_the_way, show
from plg.inputs import Input, read_inputs
from tests.input.files import USER_COLUMNS, USERS, write

MADE_UP = """
sources:
  - name: other
    tables: [{name: users, columns: [{name: nothing}]}]
  - name: raw
    tables:
      - name: users
        config: {meta: {required: [user_id, created_at], never_empty: true}}
        columns:
          - {name: user_id, data_type: string}
          - {name: created_at, data_type: timestamp}
          - {name: role, data_type: string, config: {meta: {may_be_absent: true}}}
      - name: costs
        config: {meta: {required: [cost_date, amount], optional: true}}
        columns:
          - {name: cost_date, data_type: date}
          - {name: amount, data_type: "decimal(18, 2)"}
          - {name: channel, data_type: string, config: {meta: {may_be_absent: true}}}
          - {name: seats, data_type: bigint}
          - {name: part, data_type: string, config: {meta: {made_by_build: true}}}
      - name: cost_parts
        config: {meta: {parts_of: costs}}
        columns:
          - {name: part, data_type: string}
          - {name: fingerprint, data_type: string}
"""
COSTS = ("cost_date", "amount", "channel", "seats")


@pytest.fixture
def inputs(tmp_path: Path) -> dict[str, Input]:
    """A register with an optional table."""
    (tmp_path / "sources.yml").write_text(MADE_UP)
    return read_inputs(tmp_path / "sources.yml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Raw files without the optional table."""
    write(tmp_path / "raw" / "users.csv", USER_COLUMNS, USERS)
    return tmp_path / "raw"


def test_register_of_the_project() -> None:
    inputs = read_inputs()
    assert {"users", "events"} <= set(inputs)
    assert inputs["users"].required == ("user_id", "created_at")
    assert inputs["users"].times == ("created_at", "updated_at", "received_at")
    assert inputs["events"].occurred == "timestamp"
    assert inputs["users"].never_empty and not inputs["events"].never_empty
    assert inputs["events"].views == ("events", "event_parts")
    assert not {"part", "file_name", "is_unreadable"} & set(inputs["events"].columns)
    assert inputs["users"].may_be_absent == ("updated_at", "received_at")
    assert not inputs["users"].is_optional and not inputs["events"].is_optional


def test_register_says_what_the_yml_says(inputs: dict[str, Input]) -> None:
    assert list(inputs) == ["users", "costs"]
    assert inputs["costs"] == Input(
        name="costs",
        columns={
            "cost_date": "date",
            "amount": "decimal(18, 2)",
            "channel": "string",
            "seats": "bigint",
        },
        required=("cost_date", "amount"),
        may_be_absent=("channel",),
        is_optional=True,
        parts="cost_parts",
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("data_type: bigint", "description: x", ("costs.seats has no data_type",)),
        ("[cost_date, amount]", "[day]", ("costs requires the column day", "not among")),
        ("[cost_date, amount]", "[channel]", ("costs requires the column channel", "absent")),
        (
            ", config: {meta: {made_by_build: true}}",
            "",
            ("costs.part is the build's", "mark it with made_by_build"),
        ),
    ],
)
def test_entry_that_is_missing_or_contradicts_is_named(
    tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    file = tmp_path / "sources.yml"
    assert old in MADE_UP
    file.write_text(MADE_UP.replace(old, new))
    with pytest.raises(ValueError, match=r"; write one|; fix one entry|; mark it") as problem:
        read_inputs(file)
    for word in (str(file), *words):
        assert word in str(problem.value)


def described(connection: duckdb.DuckDBPyConnection, view: str) -> list[tuple[str, str]]:
    return [row[:2] for row in connection.execute(f"describe {view}").fetchall()]


TYPES = [
    ("part", "VARCHAR"),
    ("file_name", "VARCHAR"),
    ("is_unreadable", "BOOLEAN"),
    ("cost_date", "DATE"),
    ("amount", "DECIMAL(18,2)"),
    ("channel", "VARCHAR"),
    ("seats", "BIGINT"),
]


def test_absent_optional_table_is_an_empty_view_of_its_types(
    connection: duckdb.DuckDBPyConnection, folder: Path, inputs: dict[str, Input]
) -> None:
    tables, problems = find_tables(connection, folder, inputs=inputs)
    assert problems == []
    show(connection, "raw", Delivered(tables=tables), built_by="this run")
    assert described(connection, "raw.costs") == TYPES
    assert described(connection, "raw.cost_parts") == [
        ("part", "VARCHAR"),
        ("fingerprint", "VARCHAR"),
    ]
    assert connection.execute("from raw.costs").fetchall() == []
    assert connection.execute("from raw.cost_parts").fetchall() == []
    # The next build replaces its own view, and no view of somebody else.
    assert in_the_way(connection, "raw", folder, inputs) == []
    connection.execute("create or replace view raw.costs as select 1 as cost_date")
    (sentence,) = in_the_way(connection, "raw", folder, inputs)
    assert "holds a view raw.costs that no build has made" in sentence
    # A build that knows parts of it, from a time when it was there, has none left.
    assert list(empty_columns(connection, tables[1], {"gone": "x"})) == []


@pytest.mark.parametrize("form", [".csv", ".parquet", ".jsonl"])
def test_optional_table_that_is_there_has_the_same_types(
    connection: duckdb.DuckDBPyConnection, folder: Path, inputs: dict[str, Input], form: str
) -> None:
    rows = [("2024-01-31T23:30:00-01:00", "12.5", "ads", "3.0"), ("2024-02-30", "lots", None, "")]
    write(folder / f"costs{form}", COSTS, rows)
    tables, problems = find_tables(connection, folder, inputs=inputs)
    assert problems == []
    show(connection, "raw", Delivered(tables=tables), built_by="this run")
    assert described(connection, "raw.costs") == TYPES
    read = "select cast(columns(* exclude (file_name, is_unreadable)) as varchar) from raw.costs "
    read += "order by seats"
    (sound, unreadable) = connection.execute(read).fetchall()
    assert sound == ("2024-02-01", "2024-02-01", "12.50", "ads", "3")
    assert unreadable == ("unknown", None, None, None, None)


def test_optional_table_is_checked_where_it_is_there(
    connection: duckdb.DuckDBPyConnection, folder: Path, inputs: dict[str, Input]
) -> None:
    def said(*columns: str) -> list[str]:
        write(folder / "costs.csv", columns, [("x",) * len(columns)])
        return find_tables(connection, folder, inputs=inputs)[1]

    (missing,) = said("cost_date", "amount")
    assert missing.startswith(f"{folder / 'costs.csv'}: column seats is missing; the table costs ")
    # `channel` may be absent, so it is not asked for.
    assert "needs the columns cost_date, amount, seats (" in missing
    date, amount = said("cost_date", "amount", "seats")
    assert "column cost_date: no value can be read; write each as an ISO date" in date
    assert "column amount: no value can be read; write each as a number" in amount


def test_column_that_may_be_absent_is_null(
    connection: duckdb.DuckDBPyConnection, folder: Path, inputs: dict[str, Input]
) -> None:
    query = f"select distinct role from ({find_table(connection, folder, 'users', inputs).query})"
    assert connection.execute(query).fetchall() == [(None,)]
    write(folder / "users.csv", ("user_id", "created_at", "role"), [("u1", "2024-01-01", "it")])
    query = f"select role from ({find_table(connection, folder, 'users', inputs).query})"
    assert connection.execute(query).fetchall() == [("it",)]


def test_only_optional_tables_may_be_absent(
    connection: duckdb.DuckDBPyConnection, folder: Path, inputs: dict[str, Input]
) -> None:
    (folder / "users.csv").rename(folder / "members.csv")
    (problem,) = find_tables(connection, folder, inputs=inputs)[1]
    assert problem.startswith(f"{folder / 'users'}: no file or folder of this name; put there ")
    # A mistyped folder is no folder without optional tables.
    with pytest.raises(InputProblem, match="no such folder; set PLG_RAW_DIR"):
        find_table(connection, folder / "nowhere", "costs", inputs)


def test_spark_gets_the_same_empty_views(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, folder: Path, inputs: dict[str, Input]
) -> None:
    table = find_table(connection, folder, "costs", inputs)
    table_view, parts_view = SparkTables(connection, table, "raw", tmp_path / "links").statements()
    assert table_view == (
        "create or replace view `raw`.costs as select cast(null as string) as `part`, "
        "cast(null as string) as `file_name`, cast(null as boolean) as `is_unreadable`, "
        "cast(null as date) as `cost_date`, cast(null as decimal(18, 2)) as `amount`, "
        "cast(null as string) as `channel`, cast(null as bigint) as `seats` where false"
    )
    assert parts_view == (
        "create or replace view `raw`.cost_parts as select cast(null as string) as `part`, "
        "cast(null as string) as `fingerprint` where false"
    )


def test_spark_reads_a_value_in_the_type_of_its_column(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, folder: Path, inputs: dict[str, Input]
) -> None:
    write(folder / "costs.csv", COSTS, [("2024-01-31", "12.5", "ads", "3")])
    table = find_table(connection, folder, "costs", inputs)
    made = SparkTables(connection, table, "raw", tmp_path / "links").statements()
    views = " ".join(text for text in made if "view `raw`.`plg_costs_0_read_" in text)
    for value in (
        "as date) as `cost_date`",
        "try_cast(`amount` as decimal(18, 2)) as `amount`",
        "then `channel` end as `channel`",
        "try_cast(`seats` as bigint) as `seats`",
    ):
        assert value in views
