"""Finds the file or folder of a raw table in PLG_RAW_DIR, and the files in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from plg.input.problem import InputProblem
from plg.inputs import Input

ENDINGS = (".parquet", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
# More endings of the same forms, which exports use.
MORE_ENDINGS = (
    *(".json", ".json.gz", ".ndjson", ".ndjson.gz"),
    *(".parquet.gz", ".parquet.zst"),
)
ALL_ENDINGS = ENDINGS + MORE_ENDINGS
# A description of the export; no data.
MANIFEST = "manifest.json"
MOST_NAMED = 3
# The folders by which a lake's table is known.
LAKES = {"_delta_log": "Delta Lake", ".hoodie": "Hudi", "metadata": "Iceberg"}


def find_files(folder: Path, table: Input) -> tuple[Path, list[Path]]:
    """Finds what holds a raw table.

    Args:
        folder: the folder that PLG_RAW_DIR names.
        table: of the register of inputs.

    Returns:
        The file or folder of the table, and its files; no files where an optional table is absent.

    Raises:
        InputProblem: it is missing, is there twice, or holds files that can't be read.
    """
    name = table.name
    forms = f"{', '.join(name + ending for ending in ENDINGS)} or a folder {name}/ of such files"
    if not folder.is_dir():
        raise InputProblem(
            f"{folder}: there is no such folder; set PLG_RAW_DIR to the folder that holds {forms}"
        )
    sources = table_sources(folder).get(name, [])
    if not sources and table.is_optional:
        return folder / name, []
    if not sources:
        raise InputProblem(f"{folder / name}: no file or folder of this name; put there {forms}")
    source = only_one(folder, name, sources)
    return source, files_at(source)


def only_one(folder: Path, name: str, sources: list[Path]) -> Path:
    """The file or folder that holds a table.

    Args:
        folder: the folder that PLG_RAW_DIR names.
        name: of the table.
        sources: one or more that may hold it.

    Raises:
        InputProblem: there are several.
    """
    if len(sources) > 1:
        raise InputProblem(
            f"{folder}: {name} is there more than once ({', '.join(p.name for p in sources)}); "
            "keep the one that is meant"
        )
    return sources[0]


def files_at(source: Path) -> list[Path]:
    """The files of a table: itself, or those of its folder that hold data.

    Args:
        source: the file or folder of the table.

    Raises:
        InputProblem: the folder holds no data, or files that can't be read.
    """
    return [source] if source.is_file() else _files_of(source)


def table_sources(folder: Path) -> dict[str, list[Path]]:
    """Every file and folder in a folder that may hold a table, by its name in small letters.

    Args:
        folder: the folder that PLG_RAW_DIR names.
    """
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        name = path.name.lower()
        if name.startswith((".", "_")) or not (path.is_dir() or _is_data(path)):
            continue
        if path.is_file():
            ending = max((e for e in ALL_ENDINGS if name.endswith(e)), key=len)
            name = name.removesuffix(ending)
        found.setdefault(name, []).append(path)
    return found


def _files_of(source: Path) -> list[Path]:
    """The files of a folder that hold data."""
    _refuse_lake_table(source)
    paths = sorted(_walk(source))
    _refuse_unread(source, [path for path in paths if not (_is_data(path) or _is_note(path))])
    files = [path for path in paths if _is_data(path)]
    _refuse_cut(source, [path for path in files if path.stat().st_size == 0])
    files = [path for path in files if path.stat().st_size > 0]
    if not files:
        raise InputProblem(f"{source}: the folder holds no data; put {', '.join(ENDINGS)} files in")
    return files


def _refuse_lake_table(source: Path) -> None:
    """The log of a lake's table says which of its files hold rows: others have been replaced or deleted."""
    for folder in [source, *(path for path in sorted(source.iterdir()) if path.is_dir())]:
        for name, lake in LAKES.items():
            metadata = folder / name
            if metadata.is_dir() and (lake != "Iceberg" or any(metadata.glob("*.metadata.json"))):
                raise InputProblem(
                    f"{folder}: this is a table of {lake} ({name}/), whose files also hold rows that were "
                    "replaced or deleted; export its current rows to parquet files with the engine that "
                    "writes it, and put these here"
                )


def _walk(source: Path) -> Iterator[Path]:
    """The files in a folder and below; links are followed.

    A name that begins with a dot or an underscore is no data, unless it is a partition. This is
    Spark's rule, whose _temporary and _SUCCESS lie beside the data.
    """

    def stop(error: OSError) -> None:
        raise InputProblem(
            f"{error.filename}: this folder can't be read ({error.strerror}); give the right to read "
            "it, or move it away"
        )

    def is_hidden(name: str) -> bool:
        return name.startswith(".") or (name.startswith("_") and "=" not in name)

    for place, folders, names in os.walk(source, onerror=stop, followlinks=True):
        here = Path(place).resolve()
        # A link to a folder above would lead round in a circle.
        folders[:] = [
            name
            for name in folders
            if not is_hidden(name) and not here.is_relative_to((here / name).resolve())
        ]
        for name in names:
            try:
                name.encode()
            except UnicodeEncodeError:
                raise InputProblem(
                    f"{place}: the name of the file {name!a} is no UTF-8; rename it"
                ) from None
            if not is_hidden(name):
                yield Path(place, name)


def _is_data(path: Path) -> bool:
    name = path.name.lower()
    return name.endswith(ALL_ENDINGS) and name != MANIFEST and path.is_file()


def _is_note(path: Path) -> bool:
    """A file for people, which may lie beside the data."""
    name = path.name.lower()
    return name.endswith(".md") or name.startswith("readme") or name == MANIFEST


def _some_of(folder: Path, paths: list[Path]) -> str:
    """The first names, and how many more there are."""
    named = ", ".join(str(path.relative_to(folder)) for path in paths[:MOST_NAMED])
    return f"{named} and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else named


def _refuse_unread(source: Path, paths: list[Path]) -> None:
    """A file whose name does not tell its form must not be left out without a word."""
    packed = [path for path in paths if path.suffix.lower() == ".zip"]
    if packed:
        raise InputProblem(f"{source} holds {_some_of(source, packed)}: unpack it")
    if paths:
        raise InputProblem(
            f"{source}: not all of the folder can be read: {_some_of(source, paths)}; end each "
            f"name in its file's form ({', '.join(ENDINGS)}), or move away what is no data (names "
            "that begin with a dot or an underscore, *.md and readme* may stay)"
        )


def _refuse_cut(source: Path, paths: list[Path]) -> None:
    """Only plain text may be empty: any other file of no bytes has lost its content."""
    cut = [path for path in paths if path.suffix.lower() in (".parquet", ".gz", ".zst")]
    if cut:
        raise InputProblem(
            f"{source}: these files are empty, which no .parquet or .gz file can be: "
            f"{_some_of(source, cut)}; deliver them again, or move them away"
        )
