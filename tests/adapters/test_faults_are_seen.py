"""The proof of the proof: a rule that is read wrongly changes what random exports give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.adapters.comparison import COLUMNS, row_differences
from tests.adapters.expected import (
    SOURCES,
    Canonical,
    amplitude,
    ga4,
    mixpanel,
    people,
    posthog,
    read_export,
    segment,
    snowplow,
    values,
)
from tests.adapters.random_base import random_export
from tests.oracle import values as oracle_values

# One more than the exports that are built: a person with two account ids is rare.
SEEDS = range(4)


@pytest.fixture(scope="module")
def right() -> dict[tuple[str, int], Canonical]:
    return {(source, seed): read(source, seed) for source in SOURCES for seed in SEEDS}


def read(source: str, seed: int) -> Canonical:
    export = random_export(source, seed)
    return read_export(source, export.tables, export.settings)


def is_seen(source: str, right: dict[tuple[str, int], Canonical]) -> bool:
    """Whether a fault that is in force changes a cell of the source or a count."""
    for seed in SEEDS:
        expected, found = right[source, seed], read(source, seed)
        if expected.decisions != found.decisions:
            return True
        for table in COLUMNS:
            if row_differences(source, table, getattr(expected, table), getattr(found, table)):
                return True
    return False


@pytest.mark.parametrize("word", sorted(oracle_values.NO_IDS - {"null", "none", "nan", "false"}))
def test_each_word_for_nobody(
    word: str, right: dict[tuple[str, int], Canonical], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oracle_values, "NO_IDS", oracle_values.NO_IDS - {word})
    assert any(is_seen(source, right) for source in ("segment", "ga4", "amplitude"))


@pytest.mark.parametrize(
    "names", ["CREATED_AT", "PLAN_TIER", "INSTALL_SOURCE", "INVITED_BY", "ACCOUNT_ID"]
)
@pytest.mark.parametrize("source", [source for source in SOURCES if source != "snowplow"])
def test_the_order_of_names_of_traits(
    source: str,
    names: str,
    right: dict[tuple[str, int], Canonical],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = getattr(people, names)
    monkeypatch.setattr(people, names, order[::-1])
    # Each source sees an order turned round: it has two names of the same trait.
    assert is_seen(source, right)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (module, name)
        for module in (segment, amplitude, mixpanel, posthog)
        for name in sorted(module.NO_EVENT_TABLES if module is segment else module.NO_EVENTS)
    ],
)
def test_each_name_that_is_no_event(
    module: object,
    name: str,
    right: dict[tuple[str, int], Canonical],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attribute = "NO_EVENT_TABLES" if module is segment else "NO_EVENTS"
    kept = [other for other in getattr(module, attribute) if other != name]
    monkeypatch.setattr(module, attribute, frozenset(kept))
    assert is_seen(module.__name__.rpartition(".")[2], right)


def earliest_wall_time(instant: datetime | None, zone_name: str) -> datetime | None:
    if instant is None:
        return None
    return instant - instant.replace(tzinfo=ZoneInfo(zone_name)).utcoffset()


def later_wall_time(instant: datetime | None, zone_name: str) -> datetime | None:
    if instant is None:
        return None
    return instant - instant.replace(tzinfo=ZoneInfo(zone_name), fold=1).utcoffset()


def earliest_of_all(events: list) -> datetime | None:
    return min((e["timestamp"] for e in events if e["timestamp"]), default=None)


def last_of_a_key(value: object) -> dict[str, object]:
    found = {}
    for pair in values.read_json(value) or ():
        found[pair["key"]] = ga4.first_value(values.read_object(pair["value"]))
    return {key: item for key, item in found.items() if item is not None}


FAULTS: dict[str, tuple[str, object, str, Callable]] = {
    "a time that occurs twice is the earlier": (
        "mixpanel",
        mixpanel,
        "wall_time",
        earliest_wall_time,
    ),
    "a time that is skipped takes the offset after": (
        "mixpanel",
        mixpanel,
        "wall_time",
        later_wall_time,
    ),
    "a device keeps its prefix": ("mixpanel", mixpanel, "without_device", lambda text: text),
    "one key of an event is left out": (
        "mixpanel",
        mixpanel,
        "event_id_of",
        lambda row, distinct, time, insert_id: values.read_text(insert_id),
    ),
    "the export begins with the first clock": (
        "segment",
        segment,
        "begin_of_export",
        earliest_of_all,
    ),
    "nothing decides between rows of one instant": (
        "segment",
        segment,
        "order_of",
        lambda timestamp, received_at, id_: people.order_of(timestamp, received_at, None),
    ),
    "an insert id needs no device": (
        "amplitude",
        amplitude,
        "event_id_of",
        lambda row: (
            values.legal_id(row.get("uuid"))
            or values.read_id(row.get("$insert_id"))
            or values.read_id(row.get("_insert_id"))
        ),
    ),
    "users are those of events alone": (
        "posthog",
        posthog,
        "is_identified",
        lambda holder, own, traits, settings: bool(holder.distinct_ids),
    ),
    "a version is the first": ("posthog", posthog, "version", lambda row, column: 0),
    "a deleted person stays": ("posthog", posthog, "is_true", lambda value: False),
    "the last of a key's values counts": ("ga4", ga4, "parameters", last_of_a_key),
    "an intraday table counts beside a daily one": (
        "ga4",
        ga4,
        "rows_that_count",
        lambda tables, canonical: (row for rows in tables.values() for row in rows),
    ),
    "several own columns are one object": (
        "snowplow",
        snowplow,
        "properties_of",
        lambda row: {
            key: value
            for column in snowplow_columns(row)
            for key, value in values.read_object(row[column]).items()
        },
    ),
}


def snowplow_columns(row: dict[str, object]) -> list[str]:
    return [name for name in row if name.startswith(snowplow.UNSTRUCT) and row[name]]


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault(
    fault: str, right: dict[tuple[str, int], Canonical], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, module, name, replacement = FAULTS[fault]
    monkeypatch.setattr(module, name, replacement)
    assert is_seen(source, right)


def test_exports_are_the_same_each_time(right: dict[tuple[str, int], Canonical]) -> None:
    for source in SOURCES:
        assert not is_seen(source, right)
