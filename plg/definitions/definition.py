"""What a definition CSV is, and how it is read.

A new definition is a class of its row, a function that checks its rows together (where they can
contradict each other), an entry in DEFINITIONS of its family's module, and its yml in
models/definitions.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

# Row numbers, as an editor counts them, with the checked rows.
Rows = list[tuple[int, Any]]
# The rows of each definition that has no problem, by its name.
Sound = Mapping[str, list[Any]]


def nothing(*_: Any) -> Iterator[str]:
    """No sentence."""
    return iter(())


@dataclass(frozen=True)
class Definition:
    """One definition CSV.

    Attributes:
        name: of the file, without its ending, and of the table in the schema definitions.
        row: the class of a row: a field for each column, in the order of the file. A column that
            the file may lack has a default.
        keys: columns whose values together may be in one row only.
        problems: of all rows, each sound by itself: a sentence for each contradiction, which has to
            stop a build. It names row, column and remedy, and has no full stop.
        conflicts: of its rows and of all sound definitions: a sentence for each contradiction to another
            definition, likewise.
        doubts: of all sound definitions: a sentence for what can be built and is hardly meant.
    """

    name: str
    row: type[BaseModel]
    keys: tuple[tuple[str, ...], ...]
    problems: Callable[[Rows], Iterator[str]] = nothing
    conflicts: Callable[[Rows, Sound], Iterator[str]] = nothing
    doubts: Callable[[Sound], Iterator[str]] = nothing

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the file has to have."""
        fields = self.row.model_fields.items()
        return tuple(name for name, field in fields if field.is_required())

    @property
    def optional_columns(self) -> tuple[str, ...]:
        """The columns that it may have: the fields with a default."""
        return tuple(name for name in self.row.model_fields if name not in self.columns)

    def contradictions(self, rows: Rows) -> Iterator[str]:
        """One sentence for each repeated key and each other contradiction between the rows."""
        for key in self.keys:
            yield from _repeated(rows, key)
        yield from self.problems(rows)


def _repeated(rows: Rows, key: tuple[str, ...]) -> Iterator[str]:
    """One sentence for each value of the key that several rows have."""
    places: dict[tuple, list[str]] = {}
    for number, row in rows:
        values = tuple(getattr(row, column) for column in key)
        places.setdefault(values, []).append(str(number))
    for values, numbers in places.items():
        if len(numbers) > 1:
            shown = " / ".join(str(part) for part in values)
            yield (
                f"rows {', '.join(numbers[:5])}, column {' + '.join(key)}: {shown!r} is there "
                f"{len(numbers)} times; keep one row for each"
            )


def read_rows(path: Path, definition: Definition) -> tuple[Rows, list[str]]:
    """Reads a definition CSV.

    Args:
        path: of the file.
        definition: what it should hold.

    Returns:
        Its sound rows, each with its number (the header is row 1), and a sentence for each problem.
    """
    try:
        header, records = _read_table(path, definition)
    except _Problem as problem:
        return [], [str(problem)]
    rows: Rows = []
    problems: list[str] = []
    for number, record in enumerate(records, start=2):
        if not record:
            continue
        if len(record) != len(header):
            problems.append(
                f"row {number}: it has {len(record)} cells, the header {len(header)}; write one "
                'for each column, and a cell that holds a comma between double quotes: "a, b"'
            )
            continue
        cells = dict(zip(header, record, strict=True))
        if not any(cells.values()):
            problems.append(f"row {number}: it is blank; delete it")
            continue
        try:
            rows.append((number, definition.row.model_validate(cells)))
        except ValidationError as error:
            for detail in error.errors():
                column = detail["loc"][0]
                remedy = detail["msg"].removeprefix("Value error, ")
                problems.append(f"row {number}, column {column}: {cells[column]!r}; {remedy}")
    return rows, problems


def _alike(column: str) -> str:
    """The column's name without what people write in different ways."""
    return "".join(letter for letter in column.casefold() if letter.isalnum())


class _Problem(Exception):
    """A sentence that says why a file can't be read as the table that it should be."""


def _read_table(path: Path, definition: Definition) -> tuple[list[str], list[list[str]]]:
    """The header of a file and its further records.

    Raises:
        _Problem: it is missing, no CSV, or its header lacks a column.
    """
    try:
        is_there = path.is_file()
    except OSError as error:
        raise _Problem(
            f"it can't be opened ({error.strerror}); give the right to read the folder"
        ) from error
    if not is_there:
        raise _Problem(
            "the file is missing; copy it from the project's seeds folder and edit the copy"
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *records = list(csv.reader(file, strict=True)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _Problem(
            f"it can't be read as CSV ({error}); save it as 'CSV UTF-8', with each double quote "
            "closed, and doubled inside a cell"
        ) from error
    named = [column.lower() for column in header]
    repeated = sorted({column for column in named if column and named.count(column) > 1})
    if repeated:
        raise _Problem(f"row 1, column {', '.join(repeated)}: it is there more than once; keep one")
    for column in definition.optional_columns:
        for found in header:
            if found != column and _alike(found) == _alike(column):
                raise _Problem(
                    f"row 1, column {found!r}: it is read as {column} only; write {column}"
                )
    missing = [column for column in definition.columns if column not in header]
    if missing:
        raise _Problem(
            f"column {', '.join(missing)} is missing; row 1 has to name the columns "
            f"{','.join(definition.columns)}, just so, separated by commas"
        )
    return header, records
