"""Shows the raw files of PLG_RAW_DIR to Apache Spark, where they lie, as raw_tables does to DuckDB.

DuckDB finds the files and checks them; Spark reads them through external tables, one for each group
of files of the same columns. A folder of symbolic links stands for such a group: Spark reads folders,
and no list of files. What the links stand for is in a table of their own: a view, in which it could
stand as well, may hold no more than 32,700 characters.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from duckdb import DuckDBPyConnection

from plg.input.forms import HIVE_NULL, RECEIVED_AT, Call
from plg.input.parts import file_fingerprint
from plg.input.raw_tables import RawTable
from plg.input.sql import OFFSET, as_time
from plg.inputs import MADE

FORMATS = {
    ".parquet": ("parquet", ""),
    ".csv": (
        "csv",
        "options (header 'true', quote '\"', escape '\"', multiLine 'true', "
        "maxCharsPerColumn '-1', mode 'FAILFAST')",
    ),
    ".jsonl": ("json", "options (mode 'FAILFAST')"),
}
# What ISO 8601 writes. Spark reads more, and takes a lone hour for one of today; it reads no zone
# behind minutes, and no hour 24.
ISO = (
    r"^\\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"([ T]([01]?[0-9]|2[0-3]):[0-9]{1,2}"
    rf"(:[0-9]{{1,2}}([.][0-9]+)?\\s*(Z|UTC|{OFFSET})?)?\\s*)?$"
)


def _literal(value: object) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _as_text(column: str, kind: str) -> str:
    if kind.startswith(("STRUCT", "MAP", "UNION")) or kind.endswith("]"):
        return f"to_json({column}, map('ignoreNullFields', 'false'))"
    if kind.startswith(("DOUBLE", "FLOAT", "DECIMAL")):
        # Whole numbers become floats where a column has gaps: 7.0 is the id 7 of the other table.
        number = f"try_cast({column} as decimal(38, 0))"
        text = (
            f"case when {number} = {column} then cast({number} as string) "
            f"else cast({column} as string) end"
        )
        if kind.startswith("DECIMAL"):
            return text
        return (
            f"case when not isnan({column}) and abs({column}) < double('infinity') then {text} end"
        )
    return f"cast({column} as string)"


def _as_time(column: str, kind: str) -> str:
    if kind in ("TIMESTAMP_NS", "TIMESTAMPTZ_NS"):
        value = f"timestamp_micros(cast(floor({column} / 1000BD) as bigint))"
    elif kind.startswith(("TIMESTAMP", "DATE")):
        value = f"cast({column} as timestamp)"
    else:
        text = f"cast({column} as string)"
        value = f"case when {text} rlike '{ISO}' then try_cast({text} as timestamp) end"
    years = "timestamp '0001-01-01 00:00:00' and timestamp '9999-12-31 23:59:59.999999'"
    return f"case when {value} between {years} then {value} end"


def _in_type(column: str, kind: str, data_type: str) -> str:
    """The column in a type of the register of inputs; null where it can't be read so."""
    if data_type == "string":
        return _as_text(column, kind)
    if data_type == "timestamp":
        return _as_time(column, kind)
    if data_type == "date":
        return f"cast({_as_time(column, kind)} as date)"
    return f"try_cast({_as_text(column, kind)} as {data_type})"


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


def _time_of(call: Call, column: str) -> str:
    return _as_time(f"`{column}`", call.types[column])


def _date_of(time: str) -> str:
    return f"coalesce(date_format({time}, 'yyyy-MM-dd'), 'unknown')"


def unread_times(connection: DuckDBPyConnection, table: RawTable) -> Iterator[str]:
    """One sentence for each column of times in text that DuckDB reads and Spark would not.

    Args:
        connection: any DuckDB connection, in UTC.
        table: what raw_tables.find_table found.
    """
    pattern = ISO.replace("\\\\", "\\")
    for call in table.calls:
        for column in table.input.times:
            if call.types.get(column) != "VARCHAR":
                continue
            text = call.value(column)
            time = as_time(text, "VARCHAR")
            found = connection.execute(
                f"select {text} from {call.sql} where {time} is not null "
                f"and not regexp_matches({text}, ?) limit 1",
                [pattern],
            ).fetchone()
            if found:
                yield (
                    f"{table.source}: column {column}: Spark does not read {found[0]!r} as DuckDB does; "
                    "write times as ISO 8601, such as 2024-01-31 09:30:00"
                )


class SparkTables:
    """The external tables and views of one raw table.

    Args:
        table: what raw_tables.find_table found.
        schema: of the views.
        link_root: folder for the symbolic links; those of the table are made anew.
    """

    def __init__(self, table: RawTable, schema: str, link_root: Path) -> None:
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
            selects.append(f"select {self._columns(call)} from {rows}")
            contents.append(
                f"select {self._part(call)} as part, {self._content(call)} as content from {rows}"
            )
        query = " union all ".join(selects)
        yield f"create or replace view `{self.schema}`.{self.table.name} as {query}"
        if self.input.parts:
            parts = self._parts_query(contents, files_table)
            yield f"create or replace view `{self.schema}`.{self.input.parts} as {parts}"

    def _empty_views(self) -> Iterator[str]:
        """An optional table that is absent: no rows, in the columns and types of the interface."""
        columns = {**MADE, **self.input.columns}
        parts = {"part": "string", "fingerprint": "string"}
        for view, types in zip(self.input.views, (columns, parts), strict=False):
            nulls = ", ".join(f"cast(null as {kind}) as `{name}`" for name, kind in types.items())
            yield f"create or replace view `{self.schema}`.{view} as select {nulls} where false"

    def _ending(self, path: Path) -> str:
        gzipped = ".gz" if path.suffix.lower() == ".gz" else ""
        return Path(path.name.lower().removesuffix(".gz")).suffix + gzipped

    def _links(self, call: Call) -> Iterator[tuple[str, Path]]:
        for number, path in enumerate(call.files):
            yield f"{number:06}{self._ending(path)}", path

    def _external_table(self, call: Call, number: int, source: str) -> str:
        folder = self.links / str(number)
        folder.mkdir(parents=True)
        for link, path in self._links(call):
            (folder / link).symlink_to(path)
        form, options = FORMATS[self._ending(call.files[0]).removesuffix(".gz")]
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
                    value = _partition_value(path.relative_to(self.table.source), column)
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

    def _part(self, call: Call) -> str:
        if self.table.part_kind == "arrival":
            return _date_of(_time_of(call, RECEIVED_AT))
        if self.table.part_kind == "date":
            time = self.input.occurred
            return _date_of(_time_of(call, time)) if time in call.types else "'unknown'"
        return "files.path"

    def _values(self, call: Call) -> Iterator[str]:
        for column, data_type in self.input.columns.items():
            value = f"cast(null as {data_type})"
            if column in call.partitions:
                value = _in_type(f"files.`folder_{column}`", "VARCHAR", data_type)
            elif column in call.types:
                value = _in_type(f"`{column}`", call.types[column], data_type)
            yield value

    def _columns(self, call: Call) -> str:
        made = [f"{self._part(call)} as part", "files.path as file_name", "false as is_unreadable"]
        values = zip(self.input.columns, self._values(call), strict=True)
        return ", ".join([*made, *(f"{value} as `{column}`" for column, value in values)])

    def _content(self, call: Call) -> str:
        content = f"xxhash64({', '.join(self._values(call))})"
        if self.table.part_kind != "arrival":
            return content
        arrived_at = _time_of(call, RECEIVED_AT)
        return f"case when {arrived_at} is null then {content} else xxhash64({arrived_at}) end"

    def _parts_query(self, contents: list[str], files_table: str) -> str:
        if self.table.part_kind == "file":
            return f"select path as part, fingerprint from {files_table}"
        return (
            f"select part, concat({_literal(self.table.source)}, ' ', count(*), ' ', "
            f"sum(cast(content as decimal(38, 0)))) as fingerprint from ({' union all '.join(contents)}) "
            "group by part"
        )
