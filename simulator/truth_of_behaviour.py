"""What is planted beside the rates: what goes with what, and what makes no difference."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from simulator.law import (
    ATTEMPT_DAYS,
    CELLS,
    CLICK_SHARE,
    DELAYS,
    EXPERIMENTS,
    FASTER_INVITE_FROM,
    FIRST_VALUE,
    MILESTONE_TIMEFRAME_DAYS,
    MILESTONES,
    PROMPT_SHARE,
    RAGE_AFTER_INVITE,
    RAGE_AFTER_LOGIN,
    SALES_SHARE,
    SUBSCRIPTION_SHARE,
    Channel,
    retention_on_day,
)
from simulator.shares import (
    by_class,
    cells_of_segments,
    early_share,
    error_if_inviting,
    error_if_not,
    milestone_share,
    reached_share,
    weighted_mean,
)

RELEASE_WINDOW_DAYS = 28
DEPENDENCE_DAYS = (7, 30)
WEEK_FOUR = range(28, 35)


@dataclass(frozen=True)
class PlantedBehaviour:
    """What marts about funnels, segments, discovery and experiments should find. Values weigh the
    law's with the number of users in the window, and are None without any."""

    # Of those who invite after logging in, of those who do not: share with an error before that.
    error_share: dict[str, float | None]
    rage_click_share: dict[str, float]  # after_login, after_invite: whatever comes next
    upgrade_conversion_rate: dict[str, float]  # by event, of those with the event before it
    subscription_rate: dict[str, float]  # of clicks that count: by whether the plan is paid
    hazard_ratio: dict[str, float | None]  # of first value: the segment against all others
    week_four_retention_rate: dict[str, float | None]  # by whether a document came in week 1
    # By milestone and next one: reached in days 7 to 29, if done by day 7 and if not.
    milestone_dependence: dict[str, dict[str, tuple[float | None, float | None]]]
    release_rate: dict[str, float | None]  # m1 in time, of signups before and after faster_invite
    exposed_user_counts: dict[str, dict[str, int]]  # of experiment and variant, not mixed
    mixed_user_counts: dict[str, int]
    activation_difference: dict[str, float]  # of the second variant and the control


def _counts(connection: duckdb.DuckDBPyConnection, condition: str) -> dict[int, int]:
    return dict(
        connection.execute(
            f"select cell_no, count(*) from people where {condition} group by all order by all"
        ).fetchall()
    )


def _hazard_ratio(users: dict[tuple[int, int], int], members: set[int]) -> float | None:
    """The hazard ratio that a log-rank test of first value expects (Peto): exp((O - E) / V).

    Args:
        users: their number by cell and whole days from signup to the end.
        members: the cells of the first group; all others are the second.
    """
    observed = expected = variance = 0.0
    for day in range(max(delays[FIRST_VALUE].end_days for delays in DELAYS.values()) + 1):
        at_risk, events = [0.0, 0.0], [0.0, 0.0]
        for cell, channel in enumerate(CELLS):
            group = int(cell not in members)
            here = sum(n for (of, days), n in users.items() if of == cell and days >= day)
            leaving = users.get((cell, day), 0)
            before, after = (milestone_share(channel, FIRST_VALUE, day + n) for n in (0, 1))
            at_risk[group] += here * (1 - before)
            # Who leaves on this day is seen for half of it.
            events[group] += (here - leaving / 2) * (after - before)
        total, happened = sum(at_risk), sum(events)
        if not total:
            break
        observed += events[0]
        expected += happened * at_risk[0] / total
        if total > 1:
            variance += math.prod(at_risk) * happened * (total - happened) / total**2 / (total - 1)
    return math.exp((observed - expected) / variance) if variance else None


def _week_four(channel: Channel, is_early: bool) -> tuple[float, float]:
    """Share of users whose document is early (or is not), and share of all that is so and active."""

    def share(name: str) -> float:
        early = early_share(channel, name)
        return early if is_early else 1 - early

    def active(name: str) -> float:
        idle = math.prod(1 - retention_on_day(name, day, is_early) for day in WEEK_FOUR)
        return share(name) * (1 - idle)

    return by_class(channel, share), by_class(channel, active)


def _dependence(channel: Channel, done: int, later: int, is_done: bool) -> tuple[float, float]:
    """Share of users at risk of the later milestone, and share of all that then reach it."""
    first, last = DEPENDENCE_DAYS

    def at_risk(name: str) -> float:
        share = reached_share(channel, name, done, first)
        return (share if is_done else 1 - share) * (1 - reached_share(channel, name, later, first))

    def reaching(name: str) -> float:
        by_first, by_last = (reached_share(channel, name, later, n) for n in (first, last))
        return at_risk(name) * (by_last - by_first) / (1 - by_first) if by_first < 1 else 0.0

    return by_class(channel, at_risk), by_class(channel, reaching)


def _not_inviting(channel: Channel) -> tuple[float, float]:
    """Share of users who do not invite, near enough of attempts, and share of all with an error, too."""
    share = 1 - milestone_share(channel, 0, ATTEMPT_DAYS)
    return share, share * error_if_not(channel)


def _quotient(counts: dict[int, int], shares: dict[int, tuple[float, float]]) -> float | None:
    below = sum(count * shares[cell][0] for cell, count in counts.items())
    above = sum(count * shares[cell][1] for cell, count in counts.items())
    return above / below if below else None


def planted_behaviour(connection: duckdb.DuckDBPyConnection, end: date) -> PlantedBehaviour:
    """What the law implies for the users that were drawn, from the tables people and exposures."""
    ends = f"timestamp '{end}'"
    users = {
        (cell, days): count
        for cell, days, count in connection.execute(
            f"select cell_no, datesub('day', created_at, {ends}), count(*) from people group by all"
        ).fetchall()
    }
    segments = cells_of_segments()
    week_four = _counts(connection, f"created_at::date + {WEEK_FOUR[-1]} < {ends}::date - 1")
    attempts = _counts(connection, f"created_at + interval {ATTEMPT_DAYS} days <= {ends}")
    month = _counts(connection, f"created_at + interval {DEPENDENCE_DAYS[1]} days <= {ends}")
    pairs = [
        (one, other)
        for one in range(len(MILESTONES))
        for other in range(len(MILESTONES))
        if one != other
    ]
    window, timeframe = (
        timedelta(days=n) for n in (RELEASE_WINDOW_DAYS, MILESTONE_TIMEFRAME_DAYS[0])
    )
    starts = {"before": FASTER_INVITE_FROM - timeframe - window, "after": FASTER_INVITE_FROM}
    exposed: dict[str, dict[str, int]] = {
        e.experiment_id: dict.fromkeys(e.variants, 0) for e in EXPERIMENTS
    }
    mixed = dict.fromkeys(exposed, 0)
    for experiment, variant, variant_count, count in connection.execute("""
        select experiment_id, variant, variant_count, count(*)
        from (
            select
                experiment_id, user_no, min(variant) as variant,
                count(distinct variant) as variant_count
            from exposures
            group by experiment_id, user_no
        )
        group by all
    """).fetchall():
        if variant_count > 1:
            mixed[experiment] += count
        else:
            exposed[experiment][variant] += count
    return PlantedBehaviour(
        error_share={
            "inviting": error_if_inviting(),
            "not_inviting": _quotient(attempts, {c: _not_inviting(CELLS[c]) for c in attempts}),
        },
        rage_click_share={"after_login": RAGE_AFTER_LOGIN, "after_invite": RAGE_AFTER_INVITE},
        upgrade_conversion_rate={
            "prompt_viewed": PROMPT_SHARE,
            "upgrade_clicked": CLICK_SHARE * (1 - SALES_SHARE),
        },
        subscription_rate={"paid": SUBSCRIPTION_SHARE[True], "not_paid": SUBSCRIPTION_SHARE[False]},
        hazard_ratio={
            name: _hazard_ratio(users, segments[name]) for name in ("invited", "organic")
        },
        week_four_retention_rate={
            label: _quotient(week_four, {c: _week_four(CELLS[c], is_early) for c in week_four})
            for label, is_early in (("document_in_week_one", True), ("none_in_week_one", False))
        },
        milestone_dependence={
            MILESTONES[one]: {
                MILESTONES[other]: tuple(
                    _quotient(month, {c: _dependence(CELLS[c], one, other, done) for c in month})
                    for done in (True, False)
                )
                for first, other in pairs
                if first == one
            }
            for one in range(len(MILESTONES))
        },
        release_rate={
            label: weighted_mean(
                _counts(
                    connection,
                    f"created_at >= timestamp '{start}' and created_at < timestamp '{start + window}' "
                    f"and created_at + interval {timeframe.days} days <= {ends}",
                ),
                lambda c: milestone_share(c, 0, timeframe.days),
            )
            for label, start in starts.items()
        },
        exposed_user_counts=exposed,
        mixed_user_counts=mixed,
        activation_difference={e.experiment_id: e.activation_points for e in EXPERIMENTS},
    )
