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
        type: as the engine names it.
        data_type: the type that sources.yml gives the column.
    """

    column: str
    sql: str
    type: str
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
        self._macros |= {"adapter": self, "raw_column": self._quoted}  # type: ignore[dict-item]
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

    def rows(self, values: list[Value], source: str, beside: dict[str, str]) -> str:
        """A query that reads values, in three steps, so that none repeats the one before it.

        Args:
            values: what to read.
            source: what the SQL reads from, behind `from`.
            beside: further columns, each with its SQL.
        """
        return self._call("read_rows", values, source, beside)

    def kind(self, type_name: str) -> str:
        """The kind of values in a type of the engine, by the macro value_kind."""
        return self._call("value_kind", type_name)

    def _quoted(self, name: str) -> str:
        """The name of a column in SQL."""
        return f"`{name}`" if self._engine == "spark" else f'"{name}"'


@cache
def reading(engine: str) -> Reading:
    """The reading of an engine; its macros are loaded once."""
    return Reading(engine)
