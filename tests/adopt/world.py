"""Small tables for a first build: what facts.py reads, without dbt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import duckdb

from plg.adopt.facts import Facts

START = dt.datetime(2024, 1, 1)
DAY = dt.timedelta(days=1)


class World:
    """Users and events that count, and the end of observation."""

    def __init__(self, until: dt.datetime = START + 400 * DAY, zone: str = "UTC") -> None:
        self.until, self.zone = until, zone
        self.users: list[tuple[int, dt.datetime, str | None]] = []
        self.events: list[tuple[int, str, dt.datetime]] = []

    def user(self, signed_up_at: dt.datetime = START, plan: str | None = None) -> int:
        """Adds a user; gives the key."""
        self.users.append((len(self.users), signed_up_at, plan))
        return len(self.users) - 1

    def does(self, user: int, name: str, *after: dt.timedelta) -> None:
        """Adds events of a user, each so long after the signup."""
        self.events += [(user, name, self.users[user][1] + each) for each in after]

    def facts(self) -> Facts:
        """What a first build of it holds."""
        connection = duckdb.connect()
        connection.execute(
            "set TimeZone = 'UTC'; create schema intermediate; create schema marts; "
            "create table marts.input_by_decision as select * from (values "
            "('users', 'delivered', 7), ('users', 'signup_unknown', 0)) as one(table_name, decision, row_count)"
        )
        connection.execute(
            "create table intermediate.int_users "
            "(user_key bigint, signed_up_at timestamp, plan_tier text)"
        )
        connection.execute(
            "create table intermediate.int_events (user_key bigint, event_name text, "
            "occurred_at timestamp, occurred_date date)"
        )
        insert(connection, "int_users", self.users)
        insert(connection, "int_events", [(*event, event[2].date()) for event in self.events])
        connection.execute(
            "create table intermediate.int_observation as select "
            "min(signed_up_at)::date as first_signup_date, $until::timestamp as observed_until_at, "
            "$until::timestamp::date as observed_until_date, null::timestamp as observed_from_at, "
            "$zone as reporting_timezone from intermediate.int_users",
            {"until": self.until, "zone": self.zone},
        )
        return Facts(lambda sql: connection.execute(sql).fetchall())


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple]) -> None:
    """Adds rows to a table, if there are any."""
    for row in rows:
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into intermediate.{table} values ({marks})", list(row))
