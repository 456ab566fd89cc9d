"""Parquet files: native types read like text, what stops a build, and rows with broken text."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from plg.input.problem import explained
from plg.input.raw_tables import InputProblem, find_table, read_table
from plg.input.unreadable import RowTables
from plg.inputs import Input
from tests.input.files import write, write_text, wrong

USER = (
    "'u' || i as user_id, 'acme' as account_id, timestamp '2024-01-01' as created_at, 'free' as plan_tier, "
    "'web' as install_source, null::varchar as invited_by"
)


def write_users(
    connection: duckdb.DuckDBPyConnection, path: Path, rows: int = 1, **columns: str
) -> None:
    """Writes users of a parquet file, with some columns of another SQL."""
    replaced = ", ".join(f"{sql} as {column}" for column, sql in columns.items())
    replace = f"replace ({replaced})" if replaced else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(
        f"copy (select * exclude (i) {replace} from (select i, {USER} from range({rows}) as n (i))) "
        f"to '{path}' (format parquet, compression uncompressed)"
    )


THINGS = Input(
    "things",
    {
        "row": "string",
        "x_id": "string",
        "word": "string",
        "at": "timestamp",
        "amount": "decimal(18, 2)",
    },
)
# SQL of a value: as an id, a word, a time and an amount, however the file holds it.
NATIVE = {
    "17::bigint": ("17", "17", None, "17.00"),
    "-17::smallint": ("-17", "-17", None, "-17.00"),
    "17000000000000000000000000000000000001::hugeint::decimal(38, 0)": (
        *["17000000000000000000000000000000000001"] * 2,
        None,
        None,
    ),
    "17::double": ("17", "17", None, "17.00"),
    "17.5::double": ("17.5", "17.5", None, "17.50"),
    "17.25::float": ("17.25", "17.25", None, "17.25"),
    "'nan'::double": (None, None, None, None),
    "'-infinity'::float": (None, None, None, None),
    "17.00::decimal(10, 2)": ("17", "17", None, "17.00"),
    "1706659200::bigint": ("1706659200", "1706659200", "2024-01-31 00:00:00", "1706659200.00"),
    "1706659200::double": ("1706659200", "1706659200", "2024-01-31 00:00:00", "1706659200.00"),
    "1706659200.5::double": ("1706659200.5", "1706659200.5", None, "1706659200.50"),
    "date '2024-01-31'": ("2024-01-31", "2024-01-31", "2024-01-31 00:00:00", None),
    "timestamp '2024-01-31 09:30:00.123456'": (
        *["2024-01-31 09:30:00.123456"] * 3,
        None,
    ),
    "timestamptz '2024-01-31 09:30:00+02'": (
        *["2024-01-31 07:30:00+00"] * 2,
        "2024-01-31 07:30:00",
        None,
    ),
    "timestamp_ns '2024-01-31 09:30:00.123456999'": (
        *["2024-01-31 09:30:00.123456999"] * 2,
        "2024-01-31 09:30:00.123456",
        None,
    ),
    "true": ("true", "true", None, None),
}
JSON = {
    "17": ("17", "17", None, "17.00"),
    "17.0": ("17", "17.0", None, "17.00"),
    # DuckDB writes a number with an exponent in its own way.
    "17.5": ("17.5", "17.5", None, "17.50"),
    "1.7e1": ("17", "17.0", None, "17.00"),
    "12345678901234567890123": ("12345678901234567890123", "12345678901234567890123", None, None),
    "1706659200": ("1706659200", "1706659200", "2024-01-31 00:00:00", "1706659200.00"),
    "1.7066592e9": ("1706659200", "1706659200.0", "2024-01-31 00:00:00", "1706659200.00"),
    "1706659200.5": ("1706659200.5", "1706659200.5", None, "1706659200.50"),
    "true": ("true", "true", None, None),
    "false": ("false", "false", None, None),
    "null": (None, None, None, None),
    '{"a": [1, null]}': ('{"a":[1,null]}', '{"a":[1,null]}', None, None),
}


def read_things(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, tuple]:
    table = find_table(connection, folder, "things", {"things": THINGS})
    rows = connection.execute(
        f'select "row", x_id, word, cast("at" as varchar), cast(amount as varchar) from ({table.query})'
    )
    return {number: tuple(values) for number, *values in rows.fetchall()}


def test_native_types_of_parquet_are_read_like_text(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / "things").mkdir()
    for number, sql in enumerate(NATIVE):
        connection.execute(
            f'copy (select {number} as "row", {sql} as x_id, {sql} as word, {sql} as "at", {sql} as amount) '
            f"to '{tmp_path}/things/{number}.parquet' (format parquet)"
        )
    found = read_things(connection, tmp_path)
    assert {sql: found[str(n)] for n, sql in enumerate(NATIVE)} == NATIVE


def test_numbers_of_json_are_read_like_text(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    lines = [
        f'{{"row": {n}, "x_id": {value}, "word": {value}, "at": {value}, "amount": {value}}}\n'
        for n, value in enumerate(JSON)
    ]
    write_text(tmp_path / "things.jsonl", "".join(lines))
    found = read_things(connection, tmp_path)
    assert {value: found[str(n)] for n, value in enumerate(JSON)} == JSON


@pytest.mark.parametrize(
    ("sql", "kind", "digits"),
    [("9007199254740992::double", "double", 15), ("16777216::float", "float", 7)],
)
def test_ids_that_a_float_may_have_mixed_up_stop_a_build(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, sql: str, kind: str, digits: int
) -> None:
    path = tmp_path / "users.parquet"
    write_users(connection, path, account_id=sql.replace("::", " - 1::"))
    assert read_table(connection, tmp_path, "users", {})[1] == []
    write_users(connection, path, account_id=sql)
    sentence = wrong(connection, tmp_path)
    assert sentence.startswith(
        f"{path}: column account_id is a {kind}, which holds no more than {digits} digits"
    )
    assert "export it as text or bigint" in sentence


def test_decimals_of_more_than_38_digits_stop_a_build(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "users.parquet"
    write_users(connection, path, account_id="7::decimal(38, 0)", plan_tier="8::decimal(38, 0)")
    data = path.read_bytes()
    # The precision, 38 as a varint, is in the footer: in the type's annotation and beside it.
    field = bytes([0x15, 2 * 38])
    assert field in data
    path.write_bytes(data.replace(field, bytes([0x15, 2 * 60])))
    sentence = wrong(connection, tmp_path)
    assert sentence.startswith(f"{path}: column account_id is a decimal(60, 0)")
    assert "export it as text or bigint" in sentence


def broken(path: Path) -> None:
    data = path.read_bytes()
    assert b"acmeQQ" in data
    path.write_bytes(data.replace(b"acmeQQ", b"acme\xffQ"))


def test_bytes_that_are_no_text_are_rows_that_cannot_be_read(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "users" / "b.parquet"
    write_users(connection, path.with_name("a.parquet"), 2_000)
    account = "case when i = 7 then 'acmeQQ'::blob else 'acme'::blob end"
    write_users(connection, path, 1_000, account_id=account)
    broken(path)
    table, problems = read_table(connection, tmp_path, "users", {})
    assert problems == []
    rows = connection.execute(
        f"select file_name, user_id from ({table.query}) where is_unreadable"
    ).fetchall()
    assert rows == [(str(path), None)]
    with pytest.raises(InputProblem) as problem:
        read_table(
            connection,
            tmp_path,
            "users",
            {"x": "y"},
            row_tables=RowTables(connection, "raw", 0.0001),
        )
    assert str(problem.value).startswith(
        f"{path}: row 8 can't be read: column account_id holds bytes that are no UTF-8. 1 of 1,000 rows"
    )


def test_broken_text_that_a_build_is_the_first_to_meet_is_explained(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "users.parquet"
    write_users(
        connection, path, 30_000, account_id="case when i = 25000 then 'acmeQQ' else 'acme' end"
    )
    broken(path)
    table, problems = read_table(connection, tmp_path, "users", {})
    assert problems == []
    with pytest.raises(duckdb.Error) as error:
        connection.execute(f"select max(account_id) from ({table.query})").fetchall()
    assert explained(f"Runtime Error in model x\n  {error.value}") == (
        f'{path}: this parquet file can\'t be read: the value "acme\\xFFQ" is no UTF-8; export it again, with '
        "text in UTF-8"
    )
    assert explained("another error") == "another error"


def test_file_that_is_deleted_while_it_is_read_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    from plg.input.checks import empty_columns

    columns = ("event_id", "user_id", "event_name", "timestamp", "properties")
    for name in "ab":
        write(tmp_path / "events" / f"{name}.csv", columns, [("e", "u", "x", "2024-01-01", None)])
    table = find_table(connection, tmp_path, "events")
    (tmp_path / "events" / "b.csv").unlink()
    with pytest.raises(InputProblem) as problem:
        list(empty_columns(connection, table, {}))
    assert str(problem.value).startswith(
        f"{tmp_path}/events/b.csv: the file was deleted or renamed while it was read; start again"
    )


@pytest.mark.parametrize(
    ("lake", "place"),
    [
        ("Delta Lake", "_delta_log/0.json"),
        ("Hudi", ".hoodie/hoodie.properties"),
        ("Iceberg", "metadata/v1.metadata.json"),
    ],
)
@pytest.mark.parametrize("below", ["", "v2/"])
def test_table_of_a_lake_stops_a_build(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, lake: str, place: str, below: str
) -> None:
    folder = tmp_path / "users" / below
    write_users(connection, folder / "part.parquet")
    assert read_table(connection, tmp_path, "users", {})[1] == []
    write_text(folder / place, "{}")
    sentence = wrong(connection, tmp_path)
    for word in (
        f"{folder}".rstrip("/") + f": this is a table of {lake}",
        "export its current rows to parquet",
    ):
        assert word in sentence


def test_a_folder_named_metadata_may_hold_data(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_users(connection, tmp_path / "users" / "metadata" / "part.parquet")
    assert read_table(connection, tmp_path, "users", {})[1] == []
