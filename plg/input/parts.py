"""The parts of a raw table, which a build reads again only when they change.

A part is what arrived on one date, where every file has a column received_at; else a file of the
folder; else, in a single file, what happened on one date.
"""

from __future__ import annotations

from pathlib import Path

from duckdb import CatalogException, DuckDBPyConnection

from plg.input.forms import FILE_NAME, RECEIVED_AT, Call
from plg.input.sql import literal, no_value
from plg.inputs import Input
from plg.reading import Value, reading
from plg.schemas import schema_name


def select(call: Call, table: Input, part: str) -> str:
    """The query of a call's rows in the columns and types of the table.

    Args:
        call: of forms.calls.
        table: of the register of inputs.
        part: the SQL expression of a row's part, on the columns of the table and the name of the file.
    """
    columns = [f"{part} as part", f"{FILE_NAME} as file_name", "is_unreadable"]
    columns += [f'"{column}"' for column in table.columns]
    return f"select {', '.join(columns)} from ({_read(call, table)}) as read"


def values_of(call: Call, table: Input) -> list[Value]:
    """What a call has of a table's columns, and the time of arrival."""
    types = {RECEIVED_AT: "timestamp", **table.columns}
    return [
        Value(column, call.value(column), call.types[column], data_type)
        for column, data_type in types.items()
        if column in call.types
    ]


def _read(call: Call, table: Input) -> str:
    """The query of a call's rows, with their values read."""
    made = {FILE_NAME: FILE_NAME, "is_unreadable": call.unreadable}
    read = reading("duckdb").rows(values_of(call, table), call.sql, made)
    nulls = ", ".join(
        f'{no_value(data_type)} as "{column}"'
        for column, data_type in table.columns.items()
        if column not in call.types
    )
    return f"select *, {nulls} from ({read})" if nulls else read


def part_kind(source: Path, calls: list[Call]) -> str:
    """What a part is: "arrival" (a date of received_at), "file", or "date" (of occurrence)."""
    # A folder named by the time of arrival is rewritten as a whole: its files are the parts.
    if all(RECEIVED_AT in call.types and RECEIVED_AT not in call.partitions for call in calls):
        return "arrival"
    return "date" if source.is_file() else "file"


def file_fingerprint(path: Path) -> str:
    """A text that changes whenever the file does: its size and its times.

    The time of modification changes with the content. A copy may bring the old one along; then the
    time of the last change of the file's entry is another.
    """
    stat = path.stat()
    return f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}"


def parts(source: Path, kind: str, calls: list[Call], table: Input) -> tuple[list[str], str]:
    """The part of a row, and all parts with their fingerprints.

    Args:
        source: the file or folder of the table.
        kind: of part_kind.
        calls: all that read the table.
        table: of the register of inputs.

    Returns:
        The SQL expression of a row's part for each call, and a query of `part` and `fingerprint`.
    """
    if kind == "file":
        return [FILE_NAME] * len(calls), _parts_of_files(calls)
    time = RECEIVED_AT if kind == "arrival" else table.occurred
    expressions = [_date_of(call, time) for call in calls]
    rows = [
        f"select part, {_content(call, table, kind, expression)}"
        for call, expression in zip(calls, expressions, strict=True)
    ]
    return expressions, (
        f"select part, concat({literal(source)}, ' ', count(*), ' ', sum(content)) as fingerprint "
        f"from ({' union all '.join(rows)}) group by part"
    )


def _parts_of_files(calls: list[Call]) -> str:
    values = ", ".join(
        f"({literal(path)}, '{file_fingerprint(path)}')" for call in calls for path in call.files
    )
    return f"select part, fingerprint from (values {values}) as parts (part, fingerprint)"


def _date_of(call: Call, column: str) -> str:
    """The date of a time that has been read, as text."""
    if column not in call.types:
        return "'unknown'"
    return f"coalesce(strftime(\"{column}\", '%Y-%m-%d'), 'unknown')"


def _content(call: Call, table: Input, kind: str, part: str) -> str:
    """The hash of each row, and the rows; behind `select part, `."""
    columns = ", ".join(f'"{column}"' for column in table.columns)
    read = _read(call, table)
    if kind == "date":
        return f"hash({columns}) as content from (select *, {part} as part from ({read}))"
    # A row is delivered once, and a corrected one arrives again: so its time of arrival is enough.
    # Rows without a time are told apart by their content.
    return (
        f"case when {RECEIVED_AT} is null then hash({columns}) else hash({RECEIVED_AT}) end as content "
        f"from (select *, {part} as part from ({read}))"
    )


def known_parts(connection: DuckDBPyConnection, target_schema: str) -> dict[str, str]:
    """The fingerprint of each part of the events that an earlier build read; empty before the first.

    Args:
        connection: to the database of the builds.
        target_schema: the schema of the dbt target, as PLG_SCHEMA says it.
    """
    schema = schema_name("intermediate", target_schema)
    try:
        parts = connection.execute(f'select part, fingerprint from "{schema}".int_event_parts')
    except CatalogException:
        return {}
    return dict(parts.fetchall())
