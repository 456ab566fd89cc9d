"""Which columns become segments, at each boundary."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import duckdb
import pytest

from plg.adopt.columns import Column, canonical_columns, segments, vendor_columns

ROLE = Column("users", "role", 100, 100, 5, 40, False, False, False)


@pytest.mark.parametrize(
    ("changes", "is_one"),
    [
        ({}, True),
        ({"values": 2, "largest": 95}, True),
        ({"values": 2, "largest": 96}, False),
        ({"values": 1, "largest": 100}, False),
        ({"values": 10}, True),
        ({"values": 11}, False),  # more than one for ten rows
        ({"values": 50, "rows": 1000, "filled": 1000}, True),
        ({"values": 51, "rows": 1000, "filled": 1000}, False),
        ({"filled": 50, "largest": 20}, True),
        ({"filled": 49, "largest": 20}, False),
        ({"name": "role_id"}, False),
        ({"name": "start_date"}, False),
        ({"name": "first_name"}, False),
        ({"has_addresses": True}, False),
        ({"is_number": True}, False),
        ({"is_no_word": True}, False),
        ({"is_number": True, "name": "seat_count", "values": 21}, True),
        ({"is_number": True, "name": "seat_count", "values": 20}, False),
        ({"is_number": True, "name": "level", "values": 21}, False),
    ],
)
def test_a_segment(changes: dict[str, object], is_one: bool) -> None:
    column = dataclasses.replace(ROLE, **changes)
    assert bool(segments([column])) == is_one
    assert (column.why_not() == "") == is_one


def test_the_six_that_are_filled_best_then_by_name() -> None:
    columns = [
        dataclasses.replace(ROLE, name=name, filled=filled)
        for name, filled in (("g", 90), ("f", 90), ("e", 91), ("d", 80), ("c", 80), ("b", 80))
    ]
    columns.append(dataclasses.replace(ROLE, name="a", filled=79))
    assert [one.type for one in segments(columns)] == ["e", "f", "g", "b", "c", "d"]


def test_a_name_that_is_taken_gets_that_of_its_table() -> None:
    columns = [
        dataclasses.replace(ROLE, name="Region"),
        dataclasses.replace(ROLE, name="region", table="accounts"),
        dataclasses.replace(ROLE, name="is_activated"),
        dataclasses.replace(ROLE, name="plan_tier", table="accounts"),
    ]
    found = {(one.column.table, one.column.name): one.type for one in segments(columns)}
    assert found == {
        ("users", "Region"): "region",
        ("accounts", "region"): "account_region",
        ("users", "is_activated"): "user_is_activated",
        ("accounts", "plan_tier"): "account_plan_tier",
    }


def test_columns_are_read_as_a_build_reads_them(tmp_path: Path) -> None:
    """`N/A` is no value, 7.0 a number, a date no word; canonical columns are not looked at."""
    head = "user_id,account_id,created_at,plan_tier,install_source,invited_by,Role,seats,born,mail_to,tags"
    lines = [
        f"u{number},,2024-01-01,pro,web,,{('admin', ' admin', 'N/A', '')[number % 4]},{number}.0,"
        f'2024-01-0{number % 9 + 1},a@b.c,"[1, 2]"'
        for number in range(40)
    ]
    (tmp_path / "users.csv").write_text("\n".join([head, *lines]) + "\n")
    with duckdb.connect() as connection:
        found = {column.name: column for column in canonical_columns(connection, tmp_path)}
    assert set(found) == {"role", "seats", "born", "mail_to", "tags"}
    role = found["role"]
    assert (role.rows, role.filled, role.values, role.largest) == (40, 20, 1, 20)
    assert found["seats"].is_size and found["born"].is_no_word and found["tags"].is_no_word
    assert found["mail_to"].has_addresses


def test_any_key_of_a_vendor_s_properties_may_be_a_trait() -> None:
    """Whatever it is called; `Role` and `role` are two keys."""
    with duckdb.connect() as connection:
        connection.execute(
            "create schema raw; create table raw.posthog_persons as select properties from (values "
            """('{"it''s": "a", "Role": "x", "role": "y", "": 1, "$os": "z", "id": 7, "plan": "p"}'), """
            """('{"it''s": "b", "Role": "x", "role": "z"}'), ('no JSON'), (null)) as rows(properties)"""
        )
        found = vendor_columns(
            lambda sql: connection.execute(sql).fetchall(), "posthog", "raw", ["plan"]
        )
    said = [(column.name, column.rows, column.filled, column.values) for column in found]
    assert said == [("Role", 4, 2, 1), ("it's", 4, 2, 2), ("role", 4, 2, 2)]
