"""The seeds of qualification, hand-off and playbooks, as a person reads the CSV files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

SeedRow = Mapping[str, str | None]
INTERCEPT = "intercept"


@dataclass(frozen=True)
class DecayStep:
    """What a signal is still worth whose latest occurrence is older than this."""

    older_than: timedelta
    factor: Decimal


@dataclass(frozen=True)
class Behavior:
    behavior_id: str
    event_name: str | None
    min_count: int
    # None: a candidate only.
    weight: Decimal | None


@dataclass(frozen=True)
class Playbook:
    """A KPI of a playbook."""

    playbook_id: str
    playbook_name: str | None
    persona: str | None
    # None: everybody's.
    segment_type: str | None
    segment_value: str | None
    owner: str | None
    kpi_id: str
    kpi_name: str | None
    kpi_order: int | None
    kpi_type: str
    triggered_by_event: str | None
    min_count: int
    # As they are written.
    timeframe: str | None
    retention_period: str | None
    target_rate: Decimal | None


@dataclass(frozen=True)
class Registered:
    """What the registry says of a metric."""

    layer: str | None
    indicator_type: str | None
    owner: str | None


@dataclass(frozen=True)
class Logged:
    """What the log says of a version of the definitions."""

    valid_from_date: date | None
    owner: str | None
    change: str | None


def decay_of(rows: Iterable[SeedRow]) -> list[DecayStep]:
    """The steps, the oldest first."""
    steps = [
        DecayStep(timedelta(days=int(row["older_than_days"])), Decimal(row["factor"]))
        for row in rows
    ]
    return sorted(steps, key=lambda step: step.older_than, reverse=True)


def behaviors_of(rows: Iterable[SeedRow]) -> list[Behavior]:
    return [
        Behavior(
            behavior_id=row["behavior_id"],
            event_name=row["triggered_by_event"],
            min_count=int(row["min_count"] or 1),
            weight=read_decimal(row["weight"]),
        )
        for row in rows
    ]


def playbooks_of(rows: Iterable[SeedRow]) -> list[Playbook]:
    return [
        Playbook(
            playbook_id=row["playbook_id"],
            playbook_name=row["playbook_name"],
            persona=row["persona"],
            segment_type=row["segment_type"],
            segment_value=row["segment_value"],
            owner=row["owner"],
            kpi_id=row["kpi_id"],
            kpi_name=row["kpi_name"],
            kpi_order=int(row["kpi_order"]) if row["kpi_order"] else None,
            kpi_type=row["kpi_type"],
            triggered_by_event=row["triggered_by_event"],
            min_count=int(row["min_count"] or 1),
            timeframe=row["timeframe"],
            retention_period=row["retention_period"],
            target_rate=read_decimal(row["target_rate"]),
        )
        for row in rows
    ]


def registry_of(rows: Iterable[SeedRow]) -> dict[str, Registered]:
    return {
        row["metric_id"]: Registered(row["layer"], row["indicator_type"], row["owner"])
        for row in rows
    }


def log_of(rows: Iterable[SeedRow]) -> dict[str, Logged]:
    return {
        row["definitions_version"]: Logged(
            date.fromisoformat(row["valid_from_date"]), row["owner"], row["change"]
        )
        for row in rows
    }


def read_decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
