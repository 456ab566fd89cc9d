"""What each text means: as an id, as text (an event's name, properties), as a word and as a time.

Every way in has to read the same: files of each form, and the tables of a warehouse.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

BLANKS = "\t\n\r \u00a0\u200b\u202f\u2060\ufeff"


@dataclass(frozen=True)
class Case:
    """A text, and what it is read as; null where None."""

    text: str | None
    as_id: str | None
    as_text: str | None
    as_word: str | None
    as_time: datetime | None


def _same(text: str | None, time: str | None = None) -> Case:
    """Text that every reading but that of a time leaves as it is."""
    return Case(text, text, text, text, datetime.fromisoformat(time) if time else None)


def _null_word(text: str) -> Case:
    return Case(text, None, text, None, None)


def _number(text: str, whole: str, time: str | None = None) -> Case:
    return Case(text, whole, text, text, datetime.fromisoformat(time) if time else None)


def _padded(inner: str, time: str | None = None) -> Case:
    read = _same(inner, time)
    return Case(f"{BLANKS}{inner}{BLANKS[::-1]}", *[read.as_id, inner, inner, read.as_time])


TEXTS = [
    Case(None, None, None, None, None),
    Case("", None, None, None, None),
    Case(BLANKS, None, None, None, None),
    *map(_null_word, ["NULL", "null", "None", "NaN", "nan", "N/A", "#N/A", "\\N"]),
    Case(" NULL\u200b", None, "NULL", None, None),
    *map(_same, ["Null", "NONE", "n/a", "none", "nil", "NA", "-", "\\n", "null null", "É", "it's"]),
    *map(_same, ["a b", "a\u200bb", "\u00e9\u3000", "{}", '{"a": 1.0}', "/", "~", "!", "\u2003x"]),
    *map(_padded, ["ann", "ann lee", "É", "!"]),
    _padded("2024-01-31", "2024-01-31"),
]
NUMBERS = [
    *map(
        _same, ["17", "007", "1e3", "1.5", "1.55e1", "0.5", ".", "e", "1.0e", "10.0.0.1", "1_0.0"]
    ),
    *map(_same, ["-17", "+17", "1.0e1234", "17.0a", "0x1.0", "1,000.0", "1.0e-2", "17.0 0"]),
    _number("17.0", "17"),
    _number("17.", "17"),
    _number(".0", "0"),
    _number("007.0", "7"),
    _number("1.0e3", "1000"),
    _number("1.5e3", "1500"),
    _number("1.0E+03", "1000"),
    _number("120.0e-1", "12"),
    _number("0.001e3", "1"),
    _number("-17.0", "-17"),
    _number("+17.0", "17"),
    _number("-0.0", "0"),
    _number("0.0e5", "0"),
    _number("1234567890123456789.0", "1234567890123456789"),
    _number("9" * 60 + ".000", "9" * 60),
    _number("1.0e20", "1" + "0" * 20),
]
TIMES = [
    _same("2024-01-31", "2024-01-31"),
    _same("2024-1-5", "2024-01-05"),
    _same("2024-1-5 10:00", "2024-01-05 10:00:00"),
    _same("2024-01-31 09:30:15", "2024-01-31 09:30:15"),
    _same("2024-01-31T09:30:15.5", "2024-01-31 09:30:15.500000"),
    _same("2024-01-31T09:30:15.123456999Z", "2024-01-31 09:30:15.123456"),
    _same("2024-01-31 09:30:59.9999999", "2024-01-31 09:30:59.999999"),
    _same("2024-01-31 09:30 Z", "2024-01-31 09:30:00"),
    _same("2024-01-31 09:30:00 UTC", "2024-01-31 09:30:00"),
    _same("2024-01-31 09:30:00+02", "2024-01-31 07:30:00"),
    _same("2024-01-31T09:30:00.9999999+0530", "2024-01-31 04:00:00.999999"),
    _same("2024-01-31T09:30-04:30", "2024-01-31 14:00:00"),
    _same("2024-01-31 09:30:00 +14:00", "2024-01-30 19:30:00"),
    _same("2024-01-31 09:30:00 Europe/Berlin", "2024-01-31 08:30:00"),
    _same("2024-07-31 09:30 America/Argentina/Buenos_Aires", "2024-07-31 12:30:00"),
    _same("2024-07-31 09:30:00.5 EST5EDT", "2024-07-31 13:30:00.500000"),
    _same("2024-07-31 09:30:00 Japan", "2024-07-31 00:30:00"),
    # Once a year a clock shows an hour twice, and once it leaves one out.
    _same("2024-10-27 02:30:00 Europe/Berlin", "2024-10-27 01:30:00"),
    _same("2024-03-31 02:30:00 Europe/Berlin", "2024-03-31 01:30:00"),
    _same("2024-02-29", "2024-02-29"),
    _same("2000-02-29 10:00", "2000-02-29 10:00:00"),
    _same("1996-02-29", "1996-02-29"),
    _same("1990-01-01", "1990-01-01"),
    _same("1990-01-01 00:00:00.000001-00:00", "1990-01-01 00:00:00.000001"),
    _same("1989-12-31 23:00-02:00", "1990-01-01 01:00:00"),
    _same("9999-12-31 23:59:59.9999999", "9999-12-31 23:59:59.999999"),
    _same("20240131", "2024-01-31"),
    _same("19900101", "1990-01-01"),
    _same("631152000", "1990-01-01"),
    _same("1706659200", "2024-01-31"),
    _same("99999999999", "5138-11-16 09:46:39"),
    _same("1706659200123", "2024-01-31 00:00:00.123000"),
    _same("99999999999999", "5138-11-16 09:46:39.999000"),
    _same("1706659200123456", "2024-01-31 00:00:00.123456"),
    _same("253402300799999999", "9999-12-31 23:59:59.999999"),
    _number("1706659200.0", "1706659200", "2024-01-31"),
    _number("1.7066592e9", "1706659200", "2024-01-31"),
    _number("20240131.0", "20240131", "2024-01-31"),
    _number("17066592000.0e-1", "1706659200", "2024-01-31"),
    # With an exponent alone it is text as an id, and yet a time.
    _same("17066592E+02", "2024-01-31"),
    _same("17066592000e-1", "2024-01-31"),
    _same("20240131e0", "2024-01-31"),
    *map(
        _same,
        [
            *("2024-02-30", "2023-02-29", "2100-02-29", "2024-04-31", "2024-13-01", "2024-00-10"),
            *("2024-01-00", "2024-01-32", "24-01-05", "224-01-05", "02024-01-05", "-2024-01-05"),
            *("01/02/2024", "2024/01/02", "2024-01", "2024", "yesterday", "infinity", "now"),
            *("2024-01-31 9:30", "2024-01-31 09", "2024-01-31T", "2024-01-31 24:00", "09:30"),
            *("2024-01-31 09:60", "2024-01-31 09:30:60", "2024-01-31 09:30:00.", "2024-01-31Z"),
            *("2024-01-31  09:30", "2024-01-31 09:30:00  UTC", "2024-01-31t09:30", "epoch"),
            *("2024-01-31 09:30:00+14:30", "2024-01-31 09:30:00 -15:00", "2024-01-31 09:30+2"),
            *("2024-01-31 09:30:00+02:60", "2024-01-31 09:30:00 BST", "2024-01-31 09:30 Foo/Bar"),
            *("2024-01-31 09:30:00 utc", "0044-03-15 (BC)", "290000-01-01", "0001-01-01"),
            *("1989-12-31 23:59:59", "1970-01-01", "1900-01-01", "1990-01-01 00:00+02:00"),
            *("1989-12-31 23:00 UTC", "9999-12-31 23:00-02:00", "20240230", "19891231", "0"),
            *("631151999", "100000000000", "631151999999", "253402300800000000", "-1706659200"),
            *("-0", "1" * 19, "9" * 40, "+1706659200"),
        ],
    ),
    _number("1706659200.", "1706659200", "2024-01-31"),
    _same("1706659200.5"),
    _same("17066592001e-1"),
    _same("2e9999"),
    _number("-1706659200.0", "-1706659200"),
]
CASES = [*TEXTS, *NUMBERS, *TIMES]
assert len({case.text for case in CASES}) == len(CASES)
