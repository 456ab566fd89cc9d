"""The definition seeds, as a person reads the CSV files."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from tests.oracle.funnel_definitions import Funnel, funnels_of
from tests.oracle.lead_definitions import (
    INTERCEPT,
    Behavior,
    DecayStep,
    Logged,
    Playbook,
    Registered,
    behaviors_of,
    decay_of,
    log_of,
    playbooks_of,
    read_decimal,
    registry_of,
)
from tests.oracle.segmentation import SegmentType
from tests.oracle.values import read_id

SHIPPED_SEEDS = Path(__file__).parents[2] / "seeds"
MOST_VALUES = 20
TABLES = ("users", "events", "aliases", "accounts", "subscriptions", "metric_history")
# Seeds of which a warning names rows that match nothing.
OWN_ROWS = (
    "event_catalog",
    "pql_signals",
    "excluded_users",
    "segments",
    "funnels",
    "funnel_exclusions",
    "playbooks",
    "propensity_behaviors",
)


@dataclass(frozen=True)
class Milestone:
    milestone_id: str
    weight: Decimal
    timeframe: timedelta
    event_name: str
    order: int
    path: str
    is_required: bool
    is_first_value: bool
    min_count: int
    # Where min_days is set, days of use take the place of min_count.
    min_days: int | None
    within_days: int | None


@dataclass(frozen=True)
class Signal:
    signal_id: str
    event_name: str | None
    user_column: str | None
    user_value: str | None
    points: Decimal
    max_count: int


@dataclass(frozen=True)
class Band:
    name: str
    lower_bound: Decimal
    action: str | None
    is_qualified: bool
    # None: the lower bound.
    exit_bound: Decimal | None = None


@dataclass(frozen=True)
class Target:
    metric_name: str | None
    unit: str | None
    is_higher_better: bool
    target_value: float | None
    tolerance: float


@dataclass(frozen=True)
class Benchmark:
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Definitions:
    milestones: list[Milestone]
    unmeaningful_events: frozenset[str]
    friction_events: frozenset[str]
    funnels: list[Funnel]
    excluded_user_ids: frozenset[str]
    signals: list[Signal]
    # By scheme, the lowest first.
    bands: dict[str, list[Band]]
    targets: dict[str, Target]
    # By metric_id, category and segment.
    benchmarks: dict[tuple[str, str, str], Benchmark]
    segment_types: list[SegmentType]
    # What the raw files call a column, by the table and the column's name.
    sources: dict[str, dict[str, str]]
    # The rows of each seed that a warning may name, but for those that are shipped.
    own_rows: dict[str, list[dict[str, str | None]]]
    # The oldest first.
    decay: list[DecayStep]
    # With the intercept.
    behaviors: list[Behavior]
    playbooks: list[Playbook]
    # By metric_id.
    registry: dict[str, Registered]
    # By the version of the definitions.
    log: dict[str, Logged]

    @property
    def early_behaviors(self) -> list[Behavior]:
        return [b for b in self.behaviors if b.behavior_id != INTERCEPT]

    @property
    def schemes(self) -> list[str]:
        """Those that exist."""
        has_weights = any(behavior.weight is not None for behavior in self.early_behaviors)
        return ["milestone_share", "points", *(["propensity"] if has_weights else [])]

    def lowest_qualified_band(self, scheme: str) -> Band | None:
        return next((band for band in self.bands.get(scheme, []) if band.is_qualified), None)

    @property
    def paths(self) -> dict[str, list[Milestone]]:
        """The milestones of each path, in their order."""
        paths = defaultdict(list)
        for milestone in sorted(self.milestones, key=lambda milestone: milestone.order):
            paths[milestone.path].append(milestone)
        return dict(paths)

    def columns_of_segments(self, table: str) -> list[str]:
        """The columns of a table that a segment reads."""
        return sorted({t.source_column for t in self.segment_types if t.source_table == table})

    @property
    def filtered_events(self) -> set[str]:
        """The events of which a funnel reads properties."""
        matches = [match for funnel in self.funnels for match in funnel.matches]
        return {match.event_name for match in matches if match.property_key is not None}

    @property
    def lowest_qualified_bound(self) -> Decimal | None:
        """From which milestone score times 100 on a user first qualifies."""
        bands = self.bands.get("milestone_share", [])
        return min((band.lower_bound for band in bands if band.is_qualified), default=None)

    @property
    def activation_window(self) -> timedelta:
        required = [m.timeframe for m in self.milestones if m.is_required]
        return max(required, default=timedelta(0))

    @property
    def longest_timeframe(self) -> timedelta:
        return max(milestone.timeframe for milestone in self.milestones)


def read_definitions(folder: Path) -> Definitions:
    bands = defaultdict(list)
    for row in read_seed(folder, "pql_bands"):
        bands[row["scheme"]].append(
            Band(
                name=row["band"],
                lower_bound=Decimal(row["lower_bound"]),
                action=row["recommended_action"],
                is_qualified=read_boolean(row["is_qualified"], default=False),
                exit_bound=read_decimal(row.get("exit_bound")),
            )
        )
    return Definitions(
        milestones=[
            Milestone(
                milestone_id=row["milestone_id"],
                weight=Decimal(row["weight"]),
                timeframe=read_timeframe(row["timeframe"]),
                event_name=row["triggered_by_event"],
                order=int(row["milestone_order"]),
                path=row["path"] or "default",
                is_required=read_boolean(row["is_required"], default=True),
                is_first_value=read_boolean(row["is_first_value"], default=False),
                min_count=int(row["min_count"] or 1),
                min_days=read_integer(row.get("min_days")),
                within_days=read_integer(row.get("within_days")),
            )
            for row in read_seed(folder, "milestones")
        ],
        unmeaningful_events=frozenset(
            row["event_name"]
            for row in read_seed(folder, "event_catalog")
            if not read_boolean(row["is_meaningful"], default=True)
        ),
        friction_events=frozenset(
            row["event_name"]
            for row in read_seed(folder, "event_catalog")
            if read_boolean(row.get("is_friction"), default=False)
        ),
        funnels=funnels_of(
            read_seed(folder, "funnels"),
            read_seed(folder, "funnel_exclusions"),
            {
                row["funnel_id"]: read_timeframe(row["timeframe"])
                for row in read_seed(folder, "funnels")
            },
        ),
        excluded_user_ids=frozenset(
            read_id(row["user_id"]) for row in read_seed(folder, "excluded_users")
        ),
        signals=[
            Signal(
                signal_id=row["signal_id"],
                event_name=row["triggered_by_event"],
                user_column=row["user_column"],
                user_value=row["user_value"],
                points=Decimal(row["points"]),
                max_count=int(row["max_count"] or 1),
            )
            for row in read_seed(folder, "pql_signals")
        ],
        bands={
            scheme: sorted(scheme_bands, key=lambda band: band.lower_bound)
            for scheme, scheme_bands in bands.items()
        },
        targets={
            row["metric_id"]: Target(
                metric_name=row["metric_name"],
                unit=row["unit"],
                is_higher_better=read_boolean(row["is_higher_better"], default=False),
                target_value=read_float(row["target_value"]),
                tolerance=float(row["tolerance"] or 0),
            )
            for row in read_seed(folder, "kpi_targets")
        },
        benchmarks={
            (row["metric_id"], row["category"], row["segment"]): Benchmark(
                low=read_float(row["low"]), high=read_float(row["high"])
            )
            for row in read_seed(folder, "benchmarks")
        },
        segment_types=[
            SegmentType(
                name=row["segment_type"],
                source_table=row["source_table"],
                source_column=row["source_column"],
                max_values=int(row["max_values"] or MOST_VALUES),
                bounds=tuple(bound.strip() for bound in (row["bounds"] or "").split(";") if bound),
            )
            for row in read_seed(folder, "segments")
        ],
        sources={
            table: {
                row["column_name"]: row["source_column"]
                for row in read_seed(folder, "input_columns")
                if row["table_name"] == table
            }
            for table in TABLES
        },
        own_rows={
            name: [
                row for row in read_seed(folder, name) if row not in read_seed(SHIPPED_SEEDS, name)
            ]
            for name in OWN_ROWS
        },
        decay=decay_of(read_seed(folder, "pql_decay")),
        behaviors=behaviors_of(read_seed(folder, "propensity_behaviors")),
        playbooks=playbooks_of(read_seed(folder, "playbooks")),
        registry=registry_of(read_seed(folder, "metric_registry")),
        log=log_of(read_seed(folder, "definition_log")),
    )


def read_seed(folder: Path, name: str) -> list[dict[str, str | None]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
        return [
            {column: value or None for column, value in row.items()}
            for row in csv.DictReader(lines, strict=True)
        ]


def read_boolean(text: str | None, default: bool) -> bool:
    return default if text is None else {"true": True, "false": False}[text.lower()]


def read_float(text: str | None) -> float | None:
    return None if text is None else float(text)


def read_integer(text: str | None) -> int | None:
    return None if text is None else int(text)


def read_timeframe(text: str) -> timedelta:
    units = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(days=7)}
    return int(text[:-1]) * units[text[-1]]
