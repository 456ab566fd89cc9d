"""Shows what a build found: the scorecard and the removed rows, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from plg.console import say
from plg.report.scorecard import read_scorecard
from plg.report.sources import Query
from plg.report.warnings import read_notes, read_warnings

REMOVED_ROWS = """
    select table_name, rule_name, row_count, row_rate
    from marts.data_quality_by_rule
    order by row_count desc, table_name, rule_name
"""
OBSERVATION = """
    select
        (select count(*) from marts.pql_scores),
        (select count(case when is_pql then 1 end) from marts.pql_scores),
        (select first_signup_date from intermediate.int_observation),
        (select observed_until_at from intermediate.int_observation)
"""
VERSION = "select definitions_version, is_logged from intermediate.int_definitions_version"
STATUS_COLOURS = {
    "met": "green",
    "on_track": "green",
    "improving": "cyan",
    "stable": "yellow",
    "needs_attention": "red",
}


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:.1%}" if unit == "rate" else f"{value:.2f}" + (" d" if unit == "days" else "")


def _range(row: dict[str, Any]) -> str:
    low, high = row["current_value_ci_lower"], row["current_value_ci_upper"]
    return "-" if low is None else f"{100 * low:.1f} to {100 * high:.1f}%"


def _benchmark(row: dict[str, Any]) -> str:
    low, high, position = (row[f"benchmark_{part}"] for part in ("low", "high", "position"))
    if low is None and high is None:
        return "-"
    range_ = f"{_number(low, row['unit'])} to {_number(high, row['unit'])}"
    return f"{range_}, {position}" if position else range_


def _status(row: dict[str, Any]) -> str:
    colour = STATUS_COLOURS.get(row["status"], "default")
    return f"[{colour}]{row['status'].replace('_', ' ')}[/]"


# Heading, the width of the terminal that makes room for the column, and the cell.
SCORECARD_COLUMNS: list[tuple[str, int, Callable[[dict[str, Any]], str | Text]]] = [
    ("metric", 0, lambda row: Text(row["metric_name"])),
    ("cohort of", 122, lambda row: str(row["week_start_date"] or "-")),
    ("value", 0, lambda row: _number(row["current_value"], row["unit"])),
    ("95 % range", 140, _range),
    ("users", 0, lambda row: "-" if row["user_count"] is None else f"{row['user_count']:,}"),
    ("change", 0, lambda row: Text(row["change_text"])),
    ("target", 0, lambda row: _number(row["target_value"], row["unit"])),
    ("status", 0, _status),
    ("benchmark", 165, _benchmark),
]
OF_NUMBERS = ("value", "95 % range", "users", "target")


def _scorecard(query: Query, width: int) -> Table:
    """The scorecard; a narrow terminal has no room for some columns."""
    columns = [column for column in SCORECARD_COLUMNS if width >= column[1]]
    caption = "A change within noise is one that chance alone would bring, too."
    if columns[-1][0] == "benchmark":
        caption += " Benchmarks come from reference material. Nobody has verified them."
    table = Table(
        title="Scorecard: newest closed week of each metric",
        caption=caption,
        title_justify="left",
        caption_justify="left",
    )
    for heading, _, _ in columns:
        table.add_column(heading, justify="right" if heading in OF_NUMBERS else "left")
    for row in read_scorecard(query):
        if row["is_latest"]:
            table.add_row(*(cell(row) for _, _, cell in columns))
    return table


def _removed_rows(query: Query) -> Table | str:
    rows = query(REMOVED_ROWS)
    removed = [row for row in rows if row[2]]
    if not removed:
        return f"No row of the raw data was removed, by any of the {len(rows)} rules."
    table = Table(title="Rows removed from the raw data, by rule", title_justify="left")
    table.add_column("table")
    table.add_column("rule")
    table.add_column("rows", justify="right")
    table.add_column("share of the table", justify="right")
    for name, rule, count, share in removed:
        table.add_row(name, rule, f"{count:,}", _share(count, share))
    if len(removed) < len(rows):
        table.caption = f"{len(rows) - len(removed)} other rules removed none."
        table.caption_justify = "left"
    return table


def _share(count: int, share: float | None) -> str:
    """A share of rows; a small one is not said to be none."""
    if share is None:
        return "-"
    return "< 0.1 %" if count and share < 0.0005 else f"{share:.1%}".replace("%", " %")


NEXT = (
    "Next: query it, read-only; try the questions in analyses/; edit the CSVs in seeds/ (or in a "
    "copy that PLG_DEFINITIONS_DIR names) and build again; set PLG_RAW_DIR to your own data "
    "(README)."
)


def show_summary(query: Query, place: str, console: Console, next_steps: str = "") -> None:
    """Prints scorecard, removed rows, warnings, and what to do next.

    Args:
        query: gives the rows of a query on a finished build.
        place: a sentence, without its full stop, that says where the numbers are.
        console: where to print.
        next_steps: what to do next; empty for the usual steps.
    """
    users, leads, first_signup, observed_until = query(OBSERVATION)[0]
    console.print()
    if not users:
        console.print("No user counts: none signed up by observed_until, or all were removed.")
    else:
        console.print(
            f"{users:,} users since {first_signup}, {leads:,} of them product-qualified leads; "
            f"observed until {observed_until:%Y-%m-%d %H:%M:%S} UTC."
        )
    console.print(_scorecard(query, console.width))
    console.print(_removed_rows(query))
    for sentence in read_notes(query) if users else []:
        say(console, sentence)
    if warnings := read_warnings(query):
        say(console, "Warnings about data and settings (mart build_warnings):")
        for sentence in warnings:
            say(console, f"- {sentence}")
    say(console, f"{place}.\n{next_steps or NEXT}")
    for line in version_lines(query):
        say(console, line)


def version_lines(query: Query) -> Iterator[str]:
    """The version of the definitions, and the row for definition_log.csv that lacks it."""
    version, is_logged = query(VERSION)[0]
    if not is_logged:
        today = datetime.now(timezone.utc).date()
        yield (
            "Warning: this version of the definitions is not in definition_log.csv. Add a row that says "
            f"who changed what, and why:\n{version},{today},owner,what changed,why"
        )
    yield f"Version of the definitions: {version}"
