"""Pieces of DuckDB's SQL: literals and names of files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path


def literal(value: object) -> str:
    """The value in SQL: a list, a struct (of a dict) or text."""
    if isinstance(value, list):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    return "'" + str(value).replace("'", "''") + "'"


def tuple_of(values: Iterable[str]) -> str:
    """The texts as what `in` compares with."""
    return f"({', '.join(map(literal, values))})"


def file_names(files: Iterable[Path | str]) -> str:
    """The files, by names that DuckDB reads literally, not as patterns."""
    return literal([re.sub(r"([*?[])", r"[\1]", str(path)) for path in files])


def no_value(data_type: str) -> str:
    """A null of a type of the register of inputs."""
    return f"cast(null as {'varchar' if data_type == 'string' else data_type})"
