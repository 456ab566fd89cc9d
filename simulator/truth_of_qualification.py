"""What is planted about payments, leads and playbooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

from simulator.cases import CASES, CASES_FROM, LEAST_DAYS
from simulator.law import (
    BEHAVIORS,
    CONVERSION_DAYS,
    CONVERSION_INTERCEPT,
    CONVERSION_SCALE_DAYS,
    CONVERTED_BEFORE_SHARE,
    EARLY_USE,
    RULE_OF_FURTHER_DIRT,
    SNAPSHOT_AGE_DAYS,
    TOUR_CHANNEL,
    TOUR_FROM,
    Channel,
    retention_on_day,
)
from simulator.shares import by_class, weighted_mean

# As shipped in seeds/playbooks.csv.
PLAYBOOK_TIMEFRAME_DAYS = {"project_created": 3, "output_shared": 7}


@dataclass(frozen=True)
class PlantedQualification:
    """What marts about leads, calibration and playbooks should find."""

    # Of paying within 30 days of the first snapshot, per account: by behavior_id, and intercept.
    log_odds: dict[str, float]
    unit_counts: dict[str, int]  # account, user: units; a user is one without an account
    eligible_unit_counts: dict[str, int]  # at risk at the first snapshot, and 30 days passed
    converted_unit_counts: dict[str, int]  # of these, within the 30 days
    conversion_rate: dict[str, float | None]  # that the law implies for these
    conversion_scale_days: float
    converted_before_share: float
    inflated_channel: str
    inflated_from: str  # signups from this date on get points that tell nothing
    first_inflated_week: str  # of snapshots of the first age
    playbook_rate: dict[str, float | None]  # by event, within the timeframe of self_serve
    cases: list[dict[str, Any]]  # users and accounts on a boundary; none in a short sample
    removed_row_counts: dict[str, dict[str, int]]  # accounts, subscriptions: by rule


def early_use_share(channel: Channel, event_name: str, days: int) -> float:
    """Share of the channel's users with the event less than `days` after signup."""
    probability, planned = EARLY_USE[event_name]
    return probability * by_class(
        channel,
        lambda name: sum(
            share * retention_on_day(name, day, True)
            for day, share in planned.items()
            if day < days
        ),
    )


def planted_qualification(
    connection: duckdb.DuckDBPyConnection,
    days: int,
    counts: Callable[[str], dict[int, int]],
    end: date,
) -> PlantedQualification:
    """What the law implies, from the tables people, conversions, accounts and subscriptions.

    Args:
        connection: holds them.
        days: length of the sample.
        counts: users by cell for whom a condition holds.
        end: of the data.
    """
    units = connection.execute(f"""
        with units as (
            select
                *,
                if(account_id is null, 'user', 'account') as unit_type,
                snapshot_at + interval {CONVERSION_DAYS} days as closes_at,
                closes_at <= timestamp '{end}'
                    and coalesce(converted_at >= snapshot_at, true) as is_eligible
            from conversions
        )

        select
            unit_type,
            count(*),
            count(*) filter (is_eligible),
            count(*) filter (is_eligible and converted_at < closes_at),
            round(avg(conversion_probability) filter (is_eligible), 12)  -- whatever the threads
        from units
        group by unit_type
    """).fetchall()
    by_type = {unit_type: values for unit_type, *values in units}
    of_units = [by_type.get(unit_type, (0, 0, 0, None)) for unit_type in ("account", "user")]
    removed = {}
    for table, rules in RULE_OF_FURTHER_DIRT.items():
        removed[table] = dict.fromkeys(rules.values(), 0)
        for kind, count in connection.execute(
            f"select dirt, count(*) from {table} where dirt is not null group by all order by all"
        ).fetchall():
            removed[table][rules[kind]] += count
    first_snapshot = TOUR_FROM + timedelta(days=SNAPSHOT_AGE_DAYS + 1)  # a midnight
    return PlantedQualification(
        log_odds={"intercept": CONVERSION_INTERCEPT}
        | {name: log_odds for name, (_, _, log_odds) in BEHAVIORS.items()},
        unit_counts=dict(zip(("account", "user"), (row[0] for row in of_units), strict=True)),
        eligible_unit_counts=dict(
            zip(("account", "user"), (row[1] for row in of_units), strict=True)
        ),
        converted_unit_counts=dict(
            zip(("account", "user"), (row[2] for row in of_units), strict=True)
        ),
        conversion_rate=dict(zip(("account", "user"), (row[3] for row in of_units), strict=True)),
        conversion_scale_days=CONVERSION_SCALE_DAYS,
        converted_before_share=CONVERTED_BEFORE_SHARE,
        inflated_channel=TOUR_CHANNEL,
        inflated_from=TOUR_FROM.isoformat(),
        first_inflated_week=(first_snapshot - timedelta(days=first_snapshot.weekday())).isoformat(),
        playbook_rate={
            name: weighted_mean(
                counts(f"created_at + interval {timeframe} days <= timestamp '{end}'"),
                lambda c, name=name, timeframe=timeframe: early_use_share(c, name, timeframe),
            )
            for name, timeframe in PLAYBOOK_TIMEFRAME_DAYS.items()
        },
        cases=[
            {"unit_type": case.unit_type, "unit_id": case.unit_id, "day_zero": str(CASES_FROM)}
            | asdict(case)
            for case in CASES
            if days >= LEAST_DAYS
        ],
        removed_row_counts=removed,
    )
