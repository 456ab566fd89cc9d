"""Events of a product without login: no row has a user_id."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from plg.engines.spark import register_raw_tables
from tests.input.files import USER_COLUMNS, found_in, write

EVENT_COLUMNS = ("event_id", "user_id", "anonymous_id", "event_name", "timestamp", "properties")
VISIT = ("e1", None, "device", "visit", "2024-01-01 11:00:00", None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "users.csv", USER_COLUMNS, [])
    write(tmp_path / "events.csv", EVENT_COLUMNS, [VISIT])
    return tmp_path


def test_a_build_says_that_devices_can_be_users(
    connection: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLG_ANONYMOUS_USERS", raising=False)
    no_user, no_id = found_in(connection, folder).problems
    assert "there are no users" in no_user
    assert no_id == (
        f"{folder}/events.csv: column user_id: no row has a user id; set PLG_ANONYMOUS_USERS=true if the "
        "product has no login."
    )


def test_a_product_without_login_needs_no_user_id(
    connection: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLG_ANONYMOUS_USERS", "true")
    assert found_in(connection, folder).problems == []


def test_aliases_say_whose_a_device_is(
    connection: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLG_ANONYMOUS_USERS", raising=False)
    write(folder / "users.csv", USER_COLUMNS, [("ann", None, "2024-01-01", None, None, None)])
    write(folder / "aliases.csv", ("alias_id", "user_id"), [("device", "ann")])
    assert found_in(connection, folder).problems == []


def test_spark_needs_no_user_id_either(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLG_ANONYMOUS_USERS", "true")
    monkeypatch.setenv("PLG_SPARK_WAREHOUSE", str(folder / "warehouse"))
    statements: list[str] = []
    session = SimpleNamespace(sql=statements.append)
    assert register_raw_tables(session, folder, "raw") == []
    assert any("events" in statement for statement in statements)


def test_without_devices_a_user_id_is_asked_for(
    connection: duckdb.DuckDBPyConnection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLG_ANONYMOUS_USERS", raising=False)
    write(folder / "events.csv", EVENT_COLUMNS, [(*VISIT[:2], None, *VISIT[3:])])
    (_, no_id) = found_in(connection, folder).problems
    assert "column user_id: no value can be read; write each as text" in no_id


def test_mixpanel_names_users_in_one_of_several_places(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLG_ANONYMOUS_USERS", raising=False)
    columns = ("event_name", "distinct_id", "insert_id", "time", "properties")
    visit = ["visit", "device", "i1", "2024-01-01 11:00:00", "{}"]
    write(tmp_path / "events.csv", columns, [visit])
    assert "no row has a user id" in str(found_in(connection, tmp_path).problems)
    known = [*visit[:4], '{"$user_id": "ann"}']
    identify = ["$identify", *visit[1:]]
    for row in (known, identify):
        write(tmp_path / "events.csv", columns, [visit, row])
        assert found_in(connection, tmp_path).problems == []
    write(tmp_path / "events.csv", columns, [visit])
    write(tmp_path / "people.csv", ("distinct_id",), [("device",)])
    assert found_in(connection, tmp_path).problems == []
