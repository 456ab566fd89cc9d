"""Reads the files of a raw table in each form: parquet, CSV and JSON lines.

Files of the same form and the same columns are read by one call. Which columns a file has is asked
here; what the table needs is for raw_tables.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO

from duckdb import DuckDBPyConnection, Error

from plg.input.problem import InputProblem, UnreadableFiles
from plg.input.sql import file_names, literal, tuple_of
from plg.inputs import MADE, Input

# Not required: when a row arrived, which tells what a build has to read.
RECEIVED_AT = "received_at"
FILE_NAME = "plg_file_name"
GZIP = b"\x1f\x8b"
# What files that are no plain text begin with.
MARKS = {
    b"\xff\xfe": "this is UTF-16; export it as UTF-8",
    b"\xfe\xff": "this is UTF-16; export it as UTF-8",
    b"PAR1": "this is parquet; end its name in .parquet",
    GZIP: "this is packed; end its name in .gz",
}
# As many rows of a file tell which keys its objects have.
FIRST_ROWS = 20
LARGEST_OBJECT = "maximum_object_size = 16777216"
# What DuckDB reads in JSON, though RFC 8259 forbids it: a comma behind the last value, and NaN and Infinity.
LOOSE_JSON = r"',[ \t\r]*[}\]]|[:,\[][ \t\r]*-?[nNiI][aAnN][nNfF]'"
JSON_STRING = r"""'"([^"\\]|\\.)*"'"""
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"
OPTIONS = f"hive_partitioning = false, filename = '{FILE_NAME}'"
# Told all this, DuckDB guesses nothing from a sample. Text stays text: 007 is no number.
CSV_FORM = "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"'"


@dataclass(frozen=True)
class Call:
    """The SQL call that reads some files, all of the same form and columns.

    Attributes:
        files: the files that it reads.
        sql: the call.
        types: each column's type, as DuckDB names it.
        strays: gives a query, over some of the files, of what `sql` would pass over without a word:
            the file, and what is wrong with it; null where it is a row that can't be read. None where
            nothing could be passed over.
        partitions: the columns that the names of the files' folders hold, each with the SQL that
            reads it from there.
        unreadable: says in SQL whether a row can't be read.
        texts: the columns of bytes, each with the SQL of its text.
        is_table: whether it reads a table of rows, in place of a file (plg/input/unreadable.py).
        doubled: the columns that the files and their folders' names hold, each with its type in the
            files and the SQL of the folder's value.
        there: the names of the files' columns, as far as they are known.
        further: the columns beyond those of the register that the table takes.
        names: the files' names of columns that have another one in the register.
    """

    files: list[Path]
    sql: str
    types: dict[str, str]
    strays: Callable[[list[Path]], str] | None = None
    partitions: dict[str, str] = field(default_factory=dict)
    unreadable: str = "false"
    is_table: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    doubled: dict[str, tuple[str, str]] = field(default_factory=dict)
    there: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)

    def name(self, column: str) -> str:
        """The files' name of a column."""
        return self.names.get(column, column)

    def value(self, column: str) -> str:
        """The column in SQL, as the file or its folder holds it."""
        return self.partitions.get(column) or self.texts.get(column, f'"{self.name(column)}"')


class Wanted(dict[str, bool]):
    """The columns that are read, by their names in the files, and whether the table needs each.

    Attributes:
        ids: those that hold ids.
        table: the entry of the register.
    """

    def __init__(self, table: Input) -> None:
        super().__init__({table.source(RECEIVED_AT): False})
        self.table = table
        self.ids = {table.source(column) for column in table.columns if is_id(column)}
        for column in table.columns:
            self[table.source(column)] = column not in table.may_be_absent
        for column in table.further:
            self.setdefault(column, True)

    def takes(self, name: str) -> bool:
        """Whether a column that nothing names is read, too."""
        is_plain = not set(name) & set("\"'`\\\r\n") and not name.startswith(("column ", "plg_"))
        reserved = {*self.table.columns, *MADE, "", "made_by"}
        return self.table.takes_further and is_plain and name not in reserved


def by_schema(connection: DuckDBPyConnection, files: list[Path]) -> list[list[str]]:
    """The names of parquet files, those of one schema together.

    One call reads these: a column of several types would be cast to one of them, and fail.
    """
    found = connection.execute(
        "select list(file_name order by file_name) from ("
        "select file_name, list((name, duckdb_type) order by column_id) as columns "
        f"from parquet_schema({file_names(files)}) group by file_name"
        ") group by columns order by all"
    )
    return [names for (names,) in found.fetchall()]


def _parquet_calls(
    connection: DuckDBPyConnection, files: list[Path], wanted: Wanted, options: str
) -> Iterator[Call]:
    for names in by_schema(connection, files):
        binary = _binary_columns(connection, names[0], wanted)
        as_string = "false" if binary else "true"
        sql = f"read_parquet({file_names(names)}, binary_as_string = {as_string}, {options})"
        described = connection.execute(f"describe select * from {sql}").fetchall()
        types = {column.lower(): kind for column, kind, *_ in described}
        _refuse_rounded_numbers(connection, names, sql, types, wanted)
        # DuckDB numbers the second of two columns of a name, in whatever capitals.
        columns = connection.execute(
            f"select lower(name) from parquet_schema({file_names(names[:1])})"
        )
        count = Counter(name for (name,) in columns.fetchall())
        refuse_repeated(Path(names[0]), [c for c in wanted if count[c] > 1 and f"{c}_1" in types])
        call = Call([Path(name) for name in names], sql, types, there=_there(types))
        if binary:
            # Bytes that are no UTF-8: such a row can't be read.
            texts = [f'try(decode("{column}"))' for column in binary]
            half = [
                f'("{c}" is not null and {t} is null)' for c, t in zip(binary, texts, strict=True)
            ]
            call = replace(
                call,
                types=types | dict.fromkeys(binary, "VARCHAR"),
                texts=dict(zip(binary, texts, strict=True)),
                unreadable=f"({' or '.join(half)})",
            )
        yield call


def _binary_columns(connection: DuckDBPyConnection, name: str, wanted: Wanted) -> list[str]:
    """The wanted columns of bytes that nothing says to be text."""
    found = connection.execute(
        f"select lower(name) from parquet_schema({file_names([name])}) where type = 'BYTE_ARRAY' "
        "and converted_type is null and logical_type is null and duckdb_type = 'BLOB'"
    )
    return [column for (column,) in found.fetchall() if column in wanted]


def _refuse_rounded_numbers(
    connection: DuckDBPyConnection,
    names: list[str],
    sql: str,
    types: dict[str, str],
    wanted: Wanted,
) -> None:
    """Ids that are numbers of more digits than a float holds exactly would be mixed up."""
    wide = connection.execute(
        f"select lower(name), precision, scale from parquet_schema({file_names(names[:1])}) "
        "where precision > 38"
    )
    for column, precision, scale in wide.fetchall():
        if column in wanted:
            raise InputProblem(
                f"{names[0]}: column {column} is a decimal({precision}, {scale}), of whose digits only the "
                "first 15 can be read; export it as text or bigint"
            )
    for column in wanted:
        if types.get(column) in ("DOUBLE", "FLOAT") and column in wanted.ids:
            limit = 2**53 if types[column] == "DOUBLE" else 2**24
            found = connection.execute(
                f'select {FILE_NAME}, cast("{column}" as varchar) from {sql} '
                f'where abs("{column}") >= {limit} and isfinite("{column}") limit 1'
            ).fetchone()
            if found:
                raise InputProblem(
                    f"{found[0]}: column {column} is a {types[column].lower()}, which holds no more than "
                    f"{15 if limit > 2**24 else 7} digits exactly, and has the value {found[1]}: ids may have been "
                    "mixed up; export it as text or bigint"
                )


def is_id(column: str) -> bool:
    """Whether a column holds ids, as the macro prepared_text has it."""
    return column.endswith("_id") or column == "invited_by"


def refuse_repeated(path: Path, columns: list[str]) -> None:
    """Stops at a file that names columns more than once."""
    if columns:
        raise InputProblem(
            f"{path}: column {', '.join(columns)} is there more than once; keep the one that is "
            "meant"
        )


def open_text(path: Path) -> TextIO:
    with path.open("rb") as file:
        begin = file.read(4)
    for mark, remedy in MARKS.items():
        if begin.startswith(mark) and not (mark == GZIP and path.suffix.lower() == ".gz"):
            raise InputProblem(f"{path}: {remedy}")
    open_text = gzip.open if path.suffix.lower() == ".gz" else open
    return open_text(path, "rt", encoding="utf-8-sig", errors="replace", newline="")


def header_of(path: Path) -> tuple[str, ...]:
    """The cells of a CSV's first line, without the spaces around them."""
    with open_text(path) as file:
        return tuple(cell.strip() for cell in next(csv.reader(file), []))


def csv_call(
    files: list[Path], types: dict[str, str], options: str, there: tuple[str, ...] = ()
) -> Call:
    """What reads CSV files of one header; the types name each of its cells."""
    sql = f"read_csv({file_names(files)}, columns = {literal(types)}, {CSV_FORM}, {options})"
    return Call(files, sql, types, partial(_surplus_cells, types=types), there=there)


def _csv_calls(
    connection: DuckDBPyConnection, files: list[Path], wanted: Wanted, options: str
) -> Iterator[Call]:
    by_header: dict[tuple[str, ...], list[Path]] = {}
    for path in files:
        header = tuple(cell.lower() for cell in header_of(path))
        refuse_repeated(path, [column for column in wanted if header.count(column) > 1])
        by_header.setdefault(header, []).append(path)
    for header, paths in by_header.items():
        types = {
            name
            if name in wanted or (wanted.takes(name) and header.count(name) == 1)
            else f"column {place}": "VARCHAR"
            for place, name in enumerate(header, start=1)
        }
        yield csv_call(paths, types, options, _there(header))


def _there(names: Iterable[str]) -> tuple[str, ...]:
    """The names of columns that a file itself has."""
    return tuple(name for name in names if name and name != FILE_NAME)


def _surplus_cells(files: list[Path], types: dict[str, str]) -> str:
    """A query of the files with rows that a comma outside of quotes has shifted.

    DuckDB stops at such a row, unless the surplus cell is empty. One more column shows it: it is text
    in such a row, and null in the others.
    """
    wider = types | {"plg_surplus": "VARCHAR"}
    return (
        f"select distinct {FILE_NAME}, null "
        f"from read_csv({file_names(files)}, columns = {literal(wider)}, {CSV_FORM}, "
        f"filename = '{FILE_NAME}', null_padding = true, nullstr = '\x01', parallel = false) "
        "where plg_surplus is not null"
    )


def first_objects(path: Path) -> Iterator[dict[str, object]]:
    """The objects of a file's first lines; lines that can't be read are left to DuckDB."""
    with open_text(path) as file:
        for line in islice(file, FIRST_ROWS):
            value = None
            with suppress(ValueError, RecursionError):
                value = json.loads(line)
            if isinstance(value, dict):
                yield value


def json_call(
    files: list[Path],
    columns: dict[str, str],
    options: str,
    wanted: Iterable[str],
    types: dict[str, str],
    there: tuple[str, ...] = (),
) -> Call:
    """What reads files of JSON lines.

    `columns` has the type of each key as it is spelled, `wanted` the names in small letters of which no
    other spelling may be passed over, `types` what the call says of its columns.
    """
    sql = (
        f"read_json({file_names(files)}, columns = {literal(columns)}, "
        f"format = 'newline_delimited', {LARGEST_OBJECT}, {options})"
    )
    strays = partial(_other_spellings, wanted=wanted, keys=list(columns))
    return Call(files, sql, types, strays, there=there)


def _jsonl_calls(
    connection: DuckDBPyConnection, files: list[Path], wanted: Wanted, options: str
) -> Iterator[Call]:
    with broken_lines_named(connection, files):
        spellings = _spellings(connection, files, wanted)
    spellings = {
        column: keys
        for column, keys in spellings.items()
        if column in wanted or (wanted.takes(column) and len(keys) == 1)
    }
    there = _there(spellings)
    for keys in spellings.values():
        if len(keys) > 1:  # DuckDB compares keys literally: it would read one of them only.
            (first, where), (other, there) = list(keys.items())[:2]
            raise InputProblem(
                f"{there}: the key {other} is {first} in {where}; spell it in one way in all lines"
            )
    columns = {key: "VARCHAR" for keys in spellings.values() for key in keys}
    yield json_call(files, columns, options, wanted, dict.fromkeys(spellings, "VARCHAR"), there)


@contextmanager
def broken_lines_named(connection: DuckDBPyConnection, files: list[Path]) -> Iterator[None]:
    """Names the files with broken lines where reading them fails.

    Raises:
        UnreadableFiles: these files.
    """
    try:
        yield
    except Error:
        broken = [path for path in files if not _is_sound_json(connection, path)]
        if broken:
            raise UnreadableFiles(broken) from None
        raise


def _is_sound_json(connection: DuckDBPyConnection, path: Path) -> bool:
    try:
        connection.execute(f"select count(json_keys(json)) from ({json_lines([path])})")
    except Error:
        return not path.exists()
    return True


def _spellings(
    connection: DuckDBPyConnection, files: list[Path], wanted: Wanted
) -> dict[str, dict[str, str]]:
    """The keys, in whatever capitals, of each column; each with a file that has it.

    Of a column that is not wanted, those of the first lines.
    """
    spellings: dict[str, dict[str, str]] = {}

    def note(key: str, path: str) -> None:
        spellings.setdefault(key.lower(), {}).setdefault(key, path)

    for path in files:
        for key in sorted({key for found in first_objects(path) for key in found}):
            note(key, str(path))
    lines = json_lines(files)
    for sample in (" limit 20480", ""):  # A rare key may lie behind the first lines.
        found = connection.execute(
            "select key, min(filename) from (select unnest(json_keys(json)) as key, filename "
            f"from ({lines}{sample})) group by key order by key"
        )
        for key, path in found.fetchall():
            note(key, path)
        if {column for column, is_needed in wanted.items() if is_needed} <= set(spellings):
            break
    return spellings


def json_lines(files: list[Path]) -> str:
    return (
        "select json, filename from "
        f"read_ndjson_objects({file_names(files)}, {LARGEST_OBJECT}, filename = true)"
    )


def _other_spellings(files: list[Path], wanted: Iterable[str], keys: list[str]) -> str:
    """A query of lines that are no strict objects, and keys spelled otherwise than in the first lines."""
    # What looks loose is most often text in a string.
    outside = f"""regexp_replace(json, {JSON_STRING}, '""', 'g')"""
    return (
        f"select distinct filename, null from ({json_lines(files)}) "
        "where json_type(json) is distinct from 'OBJECT' "
        f"or case when regexp_matches(json, {LOOSE_JSON}) "
        f"then regexp_matches({outside}, {LOOSE_JSON}) else false end "
        "union all select filename, concat('the key ', key, ' is spelled otherwise in other lines; spell it in "
        "one way in all lines') "
        f"from (select unnest(json_keys(json)) as key, filename from ({json_lines(files)})) "
        f"where lower(key) in {tuple_of(wanted)} and key not in {tuple_of(('', *keys))}"
    )


CALLS = {".parquet": _parquet_calls, ".csv": _csv_calls, ".jsonl": _jsonl_calls}


def _by_the_register(call: Call, table: Input) -> Call:
    """The call with the columns named as the register has them, and those that it does not name.

    Columns that nothing reads keep their names: each cell of a text file is looked at.
    """
    names = {column: source for column, source in table.sources.items() if source in call.types}
    types = {name: kind for name, kind in call.types.items() if name not in table.sources}
    types |= {column: call.types[source] for column, source in names.items()}
    own = {table.source(column) for column in table.columns} - set(table.further)
    takes = Wanted(table).takes
    further = tuple(name for name in call.types if takes(name) and name not in own)
    texts = {
        column: call.texts[s] for column in types if (s := names.get(column, column)) in call.texts
    }
    return replace(call, types=types, names=names, further=further, texts=texts)


def calls(
    connection: DuckDBPyConnection,
    source: Path,
    files: list[Path],
    table: Input,
    read_already: dict[Path, Call],
) -> Iterator[Call]:
    """Finds the calls that together read the files.

    Args:
        connection: any DuckDB connection.
        source: the file or folder of the table.
        files: its files.
        table: of the register of inputs.
        read_already: what reads a file whose readable rows are in a table.

    Raises:
        InputProblem: a file is not what its name says, or names a column twice.
        UnreadableFiles: some rows can't be read.
    """
    wanted = Wanted(table)
    for (form, columns), paths in _alike(source, files, table).items():
        left = [path for path in paths if path not in read_already]
        found = list(CALLS[form](connection, left, wanted, OPTIONS)) if left else []
        found += [read_already[path] for path in paths if path in read_already]
        for call in (_by_the_register(call, table) for call in found):
            # A folder says the date at most of what the file says to the microsecond.
            taken = [c for c in columns if not (c in table.times and c in call.types)]
            in_path = {column: _in_path(source, table.source(column)) for column in columns}
            yield replace(
                call,
                types=call.types | dict.fromkeys(taken, "VARCHAR"),
                further=tuple(
                    dict.fromkeys([*call.further, *(c for c in taken if c in table.further)])
                ),
                partitions={column: in_path[column] for column in taken},
                doubled={c: (call.types[c], in_path[c]) for c in columns if c in call.types},
            )


def form_of(path: Path) -> str:
    """The ending that says the form, such as .csv of users.csv.gz; .jsonl of every name of JSON lines."""
    ending = Path(path.name.lower().removesuffix(".gz").removesuffix(".zst")).suffix
    return ".jsonl" if ending in (".json", ".ndjson") else ending


def _alike(
    source: Path, files: list[Path], table: Input
) -> dict[tuple[str, tuple[str, ...]], list[Path]]:
    """The files of each form and of the same columns in the names of their folders."""
    alike: dict[tuple[str, tuple[str, ...]], list[Path]] = {}
    for path in files:
        form = form_of(path)
        folders = path.relative_to(source).parent.parts
        keys = [part.split("=")[0].lower() for part in folders if "=" in part]
        columns = dict.fromkeys([*table.columns, *table.further])
        partitions = tuple(column for column in columns if table.source(column) in keys)
        alike.setdefault((form, partitions), []).append(path)
    return alike


def _in_path(source: Path, column: str) -> str:
    """The value in the name of a folder below the source, such as pro of plan_tier=pro; in SQL."""
    inner = f"substr({FILE_NAME}, {len(str(source)) + 1})"
    value = f"regexp_extract({inner}, {literal(f'(?i)/{column}=([^/]*)/')}, 1)"
    return f"nullif(url_decode({value}), '{HIVE_NULL}')"
