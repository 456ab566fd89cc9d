"""Reads propensity_behaviors.csv as it is, and writes weights into it."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

from plg.definitions.checks import DEFINITIONS
from plg.definitions.definition import read_rows

FILE = "propensity_behaviors.csv"


def with_weights(file: Path, weights: dict[str, Decimal]) -> str:
    """The text of the file, with these weights; all else stays as it is written.

    Args:
        file: the seed.
        weights: the weight of each behaviour, intercept among them.

    Raises:
        ValueError: no build takes the file, or it has other behaviours; the sentence says what to do.
    """
    _, problems = read_rows(file, DEFINITIONS["propensity_behaviors"])
    if problems:
        raise ValueError(f"{file}: {problems[0]}.")
    with file.open(encoding="utf-8-sig", newline="") as text:
        header, *rows = [row for row in csv.reader(text) if row]
    header = [name.strip() for name in header]
    key, weight = header.index("behavior_id"), header.index("weight")
    found = [row[key].strip() for row in rows]
    # Without a row for it, it is the first one.
    if "intercept" not in found:
        rows.insert(0, ["intercept" if place == key else "" for place in range(len(header))])
        found.insert(0, "intercept")
    if sorted(found) != sorted(weights):
        raise ValueError(
            f"{file} has other behaviours than the database; run plg build first, then fit again."
        )
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    for name, row in zip(found, rows, strict=True):
        row[weight] = str(weights[name])
        writer.writerow(row)
    return written.getvalue()
