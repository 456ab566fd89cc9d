"""Ids of the simulator: they are resolved to the same people, so no number of a mart changes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from simulator.generate import generate
from tests.harness import build, unlike_marts

SIZE = {"users": 1_500, "days": 90, "seed": 3}
# They count rows and ids, not people.
OF_ROWS = ("data_quality_by_rule", "input_by_decision")


@pytest.fixture(scope="module")
def raw_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("identities")
    generate(folder, **SIZE)
    return folder


def number(raw_dir: Path, sql: str) -> int:
    with duckdb.connect() as connection:
        for table in ("users", "events", "aliases"):
            connection.execute(f"create view {table} as from '{raw_dir / table}.parquet'")
        return connection.execute(sql).fetchone()[0]


@pytest.mark.parametrize(
    "what",
    [
        # A device of two people, one of one person who is not named, a visitor, a visit before the signup.
        "(select anonymous_id from events group by all having count(distinct user_id) > 1 "
        "and bool_and(user_id is not null))",
        "events where user_id is null and anonymous_id in "
        "(select anonymous_id from events where user_id is not null)",
        "(select anonymous_id from events group by all having count(user_id) = 0)",
        "events where event_name = 'site_visited'",
        "aliases where alias_id in (select user_id from users)",
        "users where country = 'DE' and role = 'engineer' and company_size > 50",
    ],
)
def test_each_kind_of_id_occurs(raw_dir: Path, what: str) -> None:
    assert number(raw_dir, f"select count(*) from {what}") > 0


def test_no_event_without_a_user_has_a_shared_device(raw_dir: Path) -> None:
    sql = """
        select count(*) from events
        where user_id is null and anonymous_id in (
            select anonymous_id from events where user_id not like 'trial%'
            group by all having count(distinct user_id) > 1
        )
    """
    assert number(raw_dir, sql) == 0


@pytest.mark.long
def test_ids_change_no_number(raw_dir: Path, tmp_path: Path) -> None:
    places = [tmp_path / "ids", tmp_path / "plain"]
    for place in places:
        place.mkdir()
    generate(tmp_path / "raw", **SIZE, identities=False)
    actual, expected = map(build, [raw_dir, tmp_path / "raw"], places)
    found = unlike_marts(actual, expected, OF_ROWS)
    assert not found, "\n".join(found)
