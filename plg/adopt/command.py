"""The command: a first build, the proposal, and the build with it."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from plg.check import check
from plg.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from plg.adopt.proposal import Proposal
    from plg.check import Found

# What the proposal reads: the events that count, the users, the end of observation, and what was decided
# in reading them.
FIRST = ("--select", "+int_events", "+int_users", "+int_observation", "+input_by_decision")
FIRST_BUILD = ("build", "--exclude-resource-type", "unit_test", "test")
DEFAULT_FOLDER = "definitions"


class NothingProposed(Exception):
    """The sentences about it are printed."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    default=Path(DEFAULT_FOLDER),
    show_default=True,
    help="The definitions folder to write: a new one, or an empty one.",
)
@click.pass_context
def command(ctx: click.Context, folder: Path, target: Path) -> None:
    """Propose definitions from the data in FOLDER, and build the first report.

    Reads FOLDER like PLG_RAW_DIR and changes nothing there. Writes a definitions folder with milestones,
    segments and signals that fit the data, and PROPOSAL.md, which says why. Then builds.

    \b
    plg adopt exports/2024
    plg adopt exports/2024 --to my_definitions
    """
    from plg.build import NothingBuilt, Request, build
    from plg.console import make_console, say

    caller = Path.cwd()
    folder, target = (caller / folder).resolve(), (caller / target).resolve()
    console = make_console()
    settings = Settings.from_environment(
        more={"PLG_RAW_DIR": str(folder), "PLG_DEFINITIONS_DIR": str(target)}
    )
    try:
        _propose(settings, console)
    except NothingProposed:
        ctx.exit(1)
    say(console, f"Wrote {target}: read {target / 'PROPOSAL.md'} first.")
    say(console, "Building everything with these definitions ...")
    try:
        build(Request(settings, next_steps=_next(settings)), console)
    except NothingBuilt:
        say(console, f"The proposal stays in {target}.")
        ctx.exit(1)


def _propose(settings: Settings, console: Console) -> None:
    """Writes the definitions folder.

    Raises:
        NothingProposed: something was wrong; the sentences about it are printed.
    """
    from plg.adopt.folder import copy_seeds, is_free, remove_seeds, write_proposal
    from plg.adopt.page import page
    from plg.console import say

    target, seeds = settings.definitions_dir, settings.project / "seeds"
    problems = []
    if not settings.raw_dir.is_dir():
        problems.append(f"{settings.raw_dir}: there is no such folder.")
    if not is_free(target):
        problems.append(
            f"{target}: this already exists, and nothing is overwritten; name a new folder with "
            "--to."
        )
    elif target.is_relative_to(settings.raw_dir):
        problems.append(
            f"{target}: this is inside the folder of the data; name another one with --to."
        )
    found = None
    if not problems:
        say(console, f"Looking at {settings.raw_dir} ...")
        # A first build uses the shipped definitions; the proposal replaces them.
        found = check(replace(settings, definitions_dir=seeds))
        problems = found.problems
    if problems:
        for problem in problems:
            say(console, f"- {problem}")
        say(console, "Nothing was written. Fix the above and try again.")
        raise NothingProposed
    is_new = not target.exists()
    copy_seeds(seeds, target)
    try:
        proposal = _learned(settings, found, console)
        write_proposal(proposal, seeds, target)
        (target / "PROPOSAL.md").write_text(page(proposal), encoding="utf-8", newline="\n")
    except BaseException:
        remove_seeds(seeds, target)
        (target / "PROPOSAL.md").unlink(missing_ok=True)
        if is_new:
            target.rmdir()
        raise


def _learned(settings: Settings, found: Found, console: Console) -> Proposal:
    """The proposal, from a first build with the shipped definitions."""
    import duckdb

    from plg.adopt.columns import canonical_columns, vendor_columns
    from plg.adopt.facts import Facts
    from plg.adopt.proposal import propose
    from plg.built import reading
    from plg.console import say
    from plg.definitions.dbt_vars import project_vars
    from plg.input.delivered import made_by_adapters

    is_canonical = found.source == "canonical"
    say(console, "Reading users and events ...")
    settings.export()
    _first_build(settings, console, {})
    if not is_canonical:
        _with_signups(settings, console)
    say(console, "Comparing users who came back with users who did not ...")
    columns = []
    if is_canonical:
        with closing(duckdb.connect()) as connection:
            connection.execute("set TimeZone = 'UTC'")
            columns = canonical_columns(connection, settings.raw_dir)
    made = set() if is_canonical else made_by_adapters(found.source)
    absent = tuple(
        table.name
        for table in found.tables
        if table.input.is_optional and not table.calls and table.name not in made
    )
    with reading(settings) as reader:
        if not is_canonical:
            traits = project_vars(settings.project / "dbt_project.yml")["traits"].values()
            known = {name for names in traits for name in names}
            columns = vendor_columns(reader.query, found.source, settings.raw_schema, known)
        return propose(Facts(reader.query), columns, found.source, absent)


def _first_build(settings: Settings, console: Console, variables: dict[str, object]) -> None:
    from plg.console import say
    from plg.dbt import LOGGING, place_of, run_dbt

    place = place_of("duckdb", settings.project)
    given = ["--vars", json.dumps(variables)] if variables else []
    if run_dbt([*LOGGING, *FIRST_BUILD, *FIRST, *place, *given], console) is None:
        say(
            console,
            f"The data could not be read. The lines above say why; {settings.log_dir / 'dbt.log'} has the "
            "details. Nothing was written.",
        )
        raise NothingProposed


def _with_signups(settings: Settings, console: Console) -> None:
    """Builds again if the export's signup event has another name, because it says when users signed up."""
    from plg.adopt.facts import signups_of_everybody
    from plg.adopt.names import SIGNUPS
    from plg.adopt.proposal import DEFAULT_SIGNUPS
    from plg.adopt.rules import signup_event
    from plg.built import reading
    from plg.console import say

    with reading(settings) as reader:
        signup = signup_event(*signups_of_everybody(reader.query, SIGNUPS))
    if signup and [signup.name] != DEFAULT_SIGNUPS:
        say(console, f"Users sign up with {signup.name}: reading users again ...")
        _first_build(settings, console, {"signup_event": [signup.name]})


def _next(settings: Settings) -> str:
    """What to do now."""
    target = settings.definitions_dir
    given = {
        **settings.given,
        "PLG_RAW_DIR": str(settings.raw_dir),
        "PLG_DEFINITIONS_DIR": str(target),
    }
    return "\n".join(
        [
            f"Next: read {target / 'PROPOSAL.md'}, then the report. Edit in {target}: milestones.csv (what "
            "activates a user), event_catalog.csv (what counts as use), kpi_targets.csv (what you want to reach).",
            "Put these lines where your shell finds them; scripts/build then uses your definitions:",
            *(f"  export {name}={quote(value)}" for name, value in sorted(given.items())),
        ]
    )
