"""What the definitions say about payments and points, computed from the raw files by plain SQL and Python."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from simulator.law import BEHAVIORS

PROJECT = Path(__file__).parents[2]

NO_IDS = "select null::varchar as alias_id, null::varchar as user_id limit 0"
# Users and events that count. An event without a user is that of the only user of its device.
# {ids}: a query of alias_id and user_id; {device}: of an event.
COUNTING = """
create table ids as {ids};
create table signups as
select
    coalesce(ids.user_id, users.user_id) as user_id,
    any_value(account_id) as account_id,
    any_value(install_source) as install_source,
    min(created_at) as created_at
from '{folder}/users.parquet' as users
left join ids on users.user_id = alias_id
where users.user_id is not null and created_at < '2100-01-01'
group by 1;
create table named as
select
    coalesce(ids.user_id, events.user_id) as user_id,
    {device} as anonymous_id,
    event_id, event_name, timestamp
from '{folder}/events.parquet' as events
left join ids on events.user_id = alias_id;
create table devices as
select anonymous_id, any_value(user_id) as user_id
from named
where anonymous_id is not null
group by anonymous_id
having count(distinct user_id) = 1;
create table counting as
select distinct on (coalesce(event_id, timestamp::varchar), signups.user_id, event_name)
    signups.user_id, event_id, event_name, timestamp, signups.account_id, created_at
from named
left join devices on named.anonymous_id = devices.anonymous_id
inner join signups on signups.user_id = coalesce(named.user_id, devices.user_id)
where timestamp between created_at and timestamp '2100-01-01' and event_name is not null
order by timestamp;
"""


def counting(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection with `signups`, `counting` (events) and `payments` (by payer), of a folder of raw files."""
    connection = duckdb.connect()
    ids, device = NO_IDS, "null::varchar"
    if (folder / "aliases.parquet").exists():
        ids, device = f"select alias_id, user_id from '{folder}/aliases.parquet'", "anonymous_id"
    connection.execute(COUNTING.format(folder=folder, ids=ids, device=device))
    connection.execute(f"""
        create table paying as
        select *
        from '{folder}/subscriptions.parquet'
        where subscription_id is not null and started_at is not null and monthly_amount > 0
            and (account_id is not null or user_id in (select user_id from signups))
            and (ended_at is null or ended_at > started_at);
        create table payments as
        select
            coalesce(
                paying.account_id, signups.account_id, 'user:' || paying.user_id
            ) as payer,
            min(started_at) as converted_at
        from paying
        left join signups on paying.user_id = signups.user_id
        group by 1
    """)
    return connection


def create_snapshots(
    connection: duckdb.DuckDBPyConnection, end: datetime, unit_type: str, age_days: int = 7
) -> None:
    """The table `snapshots`: each unit's first midnight of the age, what it did before, whether it pays.

    Args:
        connection: of `counting`.
        end: of the data.
        unit_type: account or user.
        age_days: of the snapshot.
    """
    unit = {"account": "account_id", "user": "user_id"}[unit_type]
    done = ",\n".join(
        f"count(*) filter (event_name = '{event}' and timestamp < midnight) >= {least} as {name}"
        for name, (event, least, _) in BEHAVIORS.items()
    )
    connection.execute(f"""
        create or replace table units as
        select
            {unit} as unit_id,
            any_value(coalesce(account_id, 'user:' || user_id)) as payer,
            min(created_at) as started_at,
            date_trunc(
                'day', started_at + interval {age_days} days - interval 1 microsecond
            ) + interval 1 day as midnight
        from signups
        where {unit} is not null
        group by {unit};
        create or replace table snapshots as
        with done as (
            select unit_id, midnight, {done}
            from units
            left join counting on counting.{unit} = units.unit_id
            group by unit_id, midnight
        )
        select
            done.*,
            started_at,
            converted_at,
            coalesce(converted_at >= midnight, true) as is_at_risk,
            is_at_risk and midnight + interval 30 days <= timestamp '{end}' as is_eligible,
            coalesce(converted_at < midnight + interval 30 days, false) as is_converted
        from done
        inner join units using (unit_id, midnight)
        left join payments using (payer)
    """)


def split_date(connection: duckdb.DuckDBPyConnection) -> datetime:
    """The Monday on or before two thirds of the eligible snapshots' dates."""
    first, last = connection.execute(
        "select min(midnight), max(midnight) from snapshots where is_eligible"
    ).fetchone()
    day = first + timedelta(days=2 * ((last - first).days + 1) // 3)
    return day - timedelta(days=day.weekday())


def patterns(
    connection: duckdb.DuckDBPyConnection, condition: str = "true"
) -> list[tuple[tuple[int, ...], int, int]]:
    """Of the eligible snapshots: what was done (0 or 1 by behaviour), units, and converted units."""
    names = ", ".join(f"{name}::int" for name in BEHAVIORS)
    rows = connection.execute(
        f"select {names}, count(*), count(*) filter (is_converted) from snapshots "
        f"where is_eligible and {condition} group by all order by all"
    ).fetchall()
    return [(row[:-2], *row[-2:]) for row in rows]


def _solved(matrix: list[list[float]], columns: list[list[float]]) -> list[list[float]]:
    """Solutions of a linear system for some right sides, by Gauss and Jordan."""
    size = len(matrix)
    work = [row + [column[i] for column in columns] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(work[r][i]))
        work[i], work[pivot] = work[pivot], work[i]
        work[i] = [value / work[i][i] for value in work[i]]
        for r in range(size):
            if r != i:
                factor = work[r][i]
                work[r] = [a - factor * b for a, b in zip(work[r], work[i], strict=True)]
    return [[work[i][size + n] for i in range(size)] for n in range(len(columns))]


def fitted(
    rows: Sequence[tuple[tuple[int, ...], int, int]],
) -> tuple[dict[str, float], dict[str, float]]:
    """Weights of a logistic regression with ridge 1 (intercept free), and their standard errors."""
    names = ["intercept", *BEHAVIORS]
    size = len(names)
    weights = [0.0] * size
    while True:
        slope = [0.0] + [-w for w in weights[1:]]
        curvature = [[float(i == j and i > 0) for j in range(size)] for i in range(size)]
        for done, units, converted in rows:
            x = (1, *done)
            p = 1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, x, strict=True))))
            for i in range(size):
                if x[i]:
                    slope[i] += converted - units * p
                    for j in range(size):
                        curvature[i][j] += units * p * (1 - p) * x[j]
        (step,) = _solved(curvature, [slope])
        weights = [w + s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step)) <= 1e-10:
            break
    inverse = _solved(curvature, [[float(i == j) for i in range(size)] for j in range(size)])
    errors = [math.sqrt(inverse[i][i]) for i in range(size)]
    return dict(zip(names, weights, strict=True)), dict(zip(names, errors, strict=True))


def auc(rows: Iterable[tuple[tuple[int, ...], int, int]], weights: dict[str, float]) -> float:
    """Share of pairs in which the converted unit scores higher; ties half."""
    units: Counter[float] = Counter()
    converted: Counter[float] = Counter()
    for done, all_units, converted_units in rows:
        score = round(sum(weights[n] * d for n, d in zip(BEHAVIORS, done, strict=True)), 9)
        units[score] += all_units - converted_units
        converted[score] += converted_units
    below = wins = 0.0
    for score in sorted(units):
        wins += converted[score] * (below + units[score] / 2)
        below += units[score]
    return wins / below / sum(converted.values())


def signals() -> list[tuple[str, float, int]]:
    """Event, points and max_count of the shipped behavioural signals."""
    with (PROJECT / "seeds" / "pql_signals.csv").open(newline="") as handle:
        return [
            (row["triggered_by_event"], float(row["points"]), int(row["max_count"]))
            for row in csv.DictReader(handle)
            if row["triggered_by_event"]
        ]


def points(happened: Sequence[tuple[str, datetime]], midnight: datetime) -> float:
    """The points at a midnight of a unit with these events; half after 7 days, as shipped."""
    total = 0.0
    for event_name, each, most in signals():
        times = [at for name, at in happened if name == event_name and at < midnight]
        if times:
            factor = 0.5 if max(times) < midnight - timedelta(days=7) else 1.0
            total += each * min(len(times), most) * factor
    return total


def points_at_snapshots(
    connection: duckdb.DuckDBPyConnection, unit_type: str
) -> list[tuple[datetime, bool, float]]:
    """Midnight, whether eligible, and points of each unit at risk of the table `snapshots`."""
    unit = {"account": "account_id", "user": "user_id"}[unit_type]
    each = " + ".join(
        f"{value} * least({most}, count(*) filter (event_name = '{event}'))"
        f" * if(max(timestamp) filter (event_name = '{event}') < midnight - interval 7 days, 0.5, 1)"
        for event, value, most in signals()
    )
    return connection.execute(f"""
        select midnight, is_eligible, {each}
        from snapshots
        left join counting on counting.{unit} = unit_id and timestamp < midnight
        where is_at_risk
        group by unit_id, midnight, is_eligible
    """).fetchall()


def psi_by_week(
    scores: Sequence[tuple[datetime, bool, float]], split: datetime
) -> dict[datetime, tuple[int, float, float]]:
    """By week of the snapshot: units, PSI against the eligible before the split, and psi's p, roughly normal.

    The p-value of chi-square is by Wilson and Hilferty, good to three digits here.
    """
    reference = sorted(
        (s for at, is_eligible, s in scores if is_eligible and at < split), reverse=True
    )
    places = {s: n for n, s in reversed(list(enumerate(reference)))}
    lowest: dict[int, float] = {}
    for s, above in places.items():
        decile = 10 * above // len(reference)
        lowest[decile] = min(s, lowest.get(decile, s))
    bounds = sorted(lowest.values())

    def bins(values: Iterable[float]) -> list[int]:
        counts = [0] * len(bounds)
        for value in values:
            counts[max(sum(bound <= value for bound in bounds) - 1, 0)] += 1
        return counts

    def shares(counts: list[int]) -> list[float]:
        return [(n + 0.5) / (sum(counts) + 0.5 * len(bounds)) for n in counts]

    by_week: dict[datetime, list[float]] = {}
    for at, _, score in scores:
        by_week.setdefault(at - timedelta(days=at.weekday()), []).append(score)
    expected, found = shares(bins(reference)), {}
    for week, values in sorted(by_week.items()):
        psi = sum(
            (w - r) * math.log(w / r) for w, r in zip(shares(bins(values)), expected, strict=True)
        )
        free, chi = len(bounds) - 1, psi / (1 / len(values) + 1 / len(reference))
        z = ((chi / free) ** (1 / 3) - 1 + 2 / 9 / free) / math.sqrt(2 / 9 / free)
        found[week] = (len(values), psi, 0.5 * math.erfc(z / math.sqrt(2)))
    return found
