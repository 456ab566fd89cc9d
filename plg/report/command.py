"""`plg report`: writes the pages of the last build again."""

from __future__ import annotations

import click

from plg.build import ENGINE, enter_engine, start_spark
from plg.settings import Settings


@click.command(params=[ENGINE])
@click.pass_context
def command(ctx: click.Context, engine: str) -> None:
    """Write the report of the last build again.

    Writes index.html (every mart, with charts) and docs.html (every model and column) to PLG_REPORT_DIR.
    Both open from disk. `plg build` ends with the same.
    """
    enter_engine(engine)
    from plg.console import make_console, say

    settings, console, session = Settings.from_environment(), make_console(), None
    settings.export()
    if engine == "duckdb" and not settings.database.exists():
        say(console, f"There is no {settings.database} to report on; run plg build first.")
        ctx.exit(1)
    if engine == "spark":
        from plg.engines.spark import NoSpark

        try:
            session = start_spark(settings, console)
        except NoSpark as problem:
            say(console, str(problem))
            ctx.exit(1)
    from plg.pages import write_pages

    page = write_pages(settings, engine, settings.report_dir, console, session)
    if not page:
        ctx.exit(1)
    say(console, f"The report is {page}; open it in a browser.")
