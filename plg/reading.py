"""How a delivered value is read, as SQL: the macros of dbt, without dbt.

macros/engine/read_values.sql says once how text becomes an id, a word, a time, on every engine. dbt uses
it where the raw tables are a warehouse's; here it makes the views of raw files.

    from plg.reading import Reading
    reading("duckdb").rows([Value("user_id", '"user_id"', "VARCHAR", "string")], "read_csv(...)", {})
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment

from plg.settings import PROJECT

FILES = ("regular_expressions.sql", "read_values.sql", "read_values_by_engine.sql")


@dataclass(frozen=True)
class Value:
    """A value to read.

    Attributes:
        column: of the register of inputs.
        sql: what delivers it.
        kind: its type, as the engine names it.
        data_type: the type that sources.yml gives the column.
    """

    column: str
    sql: str
    kind: str
    data_type: str


class Reading:
    """Writes SQL that reads values.

    Args:
        engine: duckdb or spark.
    """

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._macros: dict[str, Callable[..., str]] = {}
        environment = Environment()
        environment.globals = self._macros
        self._macros["adapter"] = self  # type: ignore[assignment]
        for file in FILES:
            text = (PROJECT / "macros" / "engine" / file).read_text("utf-8")
            macros = environment.from_string(text).module
            names = (name for name in dir(macros) if not name.startswith("_"))
            self._macros |= {name: getattr(macros, name) for name in names}
            environment.globals = self._macros

    def dispatch(self, name: str) -> Callable[..., str]:
        """The engine's macro of this name, else the one for all."""
        own = self._macros.get(f"{self._engine}__{name}")
        return own or self._macros[f"default__{name}"]

    def _call(self, name: str, *arguments: Any) -> str:
        return self._macros[name](*arguments).strip()

    def time(self, value: str, kind: str) -> str:
        """A value as a timestamp in UTC; null where it is none; text has been trimmed."""
        return self._call("read_time", value, kind)

    def rows(self, values: list[Value], source: str, beside: dict[str, str]) -> str:
        """A query that reads values, in three steps, so that none repeats the one before it.

        Args:
            values: what to read.
            source: what the SQL reads from, behind `from`.
            beside: further columns, each with its SQL.
        """
        kept = [self.quoted(name) for name in beside]
        trimmed = [f"{sql} as {self.quoted(name)}" for name, sql in beside.items()]
        prepared, read = list(kept), list(kept)
        for value in values:
            name, is_text = self.quoted(value.column), self.is_text(value.kind)
            delivered = self._call("trimmed_text", value.sql) if is_text else value.sql
            text = self._call("prepared_text", name, value.column, value.data_type)
            found = self._call("read_value", name, value.kind, value.column, value.data_type)
            trimmed.append(f"{delivered} as {name}")
            prepared.append(f"{text if is_text else name} as {name}")
            read.append(f"{found} as {name}")
        query = f"select {', '.join(trimmed)} from {source}"
        query = f"select {', '.join(prepared)} from ({query}) as trimmed"
        return f"select {', '.join(read)} from ({query}) as prepared"

    def is_text(self, kind: str) -> bool:
        """Whether a type is one of text."""
        return self._call("value_kind", kind) == "text"

    def quoted(self, name: str) -> str:
        """The name of a column in SQL."""
        return f"`{name}`" if self._engine == "spark" else f'"{name}"'


@cache
def reading(engine: str) -> Reading:
    """The reading of an engine; its macros are loaded once."""
    return Reading(engine)
