"""dbt's unit tests, a folder of models at a time, so that they run on all cores."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.tree import files
from tests.harness import PROJECT, run_tests

FOLDERS = sorted(
    {
        str(path.parent.relative_to(PROJECT))
        for path in files(".yml", folders=["models"])
        if "unit_tests:" in path.read_text()
    }
)


@pytest.mark.parametrize("folder", FOLDERS)
def test_unit_tests_pass(
    folder: str, spare_sample_database: Path, manifest: dict[str, Any]
) -> None:
    expected = defaultdict(list)
    for unit_test in manifest["unit_tests"].values():
        expected[str(Path(unit_test["original_file_path"]).parent)].append(unit_test["name"])
    ran = run_tests(f"test_type:unit,path:{folder}/*.yml", spare_sample_database)
    assert sorted(ran) == sorted(expected[folder])


def test_no_unit_test_is_left_out(manifest: dict[str, Any]) -> None:
    paths = {unit_test["original_file_path"] for unit_test in manifest["unit_tests"].values()}
    assert {str(Path(path).parent) for path in paths} == set(FOLDERS)
