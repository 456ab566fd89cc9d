"""The project as its tests of architecture see it: nodes of dbt's manifest, and files."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.harness import PROJECT

Manifest = dict[str, Any]
Node = dict[str, Any]

# Jinja's comments and SQL's.
COMMENTS = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)


def models(manifest: Manifest) -> list[Node]:
    return [n for n in manifest["nodes"].values() if n["resource_type"] == "model"]


def seeds(manifest: Manifest) -> list[Node]:
    return [n for n in manifest["nodes"].values() if n["resource_type"] == "seed"]


def marts(manifest: Manifest) -> list[Node]:
    return [node for node in models(manifest) if layer(node) == "marts"]


def layer(node: Node) -> str:
    """The folder below models/ that holds the node."""
    return Path(node["original_file_path"]).parts[1]


def readers(manifest: Manifest, name: str) -> set[str]:
    """The models that read a model, a seed or a source."""
    return {
        node["name"]
        for node in models(manifest)
        if any(parent.endswith(f".{name}") for parent in node["depends_on"]["nodes"])
    }


def data_tests_of(manifest: Manifest, node: Node) -> list[Node]:
    return [
        test
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test" and test.get("attached_node") == node["unique_id"]
    ]


def generic_tests_of(manifest: Manifest, node: Node) -> set[str]:
    """The names of the generic tests of a model or seed."""
    return {t.get("test_metadata", {}).get("name", "") for t in data_tests_of(manifest, node)}


def files(*endings: str, folders: Iterable[str] = (".",)) -> list[Path]:
    """The files of the project below some folders that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    paths = (PROJECT / name for name in sorted(set(listed)))
    return [path for path in paths if path.suffix in endings and path.is_file()]


def sql_files() -> list[Path]:
    return files(".sql", folders=("models", "macros", "analyses", "tests"))


def code_of(path: Path) -> str:
    """The text of a SQL file without its comments."""
    return COMMENTS.sub("", path.read_text())
