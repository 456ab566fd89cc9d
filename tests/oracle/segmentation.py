"""Which value of each segment type a user has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from tests.oracle.cleaning import in_byte_order
from tests.oracle.raw_files import RawAccount, RawUser, column_of

UNKNOWN, OTHER = "unknown", "other"
BOOLEANS = ("true", "false")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class SegmentType:
    """A row of the seed `segments`."""

    name: str
    source_table: str
    source_column: str
    max_values: int
    # As they are written, ascending.
    bounds: tuple[str, ...]


@dataclass(frozen=True)
class Segments:
    """The values of the users that count.

    Attributes:
        values: of each user, by the name of the type and then the user_id.
        moved: the users whose value became `other` by its rank, by the name of the type.
    """

    values: Mapping[str, Mapping[str, str]]
    moved: Mapping[str, frozenset[str]]


def segments_of(
    types: Iterable[SegmentType],
    users: Mapping[str, RawUser],
    accounts: Mapping[str, RawAccount],
) -> Segments:
    values, moved = {}, {}
    for segment_type in types:
        found = {
            user_id: value_of(source_text(segment_type, user, accounts), segment_type)
            for user_id, user in users.items()
        }
        out = frozenset() if segment_type.bounds else out_of_rank(found, segment_type.max_values)
        values[segment_type.name] = {
            user_id: OTHER if user_id in out else value for user_id, value in found.items()
        }
        moved[segment_type.name] = out
    return Segments(values, moved)


def source_text(
    segment_type: SegmentType, user: RawUser, accounts: Mapping[str, RawAccount]
) -> str | None:
    """What the column of the type says of a user, or of the user's account."""
    row = user if segment_type.source_table == "users" else accounts.get(user.account_id)
    return None if row is None else column_of(row, segment_type.source_column)


def value_of(text: str | None, segment_type: SegmentType) -> str:
    """The value before any rank."""
    if text is None:
        return UNKNOWN
    if segment_type.bounds:
        return band_of_number(text, segment_type.bounds)
    return text.lower() if text.lower() in BOOLEANS else text


def band_of_number(text: str, bounds: tuple[str, ...]) -> str:
    if not NUMBER.fullmatch(text):
        return UNKNOWN
    number = Decimal(text)
    if number < Decimal(bounds[0]):
        return f"under {bounds[0]}"
    for lower, upper in pairwise(bounds):
        if number < Decimal(upper):
            return f"{lower} to under {upper}"
    return f"{bounds[-1]} and over"


def out_of_rank(values: Mapping[str, str], max_values: int) -> frozenset[str]:
    """The users whose value is not among the first, by users and then in byte order."""
    counts = Counter(value for value in values.values() if value not in (UNKNOWN, OTHER))
    ranked = sorted(counts, key=lambda value: (-counts[value], in_byte_order(value)))
    first = {*ranked[:max_values], UNKNOWN, OTHER}
    return frozenset(user_id for user_id, value in values.items() if value not in first)
