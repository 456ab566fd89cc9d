"""Random exports of GA4: tables by date, intraday ones beside them, keys that occur twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.adapters.expected.values import Row
from tests.adapters.random_base import FIRST_SEEN, Dice, Export, settings_of

OWN = ("session_start", "first_visit", "page_view", "screen_view", "user_engagement")
VALUES = "string_value VARCHAR, int_value BIGINT, float_value DOUBLE, double_value DOUBLE"
COLUMN_TYPES = {
    "event_params": f"STRUCT(key VARCHAR, value STRUCT({VALUES}))[]",
    "user_properties": (
        f"STRUCT(key VARCHAR, value STRUCT({VALUES}, set_timestamp_micros BIGINT))[]"
    ),
    "traffic_source": "STRUCT(name VARCHAR, medium VARCHAR, source VARCHAR)",
}


def random_export(seed: int) -> Export:
    dice = Dice(seed)
    rows = [event(dice) for _ in range(1600 if seed % 3 == 1 else 400)]
    rows += [dict(row) for row in dice.sample(rows, 8)]
    if seed % 3 == 1:
        rows[0] |= {"event_timestamp": 799_650_305_000_000, "user_id": "u1", "event_name": "a"}
    for user_id, instant in FIRST_SEEN.items():
        row = event(dice) | {"event_name": "Clicked", "user_id": user_id, "user_properties": []}
        row |= {"event_timestamp": number(dice, micros(instant))}
        rows.append(row | {"user_first_touch_timestamp": None})
    dice.shuffle(rows)
    if seed % 3 == 2:
        return Export("ga4", {"events": rows}, settings_of(dice), COLUMN_TYPES)
    third = len(rows) // 3
    tables = {
        "events_20240301": rows[:third],
        "events_20240302": rows[third : 2 * third],
        # Its day has a daily table, so it is replaced; the other has none.
        "events_intraday_20240302": rows[third : third + 40],
        "events_intraday_20240303": rows[2 * third :],
    }
    return Export("ga4", tables, settings_of(dice), COLUMN_TYPES)


def micros(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1)) // timedelta(microseconds=1)


def event(dice: Dice) -> Row:
    row: Row = {
        "event_date": "20240101",
        "event_timestamp": number(dice, micros(dice.instant())),
        "event_name": dice.name(OWN),
        "user_id": dice.id_of(dice.users, missing=0.4),
        "user_pseudo_id": dice.id_of(dice.devices, missing=0.05),
        "user_first_touch_timestamp": None,
        "event_bundle_sequence_id": number(dice, dice.randrange(50)),
        "event_params": [parameter(dice) for _ in range(dice.randrange(5))],
        "user_properties": traits(dice),
        "traffic_source": dice.choice((None, source(dice))),
    }
    if dice.chance(0.04):
        row["event_timestamp"] = dice.choice((None, number(dice, 0)))
    if dice.chance(0.3):
        row["user_first_touch_timestamp"] = number(dice, dice.choice((0, micros(dice.instant()))))
    if dice.number % 2 == 0:
        row |= {
            "batch_page_id": None,
            "batch_ordering_id": number(dice, dice.randrange(1, 4)),
            "batch_event_index": number(dice, dice.randrange(1, 9)),
        }
    return row


def number(dice: Dice, value: int) -> object:
    """JSON of BigQuery writes whole numbers in quotes."""
    return str(value) if dice.number % 3 else value


def source(dice: Dice) -> Row:
    value = dice.choice(("google", "(direct)", "", None))
    return {"name": "(direct)", "medium": "organic", "source": value}


def parameter(dice: Dice) -> Row:
    key = dice.choice(("page_location", "count", "plan", "a b", "\u00fc", "count"))
    return {"key": key, "value": value_of(dice)}


def value_of(dice: Dice) -> Row:
    one = dice.choice(
        (
            {"string_value": dice.choice(("", "text", "007", '\u00fc "q"'))},
            {"int_value": number(dice, dice.choice((0, -3, 12345678901234567)))},
            {"float_value": dice.choice((0.5, 2.25))},
            {"double_value": dice.choice((1.5, 1e-3))},
        )
    )
    if dice.chance(0.5):
        return one
    names = ("string_value", "int_value", "float_value", "double_value")
    return dict.fromkeys(names) | one


def traits(dice: Dice) -> list[Row]:
    """Traits as texts, some as whole numbers."""
    found = []
    for key, value in dice.traits(0.15).items():
        if isinstance(value, int):
            kind = {"int_value": number(dice, value)}
        else:
            text = value.isoformat(sep=" ") if isinstance(value, datetime) else value
            kind = {"string_value": text}
        found.append({"key": key, "value": kind | {"set_timestamp_micros": number(dice, 1)}})
    return found
