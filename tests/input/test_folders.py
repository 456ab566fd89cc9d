"""A file that holds another value than the name of its folder: which one is used, and what is said."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from plg.input import plugin as plg_input
from plg.input.raw_tables import find_table, read_table
from tests.input.files import EVENT_COLUMNS, FORMS, USER_COLUMNS, write


def warnings(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    name: str,
    known: dict[str, str] | None = None,
) -> tuple[str, ...]:
    table, problems = read_table(connection, folder, name, known or {})
    assert problems == []
    return table.warnings


def user(number: int, plan: str | None, account: str | None = None) -> tuple:
    return (f"u{number}", account, "2024-01-01", plan, "web", None)


@pytest.mark.parametrize("form", FORMS)
def test_another_value_than_the_folder_says_is_told(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    pro, both = (tmp_path / "users" / f"plan_tier={plan}" / f"u{form}" for plan in ("pro", "a%20b"))
    write(pro, USER_COLUMNS, [user(1, "pro"), user(2, " free "), user(3, "free"), user(4, None)])
    write(both, USER_COLUMNS, [user(5, "a b")])
    (sentence,) = warnings(connection, tmp_path, "users")
    assert sentence == (
        f"{pro}: column plan_tier is 'free', and the folder says 'pro': so it is in 2 rows of 1 file; "
        "the folder's value is used; rename the folder, or leave the column out of the file."
    )
    write(both, USER_COLUMNS, [user(5, "a%20b")])
    (sentence,) = warnings(connection, tmp_path, "users")
    assert sentence.startswith(f"{both}: column plan_tier is 'a%20b', and the folder says 'a b'")
    assert "in 3 rows of 2 files" in sentence


def test_ids_are_compared_as_they_are_read(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    place = tmp_path / "users" / "account_id=17" / "u.csv"
    write(place, USER_COLUMNS, [user(1, None, "17.0")])
    assert warnings(connection, tmp_path, "users") == ()
    none = tmp_path / "users" / "account_id=__HIVE_DEFAULT_PARTITION__" / "u.csv"
    write(none, USER_COLUMNS, [user(2, None, "5"), user(3, None, "NULL")])
    (sentence,) = warnings(connection, tmp_path, "users")
    assert sentence.startswith(f"{none}: column account_id is '5', and the folder says empty: so")
    assert "in 1 row of 1 file" in sentence


def test_a_time_of_another_date_than_the_folder_is_told(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    place = tmp_path / "events" / "timestamp=2024-01-02" / "e.csv"
    rows = [("e1", "u1", "x", "2024-01-02 23:59:59.9", None), ("e2", "u1", "x", None, None)]
    write(place, EVENT_COLUMNS, rows)
    assert warnings(connection, tmp_path, "events") == ()
    write(place, EVENT_COLUMNS, [*rows, ("e3", "u1", "x", "2024-01-03", None)])
    (sentence,) = warnings(connection, tmp_path, "events")
    assert "column timestamp is '2024-01-03 00:00:00', and the folder says '2024-01-02 " in sentence
    assert "the file's own time is used" in sentence


def test_only_new_files_are_compared(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    old, new = (tmp_path / "events" / "event_name=x" / f"{name}.csv" for name in ("old", "new"))
    write(old, EVENT_COLUMNS, [("e1", "u1", "y", "2024-01-02", None)])
    parts = find_table(connection, tmp_path, "events").parts_query
    known = dict(connection.execute(parts).fetchall())
    assert warnings(connection, tmp_path, "events", known) == ()
    write(new, EVENT_COLUMNS, [("e2", "u1", "z", "2024-01-02", None)])
    (sentence,) = warnings(connection, tmp_path, "events", known)
    assert sentence.startswith(f"{new}: column event_name is 'z'")
    assert "in 1 row of 1 file" in sentence
    assert "in 2 rows of 2 files" in warnings(connection, tmp_path, "events")[0]


def test_a_build_says_it_each_time(
    connection: duckdb.DuckDBPyConnection,
    plugin: plg_input.Plugin,
    raw_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where `plg build` has read the files before, in the same process."""
    said: list[str] = []
    monkeypatch.setattr(plg_input, "warn_or_error", lambda event: said.append(event.msg))
    monkeypatch.setattr(plg_input, "get_flags", lambda: SimpleNamespace(VARS={}, WHICH="build"))
    (raw_dir / "users.csv").unlink()
    write(raw_dir / "users" / "plan_tier=pro" / "u.csv", USER_COLUMNS, [user(1, "free")])
    for _ in range(2):
        plugin.configure_connection(connection)
    assert len(said) == 2
    assert "column plan_tier is 'free', and the folder says 'pro'" in said[0]
    assert said[0] == said[1]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("column", ["updated_at", "received_at"])
def test_a_folder_gives_a_time_that_the_file_lacks(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str, column: str
) -> None:
    name = {"updated_at": "users", "received_at": "events"}[column]
    columns, row = {
        "users": (USER_COLUMNS, user(1, None)),
        "events": (EVENT_COLUMNS, ("e1", "u1", "x", "2024-01-02", None)),
    }[name]
    place = tmp_path / name / f"{column}=2024-01-31 10%3A30"
    write(place / f"a{form}", columns, [row])
    table, problems = read_table(connection, tmp_path, name, {})
    assert problems == []
    (found,) = connection.execute(
        f'select cast("{column}" as varchar), part from ({table.query})'
    ).fetchall()
    assert found == ("2024-01-31 10:30:00", str(place / f"a{form}"))
