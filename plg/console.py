"""How commands say something: sentences as they are, and errors of other programs in a line."""

from __future__ import annotations

import sys

from rich.console import Console

# A log file has no width, and a table folded to 80 columns can't be read in it.
FILE_WIDTH = 165


def make_console() -> Console:
    """Where a command prints."""
    return Console(width=None if sys.stdout.isatty() else FILE_WIDTH)


def say(console: Console, sentence: str) -> None:
    """Prints a sentence as it is: brackets are no markup, and no path is folded."""
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def first_line(error: Exception) -> str:
    """The first line of an error's message, without its full stop; its kind where it has none."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror} ({error.filename})" if error.filename else error.strerror
    return next(iter(str(error).splitlines()), type(error).__name__).rstrip(".")
