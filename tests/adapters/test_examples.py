"""The worked examples of the definitions, on the expected rows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.adapters.expected import read_export
from tests.adapters.expected.values import Row, first_id, read_time, snake_case, wall_time

JANUARY = datetime(2024, 1, 1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("Signed Up", "segment", "signed_up"),
        ("SignedUp", "segment", "signed_up"),
        ("signed_up", "segment", "signed_up"),
        ("APICallSuccess", "segment", "api_call_success"),
        ("HTML5Upload", "segment", "html5_upload"),
        ("3DView", "segment", "3_d_view"),
        ("iOSAppOpened", "segment", "i_os_app_opened"),
        ("\u00dcberSignup", "segment", "\u00dcber_signup"),
        ("[Amplitude] Page Viewed", "amplitude", "amplitude_page_viewed"),
        ("$pageview", "posthog", "posthog_pageview"),
        ("$x", "segment", "segment_x"),
        ("--", "segment", "--"),
    ],
)
def test_names_of_events(name: str, source: str, expected: str) -> None:
    assert snake_case(name, source) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1602611311.0", datetime(2020, 10, 13, 17, 48, 31)),
        (1602611311.0, datetime(2020, 10, 13, 17, 48, 31)),
        ("1.6e9", datetime(2020, 9, 13, 12, 26, 40)),
        ("1602611311.5", None),
        (1602611311.5, None),
        ("20240101", JANUARY),
        (20240101, JANUARY),
        ("2024-01-01 00:00:00", JANUARY),
        ("1970-01-01", None),
    ],
)
def test_times(value: object, expected: datetime | None) -> None:
    assert read_time(value) == expected


@pytest.mark.parametrize(
    ("local", "zone", "expected"),
    [
        # It occurs at 05:30 and 06:30 UTC.
        ((11, 3, 1, 30), "America/New_York", (11, 3, 6, 30)),
        # It is skipped: five hours, as before.
        ((3, 10, 2, 30), "America/New_York", (3, 10, 7, 30)),
        ((3, 10, 1, 59), "America/New_York", (3, 10, 6, 59)),
        ((3, 10, 3, 0), "America/New_York", (3, 10, 7, 0)),
        ((6, 1, 12, 0), "Asia/Kolkata", (6, 1, 6, 30)),
    ],
)
def test_wall_times(local: tuple[int, ...], zone: str, expected: tuple[int, ...]) -> None:
    assert wall_time(datetime(2024, *local), zone) == datetime(2024, *expected)


def test_the_first_of_several_ids() -> None:
    assert first_id(["undefined", "17.0"]) == ("17", True)
    assert first_id(["a", "undefined"]) == ("a", True)
    # Null in any input: nobody wrote an id.
    assert first_id(["null", " "]) == (None, False)


def track(number: int, user_id: str, timestamp: datetime) -> Row:
    return {
        "id": f"e{number}",
        "event": "clicked",
        "user_id": user_id,
        "timestamp": timestamp,
        "received_at": timestamp,
    }


@pytest.mark.parametrize("wrong_clock", [datetime(1970, 5, 5), datetime(1995, 5, 5)])
def test_who_was_there_when_the_export_begins(wrong_clock: datetime) -> None:
    """Of 1,001 events the second begins the export."""
    rows = [track(0, "x", wrong_clock) | {"received_at": None}]
    rows += [track(1, "w", JANUARY), track(2, "u", JANUARY + 9 * DAY)]
    rows += [track(3, "v", JANUARY + 32 * DAY), track(4, "t", JANUARY + 30 * DAY)]
    rows += [track(5, "s", JANUARY + 30 * DAY - timedelta(microseconds=1))]
    rows += [track(number, "y", JANUARY + 90 * DAY) for number in range(6, 1001)]
    found = {user["user_id"]: user for user in read_export("segment", {"tracks": rows}).users}
    assert {name: user["created_at"] for name, user in found.items() if name in "stuvw"} == {
        "u": None,
        "v": JANUARY + 32 * DAY,
        "t": JANUARY + 30 * DAY,
        "s": None,
        "w": None,
    }
    assert found["u"]["signup_found_by"] == "unknown"
    assert found["v"]["signup_found_by"] == "first_seen"


def test_insert_ids_are_unique_on_a_device_only() -> None:
    rows = [
        {"event_type": "buy", "event_time": JANUARY, "$insert_id": "buy:2", "device_id": device}
        for device in "xy"
    ]
    events = read_export("amplitude", {"events": rows}).events
    assert [event["event_id"] for event in events] == ["buy:2|x", "buy:2|y"]


def test_both_writings_of_a_device_are_one_id() -> None:
    rows = [
        {"distinct_id": "u", "$user_id": "u", "$device_id": "d", "time": 1704067200},
        {"distinct_id": "$device:d", "time": 1704060000},
    ]
    exported = [{"event": "visited", "properties": row} for row in rows]
    found = read_export("mixpanel", {"events": exported})
    ids = [(event["user_id"], event["anonymous_id"]) for event in found.events]
    assert ids == [("u", "d"), (None, "d")]
    assert found.aliases == []


def test_one_column_of_an_own_event_or_several() -> None:
    one, two = "unstruct_event_com_acme_action_1_0_0", "unstruct_event_com_acme_zoom_1_0_0"
    event = {"event_name": "a", "event_id": "1", "derived_tstamp": JANUARY}
    rows = [event | {one: '{"page": "/a"}', two: None}, event | {one: {"page": "/a"}, two: "{}"}]
    found = [row["properties"] for row in read_export("snowplow", {"events": rows}).events]
    assert found == [{"page": "/a"}, {one: {"page": "/a"}, two: {}}]
