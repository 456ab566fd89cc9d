"""Shows what a build found: the scorecard and the removed rows, for a person at a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from plg.console import say
from plg.report.data import SCORECARD_SQL, Query

SCORECARD = f"""
    select
        metric_name,
        unit,
        week_start_date,
        current_value,
        user_count,
        week_over_week_change,
        target_value,
        status,
        benchmark_low,
        benchmark_high,
        benchmark_position
    from ({SCORECARD_SQL}) as scorecard
    where coalesce(is_latest, true)
    order by metric_name
"""
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


def _change(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    # A change of a percentage is in points: from 40 % to 42 % is 2 points, not 2 %.
    return f"{100 * value:+.1f} pp" if unit == "rate" else f"{value:+.2f}" + " d" * (unit == "days")


def _scorecard(query: Query, *, has_room: bool) -> Table:
    """The scorecard; without room for it, the benchmark is left out."""
    table = Table(
        title="Scorecard: newest closed week of each metric",
        caption="Benchmarks come from reference material. Nobody has verified them."
        if has_room
        else None,
        title_justify="left",
        caption_justify="left",
    )
    for heading in ("metric", "cohort of"):
        table.add_column(heading)
    for heading in ("value", "users", "change", "target"):
        table.add_column(heading, justify="right")
    for heading in ("status", "benchmark") if has_room else ("status",):
        table.add_column(heading)
    for row in query(SCORECARD):
        metric, unit, week, value, users, change, target, status, low, high, position = row
        colour = STATUS_COLOURS.get(status, "default")
        benchmark = "-"
        if low is not None or high is not None:
            benchmark = f"{_number(low, unit)} to {_number(high, unit)}"
            benchmark += f", {position}" if position else ""
        cells = (
            Text(metric),
            str(week) if week else "no closed week",
            _number(value, unit),
            "-" if users is None else f"{users:,}",
            _change(change, unit),
            _number(target, unit),
            f"[{colour}]{(status or '-').replace('_', ' ')}[/]",
            benchmark,
        )
        table.add_row(*cells[: len(table.columns)])
    return table


def _removed_rows(query: Query) -> Table:
    table = Table(title="Rows removed from the raw data, by rule", title_justify="left")
    table.add_column("table")
    table.add_column("rule")
    table.add_column("rows", justify="right")
    table.add_column("share of the table", justify="right")
    for name, rule, count, share in query(REMOVED_ROWS):
        table.add_row(name, rule, f"{count:,}", _share(count, share))
    return table


def _share(count: int, share: float | None) -> str:
    """A share of rows; a small one is not said to be none."""
    if share is None:
        return "-"
    return "< 0.1 %" if count and share < 0.0005 else f"{share:.1%}".replace("%", " %")


def show_summary(query: Query, place: str, console: Console) -> None:
    """Prints scorecard, removed rows, and what to do next.

    Args:
        query: gives the rows of a query on a finished build.
        place: a sentence, without its full stop, that says where the numbers are.
        console: where to print.
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
    console.print(_scorecard(query, has_room=console.width >= 125))
    console.print(_removed_rows(query))
    say(
        console,
        f"{place}.\n"
        "Next: query it, read-only; try the questions in analyses/; edit the CSVs in seeds/ (or in a "
        "copy that PLG_DEFINITIONS_DIR names) and build again; set PLG_RAW_DIR to your own data "
        "(README).",
    )
