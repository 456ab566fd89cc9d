"""`plg publish`: builds, and publishes the marts for readers where everything has passed."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plg.build import ENGINE, Built, NothingBuilt, Request, build, enter_engine
from plg.dbt_options import DbtCommand

if TYPE_CHECKING:
    from rich.console import Console

    from plg.publish.publication import Mart

Manifest = dict[str, Any]
BUILT_TYPES = ("seed", "snapshot", "model", "test")
PASSED = ("success", "pass", "warn")
# Options that build other rows than those of the whole data.
PARTIAL_OPTIONS = ("empty", "sample", "event_time_start", "event_time_end")
MOST_NAMED = 3


class NotWhole(Exception):
    """A sentence that says why a build is not fit for publication."""


def read_manifest(built: Built) -> Manifest:
    """Everything that the project consists of, as dbt wrote it in the build that has just ended.

    Raises:
        NotWhole: dbt did not write it.
    """
    file = built.target_dir / "manifest.json"
    manifest = json.loads(file.read_text("utf-8")) if file.is_file() else {"metadata": {}}
    if manifest["metadata"].get("invocation_id") != built.ran.invocation_id:
        raise NotWhole(
            f"What belongs to the project is not known: this run of dbt has not written {file}. "
            "Build without --no-write-json, and one at a time in that folder."
        )
    return manifest


def check_wholeness(built: Built, manifest: Manifest) -> None:
    """Makes sure that a build made and tested everything, from all data.

    Raises:
        NotWhole: it left something out.
    """
    for option in PARTIAL_OPTIONS:
        if built.ran.options.get(option):
            raise NotWhole(f"--{option.replace('_', '-')}: a build of some rows only.")
    passed = {each.node.unique_id for each in built.ran.results if each.status in PASSED}
    missing = [
        f"{node['resource_type']} {node['name']}"
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in BUILT_TYPES
        and node["config"]["materialized"] != "ephemeral"
        and unique_id not in passed
    ]
    if missing:
        more = ", ..." if len(missing) > MOST_NAMED else ""
        raise NotWhole(
            f"{len(missing)} of the project's seeds, models and tests were left out of this build "
            f"({', '.join(missing[:MOST_NAMED])}{more}); publish without --select and --exclude."
        )


def find_marts(manifest: Manifest, built: Built) -> list[Mart]:
    """What to publish: the marts of the register, as dbt describes them.

    Raises:
        NotWhole: their rows can't be read.
    """
    from plg.marts import read_marts
    from plg.publish.publication import Column, Mart

    models = {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    return [
        Mart(
            name,
            models[name]["description"],
            {
                column: Column(said["data_type"], said["description"])
                for column, said in models[name]["columns"].items()
            },
            rows_of(models[name]["schema"], name, built),
        )
        for name in read_marts()
    ]


def rows_of(schema: str, name: str, built: Built) -> str:
    """Where the rows of a table are that was built, as an expression of DuckDB's SQL.

    Raises:
        NotWhole: Spark has them where this process can't read them.
    """
    if not built.session:
        return f"built.{schema}.{name}"
    from plg.engines import spark

    try:
        return spark.table_files(built.session, f"{schema}.{name}")
    except spark.NoFiles as problem:
        raise NotWhole(str(problem)) from problem


def publish_build(request: Request, console: Console) -> str | None:
    """Builds and publishes.

    Args:
        request: what to build.
        console: where to print.

    Returns:
        The version; None where dbt was only asked to say something.

    Raises:
        NothingBuilt: the build failed; the sentences about it are printed.
        NotWhole: it left something out.
        NotPublished: the publication could not be written.
    """
    from plg.console import say
    from plg.pages import DOCS, REPORT
    from plg.publish.publication import Database, publish, reserved

    settings = request.settings
    # Pages of its own, that no other build writes.
    with reserved(settings.publish_dir), tempfile.TemporaryDirectory() as name:
        pages = Path(name)
        built = build(dataclasses.replace(request, pages=pages), console)
        if not built.ran.results:
            return None
        manifest = read_manifest(built)
        check_wholeness(built, manifest)
        database = None
        if not built.session:
            database = Database(settings.database, built.ran.invocation_id)
        say(console, f"Publishing to {settings.publish_dir} ...")
        return publish(
            settings.publish_dir,
            find_marts(manifest, built),
            *(
                rows_of(schema_of(manifest, model), model, built)
                for model in ("int_observation", "int_definitions_version")
            ),
            database,
            [pages / page for page in (REPORT, DOCS)],
            settings.memory_limit,
        )


def schema_of(manifest: Manifest, model: str) -> str:
    """The schema that a model was built in."""
    return next(node["schema"] for node in manifest["nodes"].values() if node["name"] == model)


@click.command(cls=DbtCommand, params=[ENGINE])
@click.pass_context
def command(ctx: click.Context, **_: object) -> None:
    """Build as `plg build` does, and publish the marts for readers.

    Where everything has passed, PLG_PUBLISH_DIR has the files current/plg.duckdb and
    current/parquet/*.parquet, and the report in current/report. Readers can open them at any time, also
    while builds and publications run. The last three publications are kept. A build of a part (--select,
    --exclude) publishes nothing.
    """
    request = Request.of(ctx)
    enter_engine(request.engine)
    from plg.console import make_console, say
    from plg.pages import REPORT
    from plg.publish.publication import NotPublished, current_version

    folder, console = request.settings.publish_dir, make_console()
    try:
        version = publish_build(request, console)
    except (NothingBuilt, NotWhole, NotPublished) as problem:
        last = current_version(folder)
        kept = f"readers still find the last publication, {last}" if last else "there is none yet"
        say(console, f"{problem} Nothing was published; {kept}.".strip())
        ctx.exit(1)
    if version:
        current = folder / "current"
        say(
            console,
            f"Published {version}. Readers open, read-only, {current / 'plg.duckdb'} or the files in "
            f"{current / 'parquet'}; people open {current / 'report' / REPORT}.",
        )
