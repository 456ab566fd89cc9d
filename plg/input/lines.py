"""Sorts the rows of a text file that DuckDB can't read as it is: those that can be read, and the others.

DuckDB stops at the first broken row and reads files of one kind of line end only. So such a file is read
here, line by line. Of an ill-formed record, the line where it begins is the row; reading goes on with the
next line. Blank lines are no rows.
"""

from __future__ import annotations

import codecs
import gzip
import json
import mmap
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

QUOTES = (
    "wrong quotes; put a cell that holds a comma, a line end or a quote in double quotes, and double "
    "each quote in it"
)
ENCODING = "bytes that are no UTF-8; export the file as UTF-8"
HALF = "half a character: an escape such as \\ud83c without its other half; leave it out, or export it again"
KEYS = "a key that is there twice; keep the one that is meant"
NO_OBJECT = "no JSON object; write one object a line"
LONGEST_ROW = 16_777_216  # In bytes, as DuckDB reads at most of an object.
TOO_LONG = "longer than 16 MB; is a quote or a line end missing?"
# Cells behind those of the first line that are counted. Without a bound, each of many open quotes would have
# the whole file for its record.
MOST_SURPLUS = 10
# Counting stops here in a file that has too many of them in any case.
MOST_BAD = 1_000


@dataclass
class Sorted:
    """The rows of a file.

    Attributes:
        row_count: all of them.
        bad_count: those that can't be read.
        first_line: where the first of these begins; 0 where there is none.
        reason: what is wrong with it.
        longest: the bytes of the longest row that can be read.
        is_cut: whether reading stopped before the end: it was certain that too many can't be read.
    """

    row_count: int = 0
    bad_count: int = 0
    first_line: int = 0
    reason: str = ""
    longest: int = 0
    is_cut: bool = False

    def note(self, length: int, line: int, reason: str) -> None:
        """Counts a row; it can be read where the reason is empty."""
        self.row_count += 1
        if not reason:
            self.longest = max(self.longest, length)
            return
        self.bad_count += 1
        if not self.first_line:
            self.first_line, self.reason = line, reason


class _Hope:
    """Whether the share of rows that can't be read may still be small enough at the end of the file.

    Args:
        path: of the plain text.
        allowed: the share of the rows that may be unreadable.
    """

    def __init__(self, path: Path, allowed: float) -> None:
        self._path, self._allowed = path, allowed
        self._most_rows = 0

    def is_lost(self, found: Sorted) -> bool:
        if found.bad_count < MOST_BAD:
            return False
        # A row has a line of its own, at least.
        self._most_rows = self._most_rows or 1 + _count_line_ends(self._path)
        found.is_cut = found.bad_count > self._allowed * self._most_rows
        return found.is_cut


def _count_line_ends(path: Path) -> int:
    count = 0
    with path.open("rb") as file:
        while block := file.read(LONGEST_ROW):
            count += block.count(b"\n") + block.count(b"\r")
    return count


class _Broken(Exception):
    """What is wrong with a record."""


def unpack(path: Path, folder: Path) -> Path:
    """The file as plain text, in a folder for what is needed once."""
    if path.suffix.lower() != ".gz":
        return path
    unpacked = folder / "unpacked"
    with gzip.open(path) as packed, unpacked.open("wb") as file:
        shutil.copyfileobj(packed, file)
    return unpacked


def sort_jsonl(
    path: Path,
    good: BinaryIO,
    wanted: set[str],
    is_object: Callable[[str], bool],
    allowed: float = 1,
) -> Sorted:
    """Sorts the lines of a file of JSON lines, strictly by RFC 8259.

    Args:
        path: of the plain text.
        good: takes the lines that can be read.
        wanted: the keys that may be there once, in small letters.
        is_object: asks DuckDB of a text that is nested too deep for Python.
        allowed: the share of the rows that may be unreadable.
    """
    found, hope = Sorted(), _Hope(path, allowed)
    with path.open("rb") as file:
        for number, line in enumerate(_lines(file), start=1):
            text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            text = text.strip(b" \t\r\n")
            if text:
                reason = _wrong_json(text, wanted, is_object)
                found.note(len(text), number, reason)
                if not reason:
                    good.write(text + b"\n")
                elif hope.is_lost(found):
                    break
    return found


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines; of one that is too long, the first bytes."""
    while line := file.readline(LONGEST_ROW + 1):
        rest = line
        while len(rest) > LONGEST_ROW and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_ROW + 1)
        yield line


class _Pairs(list):
    """The keys and values of a JSON object."""


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no value of JSON")


def _wrong_json(line: bytes, wanted: set[str], is_object: Callable[[str], bool]) -> str:
    if len(line) > LONGEST_ROW:
        return TOO_LONG
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return ENCODING
    try:
        value = json.loads(
            text,
            object_pairs_hook=_Pairs,
            parse_int=str,
            parse_float=str,
            parse_constant=_refuse_constant,
        )
    except RecursionError:
        return "" if is_object(text) else "broken JSON (too deep); write one object a line"
    except ValueError as error:
        said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        return f"broken JSON ({said}); write one object a line"
    if not isinstance(value, _Pairs):
        return NO_OBJECT
    keys = [key for key, _ in value if key.lower() in wanted]
    if len(keys) != len(set(keys)):
        return KEYS
    if "\\u" in text:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return HALF
    return ""


def sort_csv(path: Path, good: BinaryIO, allowed: float = 1) -> Sorted:
    """Sorts the rows of a CSV, whose first record names the columns.

    Args:
        path: of the plain text.
        good: takes the first record and the rows that can be read, each with one kind of line end.
        allowed: the share of the rows that may be unreadable.

    Raises:
        ValueError: the first record can't be read.
    """
    found, hope = Sorted(), _Hope(path, allowed)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        records = _Records(data)
        header, width, _ = records.read(records.begin)
        records.width = width
        good.write(header + b"\n")
        place, line = records.next_place, 1 + records.line_ends
        while place < len(data):
            end, after = records.line_at(place)
            if not data[place:end].strip(b" \t"):
                place, line = after, line + 1
                continue
            try:
                record, cells, _ = records.read(place)
                if cells != width:
                    raise _Broken(_other_width(cells, width))
            except _Broken as broken:
                found.note(0, line, str(broken))
                if hope.is_lost(found):
                    break
                place, line = after, line + 1
                continue
            found.note(len(record), line, "")
            good.write(record + b"\n")
            place, line = records.next_place, line + records.line_ends
    return found


def _other_width(cells: int, width: int) -> str:
    if cells > width:
        return (
            f"{'more than ' if cells > width + MOST_SURPLUS else ''}{cells} cells, while the first line has {width} names: more cells than names; put a cell "
            "that holds a comma in double quotes, and end no row in a comma"
        )
    return f"{cells} cells, while the first line has {width} names; export the row again"


class _Records:
    """Reads the records of a CSV, from whatever place.

    Attributes:
        begin: of the first record.
        next_place: behind the record read last.
        line_ends: how many lines that record took.
        width: how many cells a record has; 0 before the first.
    """

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._next = {b"\n": (0, -1), b"\r": (0, -1)}
        self._last_quote = data.rfind(b'"')
        self.begin = len(codecs.BOM_UTF8) if data[:3] == codecs.BOM_UTF8 else 0
        self.next_place = self.line_ends = self.width = 0

    def _find_end(self, mark: bytes, place: int) -> int:
        """The next mark; the search for one that is far away is not repeated."""
        begin, end = self._next[mark]
        if not begin <= place <= end:
            found = self._data.find(mark, place)
            end = len(self._data) if found < 0 else found
            self._next[mark] = place, end
        return end

    def line_at(self, place: int) -> tuple[int, int]:
        """Where the line of a place ends, and where the next one begins."""
        end = min(self._find_end(b"\n", place), self._find_end(b"\r", place))
        return end, end + (2 if self._data[end : end + 2] == b"\r\n" else 1)

    def read(self, place: int) -> tuple[bytes, int, int]:
        """The record that begins at a place, the number of its cells, and where it ends."""
        end, after = self.line_at(place)
        record = self._data[place:end]
        self.line_ends, self.next_place = 1, after
        cells = record.count(b",") + 1
        if b'"' in record:
            record, cells = self._read_quoted(place)
        if len(record) > LONGEST_ROW:
            raise _Broken(TOO_LONG)
        try:
            record.decode()
        except UnicodeDecodeError:
            raise _Broken(ENCODING) from None
        return record, cells, self.next_place

    def _read_quoted(self, place: int) -> tuple[bytes, int]:
        data, cells, begin = self._data, [], place
        while True:
            start = place
            while data[start : start + 1] == b" ":
                start += 1
            if data[start : start + 1] == b'"':
                close = self._closing_quote(start)
                cells.append(data[start : close + 1])
                place = close + 1
                while data[place : place + 1] == b" ":
                    place += 1
            else:
                end, _ = self.line_at(place)
                comma = data.find(b",", place, end)
                cells.append(data[place : end if comma < 0 else comma])
                place = end if comma < 0 else comma
            mark = data[place : place + 1]
            if self.width and len(cells) > self.width + MOST_SURPLUS:
                raise _Broken(_other_width(len(cells), self.width))
            if mark == b",":
                place += 1
            elif mark in (b"", b"\n", b"\r"):
                break
            else:
                raise _Broken(QUOTES)
        self.next_place = self.line_at(place)[1]
        inner = data[begin:place]
        self.line_ends = 1 + inner.count(b"\n") + inner.count(b"\r") - inner.count(b"\r\n")
        return b",".join(cells), len(cells)

    def _closing_quote(self, opening: int) -> int:
        place, last = opening + 1, opening + LONGEST_ROW
        while True:
            place = self._data.find(b'"', place, last) if place <= self._last_quote else -1
            if place < 0:
                raise _Broken(f"a quote that nothing closes: {QUOTES}")
            if self._data[place + 1 : place + 2] != b'"':
                return place
            place += 2
