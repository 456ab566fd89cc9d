"""A run that is killed: a module of its own, so that its processes start at once."""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from plg.handoff.folder import reserved, send
from plg.handoff.leads import read_leads

FILESYSTEM_EVENTS = ("open", "os.", "shutil.", "fcntl.")


def hand_off_and_die(folder: Path, database: Path, now: datetime, step: int) -> None:
    """Hands off, and is killed right before a step that changes or opens files."""
    leads, steps = read_leads(database, "marts"), 0

    def count(event: str, _: tuple) -> None:
        nonlocal steps
        if event.startswith(FILESYSTEM_EVENTS):
            steps += 1
            if steps == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    with reserved(folder):
        send(folder, leads, now)
