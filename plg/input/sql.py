"""Pieces of DuckDB's SQL: literals, and a delivered value in the type of its column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

# What the world's clocks have.
OFFSET = "[+-](0[0-9]|1[0-3])(:?[0-5][0-9])?|[+-]14(:?00)?"
# Text that may be a time; a cast then decides whether it is one. DuckDB alone would read 24-01-05 as a
# day of the year 24, and BST as the time of Bangladesh: so a year has four digits, and a zone is an
# offset or has its full name, such as Europe/Berlin.
TIME = (
    r"\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    rf"([T\s]\s*[0-9:.]+\s*(Z|(?i:UTC|GMT)|{OFFSET}|[A-Za-z_]+/\S+)?)?\s*"
)


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


def as_text(column: str, kind: str) -> str:
    """The column as text.

    Args:
        column: an SQL expression.
        kind: its type, as DuckDB names it.
    """
    if kind.startswith(("STRUCT", "MAP", "UNION")) or kind.endswith("]"):
        return f"cast(to_json({column}) as varchar)"
    if kind.startswith(("DOUBLE", "FLOAT", "DECIMAL")):
        # Whole numbers become floats where a column has gaps: 7.0 is the id 7 of the other table.
        whole = f"case when {column} = trunc({column}) then try_cast({column} as hugeint) end"
        text = f"coalesce(cast({whole} as varchar), cast({column} as varchar))"
        return f"case when isfinite({column}) then {text} end"
    return f"cast({column} as varchar)"


def as_time(column: str, kind: str) -> str:
    """The column as a UTC timestamp; null where it is no time.

    Args:
        column: an SQL expression.
        kind: its type, as DuckDB names it.
    """
    if kind in ("TIMESTAMP_NS", "TIMESTAMPTZ_NS"):
        value = f"make_timestamp(epoch_ns({column}) // 1000)"  # a cast would round up
    elif kind.startswith(("TIMESTAMP", "DATE")):
        value = f"try_cast({column} as timestamp)"
    else:
        text = f"cast({column} as varchar)"
        # DuckDB reads no offset behind a blank.
        joined = f"regexp_replace({text}, '\\s+(Z|[+-])', '\\1')"
        text = f"case when regexp_full_match({text}, {literal(TIME)}) then {joined} end"
        # By way of a zoned timestamp: a plain cast of text drops its offset without a word.
        value = f"cast(try_cast({text} as timestamptz) as timestamp)"
    # The years that ISO 8601 writes; DuckDB reads more, and infinity.
    years = "timestamp '0001-01-01' and timestamp '9999-12-31 23:59:59.999999'"
    return f"case when {value} between {years} then {value} end"


def in_type(column: str, kind: str, data_type: str) -> str:
    """The column in a type of the register of inputs; null where it can't be read so.

    Args:
        column: an SQL expression.
        kind: its type, as DuckDB names it.
        data_type: the type that sources.yml gives it.
    """
    if data_type == "string":
        return as_text(column, kind)
    if data_type == "timestamp":
        return as_time(column, kind)
    if data_type == "date":
        return f"cast({as_time(column, kind)} as date)"
    return f"try_cast({as_text(column, kind)} as {data_type})"


def no_value(data_type: str) -> str:
    """A null of a type of the register of inputs."""
    return f"cast(null as {'varchar' if data_type == 'string' else data_type})"
