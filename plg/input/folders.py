"""Says where a file holds another value than the name of its folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection

from plg.input.forms import FILE_NAME, Call
from plg.input.sql import file_names
from plg.inputs import Input
from plg.reading import Value, reading

if TYPE_CHECKING:
    from plg.input.raw_tables import RawTable

# How many rows of a column contradict, in how many files; and one of them: its file, the folder's value
# and its own.
Found = tuple[int, int, dict[str, str]]


def contradictions(
    connection: DuckDBPyConnection, table: RawTable, files: list[Path]
) -> Iterator[str]:
    """Compares columns with the folders' values, with a query for each call that has both.

    Args:
        connection: any DuckDB connection.
        table: a sound table.
        files: those of its files to compare.

    Yields:
        A sentence for each column with rows that contradict their folder, without a full stop.
    """
    found: dict[str, list[Found]] = {}
    wanted = set(files)
    for call in table.calls:
        compared = [file for file in call.files if file in wanted]
        if call.doubled and compared:
            for column, said in _compare(connection, call, table.input, compared):
                found.setdefault(column, []).append(said)
    for column, each in found.items():
        rows, count = sum(said[0] for said in each), sum(said[1] for said in each)
        example = min((said[2] for said in each), key=lambda one: one["file"])
        is_time = column in table.input.times
        used = (
            "the file's own time is used; rename the folder or fix the times"
            if is_time
            else "the folder's value is used; rename the folder, or leave the column out of the file"
        )
        yield (
            f"{example['file']}: column {column} is {_shown(example['own'])}, and the folder says "
            f"{_shown(example['folder'])}: so it is in {rows:,} {'row' if rows == 1 else 'rows'} of "
            f"{count:,} {'file' if count == 1 else 'files'}; {used}"
        )


def _shown(value: str | None) -> str:
    return "empty" if value is None else repr(value)


def _compare(
    connection: DuckDBPyConnection, call: Call, table: Input, files: list[Path]
) -> Iterator[tuple[str, Found]]:
    source = call.sql.replace(file_names(call.files), file_names(files), 1)
    own, folder = [], []
    for column, (data_type, in_path) in call.doubled.items():
        kind = table.columns[column]
        own.append(Value(column, call.texts.get(column, f'"{column}"'), data_type, kind))
        folder.append(Value(column, in_path, "VARCHAR", kind))
    # Both values of a column are read by its rules, which need its name: so one after the other.
    read = reading("duckdb").rows(own, source, {FILE_NAME: FILE_NAME})
    renamed = ", ".join(f'"{column}" as "own {column}"' for column in call.doubled)
    beside = {name: f'"{name}"' for name in (FILE_NAME, *(f"own {c}" for c in call.doubled))}
    rows = reading("duckdb").rows(folder, f"(select {FILE_NAME}, {renamed} from ({read}))", beside)
    counts = ", ".join(_count(column, is_time=column in table.times) for column in call.doubled)
    values = connection.execute(f"select {counts} from ({rows})").fetchone()
    for place, column in enumerate(call.doubled):
        rows_found, files_found, example = values[3 * place : 3 * place + 3]
        if rows_found:
            yield column, (rows_found, files_found, example)


def _count(column: str, *, is_time: bool) -> str:
    """Counts rows with another value than the folder's; a folder's date is that of all its times."""
    own, folder = f'"own {column}"', f'"{column}"'
    differs = f"{own} is distinct from {folder}"
    if is_time:
        differs = f"not ({own} >= {folder} and {own} < {folder} + interval 1 day)"
    where = f"filter ({own} is not null and {differs})"
    example = f"{{'file': {FILE_NAME}, 'own': cast({own} as varchar), 'folder': cast({folder} as varchar)}}"
    return f"count(*) {where}, count(distinct {FILE_NAME}) {where}, min({example}) {where}"
