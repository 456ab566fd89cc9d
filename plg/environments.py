"""The project's Python environments, which scripts/setup makes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def environment(name: str = "run") -> Path:
    """Makes an environment ready and returns its folder.

    Takes some 50 milliseconds when it is ready, else up to a few minutes; says so on standard error.

    Args:
        name: run, dev (the same folder, with what tests need), spark, engines or benchmark:
            the name of a file in requirements/.

    Returns:
        The folder, in which bin/python and bin/dbt are.

    Raises:
        SystemExit: The set-up failed, and has said why on standard error.
    """
    done = subprocess.run(
        [str(PROJECT / "scripts" / "setup"), name], stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.returncode)
    return Path(done.stdout.rstrip("\n"))


def enter(name: str) -> None:
    """Sees that the present command runs in an environment: returns at once when it does.

    Else makes the environment ready and starts the same command there, in place of this process.
    Call it first in a command, before anything is written.

    Args:
        name: spark, engines or benchmark, as for `environment`.

    Raises:
        SystemExit: The set-up failed, and has said why on standard error.
    """
    if Path(sys.prefix).name == f".venv-{name}":
        return
    python = environment(name) / "bin" / "python"
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(python, [str(python), *sys.orig_argv[1:]])
