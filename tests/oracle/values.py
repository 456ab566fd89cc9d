"""How the text and the numbers of a raw file are read as text, ids and times."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from zoneinfo import ZoneInfo

MICROSECOND = timedelta(microseconds=1)
UNIX_EPOCH = datetime(1970, 1, 1)
# An earlier time means that there was no date: year 1, 1900 and 1970 stand for that.
EARLIEST_TIME = datetime(1990, 1, 1)

# Tab, line feed, carriage return, blank, and five that nobody sees.
TRIMMED = "\t\n\r \u00a0\u200b\u202f\u2060\ufeff"
NULL_WORDS = frozenset({"NULL", "null", "None", "NaN", "nan", "N/A", "#N/A", "\\N"})
# In these, the words are text like any other.
FREE_TEXT_COLUMNS = frozenset({"event_name", "properties"})
TIME_COLUMNS = frozenset(
    {
        "created_at",
        "timestamp",
        "updated_at",
        "received_at",
        "aliased_at",
        "trial_started_at",
        "trial_ends_at",
        "started_at",
        "ended_at",
        "observed_until_at",
        "week_start_date",
    }
)
# What a program writes where it knows nobody: lower-cased, they are no ids.
NO_IDS = frozenset(
    {
        "anonymous",
        "guest",
        "null",
        "none",
        "nil",
        "undefined",
        "nan",
        "true",
        "false",
        "0",
        "-1",
        "[object object]",
        "not_authenticated",
        "unknown",
        "00000000-0000-0000-0000-000000000000",
    }
)

NUMBER_WITH_POINT = re.compile(r"[+-]?(\d+\.\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
DECIMAL_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
NUMBER_WITH_EXPONENT = re.compile(r"[+-]?\d+[eE][+-]?\d{1,3}", re.ASCII)
WHOLE_NUMBER = re.compile(r"-?\d{1,40}", re.ASCII)
EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
WRITTEN_TIME = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d+))?)?"
    r"(?: ?(?P<offset>Z|[+-]\d{2}(?::?\d{2})?)| (?P<zone>[A-Za-z][A-Za-z0-9_+/-]*))?)?",
    re.ASCII,
)
CENT, AMOUNT_LIMIT = Decimal("0.01"), Decimal(10) ** 16
FIRST_MILLISECONDS, FIRST_MICROSECONDS = 10**11, 10**14


def is_id(column: str) -> bool:
    return column.endswith("_id") or column == "invited_by"


def read_value(column: str, value: str | float | None) -> str | datetime | int | None:
    """A value of a raw column: a time, an id or text; None where it is null or can't be read."""
    if column in TIME_COLUMNS:
        return read_time(value)
    if column == "seat_count":
        return read_seat_count(value)
    if column in FREE_TEXT_COLUMNS:
        return trimmed(value)
    return read_id(value) if is_id(column) else read_text(value)


def trimmed(value: str | None) -> str | None:
    return None if value is None else value.strip(TRIMMED) or None


def read_text(value: str | None) -> str | None:
    text = trimmed(value)
    return None if text in NULL_WORDS else text


def is_no_id(text: str | None) -> bool:
    return text is not None and text.lower() in NO_IDS


def read_id(value: str | float | None) -> str | None:
    if isinstance(value, float):
        # A column of numbers: a whole one is itself, however it would be written.
        value = str(int(value)) if value.is_integer() else repr(value)
    text = read_text(value)
    if text is not None and NUMBER_WITH_POINT.fullmatch(text):
        return without_point(text)
    return text


def read_seat_count(value: str | None) -> int | None:
    """A whole number, also written with a point, from 1 on."""
    text = read_text(value)
    if text is not None and NUMBER_WITH_POINT.fullmatch(text):
        text = without_point(text)
    return int(text) if text and WHOLE_NUMBER.fullmatch(text) and int(text) > 0 else None


def read_number(value: str | float | None) -> Decimal | None:
    text = read_text(value)
    return Decimal(text) if text and DECIMAL_NUMBER.fullmatch(text) else None


def read_amount(value: str | float | None) -> Decimal | None:
    """Money: to two decimals, half away from zero."""
    number = read_number(value)
    if number is None or abs(number) >= AMOUNT_LIMIT:
        return None
    amount = number.quantize(CENT, rounding=ROUND_HALF_UP)
    return amount if abs(amount) < AMOUNT_LIMIT else None


def without_point(text: str) -> str:
    """A number as digits alone, where it is whole."""
    number = Decimal(text)
    return str(int(number)) if number == number.to_integral_value() else text


def read_time(value: str | datetime | None) -> datetime | None:
    """An instant as naive UTC; a date is its midnight."""
    if isinstance(value, str):
        text = value.strip(TRIMMED)
        # A point or an exponent is how a whole number may be written.
        if NUMBER_WITH_POINT.fullmatch(text) or NUMBER_WITH_EXPONENT.fullmatch(text):
            text = without_point(text)
        instant = written_time(text) if "-" in text[1:] else digits_as_time(text)
    else:
        instant = value
    return instant if instant is not None and instant >= EARLIEST_TIME else None


def written_time(text: str) -> datetime | None:
    match = WRITTEN_TIME.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    try:
        # Cut, not rounded: no instant moves into the next microsecond, over a boundary.
        microsecond = int((parts["fraction"] or "0")[:6].ljust(6, "0"))
        fields = ("year", "month", "day", "hour", "minute", "second")
        local = datetime(*(int(parts[field] or 0) for field in fields), microsecond)
        zone = zone_of(parts["offset"], parts["zone"])
        return local.replace(tzinfo=zone).astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def zone_of(offset: str | None, name: str | None) -> tzinfo:
    if name is not None:
        return iana_zone(name)
    if offset in (None, "Z"):
        return timezone.utc
    hours, minutes = int(offset[1:3]), int(offset[3:].lstrip(":") or 0)
    if minutes > 59:
        raise ValueError(f"{offset} is no offset")
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if offset[0] == "-" else size)


@cache
def iana_zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as error:
        raise ValueError(f"{name} is no zone") from error


def digits_as_time(text: str) -> datetime | None:
    """A date of eight digits, or seconds, milliseconds or microseconds since 1970."""
    day = EIGHT_DIGITS.fullmatch(text)
    if day:
        try:
            return datetime(*map(int, day.groups()))
        except ValueError:
            pass
    if not WHOLE_NUMBER.fullmatch(text):
        return None
    number = int(text)
    if number < FIRST_MILLISECONDS:
        unit = timedelta(seconds=1)
    elif number < FIRST_MICROSECONDS:
        unit = timedelta(milliseconds=1)
    else:
        unit = MICROSECOND
    try:
        return UNIX_EPOCH + number * unit
    except OverflowError:
        return None
