"""Writes the pages that people open: the report of a build, and the site of all definitions."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import yaml
from rich.console import Console

from plg.built import reading
from plg.console import first_line, say
from plg.dbt import LOGGING, place_of, run_dbt
from plg.report.page import replace_whole, write_report
from plg.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

REPORT, DOCS = "index.html", "docs.html"


def write_pages(
    settings: Settings,
    engine: str,
    folder: Path,
    console: Console,
    session: SparkSession | None = None,
    options: dict[str, Any] | None = None,
) -> Path | None:
    """Writes the report of what is built, and the site of all definitions beside it.

    Args:
        settings: where the build is.
        engine: duckdb or spark.
        folder: where the pages go.
        console: where to print.
        session: Spark's, where Spark built.
        options: dbt's options in the build of this process; None where another process built.

    Returns:
        The report; None, with sentences, where it could not be written.
    """
    try:
        with reading(settings, session) as reader:
            write_report(reader.query, reader.describe, folder / REPORT, docs=DOCS)
        return folder / REPORT if _write_docs(settings, engine, folder, console, options) else None
    except duckdb.CatalogException:
        problem = f"{settings.database} holds no whole build to report on; run plg build."
    except duckdb.Error as error:
        problem = (
            f"{settings.database} can't be read ({first_line(error)}): a build or another process "
            "holds it. Wait for it, or end it, and run plg report."
        )
    except OSError as error:
        problem = (
            f"The report can't be written to {folder}: {first_line(error)}. Set PLG_REPORT_DIR to a "
            "folder that takes files, and run plg report."
        )
    say(console, problem)
    return None


def _write_docs(
    settings: Settings,
    engine: str,
    folder: Path,
    console: Console,
    options: dict[str, Any] | None,
) -> bool:
    """Writes dbt's site of all models and columns; with a build's options, below a CPU second."""
    known = options or {}
    target = Path(known.get("target_path") or settings.target_dir)
    # The vars of the build: with others, dbt would read the whole project again, here and next time.
    given = yaml.safe_dump(known.get("vars") or {}, default_flow_style=True, width=sys.maxsize)
    arguments = ["docs", "generate", "--static", "--target-path", str(target), "--vars", given]
    if options is not None:
        # The build has compiled everything just now.
        arguments.append("--no-compile")
    if not run_dbt([*LOGGING, *arguments, *place_of(engine)], console, settings.project):
        say(
            console,
            f"The report is written, but {DOCS}, which it leads to, is not: the lines above say why. "
            "Mend it and run plg report.",
        )
        return False
    site = target / "static_index.html"
    replace_whole(folder / DOCS, lambda unfinished: shutil.copy(site, unfinished))
    return True
