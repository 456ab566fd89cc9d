"""Raw files and definitions for the tests of input: rows, and how to write and read them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from plg.definitions.checks import check_definitions
from plg.input.delivered import Delivered, find_delivered
from plg.input.detect import find_source
from plg.input.raw_tables import InputProblem, read_table
from plg.inputs import read_inputs
from tests.harness import PROJECT

SEEDS = PROJECT / "seeds"
USER_COLUMNS, EVENT_COLUMNS = (
    tuple(c for c in table.columns if c not in table.may_be_absent)
    for table in (read_inputs()["users"], read_inputs()["events"])
)
COLUMNS = {"users": USER_COLUMNS, "events": EVENT_COLUMNS}
FORMS = (".parquet", ".csv", ".jsonl")

# The same rows in every form. A quote, a comma, a line end, an apostrophe, text that looks like a
# number, an empty string, rows without optional values.
USERS = [
    ("007", 'it\'s, "a"', "2024-01-01 10:00:00", "free", "web", None),
    ("u2", None, "2024-02-29 23:59:59.123456", None, "é\nads", "007"),
]
EVENTS = [
    ("e1", "007", "login", "2024-01-01 11:00:00", '{"count":2,"page":{"path":"/"}}'),
    (None, "u2", "invite_sent", "2024-03-01 00:00:00", None),
]
ROWS = {"users": USERS, "events": EVENTS}


def write(path: Path, columns: Sequence[str], rows: Sequence[tuple]) -> None:
    """Writes rows of text, in the form that the file's name says."""
    form = path.name.lower().removesuffix(".gz").split(".")[-1]
    if form == "csv":
        cells = [["" if v is None else '"' + v.replace('"', '""') + '"' for v in r] for r in rows]
        write_text(path, "".join(",".join(line) + "\n" for line in [columns, *cells]))
    elif form == "jsonl":
        objects = [dict(zip(columns, row, strict=True)) for row in rows]
        write_text(path, "".join(json.dumps(each) + "\n" for each in objects))
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as opened:
            types = ", ".join(f'"{column}" varchar' for column in columns)
            opened.execute(f"create table rows ({types})")
            if rows:
                places = ", ".join("?" * len(columns))
                opened.executemany(f"insert into rows values ({places})", rows)
            opened.table("rows").write_parquet(str(path))


def write_text(path: Path, text: str | bytes) -> None:
    """Writes text in UTF-8, or bytes, packed where the name says so."""
    data = text.encode() if isinstance(text, str) else text
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data) if path.suffix.lower() == ".gz" else data)


def read(connection: duckdb.DuckDBPyConnection, folder: Path, name: str) -> list[tuple]:
    """The rows of a raw table as a build sees them, without a complaint of the checks."""
    table, problems = read_table(connection, folder, name, {})
    assert problems == []
    columns = ", ".join(f'"{column}"' for column in COLUMNS[name])
    return connection.execute(f"select {columns} from ({table.query})").fetchall()


def as_text(rows: list[tuple]) -> list[tuple]:
    """The rows with times as text, sorted."""
    texts = [tuple(None if value is None else str(value) for value in row) for row in rows]
    return sorted(texts, key=lambda row: [value or "" for value in row])


def found_in(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    source: str = "auto",
    allowed: float = 0.001,
) -> Delivered:
    """What a folder delivers, with the shipped definitions and without an earlier build."""
    return find_delivered(connection, folder, source, SEEDS, {}, "raw", allowed)


def refused(connection: duckdb.DuckDBPyConnection, folder: Path, setting: str = "auto") -> str:
    """The sentence with which a source is refused, or none is found."""
    with pytest.raises(InputProblem) as problem:
        find_source(connection, folder, setting)
    return str(problem.value)


def wrong(connection: duckdb.DuckDBPyConnection, folder: Path, name: str = "users") -> str:
    """The sentence with which the checks stop the raw table."""
    try:
        _, sentences = read_table(connection, folder, name, {})
    except InputProblem as problem:
        sentences = [str(problem)]
    assert len(sentences) == 1, sentences
    for internal in ("Traceback", "LINE 1:", "select ", "strict_mode", "ignore_errors"):
        assert internal not in sentences[0]
    return sentences[0]


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replaces the first `old` in a definition file."""
    path = folder / f"{name}.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def check_says(folder: Path, name: str, *words: str) -> None:
    """The check finds one problem, in the file `name`, and says all the words about it."""
    problems, _ = check_definitions(folder)
    assert len(problems) == 1, problems
    assert problems[0].startswith(f"{folder / name}.csv: ")
    for word in words:
        assert word in problems[0]
