"""Checks the definition CSVs before a build: each cell's type, and what rows say together.

The yml files in models/definitions say what each column means.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from plg.definitions import (
    activation,
    events,
    funnels,
    input_names,
    playbooks,
    qualification,
    scorecard,
    versions,
)
from plg.definitions.activation import late_activations
from plg.definitions.definition import Definition, Rows, Sound, read_rows
from plg.definitions.own_vars import own_vars_problems
from plg.definitions.playbooks import late_periods
from plg.definitions.qualification import foretold_conversions
from plg.definitions.scorecard import unmatched_benchmarks

__all__ = [
    "DEFINITIONS",
    "check_definitions",
    "foretold_conversions",
    "late_activations",
    "late_periods",
    "unmatched_benchmarks",
]

# The register of definitions, each by the name of its file.
DEFINITIONS: dict[str, Definition] = {
    definition.name: definition
    for family in (
        activation,
        events,
        funnels,
        input_names,
        playbooks,
        qualification,
        scorecard,
        versions,
    )
    for definition in family.DEFINITIONS
}
# Problems shown of one file: a column that is wrong throughout must not bury the other files.
MOST_SHOWN = 10


def check_definitions(folder: Path) -> tuple[list[str], list[str]]:
    """Reads the definition CSVs and finds what can't work.

    Args:
        folder: the folder that PLG_DEFINITIONS_DIR names.

    Returns:
        Two lists of sentences, each naming file, row, column and remedy: problems that have to
        stop a build, and warnings.
    """
    if not folder.exists():
        return [
            f"PLG_DEFINITIONS_DIR {folder}: there is no such folder; copy the folder seeds."
        ], []
    problems: list[str] = []
    read: dict[str, Rows] = {}
    for name, definition in DEFINITIONS.items():
        path = folder / f"{name}.csv"
        rows, sentences = read_rows(path, definition)
        # Rows are compared only where each could be read: one problem, one sentence.
        sentences = sentences or list(definition.contradictions(rows))
        problems += _shown(path, sentences)
        if not sentences:
            read[name] = rows
    sound: Sound = {name: [row for _, row in rows] for name, rows in read.items()}
    for name, rows in read.items():
        conflicts = list(DEFINITIONS[name].conflicts(rows, sound))
        problems += _shown(folder / f"{name}.csv", conflicts)
    problems += own_vars_problems(folder)
    strays = list(_strays(folder))
    problems += strays[:MOST_SHOWN]
    if len(strays) > MOST_SHOWN:
        problems.append(f"{folder}: {len(strays) - MOST_SHOWN} more such files.")
    return problems, list(_warnings(folder, sound))


def _shown(path: Path, sentences: list[str]) -> list[str]:
    """The first problems of a file, and how many more there are."""
    shown = [f"{path}: {sentence}." for sentence in sentences[:MOST_SHOWN]]
    if len(sentences) > MOST_SHOWN:
        rest = len(sentences) - MOST_SHOWN
        shown.append(f"{path}: {rest} more problems; fix these first.")
    return shown


def _strays(folder: Path) -> Iterator[str]:
    """The CSVs that are no definitions: dbt looks for tables in the whole folder."""
    known = [folder / f"{name}.csv" for name in DEFINITIONS]
    for path in sorted(folder.rglob("*")):
        if path.name.lower().endswith(".csv") and path not in known and not path.is_dir():
            yield (
                f"{path}: it is none of the {len(known)} definition files, and dbt would load it as a "
                "table; move it out of the folder."
            )


def _warnings(folder: Path, sound: Sound) -> Iterator[str]:
    for name in sound:
        for sentence in DEFINITIONS[name].doubts(sound):
            yield f"{folder / name}.csv: {sentence}."
