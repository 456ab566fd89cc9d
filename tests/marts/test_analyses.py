"""The ready-made questions: each reads marts only, is described, and answers on the sample."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.harness import PROJECT, compiled

ANALYSES = sorted(path.stem for path in (PROJECT / "analyses").glob("*.sql"))


@dataclass(frozen=True)
class Compiled:
    """The analyses as dbt compiles them for the database built from the sample."""

    database: Path
    code: dict[str, str]  # SQL, by name
    nodes: dict[str, dict[str, Any]]  # dbt's manifest nodes, by name
    folder: dict[str, str]  # by unique_id of a model: the folder under models/

    def answer(self, name: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Column names and rows of the analysis."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return self._answer(connection, name)

    def answer_from_shuffled_marts(self, name: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The same from copies of the marts that lie there in another order."""
        with duckdb.connect() as connection:
            connection.execute(f"attach '{self.database}' as built (read_only)")
            connection.execute(f"attach ':memory:' as {self.database.stem}")
            connection.execute(f"use {self.database.stem}")
            connection.execute("create schema marts")
            for unique_id in self.nodes[name]["depends_on"]["nodes"]:
                mart = f"marts.{unique_id.rpartition('.')[2]}"
                connection.execute(
                    f"create table {mart} as select * from built.{mart} as mart order by hash(mart)"
                )
            return self._answer(connection, name)

    def _answer(
        self, connection: duckdb.DuckDBPyConnection, name: str
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        result = connection.execute(self.code[name])
        return [column[0] for column in result.description], result.fetchall()


@pytest.fixture(scope="module")
def analyses(
    manifest: dict[str, Any], sample_database: Path, spare_sample_database: Path
) -> Compiled:
    """All analyses, compiled once."""
    code = compiled(spare_sample_database, "--select", "resource_type:analysis")
    nodes = manifest["nodes"].values()
    return Compiled(
        database=sample_database,
        code={node["name"]: code[node["unique_id"]] for node in nodes if node["unique_id"] in code},
        nodes={node["name"]: node for node in nodes if node["resource_type"] == "analysis"},
        folder={
            node["unique_id"]: Path(node["original_file_path"]).parts[1]
            for node in nodes
            if node["resource_type"] == "model"
        },
    )


def source(name: str) -> str:
    return (PROJECT / "analyses" / f"{name}.sql").read_text()


def test_there_are_at_least_ten_questions() -> None:
    assert len(ANALYSES) >= 10


def test_dbt_knows_every_question(analyses: Compiled) -> None:
    assert sorted(analyses.code) == ANALYSES


@pytest.mark.parametrize("name", ANALYSES)
def test_it_gives_rows_with_unique_column_names(analyses: Compiled, name: str) -> None:
    columns, rows = analyses.answer(name)
    assert rows
    assert len(columns) == len(set(columns))
    # DuckDB renames the second x that a common table expression gives to x_1.
    assert not [column for column in columns if re.search(r"_\d+$", column)]


@pytest.mark.parametrize("name", ANALYSES)
def test_its_order_is_its_own(analyses: Compiled, name: str) -> None:
    assert analyses.answer_from_shuffled_marts(name) == analyses.answer(name)


@pytest.mark.parametrize("name", ANALYSES)
def test_no_column_is_empty_throughout(analyses: Compiled, name: str) -> None:
    columns, rows = analyses.answer(name)
    values = dict(zip(columns, zip(*rows, strict=True), strict=True))
    assert not [column for column in columns if set(values[column]) == {None}]


@pytest.mark.parametrize("name", ANALYSES)
def test_every_rate_lies_in_its_interval(analyses: Compiled, name: str) -> None:
    columns, rows = analyses.answer(name)
    bounded = [c.removesuffix("_ci_lower") for c in columns if c.endswith("_ci_lower")]
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        for column in bounded:
            lower, upper = values[f"{column}_ci_lower"], values[f"{column}_ci_upper"]
            assert (lower is None) == (upper is None), (column, values)
            assert lower is None or lower <= values[column] <= upper, (column, values)


@pytest.mark.parametrize("name", ANALYSES)
def test_it_is_described_and_reads_marts_only(analyses: Compiled, name: str) -> None:
    node = analyses.nodes[name]
    assert len(node["description"].split()) >= 10
    assert node["depends_on"]["nodes"]
    assert {analyses.folder.get(parent) for parent in node["depends_on"]["nodes"]} == {"marts"}


@pytest.mark.parametrize("name", ANALYSES)
def test_it_says_how_to_read_the_answer_and_its_pitfall(name: str) -> None:
    comment = re.match(r"\{#- (.*?) -#\}\nwith\n", source(name), re.DOTALL)
    assert comment
    question, _, rest = comment[1].partition("Read: ")
    assert question.strip().endswith("?")
    assert "Pitfall: " in rest


@pytest.mark.parametrize("name", ANALYSES)
def test_it_is_ordered(name: str) -> None:
    comments_and_text = r"\{#.*?#\}|--[^\n]*|'[^']*'"
    sql = re.sub(comments_and_text, "", source(name), flags=re.DOTALL)
    assert re.search(rf"\nfrom {name}\norder by\b", sql)
