"""The benchmark's data: simulated once a size, split into daily files, kept for the next run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from plg.environments import environment

PROJECT = Path(__file__).resolve().parents[1]
START_DATE = date(2024, 1, 1)  # of every simulation
DAYS = 365
LAST_DATE = START_DATE + timedelta(days=DAYS - 1)
EVENTS_PER_USER = 42.9
TINY_USERS = 20
COMPLETE = "complete.json"  # written last: a folder without it was interrupted and is made anew


class DataProblem(Exception):
    """A sentence that says why there is no data, and what to do."""


@dataclass(frozen=True)
class DataSet:
    """Raw files of one size, made once.

    `whole` holds the history to the last date. `raw` holds the same files by hard links, without
    the last date's until it is delivered: so the earlier files keep their paths, as they do
    where a new file arrives in a folder.
    """

    name: str
    folder: Path
    event_count: int
    last_date: date

    @property
    def whole(self) -> Path:
        return self.folder / "whole"

    @property
    def raw(self) -> Path:
        return self.folder / "raw"

    @property
    def last_file(self) -> Path:
        """The events of the last date, and those without a credible time."""
        return self.whole / "events" / f"{self.last_date}.parquet"

    def link_history(self) -> None:
        """Makes `raw` the history before the last date, whatever an interrupted run left there."""
        shutil.rmtree(self.raw, ignore_errors=True)
        (self.raw / "events").mkdir(parents=True)
        os.link(self.folder / "earlier" / "users.parquet", self.raw / "users.parquet")
        for file in sorted((self.whole / "events").iterdir()):
            if file != self.last_file:
                os.link(file, self.raw / "events" / file.name)

    @contextmanager
    def delivered(self, last_file: Path | None = None) -> Iterator[Path]:
        """`raw` with the last date's file and all users; without them again afterwards.

        Args:
            last_file: a file of events to deliver instead of the data set's own.
        """
        users, events = self.raw / "users.parquet", self.raw / "events" / self.last_file.name
        users.unlink()
        os.link(self.whole / "users.parquet", users)
        os.link(last_file or self.last_file, events)
        try:
            yield self.raw
        finally:
            events.unlink()
            users.unlink()
            os.link(self.folder / "earlier" / "users.parquet", users)


def users_for(millions: float) -> int:
    """How many users the simulator needs for so many million events, to the nearest thousand."""
    return max(1, round(millions * 1e6 / EVENTS_PER_USER / 1000)) * 1000


def split_events(events_file: Path, out_dir: Path, last_date: date, memory_limit: str) -> int:
    """Splits a file of events into one for each date, such as 2024-01-31.parquet.

    Rows without a timestamp, and those of later dates, go to the last date's file.

    Args:
        events_file: Parquet file with the columns of raw events.
        out_dir: folder for the daily files; created, must be empty.
        last_date: the newest date that gets a file.
        memory_limit: of DuckDB, such as 2GB.

    Returns:
        Rows written.

    Raises:
        DataProblem: the daily files do not hold as many rows as the one file.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    work_file = out_dir.parent / "split.duckdb"
    work_file.unlink(missing_ok=True)
    with duckdb.connect(str(work_file)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = '{memory_limit}'")
        # Sorted once, so that each date is one range of the table and not a search through all.
        connection.execute(
            "create table days as "
            "select least(coalesce(cast(timestamp as date), $last), $last) as event_date, * "
            "from read_parquet($file) order by event_date",
            {"last": last_date, "file": str(events_file)},
        )
        counts = connection.execute(
            "select event_date, count(*) from days group by event_date order by event_date"
        ).fetchall()
        for event_date, _ in counts:
            file = str(out_dir / f"{event_date}.parquet").replace("'", "''")
            connection.execute(
                "copy (select * exclude (event_date) from days "
                f"where event_date = date '{event_date}') to '{file}' (format parquet)"
            )
        written, expected = connection.execute(
            "select (select count(*) from read_parquet($files)), count(*) from read_parquet($file)",
            {"files": str(out_dir / "*.parquet"), "file": str(events_file)},
        ).fetchone()
    work_file.unlink()
    if written != expected:
        raise DataProblem(
            f"{out_dir} holds {written:,} rows and {events_file} {expected:,}: the folder was not "
            "empty, or the disk is full. Remove the folder and run again."
        )
    return written


def prepare(
    folder: Path,
    name: str,
    users: int,
    seed: int,
    memory_limit: str,
    in_process: Callable[..., object],
    say: Callable[[str], None],
) -> DataSet:
    """The data set in `folder`, simulated and split where an earlier run has not left it.

    Each step ends with a marker, so that an interrupted run goes on at the step that it was at.
    Data of an earlier run are taken as they are; remove the folder to have them made anew.

    Args:
        folder: of this data set; made if needed.
        name: what the results call it.
        users: that the simulator shall make.
        seed: of the simulator; data sets of other seeds share no event ids.
        memory_limit: of DuckDB.
        in_process: calls a function with arguments in a process of its own.
        say: shows what is being done.

    Raises:
        DataProblem: a step failed.
    """
    marker = folder / COMPLETE
    if not marker.exists():
        folder.mkdir(parents=True, exist_ok=True)
        simulated = folder / "simulated"
        if not (simulated / COMPLETE).exists():
            say(f"{name}: simulating {users:,} users over {DAYS} days")
            shutil.rmtree(simulated, ignore_errors=True)
            _simulate(simulated, users, seed, memory_limit)
            (simulated / COMPLETE).touch()
        say(f"{name}: splitting the events into daily files")
        for made_here in ("whole", "earlier", "raw"):
            shutil.rmtree(folder / made_here, ignore_errors=True)
        try:
            last_date, event_count = in_process(_split, simulated, folder, memory_limit)
        except duckdb.Error as error:
            raise DataProblem(
                f"{error}\nSplitting the events failed; the line above says why. Where memory or "
                "disk ran out, give more of it with --memory-limit or another --workdir, and run "
                "again."
            ) from error
        marker.write_text(json.dumps({"last_date": str(last_date), "event_count": event_count}))
        shutil.rmtree(simulated)
    facts = json.loads(marker.read_text())
    data = DataSet(name, folder, facts["event_count"], date.fromisoformat(facts["last_date"]))
    data.link_history()
    return data


def _simulate(out_dir: Path, users: int, seed: int, memory_limit: str) -> None:
    command = [
        str(environment() / "bin" / "python"),
        "-m",
        "simulator.generate",
        "--format",
        "parquet",
    ]
    command += ["--users", str(users), "--days", str(DAYS), "--seed", str(seed)]
    # The rivals know one id of a user.
    command += ["--out", str(out_dir), "--memory-limit", memory_limit, "--no-identities"]
    # It shows its own progress.
    if subprocess.run(command, cwd=PROJECT, check=False).returncode != 0:
        raise DataProblem(
            "The simulator failed; above it says why. Where memory or disk ran out, give more of "
            "it with --memory-limit or another --workdir, and run again."
        )


def _split(simulated: Path, folder: Path, memory_limit: str) -> tuple[date, int]:
    """Makes `whole`, and `earlier/users.parquet`: the users before the last date."""
    events, users = simulated / "events.parquet", simulated / "users.parquet"
    last_date = newest_date(events, LAST_DATE)
    whole, earlier = folder / "whole", folder / "earlier"
    event_count = split_events(events, whole / "events", last_date, memory_limit)
    earlier.mkdir()
    shutil.copyfile(users, whole / "users.parquet")
    duckdb.execute(
        "copy (select * from read_parquet($users) where created_at < $last) "
        "to $out (format parquet)",
        {"users": str(users), "last": last_date, "out": str(earlier / "users.parquet")},
    )
    return last_date, event_count


def newest_date(events_file: Path, latest: date) -> date:
    """The newest date of an event that is not later than `latest`."""
    return duckdb.execute(
        "select max(cast(timestamp as date)) from read_parquet($file) "
        "where cast(timestamp as date) <= $latest",
        {"file": str(events_file), "latest": latest},
    ).fetchone()[0]
