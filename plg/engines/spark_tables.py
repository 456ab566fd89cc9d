"""Shows the raw files of PLG_RAW_DIR to Apache Spark, where they lie, as raw_tables does to DuckDB.

DuckDB finds the files and checks them; Spark reads them through external tables, one for each group
of files of the same columns. A folder of symbolic links stands for such a group: Spark reads folders,
and no list of files. What the links stand for is in a table of their own: a view, in which it could
stand as well, may hold no more than 32,700 characters.

Of a file with rows that can't be read, DuckDB has made a table of the others (plg/input/unreadable.py).
A parquet file of that table stands in the link's place.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from duckdb import DuckDBPyConnection

from plg.input.forms import HIVE_NULL, RECEIVED_AT, Call
from plg.input.parts import file_fingerprint, values_of
from plg.input.raw_tables import RawTable
from plg.input.sql import literal
from plg.input.unreadable import IS_UNREADABLE
from plg.inputs import MADE
from plg.reading import reading

# A query of more characters is a chain of views. Spark's metastore holds 32,700, and writes down each
# name in full; to read a time takes 11,000.
LONGEST_QUERY = 12_000

FORMATS = {
    ".parquet": ("parquet", ""),
    ".csv": (
        "csv",
        "options (header 'true', quote '\"', escape '\"', multiLine 'true', "
        "maxCharsPerColumn '-1', mode 'FAILFAST')",
    ),
    ".jsonl": ("json", "options (mode 'FAILFAST')"),
}


def _literal(value: object) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _declared_columns(call: Call, form: str) -> str:
    """The columns of text files, all as text; parquet files know their own."""
    if form == "parquet":
        return ""
    names = re.findall(r"'((?:[^']|'')*)': 'VARCHAR'", call.sql)
    columns = [name.replace("''", "'") for name in names]
    return "(" + ", ".join(f"`{column.replace('`', '``')}` string" for column in columns) + ")"


def _partition_value(path: Path, column: str) -> str | None:
    for folder in path.parts:
        key, sign, value = folder.partition("=")
        if sign and key.lower() == column:
            return None if value == HIVE_NULL else unquote(value)
    return None


def _date_of(time: str) -> str:
    return f"coalesce(date_format(`{time}`, 'yyyy-MM-dd'), 'unknown')"


class SparkTables:
    """The external tables and views of one raw table.

    Args:
        connection: to the database that has the rows of files that Spark can't read.
        table: what raw_tables.find_table found.
        schema: of the views.
        link_root: folder for the symbolic links; those of the table are made anew.
    """

    def __init__(
        self, connection: DuckDBPyConnection, table: RawTable, schema: str, link_root: Path
    ) -> None:
        self._connection = connection
        self.table = table
        self.schema = schema
        self.links = link_root / table.name
        self.input = table.input

    def statements(self) -> Iterator[str]:
        """The SQL statements that make the tables and views, in their order."""
        shutil.rmtree(self.links, ignore_errors=True)
        if not self.table.calls:
            yield from self._empty_views()
            return
        files_table = f"`{self.schema}`.`plg_{self.table.name}_files`"
        yield f"drop table if exists {files_table}"
        yield self._table_of_files(files_table)
        selects, contents = [], []
        for number, call in enumerate(self.table.calls):
            source = f"`{self.schema}`.`plg_{self.table.name}_{number}`"
            yield f"drop table if exists {source}"
            yield self._external_table(call, number, source)
            rows = (
                f"{source} as delivered inner join (select * from {files_table} where call = {number}) "
                "as files on delivered._metadata.file_name = files.link"
            )
            # Views of their own: reading takes some ten thousand characters.
            views = self._read(call, rows, source)
            for view, query in views.items():
                yield f"create or replace view {view} as {query}"
            read = f"from {list(views)[-1]}"
            selects.append(f"select {self._columns(call)} {read}")
            contents.append(
                f"select {self._part(call)} as part, {self._content(call)} as content {read}"
            )
        query = " union all ".join(selects)
        yield f"create or replace view `{self.schema}`.{self.table.name} as {query}"
        if self.input.parts:
            parts = self._parts_query(contents, files_table)
            yield f"create or replace view `{self.schema}`.{self.input.parts} as {parts}"

    def _empty_views(self) -> Iterator[str]:
        """An optional table that is absent: no rows, in the columns and types of the interface."""
        columns = {**MADE, **self.input.columns, **dict.fromkeys(self.input.further, "string")}
        parts = {"part": "string", "fingerprint": "string"}
        for view, types in zip(self.input.views, (columns, parts), strict=False):
            nulls = ", ".join(f"cast(null as {kind}) as `{name}`" for name, kind in types.items())
            yield f"create or replace view `{self.schema}`.{view} as select {nulls} where false"

    def _ending(self, call: Call, path: Path) -> str:
        if call.is_table:
            return ".parquet"
        gzipped = ".gz" if path.suffix.lower() == ".gz" else ""
        return Path(path.name.lower().removesuffix(".gz")).suffix + gzipped

    def _links(self, call: Call) -> Iterator[tuple[str, Path]]:
        for number, path in enumerate(call.files):
            yield f"{number:06}{self._ending(call, path)}", path

    def _external_table(self, call: Call, number: int, source: str) -> str:
        folder = self.links / str(number)
        folder.mkdir(parents=True)
        for link, path in self._links(call):
            if call.is_table:
                columns = [v.column for v in values_of(call, self.input)]
                names = [f'"{call.name(c)}" as "{c}"' for c in columns if c not in call.partitions]
                self._connection.execute(
                    f"copy (select {', '.join([*names, IS_UNREADABLE])} from {call.sql}) "
                    f"to {literal(folder / link)} (format parquet)"
                )
            else:
                (folder / link).symlink_to(path)
        form, options = FORMATS[self._ending(call, call.files[0]).removesuffix(".gz")]
        columns = _declared_columns(call, form)
        return f"create table {source} {columns} using {form} {options} location {_literal(folder)}"

    def _table_of_files(self, name: str) -> str:
        """Writes what each link stands for; returns the statement that makes a table of it.

        One row per file: the number of its call, the link's name, the path, a fingerprint, and the
        values of the columns that folders hold.
        """
        lines = []
        for number, call in enumerate(self.table.calls):
            for link, path in self._links(call):
                row = {
                    "call": number,
                    "link": link,
                    "path": str(path),
                    "fingerprint": file_fingerprint(path),
                }
                for column in call.partitions:
                    name = self.input.source(column)
                    value = _partition_value(path.relative_to(self.table.source), name)
                    row[f"folder_{column}"] = value
                lines.append(json.dumps(row) + "\n")
        folder = self.links / "files"
        folder.mkdir(parents=True)
        (folder / "files.jsonl").write_text("".join(lines))
        partitions = dict.fromkeys(
            column for call in self.table.calls for column in call.partitions
        )
        columns = ["call int", "link string", "path string", "fingerprint string"]
        columns += [f"`folder_{column}` string" for column in partitions]
        return f"create table {name} ({', '.join(columns)}) using json location {_literal(folder)}"

    def _read(self, call: Call, rows: str, source: str) -> dict[str, str]:
        """Views of a call's rows, each with some more values read; of a row that can't be read, none."""
        values = values_of(call, self.input)
        delivered = {v.column: self._delivered(call, v.column) for v in values}
        made = {"path": "files.path", "is_unreadable": self._unreadable(call)}
        has_unreadable = made["is_unreadable"] != "false"

        def query(count: int) -> str:
            group = [replace(value, sql=delivered[value.column]) for value in values[:count]]
            waiting = {f"delivered_{v.column}": delivered[v.column] for v in values[count:]}
            read = reading("spark").rows(group, rows, made | waiting)
            if not has_unreadable:
                return read
            columns = [f"`{name}`" for name in (*made, *waiting)]
            columns += [f"if(is_unreadable, null, `{v.column}`) as `{v.column}`" for v in group]
            return f"select {', '.join(columns)} from ({read})"

        views: dict[str, str] = {}
        while values:
            count = len(values)
            while count > 1 and len(query(count)) > LONGEST_QUERY:
                count -= 1
            view = f"{source[:-1]}_read_{len(views)}`"
            views[view] = query(count)
            rows = view
            made = {name: f"`{name}`" for name in (*made, *(v.column for v in values[:count]))}
            values = values[count:]
            delivered = {v.column: f"`delivered_{v.column}`" for v in values}
        return views

    def _delivered(self, call: Call, column: str) -> str:
        """The column as a file or its folder holds it."""
        if column in call.partitions:
            return f"files.`folder_{column}`"
        return f"`{column if call.is_table else call.name(column)}`"

    def _unreadable(self, call: Call) -> str:
        """Whether a row can't be read: as the table of the file says, or for bytes that are no UTF-8."""
        if call.is_table:
            return IS_UNREADABLE
        halves = (
            f"coalesce(not is_valid_utf8(cast(`{call.name(c)}` as string)), false)"
            for c in call.texts
        )
        return " or ".join(halves) or "false"

    def _part(self, call: Call) -> str:
        if self.table.part_kind == "arrival":
            return _date_of(RECEIVED_AT)
        if self.table.part_kind == "date":
            time = self.input.occurred
            return _date_of(time) if time in call.types else "'unknown'"
        return "path"

    def _values(self, call: Call) -> Iterator[str]:
        for column, data_type in self.input.columns.items():
            yield f"`{column}`" if column in call.types else f"cast(null as {data_type})"

    def _columns(self, call: Call) -> str:
        made = [f"{self._part(call)} as part", "path as file_name", "is_unreadable"]
        values = zip(self.input.columns, self._values(call), strict=True)
        return ", ".join([*made, *(f"{value} as `{column}`" for column, value in values)])

    def _content(self, call: Call) -> str:
        content = f"xxhash64({', '.join(self._values(call))})"
        if self.table.part_kind != "arrival":
            return content
        return f"case when {RECEIVED_AT} is null then {content} else xxhash64({RECEIVED_AT}) end"

    def _parts_query(self, contents: list[str], files_table: str) -> str:
        if self.table.part_kind == "file":
            return f"select path as part, fingerprint from {files_table}"
        return (
            f"select part, concat({_literal(self.table.source)}, ' ', count(*), ' ', "
            f"sum(cast(content as decimal(38, 0)))) as fingerprint from ({' union all '.join(contents)}) "
            "group by part"
        )
