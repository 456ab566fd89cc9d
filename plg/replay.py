"""`plg replay`: the tests that take minutes."""

from __future__ import annotations

import subprocess

import click

from plg.environments import environment
from plg.settings import PROJECT, bare_environment

PYTEST = ("-m", "pytest", "--numprocesses", "2", "-m", "long")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[PYTEST ARGUMENTS]...")
@click.pass_context
def command(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Run the long tests, an hour or more on two cores.

    Plays deliveries day by day, up to 30 of them (late, doubled, corrected, definitions changed, builds
    killed), and compares each day's tables with those of a build from nothing; breaks off a full refresh;
    kills a publication at each of its steps; builds the random cases that scripts/test leaves out.

    \b
    PLG_REPLAY_SEEDS=2,3 plg replay      other worlds
    plg replay -k killed                 arguments go to pytest
    """
    call = [str(environment("dev") / "bin" / "python"), *PYTEST, *arguments]
    ctx.exit(subprocess.call(call, cwd=PROJECT, env=bare_environment()))
