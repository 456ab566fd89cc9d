"""Writes what the benchmark measured as a Markdown page and a plot."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt

from benchmark.measure import Cost, beyond_startup, median_cost
from benchmark.variants import LARGEST_FOR_ALL, SMALL_MEMORY_LIMIT

if TYPE_CHECKING:
    from benchmark.run import Options

# Step, its start-up step where that is subtracted, label, and whether it is ours.
ROWS = (
    ("ours-full", "startup-full", "ours: full build", True),
    ("ours-full-with-tests", "startup-full-with-tests", "ours: full build and data tests", True),
    (
        "ours-small-memory",
        "startup-full",
        f"ours: full build, DuckDB in {SMALL_MEMORY_LIMIT}",
        True,
    ),
    ("ours-increment", "startup-increment", "ours: one more day", True),
    (
        "ours-increment-events",
        "startup-increment-events",
        "ours: one more day, event level only",
        True,
    ),
    ("floor", None, "SQL script, tuned (floor)", False),
    ("usual", None, "SQL script, as usual", False),
    ("polars", None, "Polars, core numbers", False),
    ("pandas", None, "pandas, core numbers", False),
)
# Okabe and Ito's blue and orange: told apart with every kind of colour vision, and in grey.
OURS_COLOUR, OTHERS_COLOUR = "#0072B2", "#E69F00"


@dataclass(frozen=True)
class Line:
    """A line of the table: its cost, and its CPU seconds over those of our full build.

    Attributes:
        label: what was run.
        cost: the median of the rounds, start-up subtracted where it is.
        lowest, highest: CPU seconds of the cheapest and of the dearest round.
        ratio: None where our full build took no time beyond dbt's start-up.
        is_ours: whether it is the project.
    """

    label: str
    cost: Cost
    lowest: float
    highest: float
    ratio: float | None
    is_ours: bool


def lines(rounds: list[dict[str, Cost]]) -> list[Line]:
    """The table of one size, in the order of ROWS; variants that were left out have no line."""

    def by_round(step: str, startup: str | None) -> list[Cost]:
        if startup is None:
            return [costs[step] for costs in rounds]
        return [beyond_startup([costs[step]], [costs[startup]]) for costs in rounds]

    reference = median_cost(by_round("ours-full", "startup-full")).cpu_seconds
    found = []
    for step, startup, label, is_ours in ROWS:
        if step in rounds[0]:
            costs = by_round(step, startup)
            taken = median_cost(costs)
            seconds = [cost.cpu_seconds for cost in costs]
            ratio = taken.cpu_seconds / reference if reference else None
            found.append(Line(label, taken, min(seconds), max(seconds), ratio, is_ours))
    return found


def same_day_growth(rounds: list[dict[str, Cost]]) -> tuple[Cost, Cost] | None:
    """What the same day's increment costs beside the smaller and the larger history.

    None for the smallest size, which has no smaller one.
    """
    if "same-day-larger" not in rounds[0]:
        return None
    startups = [costs["startup-increment-events"] for costs in rounds]
    smaller, larger = (
        beyond_startup([costs[step] for costs in rounds], startups)
        for step in ("same-day-smaller", "same-day-larger")
    )
    return smaller, larger


def write_results(results: list[dict[str, object]], options: Options, folder: Path) -> None:
    """Writes results.md and results.svg.

    Args:
        results: of run.measure, one dict a size.
        options: the arguments of the run.
        folder: made if needed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.md").write_text(markdown(results, options))
    plot(results, folder / "results.svg")


def markdown(results: list[dict[str, object]], options: Options) -> str:
    """The page: a table a size, the increment's growth, the queries, and how it was measured."""
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("duckdb", "polars", "pandas", "pyarrow", "numpy")
    )
    parts = [
        "# Benchmark",
        "Written by `plg benchmark`; run it again to measure on your machine.",
        "![CPU seconds of each variant](results.svg)",
    ]
    for size in results:
        parts += _size(size)
    parts += [
        "## How it was measured",
        f"Median of the rounds, of which there were {options.rounds} (one beyond {LARGEST_FOR_ALL} "
        "million events); a round runs every variant once, in turns, as a fresh process on "
        f"{options.threads} processors. DuckDB's memory limit is {options.memory_limit} where none "
        f"is named; Polars and pandas know none. {versions}.",
        "**Read the ratios.** CPU seconds (user and system) are the result, and their ratio to our "
        "full build. Absolute times drift with the machine and with what else runs on it.",
        "Ours is what dbt took beyond its own start-up: the same command over 20 users, in the "
        "same round. It is only as exact as the start-up is steady, so read it with its lowest and "
        "highest; 0.0 is less than the start-up varies by. Nothing is subtracted from the others, "
        "whose start-up is the import of a library. Peak memory is that of the whole process.",
        "Before a time counted, every variant's numbers agreed with ours, cell by cell. The SQL "
        "scripts compute all marts. Polars and pandas do less: no intervals, survival curves, "
        "points, bands, PQL conversion or scorecard.",
    ]
    return "\n\n".join(parts) + "\n"


def _size(size: dict[str, object]) -> list[str]:
    rounds: list[dict[str, Cost]] = size["rounds"]
    table = [
        "| | CPU s | lowest–highest | × ours | wall s | peak MB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for line in lines(rounds):
        ratio = "–" if line.ratio is None else f"{line.ratio:.2f}"
        table.append(
            f"| {line.label} | {line.cost.cpu_seconds:.1f} | "
            f"{line.lowest:.1f}–{line.highest:.1f} | {ratio} | "
            f"{line.cost.wall_seconds:.1f} | {line.cost.peak_megabytes:,.0f} |"
        )
    startup, full = (
        median_cost([costs[step] for costs in rounds]) for step in ("startup-full", "ours-full")
    )
    paragraphs = [
        f"## {size['event_count']:,} events",
        "\n".join(table),
        f"dbt's own start-up, subtracted from ours, takes {startup.cpu_seconds:.1f} s of CPU; with "
        f"it, the full build takes {full.cpu_seconds:.1f} s.",
    ]
    growth = same_day_growth(rounds)
    if growth:
        smaller, larger = growth
        ratio = "too little to tell"
        if smaller.model_seconds:
            ratio = f"{larger.model_seconds / smaller.model_seconds:.1f} times"
        paragraphs.append(
            f"The same new day at event level, beside the history of the size before and beside "
            f"this one: {smaller.model_seconds:.2f} s and {larger.model_seconds:.2f} s in dbt's "
            f"models ({ratio}), {smaller.cpu_seconds:.1f} s and {larger.cpu_seconds:.1f} s of CPU. "
            "Time in models, as dbt counts it, is free of its start-up, and so tells small "
            "differences that CPU seconds can't."
        )
    queries: dict[str, float] = size["queries"]
    rows = [f"| `{mart}` | {milliseconds:.1f} |" for mart, milliseconds in queries.items()]
    paragraphs.append(
        "\n".join(["| a dashboard's query of | ms, median of 20 |", "|---|--:|", *rows])
    )
    return paragraphs


def plot(results: list[dict[str, object]], file: Path) -> None:
    """Bars of CPU seconds, a panel for each size, each bar with its ratio to our full build."""
    tables = [lines(size["rounds"]) for size in results]
    settings = {
        # Text stays text: small, selectable, in the reader's font. No date, no random ids.
        "svg.fonttype": "none",
        "svg.hashsalt": "benchmark",
        "font.family": "sans-serif",
        "font.size": 10,
    }
    with plt.rc_context(settings):
        heights = [len(table) for table in tables]
        figure, panels = plt.subplots(
            len(tables),
            1,
            figsize=(8, 0.34 * sum(heights) + 0.9 * len(tables)),
            height_ratios=heights,
            squeeze=False,
            layout="constrained",
        )
        for size, table, panel in zip(results, tables, panels[:, 0], strict=True):
            seconds = [line.cost.cpu_seconds for line in table]
            bars = panel.barh(
                [line.label for line in table],
                seconds,
                color=[OURS_COLOUR if line.is_ours else OTHERS_COLOUR for line in table],
            )
            labels = [
                f"{line.cost.cpu_seconds:.1f} s"
                + ("" if line.ratio is None else f"  ({line.ratio:.2f} ×)")
                for line in table
            ]
            panel.bar_label(bars, labels, padding=3)
            panel.invert_yaxis()
            panel.set_xlim(0, max([*seconds, 0.1]) * 1.25)
            panel.set_xlabel("CPU seconds; in brackets, over our full build")
            panel.set_title(f"{size['event_count'] / 1e6:.1f} million events", loc="left")
            panel.spines[["top", "right"]].set_visible(False)
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
        plt.close(figure)
