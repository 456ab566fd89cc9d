"""CSV and JSON lines, record by record; one that can't be read is None.

Of an ill-formed record the line where it begins is one row, and reading goes on with the next line.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

Record = dict[str, str | None]

CELL = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|((?!")[^,\r\n]*))(,|\r?\n|\r?\Z)')


class Number(str):
    """A number of JSON, as it is written: 17.0 and 17 are two texts."""

    __slots__ = ()


def read_text_file(path: Path) -> Iterator[Record | None]:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    content = content.removeprefix(b"\xef\xbb\xbf")
    return csv_records(content) if ".csv" in path.suffixes else json_records(content)


def csv_records(content: bytes) -> Iterator[Record | None]:
    # What is no UTF-8 becomes half a character, which no file can hold by right.
    text = content.decode("utf-8", "surrogateescape")
    header, position = csv_cells(text, 0) or ([], len(text))
    while position < len(text):
        line_end = text.find("\n", position)
        next_line = len(text) if line_end < 0 else line_end + 1
        if not text[position:next_line].strip("\r\n"):
            position = next_line
            continue
        cells, end = csv_cells(text, position) or ([], next_line)
        if len(cells) == len(header) and all(map(is_whole, cells)):
            yield dict(zip(header, cells, strict=True))
            position = end
        else:
            yield None
            position = next_line


def csv_cells(text: str, position: int) -> tuple[list[str], int] | None:
    """The cells of the record that begins at a position and where the next begins."""
    cells = []
    while True:
        match = CELL.match(text, position)
        if match is None:
            return None
        quoted, plain, separator = match.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        position = match.end()
        if separator != ",":
            return cells, position


def json_records(content: bytes) -> Iterator[Record | None]:
    for line in content.split(b"\n"):
        if line.strip():
            yield json_record(line)


def json_record(line: bytes) -> Record | None:
    try:
        record = json.loads(
            line.decode(), parse_int=Number, parse_float=Number, parse_constant=refuse
        )
    except ValueError:
        return None
    if not isinstance(record, dict) or not is_whole(json_text(record)):
        return None
    return {column: cell_text(value) for column, value in record.items()}


def refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def cell_text(value: object) -> str | None:
    """What a column of text holds of a value of JSON."""
    return value if value is None or isinstance(value, str) else json_text(value)


def json_text(value: object) -> str:
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        pairs = (f"{json_text(key)}:{json_text(item)}" for key, item in value.items())
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(json_text, value))}]"
    return json.dumps(value, ensure_ascii=False)


def is_whole(text: str) -> bool:
    """Whether it has no half of a character."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)
