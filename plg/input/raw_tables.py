"""Finds the raw files of PLG_RAW_DIR, whatever their form, and shows them to dbt as views.

A view reads the files in the types of the interface (text and UTC timestamps); cleaning is for
the staging models. Events come in parts, so that a build reads again only those that changed: a part
is what arrived on one date where the files say so (column received_at), else a file of the folder,
else, in a single file, what happened on one date.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO

from duckdb import DuckDBPyConnection, Error

TABLES: dict[str, tuple[str, ...]] = {
    "users": ("user_id", "account_id", "created_at", "plan_tier", "install_source", "invited_by"),
    "events": ("event_id", "user_id", "event_name", "timestamp", "properties"),
}
TIMES = ("created_at", "timestamp")
RECEIVED_AT = (
    "received_at"  # Not required: when a row arrived, which tells what a build has to read.
)
FILE_NAME = "plg_file_name"
# A row without one of these does not count; a file in which one has no value is a wrong file.
REQUIRED = {
    "users": ("user_id", "created_at"),
    "events": ("user_id", "event_name", "timestamp"),
}
ENDINGS = (".parquet", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
MOST_NAMED = 3
OFFSET = "[+-](0[0-9]|1[0-3])(:?[0-5][0-9])?|[+-]14(:?00)?"  # What the world's clocks have.
# Text that may be a time; the cast then looks whether it is one. DuckDB alone would take 24-01-05
# for a day of the year 24, and BST for the time of Bangladesh: a year has four digits, and a zone
# is an offset or has its full name, such as Europe/Berlin.
TIME = (
    r"\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    rf"([T\s]\s*[0-9:.]+\s*(Z|(?i:UTC|GMT)|{OFFSET}|[A-Za-z_]+/\S+)?)?\s*"
)
WELL_FORMED = (
    "CSV: UTF-8, commas, double quotes around a cell that holds a comma, a line end or a quote "
    "(itself doubled), one kind of line end; jsonl: one object a line"
)


GZIP = b"\x1f\x8b"
# What files begin with that are no plain text.
MARKS = {
    b"\xff\xfe": "this is UTF-16; export it as UTF-8",
    b"\xfe\xff": "this is UTF-16; export it as UTF-8",
    b"PAR1": "this is parquet; end its name in .parquet",
    GZIP: "this is packed; end its name in .gz",
}
LARGEST_OBJECT = "maximum_object_size = 16777216"
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


class InputProblem(Exception):
    """A sentence that says what is wrong with a raw file and how to mend it."""


@dataclass(frozen=True)
class RawTable:
    """One raw table: its name, the file or folder that holds it, and the queries that read it.

    `query` reads the rows, each with the `part` that it belongs to; `parts_query` the parts, each
    with a fingerprint that changes whenever its rows do. `part_kind` says what a part is: "arrival"
    (a date of received_at), "date" (of occurrence) or "file".
    """

    name: str
    source: Path
    calls: tuple[Call, ...]
    part_kind: str
    query: str
    parts_query: str

    @property
    def has_text_files(self) -> bool:
        return any(path.suffix.lower() != ".parquet" for call in self.calls for path in call.files)


@dataclass(frozen=True)
class Call:
    """The SQL call that reads some files, all of the same columns, and the type of each column.

    `partitions` are those columns that the names of the files' folders hold, each with the SQL that
    takes it from there. `strays` gives a query, over some of the files, of what `sql` would pass over
    without a word: the file, and what is wrong with it.
    """

    files: list[Path]
    sql: str
    types: dict[str, str]
    strays: Callable[[list[Path]], str] | None = None
    partitions: dict[str, str] = field(default_factory=dict)

    def value(self, column: str) -> str:
        """The column in SQL, as it is delivered."""
        return self.partitions.get(column, f'"{column}"')


def _literal(value: object) -> str:
    """The value in SQL: a list, a struct (of a dict) or text."""
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_literal(k)}: {_literal(v)}" for k, v in value.items()) + "}"
    return "'" + str(value).replace("'", "''") + "'"


def _tuple(values: Iterable[str]) -> str:
    return f"({', '.join(map(_literal, values))})"


def _names(files: Iterable[Path | str]) -> str:
    """The files in SQL, by names that DuckDB takes literally, not as patterns."""
    return _literal([re.sub(r"([*?[])", r"[\1]", str(path)) for path in files])


def _parquet_calls(
    connection: DuckDBPyConnection, files: list[Path], wanted: tuple[str, ...], options: str
) -> Iterator[Call]:
    # One call for each schema: a column of several types would be cast to one of them, and fail.
    by_schema = connection.execute(
        "select list(file_name order by file_name) from ("
        "select file_name, list((name, duckdb_type) order by column_id) as columns "
        f"from parquet_schema({_names(files)}) group by file_name"
        ") group by columns order by all"
    )
    for (names,) in by_schema.fetchall():
        sql = f"read_parquet({_names(names)}, binary_as_string = true, {options})"
        described = connection.execute(f"describe select * from {sql}").fetchall()
        types = {column.lower(): kind for column, kind, *_ in described}
        # DuckDB numbers the second of two columns of a name, in whatever capitals.
        columns = connection.execute(f"select lower(name) from parquet_schema({_names(names[:1])})")
        count = Counter(name for (name,) in columns.fetchall())
        _refuse_repeated(Path(names[0]), [c for c in wanted if count[c] > 1 and f"{c}_1" in types])
        yield Call([Path(name) for name in names], sql, types)


def _refuse_repeated(path: Path, columns: list[str]) -> None:
    if columns:
        raise InputProblem(
            f"{path}: column {', '.join(columns)} stands there more than once; keep the one that is "
            "meant"
        )


def _open_text(path: Path) -> TextIO:
    with path.open("rb") as file:
        begin = file.read(4)
    for mark, remedy in MARKS.items():
        if begin.startswith(mark) and not (mark == GZIP and path.suffix.lower() == ".gz"):
            raise InputProblem(f"{path}: {remedy}")
    open_text = gzip.open if path.suffix.lower() == ".gz" else open
    return open_text(path, "rt", encoding="utf-8-sig", errors="replace", newline="")


def _csv_calls(
    connection: DuckDBPyConnection, files: list[Path], wanted: tuple[str, ...], options: str
) -> Iterator[Call]:
    by_header: dict[tuple[str, ...], list[Path]] = {}
    for path in files:
        with _open_text(path) as file:
            header = [cell.strip().lower() for cell in next(csv.reader(file), [])]
        _refuse_repeated(path, [column for column in wanted if header.count(column) > 1])
        by_header.setdefault(tuple(header), []).append(path)
    for header, paths in by_header.items():
        types = {
            name if name in wanted else f"column {place}": "VARCHAR"
            for place, name in enumerate(header, start=1)
        }
        # Told all this, DuckDB guesses nothing from a sample. Text stays text: 007 is no number.
        form = "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"'"
        sql = f"read_csv({_names(paths)}, columns = {_literal(types)}, {form}, {options})"
        yield Call(paths, sql, types, partial(_surplus_cells, types=types, form=form))


def _surplus_cells(files: list[Path], types: dict[str, str], form: str) -> str:
    """A query of rows that a comma shifted which stands in no quotes.

    DuckDB stops at such a row, unless the surplus cell is empty. With one more column, that is seen:
    it is text there, and null in the other rows.
    """
    wider = types | {"plg_surplus": "VARCHAR"}
    begins = ", ".join(f'"{column}"' for column in list(types)[:3])
    return (
        f"select {FILE_NAME}, concat('a row that begins with ', concat_ws(',', {begins}), "
        "' has more cells than the first line has names; put a cell that holds a comma in double "
        "quotes, and end no row in a comma') "
        f"from read_csv({_names(files)}, columns = {_literal(wider)}, {form}, "
        f"filename = '{FILE_NAME}', null_padding = true, nullstr = '\x01', parallel = false) "
        "where plg_surplus is not null"
    )


def _first_keys(path: Path) -> set[str]:
    """The keys of a file's first lines, as far as these can be read; DuckDB says what can't."""
    keys: set[str] = set()
    with _open_text(path) as file:
        for line in islice(file, 20):
            with suppress(ValueError, RecursionError):
                value = json.loads(line)
                keys.update(value if isinstance(value, dict) else ())
    return keys


def _jsonl_calls(
    connection: DuckDBPyConnection, files: list[Path], wanted: tuple[str, ...], options: str
) -> Iterator[Call]:
    spellings: dict[str, dict[str, str]] = {}  # Of each column: its keys, and a file of each.

    def note(key: str, path: str) -> None:
        if key.lower() in wanted:
            spellings.setdefault(key.lower(), {}).setdefault(key, path)

    for path in files:
        for key in sorted(_first_keys(path)):
            note(key, str(path))
    lines = _json_lines(files)
    for sample in (" limit 20480", ""):  # A rare key may lie behind the first lines.
        found = connection.execute(
            "select key, min(filename) from (select unnest(json_keys(json)) as key, filename "
            f"from ({lines}{sample})) group by key order by key"
        )
        for key, path in found.fetchall():
            note(key, path)
        if set(wanted) - {RECEIVED_AT} <= set(spellings):
            break
    for keys in spellings.values():
        if len(keys) > 1:  # DuckDB takes keys literally: it would read one of them only.
            (first, where), (other, there) = list(keys.items())[:2]
            raise InputProblem(
                f"{there}: the key {other} is {first} in {where}; spell it in one way in all lines"
            )
    columns = {key: "VARCHAR" for keys in spellings.values() for key in keys}
    sql = (
        f"read_json({_names(files)}, columns = {_literal(columns)}, "
        f"format = 'newline_delimited', {LARGEST_OBJECT}, {options})"
    )
    strays = partial(_other_spellings, wanted=wanted, keys=list(columns))
    yield Call(files, sql, dict.fromkeys(spellings, "VARCHAR"), strays)


def _json_lines(files: list[Path]) -> str:
    return (
        "select json, filename from "
        f"read_ndjson_objects({_names(files)}, {LARGEST_OBJECT}, filename = true)"
    )


def _other_spellings(files: list[Path], wanted: tuple[str, ...], keys: list[str]) -> str:
    """A query of keys that come up behind the first lines only, spelled otherwise than there."""
    return (
        "select filename, concat('the key ', key, ' is spelled otherwise in other lines; spell it in "
        "one way in all lines') "
        f"from (select unnest(json_keys(json)) as key, filename from ({_json_lines(files)})) "
        f"where lower(key) in {_tuple(wanted)} and key not in {_tuple(('', *keys))}"
    )


CALLS = {".parquet": _parquet_calls, ".csv": _csv_calls, ".jsonl": _jsonl_calls}


def _find(folder: Path, name: str) -> tuple[Path, list[Path]]:
    """The file or folder that holds the table, and its files."""
    forms = f"{', '.join(name + ending for ending in ENDINGS)} or a folder {name}/ of such files"
    if not folder.is_dir():
        raise InputProblem(
            f"{folder}: there is no such folder; set PLG_RAW_DIR to the folder that holds {forms}"
        )
    sources = [
        path
        for path in sorted(folder.iterdir())
        if (path.is_dir() and path.name.lower() == name)
        or (path.is_file() and path.name.lower() in [name + ending for ending in ENDINGS])
    ]
    if not sources:
        raise InputProblem(f"{folder / name}: no file or folder of this name; put there {forms}")
    if len(sources) > 1:
        raise InputProblem(
            f"{folder}: {name} lie there more than once ({', '.join(p.name for p in sources)}); "
            "keep the one that is meant"
        )
    source = sources[0]
    if source.is_file():
        return source, [source]
    paths = sorted(_walk(source))
    _refuse_unread(source, [path for path in paths if not (_is_data(path) or _is_note(path))])
    files = [path for path in paths if _is_data(path)]
    _refuse_cut(source, [path for path in files if path.stat().st_size == 0])
    files = [path for path in files if path.stat().st_size > 0]
    if not files:
        raise InputProblem(f"{source}: the folder holds no data; put {', '.join(ENDINGS)} files in")
    return source, files


def _walk(source: Path) -> Iterator[Path]:
    """The files in a folder and below, by way of links, too.

    Names that begin with a dot or an underscore are no data, unless they are partitions: Spark's
    rule, whose _temporary and _SUCCESS lie beside the data.
    """

    def stop(error: OSError) -> None:
        raise InputProblem(
            f"{error.filename}: this folder can't be read ({error.strerror}); give the right to read "
            "it, or move it away"
        )

    def is_hidden(name: str) -> bool:
        return name.startswith(".") or (name.startswith("_") and "=" not in name)

    for place, folders, names in os.walk(source, onerror=stop, followlinks=True):
        here = Path(place).resolve()
        # A link to a folder above leads round in a circle.
        folders[:] = [
            name
            for name in folders
            if not is_hidden(name) and not here.is_relative_to((here / name).resolve())
        ]
        for name in names:
            try:
                name.encode()
            except UnicodeEncodeError:
                raise InputProblem(
                    f"{place}: the name of the file {name!a} is no UTF-8; rename it"
                ) from None
            if not is_hidden(name):
                yield Path(place, name)


def _is_data(path: Path) -> bool:
    return path.name.lower().endswith(ENDINGS) and path.is_file()


def _is_note(path: Path) -> bool:
    """A file for people, which may lie beside the data."""
    return path.name.lower().endswith(".md") or path.name.lower().startswith("readme")


def _some_of(folder: Path, paths: list[Path]) -> str:
    """The first names, and how many more there are."""
    named = ", ".join(str(path.relative_to(folder)) for path in paths[:MOST_NAMED])
    return f"{named} and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else named


def _refuse_unread(source: Path, paths: list[Path]) -> None:
    """A delivery whose name does not tell its form must not be left out without a word."""
    if paths:
        raise InputProblem(
            f"{source}: not all of the folder can be read: {_some_of(source, paths)}; end each "
            f"name in its file's form ({', '.join(ENDINGS)}), or move away what is no data (names "
            "that begin with a dot or an underscore, *.md and readme* may stay)"
        )


def _refuse_cut(source: Path, paths: list[Path]) -> None:
    """Only plain text may be empty: any other file of no bytes has lost its content."""
    cut = [path for path in paths if path.suffix.lower() in (".parquet", ".gz")]
    if cut:
        raise InputProblem(
            f"{source}: these files are empty, which no .parquet or .gz file can be: "
            f"{_some_of(source, cut)}; deliver them again, or move them away"
        )


def _calls(
    connection: DuckDBPyConnection, source: Path, files: list[Path], wanted: tuple[str, ...]
) -> Iterator[Call]:
    """The calls that together read the files."""
    alike: dict[tuple[str, tuple[str, ...]], list[Path]] = {}
    for path in files:
        form = Path(path.name.lower().removesuffix(".gz")).suffix
        folders = path.relative_to(source).parent.parts
        keys = [part.split("=")[0].lower() for part in folders if "=" in part]
        # A folder that bears the time of arrival is rewritten as a whole: its files are the parts.
        partitions = tuple(c for c in wanted if c in keys and c != RECEIVED_AT)
        alike.setdefault((form, partitions), []).append(path)
    options = f"hive_partitioning = false, filename = '{FILE_NAME}'"
    for (form, columns), paths in alike.items():
        for call in CALLS[form](connection, paths, wanted, options):
            # A folder says the date at most of what the file says to the microsecond.
            taken = [c for c in columns if not (c in TIMES and c in call.types)]
            types = call.types | dict.fromkeys(taken, "VARCHAR")
            yield replace(call, types=types, partitions={c: _in_path(source, c) for c in taken})


def _in_path(source: Path, column: str) -> str:
    """The value that a folder below the source bears, such as pro of plan_tier=pro; in SQL."""
    inner = f"substr({FILE_NAME}, {len(str(source)) + 1})"
    value = f"regexp_extract({inner}, {_literal(f'(?i)/{column}=([^/]*)/')}, 1)"
    return f"nullif(url_decode({value}), '{HIVE_NULL}')"


def _as_text(column: str, kind: str) -> str:
    if kind.startswith(("STRUCT", "MAP", "UNION")) or kind.endswith("]"):
        return f"cast(to_json({column}) as varchar)"
    if kind.startswith(("DOUBLE", "FLOAT", "DECIMAL")):
        # Whole numbers become floats where a column has gaps: 7.0 is the id 7 of the other table.
        whole = f"case when {column} = trunc({column}) then try_cast({column} as hugeint) end"
        text = f"coalesce(cast({whole} as varchar), cast({column} as varchar))"
        return f"case when isfinite({column}) then {text} end"
    return f"cast({column} as varchar)"


def as_time(column: str, kind: str) -> str:
    """The column as a UTC timestamp, in DuckDB's SQL; null where it can't be read as one."""
    if kind in ("TIMESTAMP_NS", "TIMESTAMPTZ_NS"):
        value = f"make_timestamp(epoch_ns({column}) // 1000)"  # a cast would round up
    elif kind.startswith(("TIMESTAMP", "DATE")):
        value = f"try_cast({column} as timestamp)"
    else:
        text = f"cast({column} as varchar)"
        # DuckDB reads no offset behind a blank.
        joined = f"regexp_replace({text}, '\\s+(Z|[+-])', '\\1')"
        text = f"case when regexp_full_match({text}, {_literal(TIME)}) then {joined} end"
        # By way of a zoned timestamp: a plain cast of text drops its offset without a word.
        value = f"cast(try_cast({text} as timestamptz) as timestamp)"
    # The years that ISO 8601 writes; DuckDB reads more, and infinity.
    years = "timestamp '0001-01-01' and timestamp '9999-12-31 23:59:59.999999'"
    return f"case when {value} between {years} then {value} end"


def _select(call: Call, wanted: tuple[str, ...], part: str, *more: str) -> str:
    columns = [f"{part} as part", *more]
    for column in wanted:
        kind = "timestamp" if column in TIMES else "varchar"
        value = f"cast(null as {kind})"
        if column in call.types:
            read = as_time if column in TIMES else _as_text
            value = read(call.value(column), call.types[column])
        columns.append(f'{value} as "{column}"')
    return f"select {', '.join(columns)} from {call.sql}"


def _date_of(time: str) -> str:
    return f"coalesce(strftime({time}, '%Y-%m-%d'), 'unknown')"


def _part_kind(source: Path, calls: list[Call]) -> str:
    if all(RECEIVED_AT in call.types for call in calls):
        return "arrival"
    return "date" if source.is_file() else "file"


def file_fingerprint(path: Path) -> str:
    """What changes whenever the file does: its size and its times.

    The time of modification changes with the content, and that of the last change of the file's
    entry does so even where a copy brings the other along.
    """
    stat = path.stat()
    return f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}"


def _parts(
    source: Path, part_kind: str, calls: list[Call], wanted: tuple[str, ...]
) -> tuple[list[str], str]:
    """The part of a row, as an expression for each call, and the query for all parts."""
    if part_kind == "arrival":
        times = [as_time(call.value(RECEIVED_AT), call.types[RECEIVED_AT]) for call in calls]
        parts = [_date_of(time) for time in times]
        # A row is delivered once, and one that is corrected arrives anew; so the times will do. Rows
        # without a time are told apart by their content.
        columns = ", ".join(f'"{column}"' for column in wanted)
        rows = [
            f"select part, case when arrived_at is null then hash({columns}) "
            "else hash(arrived_at) end as content from "
            f"({_select(call, wanted, part, f'{time} as arrived_at')})"
            for part, time, call in zip(parts, times, calls, strict=True)
        ]
    elif part_kind == "date":
        time = next((column for column in wanted if column in TIMES), None)
        parts = [_date_of(as_time(call.value(time), call.types[time])) for call in calls]
        columns = ", ".join(f'"{column}"' for column in wanted)
        rows = [
            f"select part, hash({columns}) as content from ({_select(call, wanted, part)})"
            for part, call in zip(parts, calls, strict=True)
        ]
    else:
        values = ", ".join(
            f"({_literal(path)}, '{file_fingerprint(path)}')"
            for call in calls
            for path in call.files
        )
        query = f"select part, fingerprint from (values {values}) as parts (part, fingerprint)"
        return [FILE_NAME] * len(calls), query
    return parts, (
        f"select part, concat({_literal(source)}, ' ', count(*), ' ', sum(content)) as fingerprint "
        f"from ({' union all '.join(rows)}) group by part"
    )


def _unreadable(source: Path, error: Exception) -> InputProblem:
    """The error as a problem: what DuckDB says of the file, without its advice on its options."""
    said = re.split(r"\n\s*(?:LINE 1:|Possible|Try )|Try auto", str(error))[0]
    said = re.sub(r"^[\w ]+ Error: ", "", " ".join(said.split())).rstrip(".")
    if said.startswith("Malformed JSON"):  # DuckDB counts one line too many.
        said = re.sub(r"(?<=in line )\d+", lambda found: str(int(found[0]) - 1), said)
    if len(said) > 400:
        said = f"{said[:200]} ... {said[-200:]}"
    named = re.search(r"^  file = (.+)$", str(error), re.MULTILINE)
    return InputProblem(
        f"{named[1] if named else source}: it can't be read ({said}); mend it or export it again "
        f"({WELL_FORMED})"
    )


def find_table(connection: DuckDBPyConnection, folder: Path, name: str) -> RawTable:
    """Finds a raw table and writes the query that reads it in the interface's columns and types.

    Args:
        connection: any DuckDB connection.
        folder: the folder that PLG_RAW_DIR names.
        name: "users" or "events".

    Raises:
        InputProblem: files that are missing, ambiguous, unreadable, or lack a column.
    """
    wanted = TABLES[name]
    source = folder / name
    try:
        source, files = _find(folder, name)
        calls = list(_calls(connection, source, files, (*wanted, RECEIVED_AT)))
    except (Error, OSError, EOFError, zlib.error, csv.Error) as error:
        raise _unreadable(source, error) from error
    found = {column for call in calls for column in call.types}
    for call in calls:
        # What a row can't do without has to be in each file, the rest in one of them.
        missing = [c for c in wanted if c not in (call.types if c in REQUIRED[name] else found)]
        if missing:
            raise InputProblem(
                f"{call.files[0]}: column {', '.join(missing)} is missing; the table {name} needs "
                f"the columns {', '.join(wanted)} (a column may be empty, not absent); in a CSV, "
                "the first line names them, separated by commas"
            )
    part_kind = _part_kind(source, calls)
    parts, parts_query = _parts(source, part_kind, calls, wanted)
    query = " union all ".join(
        _select(call, wanted, part) for call, part in zip(calls, parts, strict=True)
    )
    return RawTable(name, source, tuple(calls), part_kind, query, parts_query)


def _unknown_parts(
    connection: DuckDBPyConnection, table: RawTable, known_parts: dict[str, str]
) -> list[str] | None:
    """The parts that no build has read yet; None where that is so of all."""
    parts = connection.execute(table.parts_query).fetchall() if known_parts else []
    unknown = [part for part, fingerprint in parts if known_parts.get(part) != fingerprint]
    return None if len(unknown) == len(parts) else unknown


def _refuse_strays(
    connection: DuckDBPyConnection, table: RawTable, unknown: list[str] | None
) -> None:
    """Looks for what would be passed over in the parts that no build has read yet."""
    for call in table.calls:
        files = call.files
        if unknown is not None:
            # Where a part is no file, each file may hold rows of the new ones.
            files = [
                f for f in files if unknown and (table.part_kind != "file" or str(f) in unknown)
            ]
        if call.strays and files:
            found = connection.execute(f"{call.strays(files)} limit 1").fetchone()
            if found:
                raise InputProblem(f"{found[0]}: {found[1]}")


def empty_columns(
    connection: DuckDBPyConnection, table: RawTable, known_parts: dict[str, str]
) -> Iterator[str]:
    """One sentence if the table lacks users, and for each required column of which no value can be
    read. Text is read to its end, so that a broken line stops here and not in a model; of parquet,
    which breaks as a whole, the first rows with a value are enough, however long it is.

    Args:
        connection: any DuckDB connection.
        table: what find_table found.
        known_parts: the fingerprint of each part that an earlier build read; not read again here,
            and where there are such, the columns are not looked through again.

    Raises:
        InputProblem: a file that can't be read to its end.
    """
    rows = f"from ({table.query})"
    try:
        unknown = _unknown_parts(connection, table, known_parts)
        if table.has_text_files:
            counts = ", ".join(f'count("{column}")' for column in TABLES[table.name])
            if unknown is None:
                connection.execute(f"select {counts} {rows}").fetchone()
            elif unknown:
                names = ", ".join(_literal(part) for part in unknown)
                connection.execute(f"select {counts} {rows} where part in ({names})").fetchone()
            _refuse_strays(connection, table, unknown)
        if unknown is not None:
            return
        if connection.execute(f"select 1 {rows} limit 1").fetchone() is None:
            if table.name == "users":
                yield f"{table.source}: there are no users; put at least one row in"
            return
        for column in REQUIRED[table.name]:
            value = f'"{column}"' if column in TIMES else f"nullif(\"{column}\", '')"
            first_value = f"select 1 {rows} where {value} is not null limit 1"
            if connection.execute(first_value).fetchone() is None:
                form = (
                    "an ISO timestamp, such as 2024-01-31 09:30:00" if column in TIMES else "text"
                )
                yield f"{table.source}: column {column}: no value can be read; write each as {form}"
    except Error as error:
        raise _unreadable(table.source, error) from error
