"""Segments and time zones: the oracle on the examples of the definitions, worked out by hand."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.oracle.definitions import SHIPPED_SEEDS, read_definitions
from tests.oracle.first_seen import begin_of_export, signup_of_first_seen
from tests.oracle.observation import observe
from tests.oracle.population import Variables
from tests.oracle.segmentation import SegmentType, value_of
from tests.oracle.small_world import (
    DAY,
    HOUR,
    MOMENT,
    MONDAY,
    RUN_STARTED_AT,
    VERSIONED,
    Compute,
    Marts,
    alias,
    decided,
    event,
    fired,
    people,
    removed,
    user,
)
from tests.oracle.zones import Zone

COUNTRY = "country,users,country,2,\n"


def sizes(marts: Marts, segment_type: str) -> dict[str, int]:
    return {
        row["segment_value"]: row["signup_count"]
        for row in marts["time_to_first_value_by_cohort"]
        if (row["cohort_grain"], row["segment_type"]) == ("all", segment_type)
    }


def test_values_beyond_the_first_are_other(marts_of: Compute) -> None:
    countries = ["de"] * 5 + ["fr"] * 3 + ["at"] * 3 + [None] * 4
    marts = marts_of(
        users=[user(f"u{n}", country=country) for n, country in enumerate(countries)],
        seeds={"segments": COUNTRY},
    )
    assert sizes(marts, "country") == {"de": 5, "at": 3, "other": 3, "unknown": 4}
    assert decided(marts, "segments") == {"value_in_other": 3}
    assert {row["country"] for row in marts["users"]} == {"de", "at", "other", "unknown"}
    # What the seed does not name is no segment.
    assert sizes(marts, "plan_tier") == {}


def test_other_and_unknown_have_no_rank(marts_of: Compute) -> None:
    countries = ["other"] * 5 + ["unknown"] * 4 + ["de"] * 3 + ["fr"] * 2 + ["at"]
    marts = marts_of(
        users=[user(f"u{n}", country=country) for n, country in enumerate(countries)],
        seeds={"segments": COUNTRY},
    )
    assert sizes(marts, "country") == {"other": 6, "unknown": 4, "de": 3, "fr": 2}
    assert decided(marts, "segments") == {"value_in_other": 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10", "under 11"),
        ("11", "11 to under 51"),
        ("200", "51 and over"),
        ("n/a", "unknown"),
        (None, "unknown"),
        ("-2.5", "under 11"),
        (".5", "under 11"),
        ("1e2", "51 and over"),
        ("50.99999999999999999999", "11 to under 51"),
        ("51.0", "51 and over"),
        ("1,000", "unknown"),
        ("5 seats", "unknown"),
        ("inf", "unknown"),
        ("\u0665", "unknown"),
    ],
)
def test_bounds(text: str | None, value: str) -> None:
    assert value_of(text, SegmentType("seats", "users", "seats", 20, ("11", "51"))) == value


def test_bounds_have_no_ranks(marts_of: Compute) -> None:
    marts = marts_of(
        users=[user(f"u{n}", seats=seats) for n, seats in enumerate((5, 20, 20, 60))],
        seeds={"segments": "seats,users,seats,1,11;51\n"},
    )
    assert sizes(marts, "seats") == {"under 11": 1, "11 to under 51": 2, "51 and over": 1}


def test_booleans_of_every_file_are_one_value() -> None:
    segment_type = SegmentType("is_admin", "users", "is_admin", 20, ())
    assert [value_of(text, segment_type) for text in ("TRUE", "False", "yes")] == [
        "true",
        "false",
        "yes",
    ]


def test_accounts_that_count(marts_of: Compute) -> None:
    marts = marts_of(
        users=[
            user("u", account_id="a"),
            user("v", account_id="b"),
            user("w", account_id="late"),
            user("x"),
            user("y", account_id="nobody"),
            user("bot", account_id="staff"),
            user("bot2", account_id="a"),
        ],
        accounts=[
            {"account_id": "a", "created_at": MONDAY + HOUR, "region": "south"},
            {"account_id": "a", "created_at": MONDAY, "seat_count": "3.0", "region": "west"},
            {"account_id": "a", "created_at": MONDAY, "seat_count": "2", "region": "north"},
            {"account_id": "a", "created_at": MONDAY, "seat_count": "0", "region": "east"},
            {"account_id": "b", "region": None},
            {"account_id": "late", "created_at": MONDAY + DAY, "region": "north"},
            {"account_id": "unused", "region": "north"},
            {"account_id": None, "created_at": MONDAY},
            {"account_id": "staff", "created_at": MONDAY},
            {"account_id": "c", "created_at": RUN_STARTED_AT + 2 * HOUR},
        ],
        seeds={
            "segments": "region,accounts,region,,\nsize,accounts,seat_count,,2;3\n",
            "excluded_users": "bot,\nbot2,\n",
        },
    )
    found = people(marts)
    assert {u: row["region"] for u, row in found.items()} == {
        "u": "north",
        "v": "unknown",
        "w": "unknown",
        "x": "unknown",
        "y": "unknown",
    }
    assert found["u"]["size"] == "2 to under 3"
    assert removed(marts, "accounts") == {
        "missing_key": 2,
        "future_event": 1,
        "excluded_user": 1,
        "duplicate_account": 3,
    }
    # The row that is later than the end of observation falls to no rule.
    assert decided(marts, "accounts") == {"delivered": 10, "counted": 3}


def test_the_segments_of_a_type_are_all(marts_of: Compute) -> None:
    marts = marts_of(
        users=[user(f"u{n}", MONDAY + n % 9 * DAY, country=f"c{n % 7}") for n in range(60)],
        events=[event(n, MONDAY + n * DAY, f"u{n}") for n in range(60)],
        seeds={"segments": COUNTRY},
    )
    for name, column in (
        ("activation_by_cohort", "signup_count"),
        ("retention_by_cohort", "retained_user_count"),
        ("active_users_by_day", "dau"),
    ):
        totals = Counter()
        for row in marts[name]:
            totals[row["segment_type"]] += row[column]
        assert totals["country"] == totals["all"] == totals["acquisition_type"] > 0, name


def test_columns_of_segments_decide_ties_and_differ(marts_of: Compute) -> None:
    rows = [
        user("u", country="de", city="x"),
        user("u", country="at", city="z"),
        user("u", country="at", city="y"),
    ]
    seeds = {"segments": "place,users,city,,\ncountry,users,country,,\n"}
    marts = marts_of(users=rows, seeds=seeds)
    assert (people(marts)["u"]["place"], people(marts)["u"]["country"]) == ("x", "de")
    assert fired(marts, "user_rows_differ") == [("users", "user_id", 1, 1.0)]
    assert fired(marts_of(users=rows), "user_rows_differ") == []


def test_a_segment_of_a_person_comes_from_all_ids(marts_of: Compute) -> None:
    marts = marts_of(
        users=[user("u", country=None), user("v", country="de")],
        aliases=[alias("v", "u")],
        seeds={"segments": COUNTRY},
    )
    assert people(marts)["u"]["country"] == "de"
    assert fired(marts, "user_rows_differ") == []


def test_a_column_without_a_value_is_said(marts_of: Compute) -> None:
    tables = {
        "users": [user("u", country=None, account_id="a"), user("bot", country="de")],
        "events": [event(1, MONDAY, "u")],
        "accounts": [{"account_id": "a", "region": None}, {"account_id": "b", "region": "north"}],
    }
    seeds = {
        "segments": f"{COUNTRY}region,accounts,region,,\nplan_tier,users,plan_tier,1000,\n",
        "excluded_users": "bot,\n",
    }
    found = fired(marts_of(**tables, seeds=seeds), "definition_matches_nothing")
    assert [row for row in found if row[0] == "segments"] == [
        ("segments", "country", 0, None),
        ("segments", "region", 0, None),
    ]


def test_columns_may_have_other_names(marts_of: Compute) -> None:
    marts = marts_of(
        users=[{"id": "u", "created_at": MONDAY, "plan": "pro"}],
        events=[{**event(1, None, "u"), "ts": MONDAY}],
        seeds={"input_columns": ("users,user_id,id\nusers,plan_tier,plan\nevents,timestamp,ts\n")},
    )
    assert people(marts)["u"]["plan_tier"] == "pro"
    assert people(marts)["u"]["active_day_count"] == 1


def test_types_of_parquet(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(SHIPPED_SEEDS, seeds)
    (seeds / "segments.csv").write_text(
        "segment_type,source_table,source_column,max_values,bounds\n"
        "admin,users,is_admin,,\nteam,users,team_size,,\nsize,users,team_size,,5\n"
    )
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 'u' as user_id, timestamp '2024-01-01' as created_at, true as is_admin, "
            f"12::int as team_size) to '{tmp_path}/users.parquet'"
        ).fetchall()
    (tmp_path / "events.ndjson").write_text("")
    population = observe(tmp_path, read_definitions(seeds), RUN_STARTED_AT, Variables())
    (found,) = population.users
    assert found.segment_values == {"admin": "true", "team": "12", "size": "5 and over"}


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        ("UTC", datetime(2024, 3, 10, 23, 59), date(2024, 3, 10)),
        ("Asia/Kolkata", datetime(2024, 3, 10, 18, 30), date(2024, 3, 11)),
        ("Asia/Kolkata", datetime(2024, 3, 10, 18, 30) - MOMENT, date(2024, 3, 10)),
        # Clocks change at 7:00 UTC: the day has 23 hours.
        ("America/New_York", datetime(2024, 3, 10, 5), date(2024, 3, 10)),
        ("America/New_York", datetime(2024, 3, 11, 4), date(2024, 3, 11)),
        ("America/New_York", datetime(2024, 3, 11, 4) - MOMENT, date(2024, 3, 10)),
        ("America/New_York", datetime(2024, 11, 4, 5) - MOMENT, date(2024, 11, 3)),
        # It skipped 30 December.
        ("Pacific/Apia", datetime(2011, 12, 30, 10) - MOMENT, date(2011, 12, 29)),
        ("Pacific/Apia", datetime(2011, 12, 30, 10), date(2011, 12, 31)),
    ],
)
def test_dates(zone: str, instant: datetime, day: date) -> None:
    assert Zone(zone).date_of(instant) == day


def test_dates_are_those_of_the_zone_and_windows_are_not(marts_of: Compute) -> None:
    midnight = datetime(2024, 3, 11, 4)
    tables = {
        "users": [user("u", midnight - MOMENT), user("v", midnight)],
        "events": [
            event(1, midnight + 6 * DAY, "u"),
            event(2, midnight + 6 * DAY - MOMENT, "v", event_name="document_created"),
            event(3, midnight + 7 * DAY, "v"),
        ],
    }
    here = marts_of(**tables, variables={"reporting_timezone": "America/New_York"})
    there = marts_of(**tables)
    assert Counter(
        (row["cohort_date"], row["signup_count"])
        for row in here["activation_by_cohort"]
        if (row["cohort_grain"], row["segment_type"], row["window_days"]) == ("week", "all", 1)
    ) == {(date(2024, 3, 4), 1): 1, (date(2024, 3, 11), 1): 1}
    found = people(here)
    assert (found["u"]["first_active_date"], found["v"]["first_active_date"]) == (
        date(2024, 3, 17),
        date(2024, 3, 16),
    )
    last_week = max(row["week_start_date"] for row in here["growth_accounting_by_week"])
    assert last_week == date(2024, 3, 11)
    for name in ("time_to_first_value_curve", "pql_scores"):
        assert here[name] == there[name]


def test_a_week_that_clocks_make_longer_ends_with_its_last_date(marts_of: Compute) -> None:
    """Monday 4 November begins at 5:00 UTC in New York, the Monday before it at 4:00."""
    monday = datetime(2024, 10, 28, 4)
    tables = {"users": [user("u", monday)]}
    zone = {"reporting_timezone": "America/New_York"}
    for until, weeks in ((datetime(2024, 11, 4, 5) - MOMENT, 0), (datetime(2024, 11, 4, 5), 1)):
        marts = marts_of(**tables, variables=zone | {"observed_until": str(until)})
        rows = [r for r in marts["growth_accounting_by_week"] if r["segment_type"] == "all"]
        assert len(rows) == weeks
        days = [r for r in marts["active_users_by_day"] if r["segment_type"] == "all"]
        assert len(days) == (7 if weeks else 6)
    # retention_d7 waits 8 elapsed days after the last date.
    matured = datetime(2024, 11, 4, 5) + timedelta(days=8)
    for until, is_there in ((matured - MOMENT, False), (matured, True)):
        marts = marts_of(
            **tables,
            events=[
                event(1, monday, "u", event_name="document_created"),
                event(2, monday, "u", event_name="invite_sent"),
            ],
            variables=zone | {"observed_until": str(until)},
        )
        metrics = {row["metric_id"] for row in marts["kpi_scorecard"]}
        assert ("retention_d7" in metrics) is is_there


def test_etc_utc_is_utc(marts_of: Compute) -> None:
    tables = {
        "users": [user(f"u{n}", MONDAY + n * DAY) for n in range(3)],
        "events": [event(n, (MONDAY + n * DAY).date(), "u0") for n in range(1, 30)],
    }
    plain = marts_of(**tables)
    assert fired(plain, "date_only_times") == []
    named = marts_of(**tables, variables={"reporting_timezone": "Etc/UTC"})
    assert named | dict.fromkeys([VERSIONED]) == plain | dict.fromkeys([VERSIONED])
    elsewhere = marts_of(**tables, variables={"reporting_timezone": "Asia/Kolkata"})
    assert fired(elsewhere, "date_only_times") == [("events", "timestamp", 29, 1.0)]


def test_half_of_the_events_at_midnight_are_no_warning(marts_of: Compute) -> None:
    midnight = datetime(2024, 1, 2)
    marts = marts_of(
        users=[user("u")],
        events=[event(1, midnight, "u"), event(2, midnight + MOMENT, "u")],
        variables={"reporting_timezone": "Asia/Kolkata"},
    )
    assert fired(marts, "date_only_times") == []


def test_rules_and_warnings_keep_the_dates_of_utc(marts_of: Compute) -> None:
    """The event at midnight UTC of the signup's date counts, in every zone."""
    signup = datetime(2024, 1, 2, 20)
    tables = {
        "users": [user("u", signup), *(user(f"o{n}", signup + n * DAY) for n in range(1, 100))],
        "events": [event(1, datetime(2024, 1, 2), "u"), event(2, datetime(2024, 1, 3), "u")],
    }
    for zone in ("UTC", "Asia/Kolkata"):
        marts = marts_of(**tables, variables={"reporting_timezone": zone})
        assert removed(marts, "events") == {}


def test_who_was_there_when_the_export_began_did_not_sign_up_then() -> None:
    begin = datetime(2024, 1, 1)
    assert signup_of_first_seen(datetime(2024, 1, 10), begin) is None
    assert signup_of_first_seen(datetime(2024, 2, 2), begin) == datetime(2024, 2, 2)
    assert signup_of_first_seen(datetime(2024, 1, 31), begin) == datetime(2024, 1, 31)
    assert signup_of_first_seen(datetime(2024, 1, 31) - MOMENT, begin) is None
    events = [begin + n * HOUR for n in range(1000)]
    assert begin_of_export(events) == begin
    assert begin_of_export([datetime(1995, 1, 1), *events]) == begin
