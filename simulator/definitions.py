"""A copy of the definitions in which one cell differs, so that what it moves is known."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from simulator.law import CHANGED_MILESTONE, CHANGED_TIMEFRAME_DAYS


def write_changed_definitions(definitions: Path, out: Path) -> None:
    """Copies a folder of definitions and shortens the timeframe of one milestone.

    Args:
        definitions: a folder like seeds/.
        out: a folder that is not there yet.

    Raises:
        ValueError: milestones.csv has no such milestone.
    """
    shutil.copytree(definitions, out)
    file = out / "milestones.csv"
    with file.open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    changed = [row for row in rows if row["milestone_id"] == CHANGED_MILESTONE]
    if not changed:
        raise ValueError(f"{file} has no milestone {CHANGED_MILESTONE}.")
    for row in changed:
        row["timeframe"] = f"{CHANGED_TIMEFRAME_DAYS}d"
    with file.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
