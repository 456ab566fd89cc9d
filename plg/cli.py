"""The command line `plg`.

A command's module is imported when the command is called: `plg --help` answers at once.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module

import click

# Each command: where it is, and what it does, in a line.
COMMANDS = {
    "build": ("plg.build:command", "Build and check every mart; end with a report."),
    "adopt": ("plg.adopt.command:command", "Propose definitions from your data; build with them."),
    "check": ("plg.check:command", "Check input, definitions and settings; build nothing."),
    "report": ("plg.report.command:command", "Write the report of the last build again."),
    "publish": ("plg.publish.command:command", "Build, and publish the marts for readers."),
    "fit_propensity": (
        "plg.propensity.command:command",
        "Propose weights for the propensity score.",
    ),
    "hand_off": ("plg.handoff.command:command", "Write new and changed leads as files for a CRM."),
    "compare_definitions": (
        "plg.compare_definitions:command",
        "Compare what two folders of definitions give.",
    ),
    "new": ("plg.new:command", "Start a new mart with its three files."),
    "catalogue": ("plg.catalogue:command", "Write what lists the marts: README, docs, exposures."),
    "sample": ("simulator.generate:command", "Simulate raw data with known truth."),
    "replay": ("plg.replay:command", "Run the long tests: deliveries day by day, killed builds."),
    "compare": ("plg.engines.commands:compare", "Compare every mart of two engines, by cell."),
    "compile": ("plg.engines.commands:compile_", "Compile for warehouses that can't be run here."),
    "thrift-server": ("plg.engines.commands:thrift_server", "Run Spark's Thrift server."),
    "benchmark": ("benchmark.run:command", "Measure the project beside other ways."),
}
GROUPS = {
    "Every day": (
        "adopt",
        "build",
        "check",
        "report",
        "publish",
        "hand_off",
        "fit_propensity",
        "compare_definitions",
    ),
    "Changing the project": ("new", "catalogue", "sample"),
    "Proving it": ("replay", "compare", "compile", "thrift-server", "benchmark"),
}


class LazyGroup(click.Group):
    """A group that knows the help of its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        return getattr(import_module(module), name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # click would import every command to look for one of a similar name.
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise click.UsageError(f"{_unknown(args[0])}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, COMMANDS[name][1]) for name in names])


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, COMMANDS, n=2)
    remedy = f"Did you mean {' or '.join(close)}?" if close else "`plg --help` lists them."
    return f"There is no command {name}. {remedy}"


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """Product-led-growth marts from raw tables of users and events.

    \b
    plg build                        builds the bundled sample
    PLG_RAW_DIR=data plg build       builds your own data
    plg COMMAND --help               explains a command

    Environment variables say where it reads and writes: PLG_RAW_DIR (raw files), PLG_DEFINITIONS_DIR
    (definition CSVs), PLG_DATABASE (the DuckDB file), PLG_REPORT_DIR, PLG_PUBLISH_DIR, PLG_HANDOFF_DIR,
    PLG_HISTORY_DIR (values under earlier definitions), PLG_OUTPUT_DIR (outputs without a setting of their own).
    A relative path starts in the folder you are in.
    """


def main() -> None:
    """Runs the command line of this process."""
    # dbt makes many objects and few cycles; looking for those takes a sixth of a build's CPU time.
    gc.set_threshold(100_000, 50, 1000)
    group(prog_name="plg", args=sys.argv[1:])


if __name__ == "__main__":
    main()
