"""Simulate a product with known truth: its raw tables.

    plg sample --users 5000 --days 180 --seed 7 --out sample

Everything that you may want to change is in law.py. `generate` returns what the law implies
(`PlantedTruth`), so that a test can compare the marts with it.

How the planted values stay exact:

* A user belongs to one of four **classes**: both core milestones in time (activated), only the
  invite, only the document, or neither. A milestone happens, independently of the others, with the
  probability and the delay of its class (`DELAYS`); a channel differs by its class shares, its pace
  and its acceptance.
* **Retention.** Milestones are meaningful events, so they make days active. With p(n) the chance
  that a milestone falls on day n, given class, channel and the time of day of the signup, an
  ordinary visit is drawn with q(n) = 1 - (1 - R(n)) / (1 - p(n)), so that P(active on day n) = R(n)
  exactly. `generate` refuses a law where R(n) < p(n). Nothing meaningful happens outside of visits
  and milestones.
* **Referral.** A user who invites within 30 days sends a known number of invitations; each is
  accepted with the channel's probability, by a user who signs up within 30 days of the inviter's
  signup. Invited users follow the law of the channel `referral`, generation after generation, until
  nobody signs up before the data end. What a user will cause never depends on when the data end,
  and the mart counts only users whose 30 days have closed, so its k_factor has no bias.
* **The release** of a shorter way to invite makes more users of each channel send an invitation. So a
  channel has two laws (`CELLS`): before the release and since.
* **Habit.** From day 15 on, retention depends on whether the first document came in the first week.
* **Friction, upgrades, experiments** draw from digests of their own, and add events on dates that are
  active anyway (journeys.py) or draw a variant that fits what the user does (exposures.py). So they
  change nothing else.
* **Ids.** Events have the device; some have nothing else. Some users have a second id, and an alias joins
  both. Visits of the site come before the signup, or from visitors who never sign up (identities.py). All
  of it is resolved to the same people, so no planted value changes.
* **Dirt** is rows added beside the clean ones, each removed by one known rule; or an event_id
  blanked.
"""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from simulator.cases import create_cases
from simulator.events import create_events
from simulator.exposures import create_exposures
from simulator.identities import create_identities
from simulator.law import START_DATE, refuse_impossible_law
from simulator.law_tables import create_law_tables
from simulator.people import create_people
from simulator.subscriptions import create_subscriptions, create_units
from simulator.truth import PlantedTruth, planted_truth

COPY_OPTIONS = {
    "parquet": "format parquet, compression zstd",
    "csv": "format csv, header",
    "jsonl": "format json",
}
TABLES = {
    "users": "select * exclude (dirt) from users",
    "events": "select * exclude (dirt) from events",
    "aliases": "select * from aliases",
    "exposures": "select * exclude (user_no) from exposures order by exposed_at, user_no, variant",
    "accounts": "select * exclude (dirt) from accounts",
    "subscriptions": "select * exclude (dirt) from subscriptions",
}


def _refuse_wrong_arguments(
    users: int, days: int, seed: int, out: Path, file_format: str, threads: int | None
) -> None:
    for name, value, least in (("users", users, 1), ("days", days, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ValueError(
                f"{name} must be a whole number of at least {least}, but is {value!r}."
            )
    if threads is not None and (
        isinstance(threads, bool) or not isinstance(threads, int) or threads < 1
    ):
        raise ValueError(f"threads must be a whole number of at least 1, but is {threads!r}.")
    if users > 50_000_000:
        raise ValueError(f"users must be at most 50000000, but is {users}.")
    if days > 3_650:
        raise ValueError(f"days must be at most 3650 (ten years), but is {days}.")
    if seed >= 2**63:
        raise ValueError(f"seed must be less than 2**63, but is {seed}.")
    if file_format not in COPY_OPTIONS:
        raise ValueError(
            f"format must be one of {', '.join(COPY_OPTIONS)}, but is {file_format!r}."
        )
    if out.exists() and not out.is_dir():
        raise ValueError(f"out must be a folder, but {out} is a file.")
    for table in TABLES:
        for other in [f"{table}.{e}{z}" for e in COPY_OPTIONS for z in ("", ".gz")] + [table]:
            if other != f"{table}.{file_format}" and (out / other).exists():
                raise ValueError(
                    f"{out} already holds {other}, and two versions of {table} would be ambiguous: "
                    "remove it or choose another folder."
                )


def generate(
    out: str | Path,
    users: int = 5_000,
    days: int = 180,
    seed: int = 7,
    file_format: str = "parquet",
    memory_limit: str = "3GB",
    threads: int | None = None,
    identities: bool = True,
    subscriptions: bool = True,
    progress: bool = False,
) -> PlantedTruth:
    """Write the raw tables (TABLES) of a simulated product into a folder.

    Args:
        out: folder to write to, created if need be; tables of the same format are replaced.
        users: number of clean users, about: how many are invited is drawn. At least 1.
        days: length of the history in days from START_DATE on. At least 1.
        seed: whole number from 0 on; another seed gives unrelated data, the same the same bytes.
        file_format: parquet (zstd), csv or jsonl.
        memory_limit: memory that DuckDB may use, such as 3GB; beyond it, it spills into `out`.
        threads: threads that DuckDB may use, by default all; the rows do not depend on it.
        identities: whether people have devices and second ids, and further columns; else each user has one
            id, and there is no table of aliases.
        subscriptions: whether payments are the table of subscriptions; else they are events
            subscription_started, and those of the upgrade funnel are left out.
        progress: show a progress bar on standard error.

    Returns:
        The planted values and the number of dirty rows.

    Raises:
        ValueError: an argument is out of range, `out` is a file or holds the tables in another
            format, or the planted law contradicts itself.
    """
    out = Path(out)
    _refuse_wrong_arguments(users, days, seed, out, file_format, threads)
    refuse_impossible_law()
    end = START_DATE + timedelta(days=days)
    out.mkdir(parents=True, exist_ok=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not progress,
    )
    with tempfile.TemporaryDirectory(prefix=".generate-", dir=out) as workdir, bar:
        connection = duckdb.connect(str(Path(workdir) / "work.duckdb"))
        try:
            task = bar.add_task("Users sign up", total=None)
            connection.execute("set preserve_insertion_order = true")
            connection.execute("set temp_directory = ?", [str(Path(workdir) / "spill")])
            try:
                connection.execute("set memory_limit = ?", [memory_limit])
            except duckdb.Error as error:
                raise ValueError(
                    f"memory_limit must be a size such as 3GB, but is {memory_limit!r}."
                ) from error
            if threads is not None:
                connection.execute(f"set threads = {threads}")
            create_law_tables(connection, days)
            create_people(connection, users, days, seed, end)
            user_count = connection.execute("select count(*) from people").fetchone()[0]
            bar.update(task, description="Users are active", total=user_count)
            create_units(connection)
            create_events(connection, seed, end, lambda done: bar.advance(task, done))
            create_exposures(connection, end)
            create_subscriptions(connection, end, as_events=not subscriptions)
            create_cases(connection, days, subscriptions)
            left_out = set()
            if not subscriptions:
                left_out.add("subscriptions")
            if identities:
                bar.update(task, description="People get devices")
                create_identities(connection, end)
            else:
                left_out.add("aliases")
            tables = {name: query for name, query in TABLES.items() if name not in left_out}
            truth = planted_truth(connection, users, days, seed)
            bar.update(task, description="Files are written")
            for table, query in tables.items():
                file = str(Path(workdir) / table).replace("'", "''")
                connection.execute(f"copy ({query}) to '{file}' ({COPY_OPTIONS[file_format]})")
        finally:
            connection.close()
        for table in TABLES:
            if table in tables:
                (Path(workdir) / table).replace(out / f"{table}.{file_format}")
            else:
                (out / f"{table}.{file_format}").unlink(missing_ok=True)
    return truth


class CannotSimulate(click.ClickException):
    """The arguments, the folder or the memory do not allow it; the message says which."""

    exit_code = 2


@click.command(context_settings={"show_default": True})
@click.option("--users", type=int, default=5_000, help="Users, about.")
@click.option("--days", type=int, default=180, help=f"Days of history, from {START_DATE} on.")
@click.option("--seed", type=int, default=7, help="The same seed gives the same rows.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("sample"),
    help="Folder for the tables.",
)
@click.option("--format", "file_format", type=click.Choice(list(COPY_OPTIONS)), default="parquet")
@click.option("--memory-limit", default="3GB", help="Memory of DuckDB; then it spills to disk.")
@click.option("--threads", type=int, help="Threads of DuckDB; all if left out.")
@click.option(
    "--identities/--no-identities", default=True, help="Devices and second ids of people."
)
@click.option(
    "--subscriptions/--no-subscriptions",
    default=True,
    help="Payments as a table; else as events subscription_started.",
)
@click.option(
    "--truth",
    "truth_file",
    type=click.Path(path_type=Path),
    help="Also write the planted values to this JSON file.",
)
def command(
    out: Path,
    users: int,
    days: int,
    seed: int,
    file_format: str,
    memory_limit: str,
    threads: int | None,
    identities: bool,
    subscriptions: bool,
    truth_file: Path | None,
) -> None:
    """Simulate the raw tables of a product whose rates and curves are known."""
    started = time.monotonic()
    try:
        truth = generate(
            out,
            users,
            days,
            seed,
            file_format,
            memory_limit,
            threads,
            identities,
            subscriptions,
            progress=True,
        )
        if truth_file:
            truth_file.write_text(json.dumps(asdict(truth), indent=2) + "\n")
    except (ValueError, OSError, duckdb.OutOfMemoryException) as error:
        raise CannotSimulate(str(error)) from error
    dirty = sum(sum(counts.values()) for counts in truth.removed_row_counts.values())
    click.echo(
        f"{truth.user_count:,} users, {truth.event_count:,} events and {dirty:,} dirty rows "
        f"to {out} in {time.monotonic() - started:.1f} s"
    )


if __name__ == "__main__":
    command()
