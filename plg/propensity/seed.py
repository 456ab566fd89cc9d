"""Reads propensity_behaviors.csv as it is, and writes weights into it."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

from plg.definitions.checks import DEFINITIONS
from plg.definitions.definition import read_rows
from plg.definitions.qualification import INTERCEPT

FILE = "propensity_behaviors.csv"


def with_weights(
    file: Path, weights: dict[str, Decimal], counted: dict[str, tuple[str, int]]
) -> str:
    """The text of the file, with these weights; all else stays as it is written.

    Args:
        file: the seed.
        weights: the weight of each behaviour, intercept among them.
        counted: the event of each behaviour, and how often it has to occur, in the build that was fitted.

    Raises:
        ValueError: no build takes the file, or it has other behaviours; the sentence says what to do.
    """
    read, problems = read_rows(file, DEFINITIONS["propensity_behaviors"])
    if problems:
        raise ValueError(f"{file}: {problems[0]}.")
    behaviors = [
        (row.behavior_id, row.triggered_by_event, row.min_count)
        for _, row in read
        if row.behavior_id != INTERCEPT
    ]
    if sorted(behaviors) != sorted((name, *how) for name, how in counted.items()):
        raise ValueError(
            f"{file} has other behaviours than the database; run plg build first, then fit again."
        )
    with file.open(encoding="utf-8-sig", newline="") as text:
        header, *rows = [row for row in csv.reader(text) if row]
    header = [name.strip() for name in header]
    key, weight = header.index("behavior_id"), header.index("weight")
    found = [row[key].strip() for row in rows]
    # Without a row for it, it is the first one.
    if INTERCEPT not in found:
        rows.insert(0, [INTERCEPT if place == key else "" for place in range(len(header))])
        found.insert(0, INTERCEPT)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    for name, row in zip(found, rows, strict=True):
        row[weight] = str(weights[name])
        writer.writerow(row)
    return written.getvalue()
