"""Says in sentences where two versions of a mart differ, cell by cell."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

Row = dict[str, object]
Key = tuple[object, ...]

FLOAT_TOLERANCE = 1e-9


def differences(
    mart: str,
    expected_rows: Sequence[Row],
    actual_rows: Sequence[Row],
    keys: Sequence[str],
    limit: int = 20,
) -> list[str]:
    """What differs, at most `limit` sentences and one that counts the rest; empty when equal.

    Two rows are compared where their `keys` agree, in any order of the rows.
    """
    found = column_differences(mart, expected_rows, actual_rows)
    columns = shared_columns(expected_rows, actual_rows)
    # Without its key, no row can be told from another.
    if all(key in columns for key in keys) or not (expected_rows and actual_rows):
        expected, expected_doubles = rows_by_key(expected_rows, keys)
        actual, actual_doubles = rows_by_key(actual_rows, keys)
        for side, doubles in (("expected", expected_doubles), ("actual", actual_doubles)):
            for key, count in doubles.items():
                found.append(f"{mart}: {name_key(keys, key)} stands {count} times in {side}")
        for key in expected.keys() - actual.keys():
            found.append(f"{mart}: {name_key(keys, key)} is expected and missing")
        for key in actual.keys() - expected.keys():
            found.append(f"{mart}: {name_key(keys, key)} is there and not expected")
        for key in expected.keys() & actual.keys():
            for column in columns:
                if not is_equal(expected[key][column], actual[key][column]):
                    found.append(
                        f"{mart}: {name_key(keys, key)}: {column} should be "
                        f"{expected[key][column]!r} and is {actual[key][column]!r}"
                    )
    # Sets of keys have no order of their own: sorted, a report is the same at every run.
    found.sort()
    if len(found) > limit:
        return [*found[:limit], f"{mart}: and {len(found) - limit} more differences"]
    return found


def column_differences(
    mart: str, expected_rows: Sequence[Row], actual_rows: Sequence[Row]
) -> list[str]:
    if not expected_rows or not actual_rows:
        return []
    expected, actual = columns_of(expected_rows), columns_of(actual_rows)
    return [f"{mart}: column {name} is expected and missing" for name in expected - actual] + [
        f"{mart}: column {name} is there and not expected" for name in actual - expected
    ]


def columns_of(rows: Sequence[Row]) -> set[str]:
    return set().union(*rows)


def shared_columns(expected_rows: Sequence[Row], actual_rows: Sequence[Row]) -> list[str]:
    return sorted(columns_of(expected_rows) & columns_of(actual_rows))


def rows_by_key(rows: Sequence[Row], keys: Sequence[str]) -> tuple[dict[Key, Row], dict[Key, int]]:
    """The first row of each key, and how often the doubled keys stand."""
    by_key = {}
    counts = Counter()
    for row in rows:
        key = tuple(row[name] for name in keys)
        by_key.setdefault(key, row)
        counts[key] += 1
    return by_key, {key: count for key, count in counts.items() if count > 1}


def name_key(keys: Sequence[str], key: Key) -> str:
    return ", ".join(f"{name} {value!s}" for name, value in zip(keys, key, strict=True))


def is_equal(expected: object, actual: object) -> bool:
    """Equal to 1e-9 where a float is expected, exactly for all other values."""
    if not (is_number(expected) and is_number(actual)):
        # A boolean is not 1, a timestamp at midnight is not a date.
        return type(expected) is type(actual) and expected == actual
    if isinstance(expected, float) and math.isfinite(expected) and math.isfinite(actual):
        distance = abs(expected - float(actual))
        return distance <= FLOAT_TOLERANCE * max(1.0, abs(expected))
    # Python compares int, Decimal and float by their exact value: 0.8 is not Decimal("0.8").
    return expected == actual


def is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
