"""Builds as build.py does and, where all has passed, publishes the marts; scripts/publish calls it.

Usage: publish.py ENGINE CALLER_FOLDER [arguments of dbt build].
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from plg import build
from plg.console import say
from plg.publish.publication import (
    Column,
    Database,
    Mart,
    NotPublished,
    current_version,
    publish,
    reserved,
)

Manifest = dict[str, Any]
BUILT_TYPES = ("seed", "snapshot", "model", "test")
PASSED = ("success", "pass", "warn")
# Options that build other rows than those of the whole data.
PARTIAL_OPTIONS = ("empty", "sample", "event_time_start", "event_time_end")
MOST_NAMED = 3


def read_manifest(built: build.Built) -> Manifest:
    """All that the project consists of, as dbt wrote it down in the build that has just ended.

    Raises:
        NotPublished: it did not.
    """
    file = Path(built.options.get("target_path") or "target") / "manifest.json"
    manifest = json.loads(file.read_text("utf-8")) if file.is_file() else {"metadata": {}}
    if manifest["metadata"].get("invocation_id") != built.invocation_id:
        raise NotPublished(
            f"What belongs to the project is not known: this run of dbt has not written {file}. "
            "Build without --no-write-json, and one at a time in that folder."
        )
    return manifest


def check_wholeness(built: build.Built, manifest: Manifest) -> None:
    """Looks whether a build made and tested everything, from all data.

    Raises:
        NotPublished: it did not.
    """
    for option in PARTIAL_OPTIONS:
        if built.options.get(option):
            raise NotPublished(f"--{option.replace('_', '-')}: a build of some rows only.")
    passed = {each.node.unique_id for each in built.results if each.status in PASSED}
    missing = [
        f"{node['resource_type']} {node['name']}"
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in BUILT_TYPES
        and node["config"]["materialized"] != "ephemeral"
        and unique_id not in passed
    ]
    if missing:
        more = ", ..." if len(missing) > MOST_NAMED else ""
        raise NotPublished(
            f"{len(missing)} of the project's seeds, models and tests were left out of this build "
            f"({', '.join(missing[:MOST_NAMED])}{more}); publish without --select and --exclude."
        )


def find_marts(manifest: Manifest, built: build.Built) -> list[Mart]:
    """The public models, and where their rows are."""
    return [
        Mart(
            node["name"],
            node["description"],
            {
                name: Column(column["data_type"], column["description"])
                for name, column in node["columns"].items()
            },
            rows_of(node["schema"], node["name"], built),
        )
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["access"] == "public"
    ]


def rows_of(schema: str, name: str, built: build.Built) -> str:
    """Where the rows of a table are that was built, as an expression of DuckDB's SQL.

    Raises:
        NotPublished: Spark has them where this process can't read them.
    """
    if not built.session:
        return f"built.{schema}.{name}"
    from plg.engines import spark

    try:
        return spark.table_files(built.session, f"{schema}.{name}")
    except spark.NoFiles as problem:
        raise NotPublished(str(problem)) from problem


def main() -> int:
    engine, arguments, console = build.start()
    folder = Path(os.environ["PLG_PUBLISH_DIR"])
    try:
        # Pages of its own, that no other build writes.
        with reserved(folder), tempfile.TemporaryDirectory() as name:
            pages = Path(name)
            built = build.build(engine, arguments, console, pages)
            if not built:
                raise NotPublished("")
            if not built.results:
                return 0
            manifest = read_manifest(built)
            check_wholeness(built, manifest)
            file = Path(os.environ["PLG_DATABASE"])
            database = None if built.session else Database(file, built.invocation_id)
            say(console, f"Publishing to {folder} ...")
            version = publish(
                folder,
                find_marts(manifest, built),
                rows_of("intermediate", "int_observation", built),
                database,
                [pages / page for page in (build.REPORT, build.DOCS)],
            )
    except NotPublished as problem:
        last = current_version(folder)
        stands = f"the last publication, {last}, stands" if last else "there is no publication yet"
        say(console, f"{problem} Nothing was published; {stands}.".strip())
        return 1
    current = folder / "current"
    say(
        console,
        f"Published {version}. Readers open, read-only, {current / 'plg.duckdb'} or the files in "
        f"{current / 'parquet'}; people open {current / 'report' / build.REPORT}.",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
