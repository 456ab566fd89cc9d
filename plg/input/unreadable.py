"""Files with rows that can't be read: the others go into a table of the database, which the view reads.

The table is named by the file, and its comment is the file's fingerprint: it serves as long as the file
does not change. It holds a row of nulls for each row that can't be read.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from duckdb import DuckDBPyConnection, Error

from plg.input.forms import CALLS, FILE_NAME, OPTIONS, Call, form_of
from plg.input.lines import Sorted, sort_csv, sort_jsonl, unpack
from plg.input.parts import file_fingerprint
from plg.input.problem import InputProblem, UnreadableFiles
from plg.input.sql import literal
from plg.input.vendor_forms import all_columns

IS_UNREADABLE = "plg_is_unreadable"
PREFIX = "plg_rows_"
LARGEST_LINE = 2_097_152  # What DuckDB reads without being told.
T = TypeVar("T")


class RowTables:
    """The tables of such files in a database.

    Args:
        connection: to the database.
        schema: of the raw tables.
        allowed: the share of a file's rows that may be unreadable, as the var unreadable_rows_allowed.
        all_columns: whether to take all columns of a file as they are, for a vendor's table.
    """

    def __init__(
        self,
        connection: DuckDBPyConnection,
        schema: str = "raw",
        allowed: float = 0.001,
        *,
        all_columns: bool = False,
    ) -> None:
        self._connection = connection
        self._schema = schema
        self.allowed = allowed
        self._all_columns = all_columns

    def _name(self, path: Path) -> str:
        return PREFIX + hashlib.md5(str(path).encode(), usedforsecurity=False).hexdigest()[:16]

    def _comment(self, path: Path, wanted: Iterable[str]) -> str:
        return f"{path} {file_fingerprint(path)} {', '.join(sorted(wanted))}"

    def _there(self) -> dict[str, str]:
        """The comment of each table that is there."""
        found = self._connection.execute(
            "select table_name, comment from duckdb_tables() where schema_name = $schema "
            "and database_name = current_database() and starts_with(table_name, $prefix)",
            {"schema": self._schema, "prefix": PREFIX},
        )
        return {name: comment or "" for name, comment in found.fetchall()}

    def known(self, files: Iterable[Path], wanted: Iterable[str]) -> list[Path]:
        """The files whose table is there, of today's file, with the columns that are wanted."""
        there = self._there()
        known = [f for f in files if self._name(f) in there]
        return [
            f
            for f in known
            if there[self._name(f)] == self._comment(f, wanted) and self._is_allowed(f)
        ]

    def _is_allowed(self, path: Path) -> bool:
        rows, bad = self._connection.execute(
            f"select count(*), count(*) filter ({IS_UNREADABLE}) from {self._full_name(path)}"
        ).fetchone()
        return bad <= self.allowed * rows

    def _full_name(self, path: Path) -> str:
        return f'"{self._schema}"."{self._name(path)}"'

    def call(self, path: Path) -> Call:
        """What reads the table of a file."""
        table = self._full_name(path)
        described = self._connection.execute(f"describe {table}").fetchall()
        types = {c if self._all_columns else c.lower(): kind for c, kind, *_ in described}
        types = {c: k for c, k in types.items() if c not in (FILE_NAME, IS_UNREADABLE)}
        there = tuple(name for name in types if not name.startswith("column "))
        return Call([path], table, types, unreadable=IS_UNREADABLE, is_table=True, there=there)

    def read(self, read: Callable[[], T], wanted: Mapping[str, bool]) -> T:
        """What `read` gives once each file with rows that can't be read has its table.

        Args:
            read: reads a raw table; it raises UnreadableFiles as long as it meets such files.
            wanted: the columns that are read; none where all are.

        Raises:
            InputProblem: too many rows of a file can't be read, or it changes meanwhile.
        """
        made: set[Path] = set()
        while True:
            try:
                return read()
            except UnreadableFiles as unreadable:
                for path in unreadable.files:
                    if path in made:
                        raise InputProblem(f"{path}: the file changes while it is read") from None
                    self.make(path, wanted)
                    made.add(path)

    def make(self, path: Path, wanted: Mapping[str, bool]) -> None:
        """Reads a file line by line, and makes its table.

        Args:
            path: of the file.
            wanted: the columns that are read; ignored if all are.

        Raises:
            InputProblem: too many of its rows can't be read, or what is left.
        """
        with tempfile.TemporaryDirectory(prefix="plg-rows-") as folder:
            copy = Path(folder) / f"rows{form_of(path)}"
            found = self._sort(path, copy, wanted)
            if found.bad_count > self.allowed * found.row_count:
                raise InputProblem(_too_many(path, found, self.allowed))
            options = OPTIONS
            if found.longest > LARGEST_LINE and form_of(path) == ".csv":
                options += f", max_line_size = {found.longest + 16}"
            try:
                if self._all_columns:
                    (call,) = all_columns(self._connection, [copy], options)
                else:
                    (call,) = CALLS[form_of(path)](self._connection, [copy], wanted, options)
                self._fill(path, call, found.bad_count, self._comment(path, wanted))
            except Error as error:
                said = " ".join(str(error).split("\n")[0].split()).replace(str(copy), str(path))
                raise InputProblem(
                    f"{path}: it can't be read ({said[:400]}); fix it or export it again"
                ) from error

    def _sort(self, path: Path, copy: Path, wanted: Iterable[str]) -> Sorted:
        try:
            plain = unpack(path, copy.parent)
        except (OSError, EOFError, zlib.error) as error:
            raise InputProblem(
                f"{path}: it can't be read ({error}); deliver it again, for it seems to be cut off"
            ) from error
        with copy.open("wb") as good:
            if form_of(path) == ".csv":
                try:
                    return sort_csv(plain, good, self.allowed)
                except Exception as error:
                    raise InputProblem(
                        f"{path}: line 1, which names the columns: {error}"
                    ) from error
            return sort_jsonl(plain, good, set(wanted), self._is_object, self.allowed)

    def _is_object(self, text: str) -> bool:
        query = "select json_valid($text) and try(json_type($text)) = 'OBJECT'"
        return bool(self._connection.execute(query, {"text": text}).fetchone()[0])

    def _fill(self, path: Path, call: Call, bad_count: int, comment: str) -> None:
        if form_of(path) == ".jsonl":  # The cells of a CSV have been counted.
            for _, what in self._connection.execute(call.strays(call.files)).fetchall():
                if what:
                    raise InputProblem(f"{path}: {what}")
        table, name = self._full_name(path), literal(path)
        self._connection.execute(f'create schema if not exists "{self._schema}"')
        self._connection.execute(
            f"create or replace table {table} as select * replace ({name} as {FILE_NAME}), "
            f"false as {IS_UNREADABLE} from {call.sql} union all by name "
            f"select {name} as {FILE_NAME}, true as {IS_UNREADABLE} from range({bad_count})"
        )
        self._connection.execute(f"comment on table {table} is {literal(comment)}")

    def drop_others(self, files: Iterable[Path]) -> None:
        """Drops the tables of files that need none any more.

        Args:
            files: those that need theirs.
        """
        needed = {self._name(path) for path in files}
        for name in self._there().keys() - needed:
            self._connection.execute(f'drop table "{self._schema}"."{name}"')


def _too_many(path: Path, found: Sorted, allowed: float) -> str:
    rows = "row" if found.row_count == 1 else "rows"
    of = "of the first" if found.is_cut else "of"
    return (
        f"{path}: line {found.first_line} can't be read: {found.reason}. {found.bad_count:,} "
        f"{of} {found.row_count:,} {rows} can't be read, and the var unreadable_rows_allowed ({allowed:g} of a "
        "file's rows) allows fewer; fix the file, or raise the var to leave such rows out"
    )
