"""CSV and JSON lines of a random case, with lines that can't be read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from tests.oracle.random_forms import Forms
from tests.oracle.random_values import TYPED_COLUMNS, Row

MOST_BROKEN_LINES = 12
BOOLEANS = {"true": True, "false": False}
# Written as an object of JSON, they are the same text.
PLAIN_OBJECTS = ('{"count":0}', '{"count":-2}', "{}", '{"nested":{"count":5}}', '[{"count":5}]')


def as_csv(
    columns: Sequence[str],
    rows: list[Row],
    forms: Forms,
    share: Fraction,
    names: Mapping[str, str],
) -> bytes:
    line_end = forms.rng.choice(("\n", "\r\n"))
    if line_end == "\r\n":
        forms.used["line ends of Windows"] += 1
    cells = [[forms.text(column, row[column]) or "" for column in columns] for row in rows]
    records = [csv_line(record) + line_end for record in cells]
    # Of a record of several lines, each line would be broken on its own.
    whole = [record for record in cells if not any("\n" in cell for cell in record)]
    content = [record.encode() for record in records]
    insert_broken(content, whole, BROKEN_CSV, line_end.encode(), forms, share)
    has_mark = forms.rng.random() < 0.5
    forms.used["byte order mark"] += has_mark
    head = ("\ufeff" if has_mark else "") + csv_line([names.get(c, c) for c in columns]) + line_end
    return head.encode() + b"".join(content)


def csv_line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().removesuffix("\r\n")


def as_jsonl(
    columns: Sequence[str],
    rows: list[Row],
    forms: Forms,
    share: Fraction,
    names: Mapping[str, str],
) -> bytes:
    records = [
        {names.get(c, c): value for c, value in json_object(columns, row, forms).items()}
        for row in rows
    ]
    lines = [
        json.dumps(record, ensure_ascii=index % 2 == 0, separators=(",", ":"))
        for index, record in enumerate(records)
    ]
    content = [f"{line}\n".encode() for line in lines]
    insert_broken(
        content, [record for record in records if record], BROKEN_JSON, b"\n", forms, share
    )
    return b"".join(content)


def json_object(columns: Sequence[str], row: Row, forms: Forms) -> Row:
    values = {}
    for column in columns:
        value = forms.text(column, row[column])
        if column == "properties" and value in PLAIN_OBJECTS:
            forms.used["object in JSON"] += 1
            values[column] = json.loads(value)
        elif TYPED_COLUMNS.get(column) == "boolean" and value in BOOLEANS:
            values[column] = BOOLEANS[value]
        elif is_number(row[column], value) and forms.rng.random() < 0.5:
            forms.used["number in JSON"] += 1
            values[column] = float(value) if "." in value else int(value)
        # A null may be written, or its key left out.
        elif value is not None or forms.rng.random() < 0.5:
            values[column] = value
    return values


def is_number(value: object, text: str | None) -> bool:
    """Whether a text may stand without its quotes: a time in digits, or an id."""
    is_time = isinstance(value, datetime) and text.isdigit()
    is_id = isinstance(value, str) and value.isdigit() and value[0] != "0"
    return is_time or (is_id and text.strip("0123456789.") == "" and not text.endswith(".00"))


def insert_broken(
    content: list[bytes],
    records: list,
    ways: Sequence[Callable[[object], bytes]],
    line_end: bytes,
    forms: Forms,
    share: Fraction,
) -> None:
    """Puts as many broken lines between the records as the share allows."""
    count = int(share * len(content) / (1 - share))
    for number in range(min(count, MOST_BROKEN_LINES) if records else 0):
        break_record = ways[number % len(ways)]
        forms.used[break_record.__name__] += 1
        line = break_record(forms.rng.choice(records)) + line_end
        content.insert(forms.rng.randint(0, len(content)), line)


def surplus_cell(cells: Sequence[str]) -> bytes:
    return csv_line([*cells, "one more"]).encode()


def missing_cell(cells: Sequence[str]) -> bytes:
    return csv_line(cells[:-1]).encode()


def unclosed_quote(cells: Sequence[str]) -> bytes:
    plain = [cell.replace('"', "").replace(",", "") for cell in cells]
    return ",".join(['"' + plain[0], *plain[1:]]).encode()


def text_behind_quote(cells: Sequence[str]) -> bytes:
    return ('"quoted"x,' + csv_line(cells[1:])).encode()


def half_a_character(cells: Sequence[str]) -> bytes:
    return csv_line(["cut \N{PARTY POPPER}", *cells[1:]]).encode().replace(b"\x9f\x8e\x89", b"\x9f")


BROKEN_CSV = (missing_cell, unclosed_quote, surplus_cell, half_a_character, text_behind_quote)


def truncated_object(record: Row) -> bytes:
    return json.dumps(record).encode()[:-1]


def array_for_object(record: Row) -> bytes:
    return json.dumps([record]).encode()


def half_an_escape(record: Row) -> bytes:
    return json.dumps(record | {"note": "cut \N{PARTY POPPER}"}).encode().replace(rb"\udf89", b"")


def half_of_bytes(record: Row) -> bytes:
    line = json.dumps(record | {"note": "cut \N{PARTY POPPER}"}, ensure_ascii=False).encode()
    return line.replace(b"\x9f\x8e\x89", b"\x9f")


def two_objects(record: Row) -> bytes:
    return (json.dumps(record) * 2).encode()


def python_dictionary(record: Row) -> bytes:
    return repr(record).encode("ascii", "backslashreplace")


def trailing_comma(record: Row) -> bytes:
    return json.dumps(record).encode()[:-1] + b",}"


def bare_text(record: Row) -> bytes:
    return b'"' + json.dumps(len(record)).encode() + b'"'


BROKEN_JSON = (
    truncated_object,
    half_an_escape,
    array_for_object,
    half_of_bytes,
    two_objects,
    python_dictionary,
    trailing_comma,
    bare_text,
)
