"""`plg compare_definitions`: builds the scorecard under two folders of definitions, and says what differs.

Both builds go into databases of their own, beside the main one, and see the same data as of the same instant: the
definitions alone make the difference. What the old ones give is kept in PLG_HISTORY_DIR, where each build finds it
for the mart metric_history_by_definition.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plg.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

SHOWN_WEEKS = 8
COLUMNS = ("definitions_version", "observed_until_at", "metric_id", "week_start_date", "value")
SCORECARD = ("--select", "+kpi_scorecard")
# What says until when the data are observed, and nothing behind it.
OBSERVATION = ("--select", "+int_observation")
BUILD = ("build", "--exclude-resource-type", "unit_test", "test")
WEEKS_SQL = """
    select metric_id, week_start_date, current_value
    from marts.kpi_scorecard
    order by metric_id, week_start_date
"""
Values = dict[tuple[str, date], float | None]


class NotCompared(Exception):
    """A sentence that says why there is no comparison."""


@dataclass(frozen=True)
class Scorecard:
    """What a folder of definitions gives.

    Attributes:
        version: of the definitions.
        values: by metric and week; None where a week has no value.
    """

    version: str
    values: Values


def compare(
    settings: Settings, old: Path, new: Path, variables: str | None, console: Console
) -> None:
    """Builds both folders, prints what differs, and keeps what the old one gives.

    Args:
        settings: where the raw files are, and where the history goes.
        old: a folder of definition CSVs.
        new: another one.
        variables: the argument of --vars.
        console: where to print.

    Raises:
        NotCompared: something was wrong; the sentences about it are printed.
    """
    from plg.check import given_vars
    from plg.console import say

    given = _checked(settings, old, new, variables, console)
    values, _ = given_vars(variables, settings.project / "dbt_project.yml", new)
    given = given | {"observed_until": values["observed_until"]}
    # The main database has its folder, and room for another one.
    with tempfile.TemporaryDirectory(prefix=".plg-compare-", dir=settings.output_dir) as name:
        place = Path(name)
        if given["observed_until"] is None:
            say(console, f"Reading until when the data are observed, with {new} ...")
            database = _build(settings, new, place / "new", given, OBSERVATION)
            # Both builds then leave out the same rows.
            given = given | {"observed_until": _observed_until(database)}
        found = {}
        for label, folder in (("new", new), ("old", old)):
            say(console, f"Building the scorecard with {folder} ...")
            database = _build(settings, folder, place / label, given, SCORECARD)
            found[label] = Scorecard(_version(settings, folder, given), _values(database))
        until = _observed_until(database)
    for line in changed_definitions(old, new):
        say(console, line)
    console.print(_table(found["old"].values, found["new"].values))
    say(console, _summary(found["old"], found["new"], until))
    file = write_history(settings.history_dir, found["old"], until)
    say(console, f"Wrote {file}. The next build shows it in metric_history_by_definition.")


def _checked(
    settings: Settings, old: Path, new: Path, variables: str | None, console: Console
) -> dict[str, Any]:
    """The vars of --vars; what is wrong is printed.

    Raises:
        NotCompared: something is wrong.
    """
    import yaml

    from plg.check import check
    from plg.console import say

    problems: list[str] = []
    for folder in dict.fromkeys((new, old)):
        # No build writes the main database, so it may be in use.
        own = replace(
            settings, definitions_dir=folder, database=settings.output_dir / "plg-compare.duckdb"
        )
        problems += check(own, variables=variables, raw=folder == new).problems
    for problem in dict.fromkeys(problems):
        say(console, f"- {problem}")
    if problems:
        raise NotCompared("Nothing was compared. Fix the above and try again.")
    return yaml.safe_load(variables or "{}") or {}


def _build(
    settings: Settings,
    folder: Path,
    place: Path,
    given: dict[str, Any],
    selection: tuple[str, ...],
) -> Path:
    """Builds models with a folder of definitions, and returns the database.

    Raises:
        NotCompared: dbt failed.
    """
    from plg.dbt import LOGGING, place_of
    from plg.definitions.own_vars import own_vars

    place.mkdir(exist_ok=True)
    own = replace(
        settings,
        definitions_dir=folder,
        database=place / "plg.duckdb",
        target_dir=place / "target",
        log_dir=place / "logs",
        given=dict(settings.given) | {"PLG_DEFINITIONS_DIR": str(folder), "PLG_SCHEMA": "main"},
    )
    values = json.dumps(own_vars(folder) | given, default=str)
    arguments = [*LOGGING, *BUILD, *place_of("duckdb", settings.project), *selection]
    # A process of its own: dbt keeps much of a run for the next one of its process.
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as executor:
        has_passed = executor.submit(_run, own, [*arguments, "--vars", values]).result()
    if not has_passed:
        raise NotCompared("The build failed, so nothing was compared: the lines above say why.")
    return own.database


def _run(own: Settings, arguments: list[str]) -> bool:
    """Runs dbt in this process; whether everything has passed."""
    own.export()
    from plg.console import make_console
    from plg.dbt import run_dbt

    return run_dbt(arguments, make_console()) is not None


def _observed_until(database: Path) -> str:
    """Until when the data are observed in a build, as the var observed_until takes it."""
    rows = _rows(database, "select observed_until_at from intermediate.int_observation")
    if not rows or rows[0][0] is None:
        raise NotCompared("No user counts under these definitions, so there is nothing to compare.")
    return rows[0][0].isoformat(sep=" ")


def _values(database: Path) -> Values:
    return {(metric, week): value for metric, week, value in _rows(database, WEEKS_SQL)}


def _rows(database: Path, sql: str) -> list[tuple]:
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def _version(settings: Settings, folder: Path, given: dict[str, Any]) -> str:
    from plg.definitions.version import version_of_build

    return version_of_build(settings.project / "dbt_project.yml", folder, given)


def changed_definitions(old: Path, new: Path) -> Iterator[str]:
    """A line for each row of the CSVs, and each var of vars.txt, that came, went or changed.

    Args:
        old: a folder of definition CSVs.
        new: another one.
    """
    from plg.definitions.checks import DEFINITIONS
    from plg.definitions.own_vars import FILE, own_vars

    changes: list[str] = []
    for name, definition in DEFINITIONS.items():
        key = definition.keys[0] if definition.keys else ()
        before, after = (_by_key(folder / f"{name}.csv", key) for folder in (old, new))
        changes += _differences(f"{name}.csv", before, after)
    variables = [
        {name: {"": str(value)} for name, value in own_vars(f).items()} for f in (old, new)
    ]
    changes += _differences(FILE, *variables)
    yield "Definitions that differ:" if changes else "The definitions are the same."
    yield from changes


def _by_key(path: Path, key: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """The other cells of each row of a definition, by the text of its key: of the whole row where there is none."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if any(row.values())]
    found = {}
    for row in rows:
        columns = key or tuple(row)
        name = " / ".join(row.get(column) or "" for column in columns)
        found[name] = {column: cell for column, cell in row.items() if column not in columns}
    return found


def _differences(
    file: str, before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]
) -> Iterator[str]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old is None:
            yield f"+ {file}: {name}{_cells(new or {})}"
        elif new is None:
            yield f"- {file}: {name}{_cells(old)}"
        else:
            columns = dict.fromkeys([*old, *new])
            # A blank cell and a column that is absent say the same.
            cells = [(c, old.get(c) or "", new.get(c) or "") for c in columns]
            said = [f"{c} {a or 'blank'} -> {b or 'blank'}".strip() for c, a, b in cells if a != b]
            if said:
                yield f"~ {file}: {name}: {', '.join(said)}"


def _cells(row: dict[str, str]) -> str:
    """The cells of a row that are not blank."""
    said = [f"{column} {cell}".strip() for column, cell in row.items() if cell]
    return f" ({', '.join(said)})" if said else ""


def last_weeks(old: Values, new: Values) -> list[tuple[str, date]]:
    """The newest closed weeks of each metric, in either folder."""
    weeks: dict[str, set[date]] = {}
    for metric, week in [*old, *new]:
        weeks.setdefault(metric, set()).add(week)
    return [
        (metric, week) for metric in sorted(weeks) for week in sorted(weeks[metric])[-SHOWN_WEEKS:]
    ]


def _table(old: Values, new: Values) -> Table:
    from rich.table import Table

    table = Table(
        title=f"Scorecard: the newest {SHOWN_WEEKS} closed weeks of each metric",
        title_justify="left",
    )
    for heading in ("metric", "week of", "old", "new", "difference"):
        table.add_column(heading, justify="left" if heading in ("metric", "week of") else "right")
    for metric, week in last_weeks(old, new):
        before, after = old.get((metric, week)), new.get((metric, week))
        is_known = before is not None and after is not None
        cells = (_said(before), _said(after), _said(after - before, "+") if is_known else "-")
        table.add_row(metric, str(week), *cells)
    return table


def _said(value: float | None, sign: str = "") -> str:
    return "-" if value is None else f"{value:{sign}.4f}"


def _summary(old: Scorecard, new: Scorecard, until: str) -> str:
    """In how many weeks which metrics differ."""
    weeks = sorted({*old.values, *new.values})
    absent = object()
    differing = [w for w in weeks if old.values.get(w, absent) != new.values.get(w, absent)]
    if not weeks:
        said = "No metric has a closed week."
    elif not differing:
        said = f"No metric differs, in any of {len(weeks):,} closed weeks of all metrics."
    else:
        metrics = ", ".join(dict.fromkeys(metric for metric, _ in differing))
        said = (
            f"{len(differing):,} of {len(weeks):,} closed weeks of all metrics differ: {metrics}."
        )
    return (
        f"{said} Old version {old.version}, new version {new.version}, observed until {until} UTC."
    )


def write_history(folder: Path, found: Scorecard, until: str) -> Path:
    """Writes every closed week of a version; what was there of the version is replaced.

    Args:
        folder: as PLG_HISTORY_DIR; made where it is absent.
        found: what the definitions gave.
        until: until when the data were observed.

    Raises:
        NotCompared: it can't be written.
    """
    file = folder / f"{found.version}.csv"
    draft = folder / f".{found.version}.csv.{os.getpid()}"
    instant = datetime.fromisoformat(until).isoformat(sep=" ")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8", newline="") as opened:
            lines = csv.writer(opened, lineterminator="\n")
            lines.writerow(COLUMNS)
            for (metric, week), value in sorted(found.values.items()):
                cell = "" if value is None else repr(value)
                lines.writerow([found.version, instant, metric, week, cell])
        draft.replace(file)
    except OSError as error:
        raise NotCompared(
            f"{folder} can't be written ({error.strerror}); make it writable, or name another "
            "folder in PLG_HISTORY_DIR."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return file


@click.command()
@click.argument("old", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument(
    "new", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False
)
@click.option("--vars", "variables", metavar="TEXT", help="Values of vars, as for plg build.")
@click.pass_context
def command(ctx: click.Context, old: Path, new: Path | None, variables: str | None) -> None:
    """Say what two folders of definitions make of the same data.

    Builds the scorecard under OLD and under NEW (PLG_DEFINITIONS_DIR where it is not given), each in a database
    of its own. Prints the definitions that differ, and for each metric the newest closed weeks: old, new,
    difference. Writes what OLD gives to PLG_HISTORY_DIR; the next build draws it beside its own numbers.
    """
    from plg.console import make_console, say

    settings, console = Settings.from_environment(), make_console()
    folders = (old.resolve(), new.resolve() if new else settings.definitions_dir)
    try:
        compare(settings, *folders, variables, console)
    except NotCompared as problem:
        say(console, str(problem))
        ctx.exit(1)
