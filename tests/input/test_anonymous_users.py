"""Events of a product without login: no row has a user_id."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from plg.input.delivered import find_delivered
from tests.input.files import SEEDS, USER_COLUMNS, write

EVENT_COLUMNS = ("event_id", "user_id", "anonymous_id", "event_name", "timestamp", "properties")
VISIT = ("e1", None, "device", "visit", "2024-01-01 11:00:00", None)


def problems(folder: Path) -> list[str]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        return find_delivered(connection, folder, "auto", SEEDS, {}, "raw", 0.001).problems


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "users.csv", USER_COLUMNS, [])
    write(tmp_path / "events.csv", EVENT_COLUMNS, [VISIT])
    return tmp_path


def test_a_build_says_that_devices_can_be_users(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLG_ANONYMOUS_USERS", raising=False)
    no_user, no_id = problems(folder)
    assert "there are no users" in no_user
    assert no_id == (
        f"{folder}/events.csv: column user_id: no row has a user id; set PLG_ANONYMOUS_USERS=true if the "
        "product has no login."
    )


def test_a_product_without_login_needs_no_user_id(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLG_ANONYMOUS_USERS", "true")
    assert problems(folder) == []


def test_without_devices_a_user_id_is_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLG_ANONYMOUS_USERS", raising=False)
    write(folder / "events.csv", EVENT_COLUMNS, [(*VISIT[:2], None, *VISIT[3:])])
    assert "column user_id: no value can be read; write each as text" in problems(folder)[1]
