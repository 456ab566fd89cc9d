"""What the data contain, in SQL over the tables of a first build, which reads events once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from plg.input.sql import literal

Query = Callable[[str], list[tuple]]

# How often a user may have to do something, and in which days to find what keeps users.
COUNTS = (1, 2, 3, 5)
ADOPTED_WITHIN_DAYS = 7
# Week 4 of retention_by_cohort: the days 28 to 34 since the signup's date.
WEEK = 4
FIRST_DAY, LAST_DAY = 7 * WEEK, 7 * WEEK + 6
TIMEFRAME_DAYS = (1, 3, 7, 14, 30)

# Whoever signed up by the median signup of the eligible users is older; of two in the middle, the first.
MEMBERS_SQL = f"""
    create or replace temp table members as
    with dated as (
        select
            users.user_key,
            users.signed_up_at,
            cast(
                timezone(observation.reporting_timezone, timezone('UTC', users.signed_up_at)) as date
            ) as signup_date,
            coalesce(users.signed_up_at >= observation.observed_from_at, true) as is_in_rates,
            observation.observed_until_date
        from intermediate.int_users as users
        cross join intermediate.int_observation as observation
    ),
    judged as (
        select
            user_key,
            signed_up_at,
            signup_date + {FIRST_DAY} as first_date,
            signup_date + {LAST_DAY} as last_date,
            is_in_rates and signup_date + {LAST_DAY} < observed_until_date as is_eligible
        from dated
    ),
    eligible as (
        select signed_up_at, row_number() over (order by signed_up_at) as place, count(*) over () as n
        from judged
        where is_eligible
    ),
    middle as (
        select max(signed_up_at) as median_at from eligible where place <= (n + 1) // 2
    )
    select judged.*, judged.signed_up_at <= middle.median_at as is_older
    from judged
    cross join middle
"""
USES_SQL = f"""
    create or replace temp table uses as
    select
        events.user_key,
        events.event_name,
        count(*) as event_count,
        min(events.occurred_at, {max(COUNTS)}) as first_times,
        bool_or(events.occurred_date between members.first_date and members.last_date) as is_back
    from intermediate.int_events as events
    inner join members on events.user_key = members.user_key
    group by events.user_key, events.event_name
"""
NAMES_SQL = """
    select event_name, count(*) as user_count, cast(sum(event_count) as bigint) as event_count
    from uses
    group by event_name
    order by event_name
"""
HEAVY_SQL = """
    with counts as (
        select coalesce(sum(uses.event_count), 0) as event_count
        from members
        left join uses on members.user_key = uses.user_key
        group by members.user_key
    ),
    percentile as (
        select quantile_cont(cast(event_count as double), 0.99) as p99 from counts
    )
    select
        any_value(percentile.p99),
        count(case when counts.event_count > 20 * percentile.p99 then 1 end),
        max(counts.event_count)
    from counts
    cross join percentile
"""
OBSERVATION_SQL = """
    select
        (select count(*) from members),
        (select count(*) from members where is_eligible),
        (select max(signed_up_at) from members where is_eligible and is_older),
        first_signup_date,
        observed_until_at,
        reporting_timezone
    from intermediate.int_observation
"""
DECISIONS_SQL = """
    select table_name, decision, row_count
    from marts.input_by_decision
    where row_count > 0
    order by table_name, decision
"""
# Whoever has an id, whether or not it is known when they signed up; and of the events all that have a name.
SIGNUPS_SQL = """
    select
        events.event_name,
        count(distinct coalesce(cast(events.user_key as text), ' ' || events.user_id)),
        count(*)
    from intermediate.int_events_classified as events
    where events.event_name in ({names}) and coalesce(events.removed_by, '') <> 'replaced'
    group by events.event_name
    order by events.event_name
"""
PEOPLE_SQL = """
    select count(distinct user_id)
    from intermediate.int_users_classified
    where coalesce(removed_by, 'missing_key') = 'missing_key'
"""
RETAINED_SQL = """
    create or replace temp table retained as
    select distinct user_key from uses where is_back and event_name in ({names})
"""
HALVES_SQL = """
    select members.is_older, count(*), count(retained.user_key)
    from members
    left join retained on members.user_key = retained.user_key
    where members.is_eligible
    group by members.is_older
"""
# The k-th event of each name in the first days, by half.
ADOPTERS_SQL = f"""
    select
        uses.event_name,
        counts.k,
        count(case when members.is_older then 1 end),
        count(case when members.is_older then retained.user_key end),
        count(case when not members.is_older then 1 end),
        count(case when not members.is_older then retained.user_key end)
    from uses
    cross join (select unnest([{", ".join(map(str, COUNTS))}]) as k) as counts
    inner join members on uses.user_key = members.user_key
    left join retained on uses.user_key = retained.user_key
    where
        members.is_eligible
        and uses.event_name in ({{names}})
        and len(uses.first_times) >= counts.k
        and uses.first_times[counts.k]
        < members.signed_up_at + interval {ADOPTED_WITHIN_DAYS} day
    group by uses.event_name, counts.k
    order by uses.event_name, counts.k
"""
TIMES_SQL = """
    with times as (
        select epoch_us(uses.first_times[{k}]) - epoch_us(members.signed_up_at) as microseconds
        from uses
        inner join members on uses.user_key = members.user_key
        where uses.event_name = {name} and len(uses.first_times) >= {k} {condition}
    )
    select count(*), quantile_cont(cast(microseconds as double), 0.5) / 1000000, {within}
    from times
    where microseconds < {last}
"""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(literal, names)) or "null"


@dataclass(frozen=True)
class Event:
    """What is known of an event.

    Attributes:
        name: of the event.
        users: users that count with such an event.
        events: how many of them count.
    """

    name: str
    users: int
    events: int


@dataclass(frozen=True)
class Half:
    """One half of the eligible users, the older or the newer.

    Attributes:
        users: how many they are.
        retained: how many of them were active in week 4.
    """

    users: int = 0
    retained: int = 0


@dataclass(frozen=True)
class Adopters:
    """The users of one half who did something often enough in their first days.

    Attributes:
        half: all users of the half.
        users: the adopters.
        retained: those of them who were active in week 4.
    """

    half: Half
    users: int
    retained: int

    @property
    def others(self) -> int:
        """The users of the half who are no adopters."""
        return self.half.users - self.users

    @property
    def retained_others(self) -> int:
        """Those of the others who were active in week 4."""
        return self.half.retained - self.retained

    @property
    def rate(self) -> Fraction | None:
        """The share of the adopters who came back; None without adopters."""
        return Fraction(self.retained, self.users) if self.users else None

    @property
    def rate_of_others(self) -> Fraction | None:
        """The share of the others who came back; None without others."""
        return Fraction(self.retained_others, self.others) if self.others else None

    @property
    def is_better(self) -> bool:
        """Whether adopters come back more often than others."""
        if self.rate is None or self.rate_of_others is None:
            return False
        return self.rate > self.rate_of_others

    @property
    def phi_squared(self) -> Fraction | None:
        """The square of phi, exactly, with the sign of phi; None where a margin is zero."""
        a, b = self.retained, self.users - self.retained
        c, d = self.retained_others, self.others - self.retained_others
        margins = (a + b) * (c + d) * (a + c) * (b + d)
        if not margins:
            return None
        product = a * d - b * c
        return Fraction(product * abs(product), margins)

    @property
    def phi(self) -> float:
        """Phi, for people to read."""
        square = self.phi_squared or Fraction(0)
        return float(abs(square)) ** 0.5 * (1 if square >= 0 else -1)


@dataclass(frozen=True)
class Candidate:
    """An event that could be a milestone at its k-th time.

    Attributes:
        name: of the event.
        k: how often.
        older: the adopters of the older half.
        newer: those of the newer half.
    """

    name: str
    k: int
    older: Adopters
    newer: Adopters


@dataclass(frozen=True)
class Times:
    """When users did something for the k-th time, of those who did so within 30 days.

    Attributes:
        users: how many they are.
        median_seconds: since the signup; None without users.
        within: how many of them within each of TIMEFRAME_DAYS.
    """

    users: int
    median_seconds: float | None
    within: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Overview:
    """What the data are.

    Attributes:
        users: users that count.
        eligible: users whose week 4 was observed.
        median_at: the last signup of their older half; None without one.
        first_date: of the first signup.
        observed_until_at: the end of the data.
        zone: in which dates are.
    """

    users: int
    eligible: int
    median_at: dt.datetime | None
    first_date: dt.date | None
    observed_until_at: dt.datetime | None
    zone: str


def signups_of_everybody(query: Query, names: Iterable[str]) -> tuple[list[Event], int]:
    """The events that may be a signup, and how many people there are, whether or not a signup is known.

    Args:
        query: gives the rows of a query.
        names: of the events.
    """
    events = [Event(*row) for row in query(SIGNUPS_SQL.format(names=_listed(names)))]
    return events, query(PEOPLE_SQL)[0][0]


class Facts:
    """Reads a first build.

    Args:
        query: gives the rows of a statement; temporary tables are allowed.
    """

    def __init__(self, query: Query) -> None:
        self._query = query
        query(MEMBERS_SQL)
        query(USES_SQL)
        self.overview = Overview(*query(OBSERVATION_SQL)[0])
        self.events = [Event(*row) for row in query(NAMES_SQL)]

    def decisions(self) -> list[tuple[str, str, int]]:
        """What was decided in reading the raw data: table, decision, rows."""
        return [tuple(row) for row in self._query(DECISIONS_SQL)]

    def heavy_users(self) -> tuple[float, int, int]:
        """The 99th percentile of events per user, how many have more than 20 times as many, and the most."""
        percentile, users, most = self._query(HEAVY_SQL)[0]
        return float(percentile or 0), users, int(most or 0)

    def candidates(self, meaningful: Iterable[str], names: Iterable[str]) -> list[Candidate]:
        """Each event, and how often users did it in their first days, against week 4.

        Args:
            meaningful: the events by which a user is active.
            names: the events that may become milestones.
        """
        self._query(RETAINED_SQL.format(names=_listed(meaningful)))
        halves = {is_older: Half(*counts) for is_older, *counts in self._query(HALVES_SQL)}
        older, newer = halves.get(True, Half()), halves.get(False, Half())
        return [
            Candidate(name, k, Adopters(older, *of_older), Adopters(newer, *of_newer))
            for name, k, *counts in self._query(ADOPTERS_SQL.format(names=_listed(names)))
            for of_older, of_newer in [(counts[:2], counts[2:])]
        ]

    def times(self, name: str, k: int, *, eligible_only: bool = True) -> Times:
        """When users did something for the k-th time.

        Args:
            name: of the event.
            k: how often.
            eligible_only: whether only users count whose week 4 was observed.
        """
        day = 24 * 3600 * 1_000_000
        within = ", ".join(
            f"count(case when microseconds < {days * day} then 1 end)" for days in TIMEFRAME_DAYS
        )
        users, median, *counts = self._query(
            TIMES_SQL.format(
                name=literal(name),
                k=k,
                condition="and members.is_eligible" if eligible_only else "",
                within=within,
                last=TIMEFRAME_DAYS[-1] * day,
            )
        )[0]
        return Times(users, median, dict(zip(TIMEFRAME_DAYS, counts, strict=True)))

    def values_of_plan(self) -> set[str]:
        """The plans that users have."""
        rows = self._query("select distinct plan_tier from intermediate.int_users")
        return {plan for (plan,) in rows if plan is not None}
