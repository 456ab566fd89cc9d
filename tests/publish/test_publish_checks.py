"""What scripts/publish looks at before it publishes a build that has passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from plg import build
from plg.publish import command as publish
from plg.publish.publication import NotPublished


def test_a_build_of_some_rows_is_not_published() -> None:
    nodes = {"metadata": {}, "nodes": {}}
    publish.check_wholeness(build.Built([], {"empty": False}, ""), nodes)
    for option, value in (("empty", True), ("sample", "3 days")):
        with pytest.raises(NotPublished, match=f"--{option}"):
            publish.check_wholeness(build.Built([], {option: value}, ""), nodes)


def test_what_another_run_of_dbt_wrote_is_not_trusted(tmp_path: Path) -> None:
    for text in (None, '{"metadata": {"invocation_id": "that of another run"}, "nodes": {}}'):
        if text:
            (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(NotPublished, match="--no-write-json"):
            publish.read_manifest(build.Built([], {"target_path": str(tmp_path)}, "this"))
