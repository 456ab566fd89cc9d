"""The options of `dbt build` that `plg build` and `plg publish` pass on, known without dbt.

Importing dbt takes five seconds; a mistyped option should be answered at once. The options are listed
here, and tests/cli holds the list to that of the dbt that is installed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

# What a person uses; the rest of dbt's options work too, and `dbt build --help` explains them.
SHOWN: dict[tuple[str, ...], tuple[str, str]] = {
    ("-s", "--select", "-m", "--models", "--model"): (
        "words",
        "Build these models only, such as +activation_by_cohort (dbt's selection syntax).",
    ),
    ("--exclude",): ("words", "Build all models but these."),
    ("--vars",): ("text", "Values in place of those of dbt_project.yml, as '{name: value}'."),
    ("--full-refresh", "-f"): ("flag", "Build the incremental tables from nothing."),
    ("--fail-fast/--no-fail-fast", "-x"): ("flag", "Stop at the first error."),
    ("--threads",): ("text", "How many models are built at once."),
    ("--warn-error",): ("flag", "Treat warnings as errors."),
}
WORDS = (
    ("--resource-type", "--resource-types"),
    ("--exclude-resource-type", "--exclude-resource-types"),
)
TEXTS = (
    "--deprecated-favor-state",
    "--event-time-end",
    "--event-time-start",
    "--indirect-selection",
    "--log-file-max-bytes",
    "--log-format",
    "--log-format-file",
    "--log-level",
    "--log-level-file",
    "--printer-width",
    "--sample",
    "--selector",
    "--sqlparse",
    "--warn-error-options",
)
# Relative ones are meant from the folder that you are in.
PATHS = (
    "--defer-state",
    "--deprecated-state",
    "--log-path",
    "--partial-parse-file-path",
    "--state",
    "--target-path",
)
FLAGS = ("--deprecated-defer", "--show", "--store-failures")
SWITCHES = (
    "cache-selected-only",
    "debug",
    "defer",
    "deprecated-print",
    "empty",
    "export-saved-queries",
    "favor-state",
    "include-saved-query",
    "log-cache-events",
    "macro-debugging",
    "partial-parse",
    "partial-parse-file-diff",
    "populate-cache",
    "print",
    "quiet",
    "send-anonymous-usage-stats",
    "show-all-deprecations",
    "single-threaded",
    "static-parser",
    "upload-to-artifacts-ingest-api",
    "use-colors",
    "use-colors-file",
    "use-experimental-parser",
    "use-fast-test-edges",
    "version-check",
    "write-json",
)
SHORT = {"debug": "-d", "quiet": "-q"}
# They lead dbt to a project, or to a database, that is not the one shown at the end.
ELSEWHERE = (("--target", "-t"), ("--profile",), ("--profiles-dir",), ("--project-dir",))


class DbtOption(click.Option):
    """An option that dbt gets as it was said.

    Args:
        names: as in click.Option.
        kind: "flag", "text", "path", or "words": one or more, up to the next option.
        more: further arguments of click.Option.
    """

    def __init__(self, names: list[str], kind: str, **more: Any) -> None:
        self.kind = kind
        forms = {
            "flag": {"is_flag": True, "default": None},
            "text": {"metavar": "TEXT"},
            "path": {"type": click.Path(path_type=Path), "metavar": "PATH"},
            "words": {"multiple": True, "metavar": "WORDS..."},
        }
        super().__init__(names, **{"hidden": True, **forms[kind], **more})

    def words(self, value: Any, caller: Path) -> list[str]:
        """What dbt is told.

        Args:
            value: as click read it.
            caller: what a relative path starts from.
        """
        name = next(name for name in self.opts if name.startswith("--"))
        if self.kind == "flag":
            return [name if value else self.secondary_opts[0]]
        if self.kind == "words":
            return [name, *value]
        return [name, str(caller / value)]


def _refuse(_: click.Context, option: click.Parameter, value: str | None) -> None:
    if value is not None:
        raise click.UsageError(
            f"{option.opts[0]} {value}: `plg build` builds for --engine duckdb or spark, where the "
            "environment says (docs/engines.md). For another target, run .venv/bin/dbt build."
        )


def dbt_options() -> list[click.Option]:
    """All options of `dbt build`, those that people use with a line of help."""
    shown = [
        DbtOption(list(names), kind, hidden=False, help=text)
        for names, (kind, text) in SHOWN.items()
    ]
    hidden = [
        *(DbtOption(list(names), "words") for names in WORDS),
        *(DbtOption([name], "text") for name in TEXTS),
        *(DbtOption([name], "path") for name in PATHS),
        *(DbtOption([name], "flag") for name in FLAGS),
        *(
            DbtOption([f"--{name}/--no-{name}", *([SHORT[name]] if name in SHORT else [])], "flag")
            for name in SWITCHES
        ),
        DbtOption(["--record-timing-info", "-r"], "path"),
    ]
    refused = [
        click.Option(list(names), expose_value=False, hidden=True, callback=_refuse)
        for names in ELSEWHERE
    ]
    return [*shown, *hidden, *refused]


class DbtCommand(click.Command):
    """A command that takes the options of `dbt build` beside its own."""

    def __init__(self, *arguments: Any, params: list[click.Parameter], **more: Any) -> None:
        super().__init__(*arguments, params=[*params, *dbt_options()], **more)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, self._one_word_each(args))

    def _one_word_each(self, args: list[str]) -> list[str]:
        """Writes `--select a b` as `--select a --select b`, as click wants it."""
        many = {
            name
            for option in self.params
            if isinstance(option, DbtOption) and option.kind == "words"
            for name in option.opts
        }
        found: list[str] = []
        name = ""
        for word in args:
            if word.startswith("-"):
                name = word.partition("=")[0]
                name = name if name in many else ""
                found.append(word)
            elif name and found[-1] != name:
                found += [name, word]
            else:
                found.append(word)
        return found

    def words_for_dbt(self, ctx: click.Context, caller: Path) -> list[str]:
        """The options that were given and are dbt's, as dbt takes them.

        Args:
            ctx: of this command, after it has read its arguments.
            caller: what a relative path starts from.
        """
        return [
            word
            for option in self.params
            if isinstance(option, DbtOption) and ctx.params.get(option.name) not in (None, ())
            for word in option.words(ctx.params[option.name], caller)
        ]
