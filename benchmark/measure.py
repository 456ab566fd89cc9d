"""Runs commands as fresh processes and says what they cost."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

PROJECT = Path(__file__).resolve().parents[1]
Result = TypeVar("Result")
LINES_SHOWN = 15


class RunFailed(Exception):
    """A measured command failed; the message has its last lines and the file of all of them."""


@dataclass(frozen=True)
class Cost:
    """What a process, with its children, took.

    Attributes:
        cpu_seconds: user and system time of all its threads.
        wall_seconds: from its start to its end.
        peak_megabytes: the most memory that it held at once (of its children: the largest one).
        model_seconds: the time that dbt spent in its models, as dbt counts it, one model after
            another; 0 for all else. Start-up and parsing, which vary, are not in it.
    """

    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float
    model_seconds: float = 0.0


def run(
    command: Sequence[str | Path],
    log: Path,
    cpus: int,
    environment: Mapping[str, str] | None = None,
) -> Cost:
    """Runs a command to its end.

    The peak of its memory is never below that of the process that calls this: keep that one small
    (`in_process`).

    Args:
        command: program and arguments; they run in the project's folder.
        log: file that takes what it prints.
        cpus: how many processors it may use.
        environment: over that of this process.

    Raises:
        RunFailed: it ended with an error, or was killed.
    """
    allowed = sorted(os.sched_getaffinity(0))[:cpus]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            preexec_fn=lambda: os.sched_setaffinity(0, allowed),
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        wall_seconds = time.perf_counter() - started
    # So that Popen does not wait for a process that is gone.
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        lines = log.read_text(errors="replace").splitlines()[-LINES_SHOWN:]
        killed = process.returncode == -9
        raise RunFailed(
            "\n".join(lines)
            + f"\nThis failed: {' '.join(map(str, command))}\n"
            + (
                "It was killed, most likely for want of memory: try fewer --events, or leave this "
                "one out of --variants."
                if killed
                else f"The lines above say why, all of them are in {log}. Mend it and run again: "
                "the data stay."
            )
        )
    return Cost(
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        wall_seconds=wall_seconds,
        peak_megabytes=usage.ru_maxrss * 1024 / 1e6,
    )


def in_process(function: Callable[..., Result], *arguments: object) -> Result:
    """Calls a function in a process of its own.

    A process starts with the peak memory of the one that starts it: what needs much memory must not
    happen in the one that measures.
    """
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def median_cost(costs: Sequence[Cost]) -> Cost:
    """The median of each number, over the rounds."""
    if not costs:
        raise ValueError("There is no median without a round.")
    return Cost(
        statistics.median(cost.cpu_seconds for cost in costs),
        statistics.median(cost.wall_seconds for cost in costs),
        statistics.median(cost.peak_megabytes for cost in costs),
        statistics.median(cost.model_seconds for cost in costs),
    )


def beyond_startup(costs: Sequence[Cost], startups: Sequence[Cost]) -> Cost:
    """The median of what each run took beyond the start-up of its own round.

    The difference is taken round by round, so that a machine that slows down over the run cancels
    out. Times below zero, which noise can bring, are zero; memory is that of the whole run.

    Args:
        costs: of the runs, one a round.
        startups: of the same command over next to no data, one a round.
    """
    return median_cost(
        [
            Cost(
                max(cost.cpu_seconds - startup.cpu_seconds, 0.0),
                max(cost.wall_seconds - startup.wall_seconds, 0.0),
                cost.peak_megabytes,
                max(cost.model_seconds - startup.model_seconds, 0.0),
            )
            for cost, startup in zip(costs, startups, strict=True)
        ]
    )
