"""What `plg publish` looks at before it publishes a build that has passed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from plg.build import Built
from plg.publish.command import NotWhole, check_wholeness, find_marts, read_manifest


def built(folder: Path, **options: Any) -> Built:
    """A build in which nothing ran."""
    ran = SimpleNamespace(results=[], options=options, invocation_id="this")
    return Built(ran, None, folder)


def model(name: str, schema: str = "marts") -> dict[str, Any]:
    return {
        "name": name,
        "resource_type": "model",
        "config": {"materialized": "table"},
        "schema": schema,
        "description": "What is it?",
        "columns": {"user_id": {"data_type": "bigint", "description": "A user."}},
    }


def test_a_build_of_some_rows_is_not_published(tmp_path: Path) -> None:
    nodes = {"metadata": {}, "nodes": {}}
    check_wholeness(built(tmp_path, empty=False), nodes)
    for option, value in (("empty", True), ("sample", "3 days")):
        with pytest.raises(NotWhole, match=f"--{option}"):
            check_wholeness(built(tmp_path, **{option: value}), nodes)


def test_a_build_that_leaves_a_model_out_is_not_published(tmp_path: Path) -> None:
    manifest = {"nodes": {"model.plg.pql_scores": model("pql_scores")}}
    with pytest.raises(NotWhole, match=r"1 of the project's .* \(model pql_scores\)"):
        check_wholeness(built(tmp_path), manifest)


def test_what_another_run_of_dbt_wrote_is_not_trusted(tmp_path: Path) -> None:
    for text in (None, '{"metadata": {"invocation_id": "that of another run"}, "nodes": {}}'):
        if text:
            (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(NotWhole, match="--no-write-json"):
            read_manifest(built(tmp_path))


def test_the_marts_are_those_of_the_register_where_dbt_built_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plg.marts.read_marts", lambda: {"pql_scores": None})
    nodes = [model("pql_scores", "dev_marts"), model("int_users")]
    manifest = {"nodes": {f"model.plg.{node['name']}": node for node in nodes}}
    (mart,) = find_marts(manifest, built(tmp_path))
    assert mart.rows == "built.dev_marts.pql_scores"
    assert mart.columns["user_id"].type == "bigint"
