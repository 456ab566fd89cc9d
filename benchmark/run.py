"""What the project costs beside other ways to the same numbers: `plg benchmark`.

The other ways are frozen: benchmark/rivals/ has the 13 marts that the project had when they were
written, and no rival is written for a newer mart. `ours` builds all marts of today.

Every variant runs as a fresh process, in turns: all of them in each round, so that a machine that
slows down does so for all. Before a time counts, the numbers must agree, cell by cell.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmark import variants as v
from benchmark.data import PROJECT, TINY_USERS, DataProblem, DataSet, prepare, users_for
from benchmark.measure import Cost, RunFailed, in_process
from plg.environments import enter

QUERY_RUNS = 20
Step = tuple[str, Callable[[], Cost]]


class Disagreement(Exception):
    """A variant's numbers are not ours."""


@dataclass
class Options:
    """What the command line asks for.

    Attributes:
        events: sizes of the event history in millions, ascending.
        rounds: how often each variant runs.
        variants: names of those that run beside ours.
        workdir: folder for data and databases.
        memory_limit: of DuckDB.
        threads: processors of each variant.
        results: folder for results.md and results.svg.
    """

    events: list[float]
    rounds: int
    variants: tuple[str, ...]
    workdir: Path
    memory_limit: str
    threads: int
    results: Path


class Benchmark:
    """One run of the benchmark.

    `say` prints a line of what happens, above the bar of steps where there is a terminal.
    """

    def __init__(self, options: Options, say: Callable[[str], None]) -> None:
        self.options = options
        self.say = say
        self.runs = options.workdir / "runs"
        self.settings = v.Settings(
            cpus=options.threads,
            memory_limit=options.memory_limit,
            # An hour after the start, for clocks that go fast: as the project has it.
            credible_until=datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(hours=1),
        )

    def data(self, name: str, users: int, seed: int) -> DataSet:
        folder = self.options.workdir / "data" / name
        return prepare(folder, name, users, seed, self.options.memory_limit, in_process, self.say)

    def competitors(self, millions: float) -> list[str]:
        """The variants beside ours that can run, those that can't with a line that says why."""
        chosen = []
        for variant in [name for name in v.VARIANTS[1:] if name in self.options.variants]:
            missing = v.missing_file(variant)
            if missing:
                self.say(f"{variant} is left out: there is no {missing.relative_to(PROJECT)}")
            elif millions > v.LARGEST_FOR_ALL and variant not in v.ALSO_BEYOND:
                self.say(
                    f"{variant} is left out: it gets {v.LARGEST_FOR_ALL} million events at most"
                )
            else:
                chosen.append(variant)
        return chosen

    def history(self, data: DataSet) -> Path:
        """The database of the history before the last date, new: the project may have changed."""
        database = v.fresh(self.runs / f"history-{data.name}")
        self.say(f"{data.name}: building the history before the last date (not measured)")
        v.build_history(data, database, self.settings)
        return database

    def steps(
        self,
        data: DataSet,
        history: Path,
        tiny: tuple[DataSet, Path],
        smaller: tuple[DataSet, Path] | None,
        competitors: list[str],
        is_large: bool,
    ) -> list[Step]:
        """What a round runs, in order: each start-up before the run that it is taken from."""

        settings = self.settings
        small = replace(settings, memory_limit=v.SMALL_MEMORY_LIMIT)

        def full(
            command: tuple[str, ...], of: DataSet, name: str, using: v.Settings = settings
        ) -> Callable[[], Cost]:
            return lambda: v.dbt(command, of.whole, v.fresh(self.runs / name), using)

        def day(
            command: tuple[str, ...],
            of: DataSet,
            its_history: Path,
            name: str,
            last_file: Path | None = None,
        ) -> Callable[[], Cost]:
            first = v.BUILD_USERS if command == v.BUILD_EVENT_LEVEL else None
            return lambda: v.increment(
                command, of, its_history, v.fresh(self.runs / name), settings, last_file, first
            )

        steps: list[Step] = []
        for name, command in (("full", v.BUILD), ("full-with-tests", v.BUILD_WITH_TESTS)):
            steps.append((f"startup-{name}", full(command, tiny[0], "tiny")))
            steps.append((f"ours-{name}", full(command, data, f"ours-{name}")))
        if not is_large:
            # Its start-up is that of ours-full: dbt's own, which needs less memory than this.
            steps.append(("ours-small-memory", full(v.BUILD, data, "ours-small-memory", small)))
        for name, command in (("increment", v.BUILD), ("increment-events", v.BUILD_EVENT_LEVEL)):
            steps.append((f"startup-{name}", day(command, *tiny, "tiny")))
            steps.append((f"ours-{name}", day(command, data, history, f"ours-{name}")))
        if smaller:
            # The same day's file beside a short and a long history: what grows with history shows.
            command, file = v.BUILD_EVENT_LEVEL, smaller[0].last_file
            steps.append(("same-day-smaller", day(command, *smaller, "same-day")))
            steps.append(("same-day-larger", day(command, data, history, "same-day", file)))
        for variant in competitors:
            steps.append(
                (
                    variant,
                    lambda variant=variant: v.competitor(
                        variant, data, self.runs / variant, settings
                    ),
                )
            )
        return steps

    def check(self, competitors: list[str]) -> None:
        """Compares everybody's marts with those of our full build.

        Raises:
            Disagreement: with the first cells that differ.
        """
        ours = self.runs / "ours-full" / "plg.duckdb"
        increment = self.runs / "ours-increment" / "plg.duckdb"
        checks = [("ours-increment", v.database_differences, (ours, increment))]
        checks += [
            (name, v.competitor_differences, (name, ours, self.runs / name)) for name in competitors
        ]
        for name, compare, arguments in checks:
            found = in_process(compare, *arguments)
            if found:
                raise Disagreement(
                    "\n".join([f"{name} differs from ours-full:", *found])
                    + f"\nNo time counts before the numbers agree. Both are still in {self.runs}: "
                    "find out which is wrong by the definitions, mend it, and run again."
                )
            self.say(f"{name} agrees with ours-full in every cell")

    def queries(self) -> dict[str, float]:
        """Milliseconds of a dashboard's query, by mart."""
        command = [v.BENCHMARK_PYTHON, v.HERE / "queries.py"]
        command += [self.runs / "ours-full" / "plg.duckdb", str(QUERY_RUNS)]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        if finished.returncode != 0:
            raise RunFailed(
                f"{finished.stderr}\nThe queries of queries.py failed: a mart or a column is not "
                "what they expect. Mend them and run again."
            )
        return json.loads(finished.stdout)


def measure(benchmark: Benchmark, progress: Progress) -> list[dict[str, object]]:
    """Measures all sizes; one dict a size, whose `rounds` hold a Cost by step."""
    options, say = benchmark.options, benchmark.say
    tiny_data = benchmark.data("tiny", TINY_USERS, seed=1)
    data_by_size = {
        millions: benchmark.data(f"{millions:g}m", users_for(millions), round(millions * 1000))
        for millions in options.events
    }
    shutil.rmtree(benchmark.runs, ignore_errors=True)
    tiny = (tiny_data, benchmark.history(tiny_data))
    results: list[dict[str, object]] = []
    smaller = None
    for millions, data in data_by_size.items():
        competitors = benchmark.competitors(millions)
        history = benchmark.history(data)
        is_large = millions > v.LARGEST_FOR_ALL
        steps = benchmark.steps(data, history, tiny, smaller, competitors, is_large)
        round_count = 1 if is_large else options.rounds
        task = progress.add_task(data.name, total=round_count * len(steps))
        rounds: list[dict[str, Cost]] = []
        for number in range(1, round_count + 1):
            costs = {}
            for name, action in steps:
                progress.update(task, description=f"{data.name}, round {number}: {name}")
                costs[name] = action()
                say(
                    f"{data.name}, round {number} of {round_count}: {name}: "
                    f"{costs[name].cpu_seconds:.1f} s of CPU, {costs[name].wall_seconds:.1f} s, "
                    f"{costs[name].peak_megabytes:,.0f} MB"
                )
                progress.advance(task)
            rounds.append(costs)
            if number == 1:
                say(f"{data.name}: comparing the numbers")
                benchmark.check(competitors)
        results.append(
            {
                "millions": millions,
                "event_count": data.event_count,
                "rounds": rounds,
                "queries": benchmark.queries(),
            }
        )
        # Written after each size: a later one that fails takes nothing with it.
        text = json.dumps(results, default=asdict, indent=1)
        (options.workdir / "results.json").write_text(text)
        smaller = (data, history)
    return results


@click.command(context_settings={"show_default": True})
@click.option(
    "--events",
    type=click.FloatRange(min=0.1),
    multiple=True,
    default=(1, 10),
    metavar="MILLIONS",
    help="Size of the event history in millions; give it once for each size.",
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    default=3,
    help=f"How often each runs; once beyond {v.LARGEST_FOR_ALL} million events.",
)
@click.option(
    "--variant",
    "variants",
    type=click.Choice(v.VARIANTS),
    multiple=True,
    default=v.VARIANTS,
    help="What to measure beside ours; give it once for each.",
)
@click.option(
    "--workdir",
    type=click.Path(path_type=Path, resolve_path=True),
    default=PROJECT / ".benchmark",
    show_default=".benchmark",
    help="Folder for data and databases. The data stay for the next run.",
)
@click.option("--memory-limit", default="3500MB", help="Memory of DuckDB; then it spills to disk.")
@click.option(
    "--threads", type=click.IntRange(min=1), default=2, help="Processors for each variant."
)
@click.option(
    "--results",
    type=click.Path(path_type=Path, resolve_path=True),
    default=v.HERE,
    show_default="benchmark",
    help="Folder for results.md and results.svg.",
)
@click.pass_context
def command(ctx: click.Context, events: tuple[float, ...], threads: int, **others: Any) -> None:
    """Measure the project beside SQL scripts, Polars and pandas that give the same numbers.

    Ten million events take about an hour and 10 GB of disk.
    """
    enter("benchmark")
    processors = len(os.sched_getaffinity(0))
    if threads > processors:
        raise click.BadParameter(f"{threads}, and there are {processors} processors", ctx)
    ctx.exit(run(Options(events=sorted(set(events)), threads=threads, **others)))


def run(options: Options) -> int:
    """Measures, compares, and writes the results; returns the exit code."""
    # A log file has no width; a line folded to 80 columns can't be read in it.
    console = Console(width=None if sys.stdout.isatty() else 120)

    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    try:
        with Progress(
            TextColumn("{task.description:<40.40}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        ) as progress:
            benchmark = Benchmark(options, say)
            results = measure(benchmark, progress)
    except (DataProblem, RunFailed, Disagreement) as problem:
        say(str(problem))
        return 1
    except OSError as error:
        say(f"{error}. Where the disk is full, name another --workdir, and run again.")
        return 1
    except KeyboardInterrupt:
        say("Stopped. The data that were made stay for the next run.")
        return 130
    shutil.rmtree(benchmark.runs)
    # Drawing needs memory, which would be handed to the processes started after it.
    from benchmark.report import write_results

    write_results(results, options, options.results)
    say((options.results / "results.md").read_text())
    return 0


if __name__ == "__main__":
    command()
