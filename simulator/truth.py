"""What the planted law implies: the values that the marts should estimate."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import duckdb

from simulator.law import (
    CELLS,
    CHANGED_MILESTONE,
    CHANGED_TIMEFRAME_DAYS,
    EVENT_DIRT,
    FIRST_VALUE,
    INVITATION_WINDOW_DAYS,
    MILESTONE_TIMEFRAME_DAYS,
    MILESTONES,
    REQUIRED,
    RULE_OF_DIRT,
    RULES,
    START_DATE,
    USER_DIRT,
    Channel,
    retention_on_day,
)
from simulator.shares import (
    by_class,
    cells_of_segments,
    early_share,
    invitations_per_user,
    milestone_share,
    reached_share,
    weighted_mean,
)
from simulator.truth_of_behaviour import PlantedBehaviour, planted_behaviour
from simulator.truth_of_qualification import PlantedQualification, planted_qualification


@dataclass(frozen=True)
class PlantedTruth:
    """What the marts should estimate. Rates by segment: `all`, `new`, `invited` and each
    install_source (`unknown` for null). Values weigh the law's, of channels before and since the
    release, with the number of users whose window has closed, and are None without any.
    """

    users: int  # as asked for
    days: int
    seed: int
    user_count: int  # clean users
    event_count: int  # clean events
    activation_rate: dict[int, dict[str, float | None]]  # by window_days
    milestone_completion_rate: dict[str, dict[str, float | None]]  # by milestone_id
    reached_rate: dict[str, float | None]
    median_time_to_first_value_seconds: dict[str, float | None]
    retention_rate: dict[int, dict[str, float | None]]  # by day, anchored at signup
    inviting_user_rate: dict[str, float | None]
    invitations_per_user: dict[str, float | None]
    invitation_conversion_rate: dict[str, float | None]
    k_factor: dict[str, float | None]
    dirt_shares: dict[str, dict[str, float]]  # users, events: by kind of dirt
    dirt_counts: dict[str, dict[str, int]]  # rows planted: users, events: by kind of dirt
    removed_row_counts: dict[str, dict[str, int]]  # by table and rule, as in data_quality_by_rule
    behaviour: PlantedBehaviour
    # With the definitions that definitions.py changes; else as activation_rate.
    changed_activation_rate: dict[int, dict[str, float | None]]
    qualification: PlantedQualification


CHANGED_TIMEFRAMES = tuple(
    CHANGED_TIMEFRAME_DAYS if name == CHANGED_MILESTONE else timeframe
    for name, timeframe in zip(MILESTONES, MILESTONE_TIMEFRAME_DAYS, strict=True)
)


def _activation(
    channel: Channel, days: float, timeframes: tuple[int, ...] = MILESTONE_TIMEFRAME_DAYS
) -> float:
    """Both required milestones, each within its timeframe, less than `days` after signup."""
    return by_class(
        channel,
        lambda name: math.prod(
            reached_share(channel, name, m, min(days, timeframes[m])) for m in REQUIRED
        ),
    )


def _retention(channel: Channel, day: int) -> float:
    def of_class(name: str) -> float:
        early = early_share(channel, name)
        return early * retention_on_day(name, day, True) + (1 - early) * retention_on_day(
            name, day, False
        )

    return by_class(channel, of_class)


def _weighted(counts: dict[int, int], value: Callable[[Channel], float]) -> dict[str, float | None]:
    """The values of the segments, weighted by the number of eligible users."""
    return {
        segment: weighted_mean({c: n for c, n in counts.items() if c in cells}, value)
        for segment, cells in cells_of_segments().items()
    }


def first_value_quantile(user_counts: dict[int, int], share: float) -> float | None:
    """Planted quantile of the time to first value, over users who have it within 30 days.

    Args:
        user_counts: number of users (or weight) by position in CELLS.
        share: the quantile's probability, between 0 and 1.

    Returns:
        Seconds; None without a user.

    Raises:
        ValueError: share is not between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share must be between 0 and 1, but is {share!r}.")

    def reached(days: float) -> float:
        return sum(n * milestone_share(CELLS[c], FIRST_VALUE, days) for c, n in user_counts.items())

    if not (reached_at_last := reached(30)):
        return None
    low, high = 0.0, 30.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) < share * reached_at_last else (low, middle)
    return high * 86_400


def planted_truth(
    connection: duckdb.DuckDBPyConnection, users: int, days: int, seed: int
) -> PlantedTruth:
    def counts(condition: str) -> dict[int, int]:
        return dict(
            connection.execute(
                f"select cell_no, count(*) from people where {condition} group by all order by all"
            ).fetchall()
        )

    end = f"timestamp '{START_DATE + timedelta(days=days)}'"
    closed = {
        window: counts(f"created_at + interval {window} days <= {end}") for window in (1, 7, 14, 30)
    }
    month = closed[INVITATION_WINDOW_DAYS]
    # The last date is still running at the last event: a day counts when it lies before that date.
    day_closed = {n: counts(f"created_at::date + {n} < {end}::date - 1") for n in range(31)}
    dirt_counts = {
        table: dict.fromkeys(shares, 0)
        | dict(
            connection.execute(
                f"select dirt, count(*) from {table} where dirt is not null group by all order by all"
            ).fetchall()
        )
        for table, shares in (("users", USER_DIRT), ("events", EVENT_DIRT))
    }
    removed = {table: dict.fromkeys(rules, 0) for table, rules in RULES.items()}
    for position, table in enumerate(("users", "events")):
        for kind, count in dirt_counts[table].items():
            if kind in RULE_OF_DIRT:  # a blanked event_id removes nothing
                removed[table][RULE_OF_DIRT[kind][position]] += count
    invitations = _weighted(month, invitations_per_user)
    k_factor = _weighted(month, lambda c: invitations_per_user(c) * c.acceptance)
    clean = "where dirt is null or dirt = 'blank_event_id'"
    return PlantedTruth(
        users=users,
        days=days,
        seed=seed,
        user_count=connection.execute(
            "select (select count(*) from people) + (select count(*) from case_users)"
        ).fetchone()[0],
        event_count=connection.execute(f"select count(*) from events {clean}").fetchone()[0],
        activation_rate={
            w: _weighted(n, lambda c, w=w: _activation(c, w)) for w, n in closed.items()
        },
        milestone_completion_rate={
            name: _weighted(
                counts(f"created_at + interval {timeframe} days <= {end}"),
                lambda c, m=m, timeframe=timeframe: milestone_share(c, m, timeframe),
            )
            for m, (name, timeframe) in enumerate(
                zip(MILESTONES, MILESTONE_TIMEFRAME_DAYS, strict=True)
            )
        },
        reached_rate=_weighted(month, lambda c: milestone_share(c, FIRST_VALUE, 30)),
        median_time_to_first_value_seconds={
            segment: first_value_quantile({c: n for c, n in month.items() if c in cells}, 0.5)
            for segment, cells in cells_of_segments().items()
        },
        retention_rate={
            day: _weighted(n, lambda c, day=day: _retention(c, day))
            for day, n in day_closed.items()
        },
        inviting_user_rate=_weighted(
            month, lambda c: milestone_share(c, 0, INVITATION_WINDOW_DAYS)
        ),
        invitations_per_user=invitations,
        invitation_conversion_rate={
            s: k_factor[s] / invitations[s] if invitations[s] else None for s in invitations
        },
        k_factor=k_factor,
        dirt_shares={"users": dict(USER_DIRT), "events": dict(EVENT_DIRT)},
        dirt_counts=dirt_counts,
        removed_row_counts=removed,
        behaviour=planted_behaviour(connection, START_DATE + timedelta(days=days)),
        changed_activation_rate={
            w: _weighted(n, lambda c, w=w: _activation(c, w, CHANGED_TIMEFRAMES))
            for w, n in closed.items()
        },
        qualification=planted_qualification(
            connection, days, counts, START_DATE + timedelta(days=days)
        ),
    )
