"""Inputs as people have them: each gives the right numbers, or a sentence that says what to do.

The kinds come from public bug reports and from real files. The numbers of a build are compared as a
whole, and so are its warnings: a warning too many is noise.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases import places, rows, values
from tests.cases.case import Case
from tests.harness import BuildFailed, build, query

CASES = [*values.CASES, *rows.CASES, *places.CASES]
BUILD = ["build", "--exclude-resource-type", "test", "unit_test", "--select"]
# These, and those that stop, are built by scripts/test; the long tests build all.
SHORT = {
    "a day in milliseconds",
    "Python's dictionaries",
    "one event years ahead",
}


def _parameter(case: Case) -> object:
    marks = [] if case.name in SHORT or case.stops else [pytest.mark.long]
    return pytest.param(case, id=case.name.replace(" ", "_"), marks=marks)


def test_names_are_unique_and_the_short_ones_known() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert set(names) >= SHORT


@pytest.mark.parametrize("case", [_parameter(case) for case in CASES])
def test_case(case: Case, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    case.write(raw)
    definitions = case.definitions(tmp_path / "definitions")
    arguments = [*BUILD, *(f"+{model}" for model in sorted(case.models))]

    def run() -> Path:
        return build(raw, tmp_path, definitions, case.variables, arguments=arguments)

    if case.stops:
        with pytest.raises(BuildFailed) as failed:
            run()
        for text in case.stops:
            assert text in str(failed.value)
        return
    database = run()
    for sql, right in case.numbers.items():
        assert [tuple(row.values()) for row in query(database, sql)] == right, sql
    found = query(database, "select warning_id, subject, message from marts.build_warnings")
    assert {(row["warning_id"], row["subject"]) for row in found} == case.warnings, found
    messages = "\n".join(row["message"] for row in found)
    for text in case.said:
        assert text in messages
