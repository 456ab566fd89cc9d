"""What is said of a raw file that a build can't work with."""

from __future__ import annotations

import re
from pathlib import Path

WELL_FORMED = (
    "CSV: UTF-8, commas, double quotes around a cell that holds a comma, a line end or a quote "
    "(itself doubled), one kind of line end; jsonl: one object a line"
)
MOST_SHOWN = 400  # Characters of DuckDB's own words.


class InputProblem(Exception):
    """A sentence that says what is wrong with a raw file and how to fix it."""


class UnreadableFiles(Exception):
    """Text files of which some rows can't be read."""

    def __init__(self, files: list[Path]) -> None:
        super().__init__()
        self.files = files


def unreadable(source: Path, error: Exception) -> InputProblem:
    """An error as a problem: what DuckDB says of the file, without its advice on its options.

    Args:
        source: the file or folder of the table, named where the error names no file.
        error: what reading it raised.
    """
    said = re.split(r"\n\s*(?:LINE 1:|Possible|Try )|Try auto", str(error))[0]
    said = re.sub(r"^[\w ]+ Error: ", "", " ".join(said.split())).rstrip(".")
    if said.startswith("Malformed JSON"):  # DuckDB counts one line too many.
        said = re.sub(r"(?<=in line )\d+", lambda found: str(int(found[0]) - 1), said)
    if len(said) > MOST_SHOWN:
        said = f"{said[: MOST_SHOWN // 2]} ... {said[-MOST_SHOWN // 2 :]}"
    named = re.search(r"^  file = (.+)$", str(error), re.MULTILINE)
    of_parquet = re.search(r"""["']([^"']+[.]parquet)["']""", str(error), re.IGNORECASE)
    if of_parquet or source.suffix.lower() == ".parquet":
        return InputProblem(
            f"{of_parquet[1] if of_parquet else source}: this parquet file can't be read ({said}); export it "
            "again, with text in UTF-8, or deliver it again if it was cut off"
        )
    return InputProblem(
        f"{named[1] if named else source}: it can't be read ({said}); fix it or export it again "
        f"({WELL_FORMED})"
    )


def explained(said: str) -> str:
    """What dbt says; of broken text in a parquet file, which a build may be the first to meet, a sentence.

    Args:
        said: an error of dbt.
    """
    found = re.search(
        r'Invalid string encoding found in Parquet file "([^"]+)": (value .*?) is not valid',
        said,
        re.DOTALL,
    )
    if not found:
        return said
    return (
        f"{found[1]}: this parquet file can't be read: the {found[2].rstrip()} is no UTF-8; export it again, "
        "with text in UTF-8"
    )
