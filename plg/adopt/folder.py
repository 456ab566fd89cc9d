"""The proposed definitions folder: seeds/ with some files changed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from shutil import copyfile

from plg.adopt.proposal import Proposal
from plg.definitions.checks import DEFINITIONS
from plg.definitions.own_vars import FILE


def is_free(folder: Path) -> bool:
    """Whether a definitions folder may be written there: it is new, or empty."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def copy_seeds(seeds: Path, folder: Path) -> None:
    """Copies the shipped definitions."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(seeds.glob("*.csv")):
        copyfile(path, folder / path.name)


def remove_seeds(seeds: Path, folder: Path) -> None:
    """Takes the copies away again."""
    for name in (*(path.name for path in seeds.glob("*.csv")), FILE):
        (folder / name).unlink(missing_ok=True)


def write_proposal(proposal: Proposal, seeds: Path, folder: Path) -> None:
    """Writes the CSVs that are proposed over the copies.

    Args:
        proposal: what is proposed.
        seeds: folder of the shipped definitions.
        folder: the copies.
    """
    tables = {
        "event_catalog": [(passive.event.name, "false", "") for passive in proposal.passive],
        "excluded_users": [],
        "funnels": list(_funnel(proposal)),
        "funnel_exclusions": [],
        "milestones": [
            (
                *(f"m{place}", _definition(one.event.name, one.k), f"{one.weight:.2f}"),
                *(f"{one.timeframe_days}d", one.event.name, place, "default"),
                *(_flag(one.is_required), _flag(one.is_first_value), one.k, "", ""),
            )
            for place, one in enumerate(proposal.milestones, start=1)
        ],
        "pql_signals": [
            *(
                (one.event.name, one.event.name, "", "", f"{100 * one.weight:.0f}", 1)
                for one in proposal.milestones
            ),
            *(
                [("enterprise", "", "plan_tier", "enterprise", 10, 1)]
                if proposal.has_enterprise
                else []
            ),
        ],
    }
    for name, rows in tables.items():
        _write(folder / f"{name}.csv", DEFINITIONS[name].row.model_fields, rows)
    (folder / FILE).write_text(_vars(proposal), encoding="utf-8", newline="\n")
    head, *rows = _read(seeds / "segments.csv")
    more = [
        (one.type, one.column.table, one.column.name, "", one.bounds) for one in proposal.segments
    ]
    _write(folder / "segments.csv", head, [*rows, *more])
    head, *rows = _read(seeds / "kpi_targets.csv")
    target = head.index("target_value")
    blank = [["" if place == target else cell for place, cell in enumerate(row)] for row in rows]
    _write(folder / "kpi_targets.csv", head, blank)


def _funnel(proposal: Proposal) -> Iterator[tuple[object, ...]]:
    """One funnel: from the signup through what activation needs, in the order of the milestones."""
    required = [one for one in proposal.milestones if one.is_required]
    if not required:
        return
    window = f"{max(one.timeframe_days for one in required)}d"
    events = dict.fromkeys(one.event.name for one in required)
    yield "activation", 1, "Signed up", "", "", "", "", "", window
    for place, event in enumerate(events, start=2):
        yield "activation", place, event, event, "", "", "", "", window


def _vars(proposal: Proposal) -> str:
    lines = [
        "# Vars of dbt_project.yml with your product's values, one per line. scripts/build reads this file.",
        "# reporting_timezone: America/New_York",
        *(
            f"{name}: {json.dumps(value, ensure_ascii=False)}"
            for name, value in proposal.vars.items()
        ),
    ]
    return "\n".join(lines) + "\n"


def _definition(event: str, k: int) -> str:
    return f"User does {event}" + (f" {k} times" if k > 1 else "")


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _write(path: Path, head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
