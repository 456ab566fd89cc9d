"""Proves that the comparison finds each kind of difference, and only differences."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest

from .compare import differences

KEYS = ("cohort_date", "segment_value")
ROW = {
    "cohort_date": date(2024, 1, 1),
    "segment_value": "all",
    "signup_count": 3,
    "activation_rate": 1 / 3,
    "milestone_score": Decimal("0.8"),
    "is_pql": True,
    "qualified_at": datetime(2024, 1, 1, 12),
    "account_id": None,
}
OTHER_ROW = ROW | {"segment_value": "other"}


def test_equal_rows_in_another_order_do_not_differ() -> None:
    assert differences("mart", [ROW, OTHER_ROW], [dict(OTHER_ROW), dict(ROW)], KEYS) == []


def test_no_rows_on_both_sides_do_not_differ() -> None:
    assert differences("mart", [], [], KEYS) == []


@pytest.mark.parametrize(
    ("column", "actual"),
    [
        ("activation_rate", 1 / 3 + 1e-10),
        ("activation_rate", Decimal("0.3333333333")),
        ("milestone_score", Decimal("0.800000000")),
        ("signup_count", Decimal(3)),
    ],
)
def test_the_same_value_in_another_form_is_equal(column: str, actual: object) -> None:
    assert differences("mart", [ROW], [ROW | {column: actual}], KEYS) == []


def test_large_floats_are_compared_relatively() -> None:
    expected, near, far = ({"id": 1, "seconds": value} for value in (1e7, 1e7 + 1e-3, 1e7 + 1e-1))
    assert differences("mart", [expected], [near], ["id"]) == []
    assert len(differences("mart", [expected], [far], ["id"])) == 1


@pytest.mark.parametrize(
    ("column", "actual"),
    [
        ("activation_rate", 1 / 3 + 1e-8),
        ("activation_rate", None),
        ("activation_rate", float("nan")),
        ("activation_rate", float("inf")),
        ("signup_count", 4),
        ("signup_count", "3"),
        ("milestone_score", Decimal("0.8000000001")),
        ("milestone_score", 0.8),
        ("is_pql", False),
        ("is_pql", 1),
        ("qualified_at", datetime(2024, 1, 1, 12, 0, 0, 1)),
        ("qualified_at", datetime(2024, 1, 1, 12, tzinfo=timezone.utc)),
        ("qualified_at", date(2024, 1, 1)),
        ("account_id", ""),
        ("account_id", float("nan")),
        ("account_id", 0),
    ],
)
def test_another_value_is_found(column: str, actual: object) -> None:
    [sentence] = differences("mart", [ROW], [ROW | {column: actual}], KEYS)
    assert sentence == (
        f"mart: cohort_date 2024-01-01, segment_value all: {column} should be "
        f"{ROW[column]!r} and is {actual!r}"
    )


def test_a_null_key_is_a_key_like_any_other() -> None:
    row = ROW | {"segment_value": None}
    assert differences("mart", [row], [dict(row)], KEYS) == []
    assert len(differences("mart", [row], [ROW], KEYS)) == 2


def test_a_missing_row_is_found() -> None:
    assert differences("mart", [ROW, OTHER_ROW], [ROW], KEYS) == [
        "mart: cohort_date 2024-01-01, segment_value other is expected and missing"
    ]


def test_a_row_too_many_is_found() -> None:
    assert differences("mart", [ROW], [ROW, OTHER_ROW], KEYS) == [
        "mart: cohort_date 2024-01-01, segment_value other is there and not expected"
    ]


@pytest.mark.parametrize(
    ("expected", "actual", "count"), [([ROW], [], 1), ([], [ROW, OTHER_ROW], 2)]
)
def test_an_empty_side_is_found(expected: list, actual: list, count: int) -> None:
    assert len(differences("mart", expected, actual, KEYS)) == count


@pytest.mark.parametrize(
    ("expected", "actual", "side"), [([ROW, ROW], [ROW], "expected"), ([ROW], [ROW, ROW], "actual")]
)
def test_a_doubled_key_is_found_on_either_side(expected: list, actual: list, side: str) -> None:
    assert differences("mart", expected, actual, KEYS) == [
        f"mart: cohort_date 2024-01-01, segment_value all stands 2 times in {side}"
    ]


def test_a_key_that_is_doubled_on_both_sides_is_found() -> None:
    assert len(differences("mart", [ROW, ROW], [ROW, ROW], KEYS)) == 2


def test_a_missing_column_is_found() -> None:
    actual = {column: value for column, value in ROW.items() if column != "is_pql"}
    assert differences("mart", [ROW], [actual], KEYS) == [
        "mart: column is_pql is expected and missing"
    ]


def test_a_column_too_many_is_found() -> None:
    assert differences("mart", [ROW], [ROW | {"note": "x"}], KEYS) == [
        "mart: column note is there and not expected"
    ]


def test_a_missing_key_column_is_found() -> None:
    actual = {column: value for column, value in ROW.items() if column != "cohort_date"}
    assert differences("mart", [ROW], [actual], KEYS) == [
        "mart: column cohort_date is expected and missing"
    ]


def test_beyond_the_limit_differences_are_counted() -> None:
    expected = [ROW | {"segment_value": str(number)} for number in range(30)]
    actual = [row | {"is_pql": False} for row in expected]
    sentences = differences("mart", expected, actual, KEYS, limit=5)
    assert len(sentences) == 6
    assert sentences[-1] == "mart: and 25 more differences"
