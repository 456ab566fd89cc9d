"""Simulate a product with known truth: raw `users` and `events` whose rates and curves are planted.

    python scripts/generate_sample.py --users 5000 --days 180 --seed 7 --out sample

Everything that a reader may want to change stands in the section "The planted law"; `generate`
returns what it implies (`PlantedTruth`), so that a test can hold the marts against it.

How the planted values stay exact:

* A user belongs to one of four **classes**: both core milestones in time (activated), only the
  invite, only the document, or neither. A milestone happens, independently of the others, with the
  probability and the delay of its class (`DELAYS`); a channel differs by its class shares, its pace
  and its acceptance.
* **Retention.** Milestones are meaningful events, so they make days active. With p(n) the chance
  that a milestone falls on day n, given class, channel and the time of day of the signup, an
  ordinary visit is drawn with q(n) = 1 - (1 - R(n)) / (1 - p(n)), so that P(active on day n) = R(n)
  exactly. `generate` refuses a law where R(n) < p(n). Nothing meaningful happens outside of visits
  and milestones.
* **Referral.** A user who invites within 30 days sends a known number of invitations; each is
  accepted with the channel's probability, by a user who signs up within 30 days of the inviter's
  signup. Invited users follow the law of the channel `referral`, generation after generation, until
  nobody signs up before the data end. What a user will cause never depends on when the data end,
  and the mart counts only users whose 30 days have closed, so its k_factor has no bias.
* **Dirt** is rows added beside the clean ones, each removed by one known rule; or an event_id
  blanked.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

# -------------------------------------------------------------------------------------------------
# The planted law
# -------------------------------------------------------------------------------------------------

START_DATE = date(2024, 1, 1)  # a Monday; the data end at START_DATE + days, midnight UTC


@dataclass(frozen=True)
class Channel:
    """A users.install_source. Shares are of its users; what is left has neither core milestone."""

    name: str | None
    weight: float  # share of the users who come alone, before the calendar's stories
    both: float  # invite and document in time: the activation rate
    only_invite: float
    only_document: float
    pace: float  # stretches every delay: above 1 is slower
    acceptance: float  # probability that an invitation becomes a signup

    @property
    def segment(self) -> str:
        return self.name or "unknown"

    @property
    def class_shares(self) -> tuple[float, float, float, float]:
        left = 1 - self.both - self.only_invite - self.only_document
        return (self.both, self.only_invite, self.only_document, left)


CHANNELS = (
    Channel(
        "organic", 0.34, both=0.37, only_invite=0.08, only_document=0.14, pace=1.0, acceptance=0.30
    ),
    Channel(
        "paid_search",
        0.27,
        both=0.24,
        only_invite=0.08,
        only_document=0.15,
        pace=1.2,
        acceptance=0.22,
    ),
    Channel(
        "content", 0.16, both=0.34, only_invite=0.06, only_document=0.18, pace=1.1, acceptance=0.25
    ),
    Channel(
        "partner", 0.14, both=0.50, only_invite=0.08, only_document=0.12, pace=0.9, acceptance=0.35
    ),
    Channel(
        "product_hunt",
        0.05,
        both=0.18,
        only_invite=0.12,
        only_document=0.15,
        pace=0.8,
        acceptance=0.28,
    ),
    Channel(None, 0.04, both=0.30, only_invite=0.08, only_document=0.14, pace=1.0, acceptance=0.25),
    Channel(
        "referral", 0.0, both=0.45, only_invite=0.11, only_document=0.13, pace=0.8, acceptance=0.34
    ),
)
REFERRAL = len(CHANNELS) - 1  # the channel of everybody who was invited

CLASSES = ("both", "only_invite", "only_document", "neither")


@dataclass(frozen=True)
class Delay:
    """From signup to a milestone: it happens with `probability`, then at a truncated exponential
    delay from `start_days` to `end_days`, of scale `scale_days` times the channel's pace."""

    probability: float
    start_days: float
    end_days: float
    scale_days: float

    def share_by(self, days: float, pace: float) -> float:
        """Share of those who do it that have done it `days` after signup."""
        scale = self.scale_days * pace
        elapsed = min(max(days, self.start_days), self.end_days) - self.start_days
        return math.expm1(-elapsed / scale) / math.expm1((self.start_days - self.end_days) / scale)


MILESTONES = ("m1", "m2", "m3", "m4")
# As shipped in seeds/milestones.csv.
MILESTONE_TIMEFRAME_DAYS = (7, 14, 30, 30)
REQUIRED, FIRST_VALUE = (0, 1), 1

_INVITE, _LATE_INVITE = Delay(1.0, 0, 7, 1.6), Delay(0.06, 8, 27, 8)
_DOCUMENT, _LATE_DOCUMENT = Delay(1.0, 0, 14, 4.5), Delay(0.10, 15, 29, 8)
DELAYS = {
    "both": (_INVITE, _DOCUMENT, Delay(0.09, 0, 30, 8), Delay(0.12, 0, 30, 8)),
    "only_invite": (_INVITE, _LATE_DOCUMENT, Delay(0.05, 0, 30, 8), Delay(0.06, 0, 30, 8)),
    "only_document": (_LATE_INVITE, _DOCUMENT, Delay(0.10, 0, 30, 8), Delay(0.12, 0, 30, 8)),
    "neither": (_LATE_INVITE, _LATE_DOCUMENT, Delay(0.02, 0, 30, 8), Delay(0.03, 0, 30, 8)),
}

# P(active on day 0), P(active on day 1), decay: P(active on day n) = day 1 * n ** -decay.
RETENTION = {
    "both": (0.96, 0.72, 0.42),
    "only_invite": (0.92, 0.62, 0.60),
    "only_document": (0.88, 0.42, 0.55),
    "neither": (0.78, 0.20, 0.65),
}
EVENTS_PER_VISIT = {"both": 3.2, "only_invite": 2.7, "only_document": 2.7, "neither": 1.9}

# Invitations of a user who invites: number and probability.
INVITATIONS = {1: 0.40, 2: 0.25, 3: 0.15, 4: 0.10, 5: 0.06, 8: 0.04}
INVITATION_WINDOW_DAYS = 30
ACCEPTANCE_SCALE_DAYS = 4.0

# plan_tier by class, so that paying users look more engaged; None is a user without a plan.
PLAN_TIERS = ("free", "pro", "team", "enterprise", None)
PLAN_TIER_SHARES = {
    "both": (0.52, 0.20, 0.15, 0.07, 0.06),
    "only_invite": (0.72, 0.10, 0.06, 0.02, 0.10),
    "only_document": (0.74, 0.10, 0.05, 0.01, 0.10),
    "neither": (0.83, 0.04, 0.01, 0.00, 0.12),
}

# Share of the clean events beside which (or, blanked, on which) dirt is planted; and of the users.
EVENT_DIRT = {
    "same_row_again": 0.006,  # duplicate_event: same event_id, same row
    "sent_again_later": 0.004,  # duplicate_event: same event_id, up to two days later
    "same_row_again_without_id": 0.001,  # duplicate_event: both rows without event_id
    "blank_event_id": 0.004,  # counts: an event without event_id is still an event
    "missing_key": 0.003,  # user_id, event_name or timestamp null
    "future_event": 0.001,  # a hundred years ahead
    "unknown_user": 0.003,
    "before_signup": 0.003,  # up to ten minutes before the user's signup
}
USER_DIRT = {
    "same_row_again": 0.006,  # duplicate_user
    "repeated_later": 0.006,  # duplicate_user: created_at hours later, another plan_tier
    "missing_key": 0.003,  # user_id or created_at null
    "future_event": 0.002,  # an unknown user_id, a hundred years ahead
}
RULE_OF_DIRT = {
    "same_row_again": ("duplicate_user", "duplicate_event"),
    "sent_again_later": (None, "duplicate_event"),
    "same_row_again_without_id": (None, "duplicate_event"),
    "repeated_later": ("duplicate_user", None),
    "missing_key": ("missing_key", "missing_key"),
    "future_event": ("future_event", "future_event"),
    "unknown_user": (None, "unknown_user"),
    "before_signup": (None, "before_signup"),
}
RULES = (
    "missing_key",
    "future_event",
    "duplicate_user",
    "excluded_user",
    "unknown_user",
    "before_signup",
    "duplicate_event",
)

# Names and properties: (event, weight in percent, properties to choose from).
ORDINARY_EVENTS = (
    ("document_viewed", 34, ('{"type": "page"}', '{"type": "board"}', '{"type": "sheet"}')),
    ("dashboard_opened", 18, ('{"source": "sidebar"}', '{"source": "link"}')),
    ("search_performed", 16, ('{"results": 0}', '{"results": 3}', '{"results": 12}')),
    ("comment_added", 14, ('{"mentions": 0}', '{"mentions": 1}')),
    ("file_uploaded", 8, ('{"kind": "image"}', '{"kind": "pdf"}')),
    ("report_exported", 6, ('{"format": "csv"}', '{"format": "pdf"}')),
    ("settings_changed", 4, ("{}",)),
)
NAMED_EVENTS = {
    "user_signup": ("{}",),
    "user_login": ('{"method": "password"}', '{"method": "sso"}', '{"method": "google"}'),
    "onboarding_completed": ('{"steps": 4}', '{"steps": 5}'),
    "document_created": (
        '{"template": "blank"}',
        '{"template": "meeting"}',
        '{"template": "plan"}',
    ),
    "api_call_success": ('{"endpoint": "/v1/items"}', '{"endpoint": "/v1/search"}'),
    "task_completed": ('{"priority": "normal"}', '{"priority": "high"}'),
    "paid_feature_used": ('{"feature": "audit_log"}', '{"feature": "automation"}'),
    "email_opened": ('{"campaign": "welcome"}', '{"campaign": "tips"}', '{"campaign": "digest"}'),
    "notification_received": ('{"channel": "push"}', '{"channel": "in_app"}'),
    "account_reached_ten_users": ('{"users": 10}',),
}
EMAIL_DAYS, EMAIL_SHARE = (1, 3, 7, 14, 28), 0.30
NOTIFICATION_DAYS, NOTIFICATION_SHARE = (2, 5, 10, 20), 0.25


def signup_weight(channel: Channel, day: int, days: int) -> float:
    """The calendar of signups without an invitation, with its stories: growth, quiet weekends, a
    launch on Product Hunt, a partner programme that opens later, a pause of paid search."""
    weekday_rhythm = (1.0, 1.08, 1.06, 1.02, 0.9, 0.55, 0.5)[day % 7]
    weight = channel.weight * weekday_rhythm * (1 + 1.5 * day / days)
    progress = day / days
    since_launch = day - round(0.4 * days)
    if channel.name == "product_hunt":
        weight *= (30, 18, 10, 6, 4)[since_launch] if 0 <= since_launch < 5 else 1
    if channel.name == "partner":
        weight *= min(max((progress - 0.3) / 0.2, 0), 1)
    if channel.name == "paid_search" and 0.6 <= progress < 0.68:
        weight *= 0.15
    return weight


# -------------------------------------------------------------------------------------------------
# What the law implies
# -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlantedTruth:
    """What the marts should estimate. Rates by segment: `all`, `new`, `invited` and each
    install_source (`unknown` for null). Values by channel are the law itself; the others weigh them
    with the number of each channel's users whose window has closed, and are None without any.
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
    removed_row_counts: dict[str, int]  # by rule, as in the mart data_quality_by_rule


def retention_on_day(class_name: str, day: int) -> float:
    """Probability that a user of the class is active on the given day after the signup's date."""
    day_zero, day_one, decay = RETENTION[class_name]
    return day_zero if day == 0 else day_one * day**-decay


def _by_class(channel: Channel, value: Callable[[str], float]) -> float:
    """A probability of the channel, from that of each class."""
    return sum(s * value(name) for s, name in zip(channel.class_shares, CLASSES, strict=True))


def _reached_share(channel: Channel, class_name: str, milestone: int, days: float) -> float:
    delay = DELAYS[class_name][milestone]
    return delay.probability * delay.share_by(days, channel.pace)


def _activation(channel: Channel, days: float) -> float:
    """Both required milestones, each within its timeframe, less than `days` after signup."""
    return _by_class(
        channel,
        lambda name: math.prod(
            _reached_share(channel, name, m, min(days, MILESTONE_TIMEFRAME_DAYS[m]))
            for m in REQUIRED
        ),
    )


def _milestone(channel: Channel, milestone: int, days: float) -> float:
    return _by_class(channel, lambda name: _reached_share(channel, name, milestone, days))


def _invitations_per_inviter() -> float:
    return sum(number * share for number, share in INVITATIONS.items())


def _invitations_per_user(channel: Channel) -> float:
    return _milestone(channel, 0, INVITATION_WINDOW_DAYS) * _invitations_per_inviter()


def _refuse_impossible_law() -> None:
    """Raise ValueError where the milestones alone make more days active than the retention says."""
    if max(delay.end_days for delays in DELAYS.values() for delay in delays) > 30:
        raise ValueError("A delay in DELAYS ends after 30 days, where only visits are drawn.")
    for channel in CHANNELS:
        if min(channel.class_shares) < 0:
            raise ValueError(f"The class shares of channel {channel.segment} exceed 1.")
        for name in CLASSES:
            for day in range(32):
                for hour in range(25):
                    starts = day - hour / 24
                    idle = math.prod(
                        1
                        - d.probability
                        * (d.share_by(starts + 1, channel.pace) - d.share_by(starts, channel.pace))
                        for d in DELAYS[name]
                    )
                    if 1 - idle > retention_on_day(name, day):
                        raise ValueError(
                            f"RETENTION of class {name} on day {day} is "
                            f"{retention_on_day(name, day):.3f}, but its milestones alone make "
                            f"{1 - idle:.3f} of {channel.segment} users active: raise the "
                            "retention or slow the milestones in DELAYS."
                        )


def _first_generation_size(users: int, days: int) -> int:
    """How many users come alone so that, with those they invite, about `users` sign up."""
    weights = [[signup_weight(c, day, days) for c in CHANNELS] for day in range(days)]
    total = sum(map(sum, weights))
    k = [_invitations_per_user(c) * c.acceptance for c in CHANNELS]
    # The lag between the two signups, roughly: enough for the size, no planted value rests on it.
    lag = [
        math.exp(-n / ACCEPTANCE_SCALE_DAYS) - math.exp(-n / _INVITE.scale_days)
        for n in range(INVITATION_WINDOW_DAYS)
    ]
    lag = [share / sum(lag) for share in lag]
    caused = [sum(w * r for w, r in zip(row, k, strict=True)) / total for row in weights]
    invited: list[float] = []
    for day in range(days):
        reach = min(day, INVITATION_WINDOW_DAYS - 1) + 1
        invited.append(sum(lag[n] * caused[day - n] for n in range(reach)))
        caused[day] += invited[day] * k[REFERRAL]
    return max(1, round(users / (1 + sum(invited))))


def _weighted(counts: dict[int, int], value: Callable[[Channel], float]) -> dict[str, float | None]:
    """The channels' values, and those of the groups, weighted by the number of eligible users."""

    def mean(members: Iterable[int]) -> float | None:
        members = [m for m in members if counts.get(m)]
        total = sum(counts[m] for m in members)
        return sum(counts[m] * value(CHANNELS[m]) for m in members) / total if total else None

    everyone = range(len(CHANNELS))
    return {
        "all": mean(everyone),
        "new": mean(m for m in everyone if m != REFERRAL),
        "invited": mean([REFERRAL]),
    } | {c.segment: value(c) for c in CHANNELS}


def first_value_quantile(user_counts: dict[int, int], share: float) -> float | None:
    """Planted quantile of the time to first value, over users who have it within 30 days.

    Args:
        user_counts: number of users (or weight) by position in CHANNELS.
        share: the quantile's probability, between 0 and 1.

    Returns:
        Seconds; None without a user.

    Raises:
        ValueError: share is not between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share must be between 0 and 1, but is {share!r}.")

    def reached(days: float) -> float:
        return sum(n * _milestone(CHANNELS[c], FIRST_VALUE, days) for c, n in user_counts.items())

    if not (reached_at_last := reached(30)):
        return None
    low, high = 0.0, 30.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) < share * reached_at_last else (low, middle)
    return high * 86_400


def _truth(connection: duckdb.DuckDBPyConnection, users: int, days: int, seed: int) -> PlantedTruth:
    def counts(condition: str) -> dict[int, int]:
        return dict(
            connection.execute(
                f"select channel_no, count(*) from people where {condition} group by all"
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
                f"select dirt, count(*) from {table} where dirt is not null group by all"
            ).fetchall()
        )
        for table, shares in (("users", USER_DIRT), ("events", EVENT_DIRT))
    }
    removed = dict.fromkeys(RULES, 0)
    for position, table in enumerate(("users", "events")):
        for kind, count in dirt_counts[table].items():
            if kind in RULE_OF_DIRT:  # a blanked event_id removes nothing
                removed[RULE_OF_DIRT[kind][position]] += count
    invitations = _weighted(month, _invitations_per_user)
    k_factor = _weighted(month, lambda c: _invitations_per_user(c) * c.acceptance)
    clean = "where dirt is null or dirt = 'blank_event_id'"
    return PlantedTruth(
        users=users,
        days=days,
        seed=seed,
        user_count=connection.execute("select count(*) from people").fetchone()[0],
        event_count=connection.execute(f"select count(*) from events {clean}").fetchone()[0],
        activation_rate={
            w: _weighted(n, lambda c, w=w: _activation(c, w)) for w, n in closed.items()
        },
        milestone_completion_rate={
            name: _weighted(
                counts(f"created_at + interval {timeframe} days <= {end}"),
                lambda c, m=m, timeframe=timeframe: _milestone(c, m, timeframe),
            )
            for m, (name, timeframe) in enumerate(
                zip(MILESTONES, MILESTONE_TIMEFRAME_DAYS, strict=True)
            )
        },
        reached_rate=_weighted(month, lambda c: _milestone(c, FIRST_VALUE, 30)),
        median_time_to_first_value_seconds={
            "all": first_value_quantile(month, 0.5),
            "new": first_value_quantile({c: n for c, n in month.items() if c != REFERRAL}, 0.5),
            "invited": first_value_quantile({c: n for c, n in month.items() if c == REFERRAL}, 0.5),
        }
        | {c.segment: first_value_quantile({n: 1}, 0.5) for n, c in enumerate(CHANNELS)},
        retention_rate={
            day: _weighted(
                n, lambda c, day=day: _by_class(c, lambda name: retention_on_day(name, day))
            )
            for day, n in day_closed.items()
        },
        inviting_user_rate=_weighted(month, lambda c: _milestone(c, 0, INVITATION_WINDOW_DAYS)),
        invitations_per_user=invitations,
        invitation_conversion_rate={
            s: k_factor[s] / invitations[s] if invitations[s] else None for s in invitations
        },
        k_factor=k_factor,
        dirt_shares={"users": dict(USER_DIRT), "events": dict(EVENT_DIRT)},
        dirt_counts=dirt_counts,
        removed_row_counts=removed,
    )


# -------------------------------------------------------------------------------------------------
# The simulation, in SQL
# -------------------------------------------------------------------------------------------------

# Random numbers are MD5 digests of (user key, purpose, number): MD5 is a standard, where DuckDB's
# hash() may change with its version, and random() depends on the threads. A digest costs about
# 0.1 µs on two cores, some 6 of the 35 seconds that ten million events take, and holds four draws
# of 32 bits. A key is 64 bits of the digest of the seed and the user's lineage, so that another
# seed shares nothing.
MACROS = """
create macro digest(key, purpose, number) as md5_number(concat_ws(':', key, purpose, number));
create macro upper_half(digest) as (digest >> 64::uhugeint)::ubigint;
create macro new_key(parent, purpose, number) as upper_half(digest(parent, purpose, number));
create macro word(digest, nth) as
    ((digest >> (32 * nth)::uhugeint) & 4294967295::uhugeint)::ubigint;
create macro share(digest, nth) as word(digest, nth)::double / 4294967296::double;
-- Whole seconds and drawn microseconds, so that the last bit of a logarithm never shows.
create macro seconds_and(seconds, microseconds) as
    to_microseconds(floor(seconds)::bigint * 1000000 + microseconds::bigint);
create macro truncated_exponential(share, scale, length) as
    -scale * ln(1 - share * (1 - exp(-length / scale)));
create macro share_by(days, starts, ends, scale) as
    (1 - exp((starts - greatest(starts, least(ends, days))) / scale))
    / (1 - exp((starts - ends) / scale));
-- The room of a session: microseconds from the instant to the end of its day, up to a limit.
create macro room(instant, at_most) as
    least(at_most, epoch_us(date_trunc('day', instant) + interval 1 day) - epoch_us(instant));
"""

# One generation: class, milestones and invitations of the users in `arrivals`.
JOIN_GENERATION = """
insert into members
with
drawn as (
    select
        arrivals.*,
        digest(key, 'class', '') as class_digest,
        digest(key, 'plan', '') as plan_digest,
        {milestone_digests}
    from arrivals
),

classed as (
    select
        drawn.*,
        classes.*,
        channels.pace
    from drawn
    inner join channels on drawn.channel_no = channels.channel_no
    inner join classes
        on classes.class_no = (share(class_digest, 0) >= both_up_to)::int
            + (share(class_digest, 0) >= invite_up_to)::int
            + (share(class_digest, 0) >= document_up_to)::int
),

timed as (
    select
        *,
        {milestone_times}
    from classed
)

select
    key,
    inviter_key,
    account_no,
    created_at,
    channel_no,
    class_no,
    case {plan_cases} end as plan_tier,
    m1_at,
    m2_at,
    m3_at,
    m4_at,
    case when m1_at is not null then case {invitation_cases} end else 0 end as invitation_count,
    {generation} as generation
from timed
"""

MILESTONE_TIME = """case
            when share({m}_digest, 0) < {m}_probability then created_at + seconds_and(
                86400 * ({m}_start + truncated_exponential(
                    share({m}_digest, 1), {m}_scale * pace, {m}_end - {m}_start
                )),
                word({m}_digest, 2) % 1000000
            )
        end as {m}_at"""

FIRST_ARRIVALS = """
create or replace table arrivals as
with
keyed as (
    select
        new_key({seed}, 'user', range) as key,
        digest(key, 'arrival', '') as arrival_digest,
        digest(key, 'account', '') as account_digest
    from range({size})
)

-- The sum of two even draws peaks at noon. Some have no account; some accounts hold many users.
select
    key,
    null::ubigint as inviter_key,
    case
        when share(account_digest, 0) >= 0.12
            then floor({account_count} * pow(share(account_digest, 1), 1.5))::bigint
    end as account_no,
    date '{start}' + calendar.day::int + to_microseconds((
        upper_half(arrival_digest) % 43200000000 + upper_half(account_digest) % 43200000000
    )::bigint) as created_at,
    calendar.channel_no
from keyed
asof join calendar on share(arrival_digest, 0) >= calendar.lower_bound
"""

INVITED_ARRIVALS = """
create or replace table arrivals as
with
invitations as (
    select
        members.*,
        channels.acceptance,
        new_key(key, 'invitation', invitation_no) as invited_key,
        digest(invited_key, 'acceptance', '') as acceptance_digest
    from members
    inner join channels on members.channel_no = channels.channel_no
    cross join range({most_invitations}) as numbers (invitation_no)
    where members.generation = {generation} - 1 and invitation_no < members.invitation_count
),

-- An acceptance always falls within 30 days of the inviter's signup.
accepted as (
    select
        invited_key as key,
        key as inviter_key,
        account_no,
        m1_at + seconds_and(
            truncated_exponential(
                share(acceptance_digest, 1),
                {scale_seconds},
                {window_seconds} - 1 - (epoch_us(m1_at) - epoch_us(created_at)) / 1000000
            ),
            word(acceptance_digest, 2) % 1000000
        ) as created_at,
        {referral} as channel_no
    from invitations
    where share(acceptance_digest, 0) < acceptance
)

select * from accepted where created_at < timestamp '{end}'
"""

# Everybody, numbered by signup. `tenth` is the user who makes an account reach ten.
PEOPLE = """
create table people as
with
numbered as (
    select
        *,
        row_number() over (order by created_at, key) as user_no
    from members
)

select
    member.* exclude (invitation_count, generation, inviter_key),
    member.invitation_count,
    format('user_{{:08d}}', member.user_no) as user_id,
    format('account_{{:07d}}', member.account_no + 1) as account_id,
    format('user_{{:08d}}', inviter.user_no) as invited_by,
    channels.name as install_source,
    member.account_no is not null and 10 = row_number() over (
        partition by member.account_no order by member.user_no
    ) as is_tenth_of_account,
    digest(member.key, 'dirt', '') as dirt_digest
from numbered as member
left join numbered as inviter on member.inviter_key = inviter.key
inner join channels on member.channel_no = channels.channel_no
order by member.user_no
"""

USERS = """
create table users as
with
dirty as (
    select
        *,
        case {dirt_cases} end as dirt,
        word(dirt_digest, 2) as choice
    from people
),

all_rows as (
    select
        user_no,
        user_id,
        account_id,
        created_at,
        plan_tier,
        install_source,
        invited_by,
        null as dirt
    from dirty
    union all
    select
        user_no,
        case
            when dirt = 'future_event' then replace(user_id, 'user', 'future')
            when dirt != 'missing_key' or choice % 2 = 0 then user_id
        end,
        account_id,
        case
            when dirt = 'future_event' then created_at + interval 100 years
            when dirt = 'repeated_later' then least(
                created_at + to_seconds(1 + choice % 172800),
                timestamp '{end}' - interval 1 microsecond
            )
            when dirt != 'missing_key' or choice % 2 = 1 then created_at
        end,
        case when dirt = 'repeated_later' then 'pro' else plan_tier end,
        install_source,
        invited_by,
        dirt
    from dirty
    where dirt is not null
)

select * exclude (user_no) from all_rows order by user_no, dirt nulls first
"""

# Days on which a user of the batch does something ordinary; q(n) as in the module's docstring. The
# latest milestone ends 30 days after the signup, on day 30, so from day 31 on q(n) is R(n).
VISITS = """
create or replace table visits as
with
early_days as (
    select
        people.*,
        day_no,
        classes.events_per_visit,
        digest(key, 'visit', day_no) as visit_digest,
        day_no - (epoch_us(created_at) % 86400000000) / 86400000000 as day_start,
        1 - (1 - if(day_no = 0, day_zero, day_one * pow(day_no, -decay))) / ({idle_product})
            as visit_probability
    from people
    inner join channels on people.channel_no = channels.channel_no
    inner join classes on people.class_no = classes.class_no
    cross join range(31) as numbers (day_no)
    where user_no between {first} and {last} and created_at::date + day_no::int < date '{end}'
),

-- The classes are joined after the unnesting: the other way round DuckDB 2.0.0 fails ("global
-- dictionary column changed identity").
later_days as (
    select
        *,
        unnest(range(31, date '{end}' - created_at::date)) as day_no
    from people
    where user_no between {first} and {last}
),

later_visits as (
    select
        later_days.*,
        classes.events_per_visit,
        digest(key, 'visit', day_no) as visit_digest
    from later_days
    inner join classes on later_days.class_no = classes.class_no
    where share(visit_digest, 0) < day_one * pow(day_no, -decay)
),

visits as (
    select {visit_columns} from early_days where share(visit_digest, 0) < visit_probability
    union all
    select {visit_columns} from later_visits
)

-- Day 0 begins with the signup; another day's session at a time that peaks at noon.
select
    *,
    case
        when day_no = 0 then created_at
        else created_at::date + day_no::int
            + to_seconds(word(visit_digest, 2) % 43200 + word(visit_digest, 3) % 43200)
    end as starts_at,
    1 + least(30, floor(ln(1 - share(visit_digest, 1)) / ln(1 - 1 / events_per_visit)))::int
        as event_count
from visits
"""

# Clean events of the batch. `context` names the vocabulary; `code` is unique within a user.
BATCH = """
create or replace table batch as
with
visit_events as (
    select
        *,
        unnest(range(event_count)) as event_no,
        digest(key, 'event', day_no * 64 + event_no) as event_digest
    from visits
),

ordinary_events as (
    select
        user_no,
        created_at,
        starts_at + to_microseconds((
            upper_half(event_digest)
            % room(starts_at, if(event_no = 0, 60000000, 2700000000))::ubigint
        )::bigint) as happened_at,
        case
            when event_no = 0 then 'user_login'
            when event_no = 1 and day_no = 0 and share(event_digest, 0) < 0.7
                then 'onboarding_completed'
            when event_no = 1 and m3_at < starts_at::date and share(event_digest, 0) < 0.5
                then 'api_call_success'
            when event_no = 2 and m2_at < starts_at::date and share(event_digest, 0) < 0.3
                then 'document_created'
            when event_no = 3 and m4_at < starts_at::date and share(event_digest, 0) < 0.5
                then 'task_completed'
            when event_no = 4 and plan_tier != 'free' and share(event_digest, 0) < 0.2
                then 'paid_feature_used'
            else 'ordinary'
        end as context,
        null as properties,
        (4 << 25) + (day_no << 6) + event_no as code
    from visit_events
),

-- Reported at the start of the tenth user's first visit, so that it makes no further day active.
account_events as (
    select
        user_no,
        created_at,
        starts_at,
        'account_reached_ten_users',
        null,
        5 << 25
    from visits
    where is_tenth_of_account and day_no = 0
),

people_of_batch as (
    select *, digest(key, 'invite', '') as invite_digest
    from people
    where user_no between {first} and {last}
),

signup_events as (
    select user_no, created_at, created_at, 'user_signup', null, 0
    from people_of_batch
),

-- A big invitation goes out in two events on the same day.
invite_events as (
    select
        user_no,
        created_at,
        m1_at + to_microseconds(if(
            part = 0, 0, (upper_half(invite_digest) % room(m1_at, 600000000)::ubigint)::bigint
        )) as happened_at,
        case
            when invitation_count < 3 then if(part = 0, invitation_count, 0)
            when part = 0 then (invitation_count + 1) // 2
            else invitation_count // 2
        end as size,
        case
            when size = 1 and share(invite_digest, 0) < 0.2 then '{{}}'
            when share(invite_digest, 1) < 0.15 then format('{{{{"count": "{{}}"}}}}', size)
            else format('{{{{"count": {{}}}}}}', size)
        end as properties,
        (1 << 25) + part as code
    from people_of_batch
    cross join range(2) as parts (part)
    where m1_at is not null
),

milestone_events as (
    select user_no, created_at, happened_at, 'invite_sent', properties, code
    from invite_events
    where size > 0
    union all
    select user_no, created_at, m2_at, 'document_created', null, (1 << 25) + 2
    from people_of_batch
    where m2_at is not null
    union all
    select user_no, created_at, m3_at, 'api_call_success', null, (1 << 25) + 3
    from people_of_batch
    where m3_at is not null
    union all
    select user_no, created_at, m4_at, 'task_completed', null, (1 << 25) + 4
    from people_of_batch
    where m4_at is not null
),

-- Not meaningful, so on any day.
messages as (
    select
        *,
        digest(key, context, planned_day) as message_digest
    from people_of_batch
    cross join message_plan
),

message_events as (
    select
        user_no,
        created_at,
        created_at + to_seconds(planned_day * 86400 + word(message_digest, 1) % 43200)
            + to_microseconds((word(message_digest, 2) % 1000000)::bigint),
        context,
        null,
        (message_plan_no << 25) + planned_day
    from messages
    where share(message_digest, 0) < probability
),

all_events as (
    select * from ordinary_events
    union all
    select * from account_events
    union all
    select * from signup_events
    union all
    select * from milestone_events
    union all
    select * from message_events
),

in_time as (
    select
        all_events.*,
        people_of_batch.user_id,
        digest(people_of_batch.key, 'row', code) as row_digest
    from all_events
    inner join people_of_batch on all_events.user_no = people_of_batch.user_no
    where happened_at < timestamp '{end}'
)

select
    in_time.* exclude (properties, row_digest),
    vocabulary.event_name,
    coalesce(in_time.properties, vocabulary.properties) as properties,
    case {dirt_cases} end as dirt,
    word(row_digest, 2) as choice
from in_time
inner join vocabulary
    on in_time.context = vocabulary.context and word(row_digest, 1) % 100 = vocabulary.slot
"""

# Identifiers are UUIDs of version 8 (free content): seed, user and event, so unique by construction
# and small when compressed. A planted row that is no duplicate has its own (variant 9).
EVENTS = """
insert into events
with
identified as (
    select
        *,
        lower(lpad(to_hex(user_no), 8, '0')) as user_hex,
        lower(lpad(to_hex(code), 7, '0')) as code_hex,
        '{id_prefix}-8' || user_hex[:3] || '-' || user_hex[4:] || code_hex as clean_id
    from batch
),

all_rows as (
    select
        user_no,
        code,
        if(dirt in ('blank_event_id', 'same_row_again_without_id'), null, clean_id) as event_id,
        user_id,
        event_name,
        happened_at as "timestamp",
        properties,
        if(dirt = 'blank_event_id', dirt, null) as dirt
    from identified
    union all
    select
        user_no,
        code,
        case
            when dirt in ('same_row_again', 'sent_again_later') then clean_id
            when dirt != 'same_row_again_without_id'
                then '{id_prefix}-9' || user_hex[:3] || '-' || user_hex[4:] || code_hex
        end,
        case
            when dirt = 'unknown_user' then replace(user_id, 'user', 'unknown')
            when dirt != 'missing_key' or choice % 3 != 0 then user_id
        end,
        if(dirt = 'missing_key' and choice % 3 = 1, null, event_name),
        case
            when dirt = 'future_event' then happened_at + interval 100 years
            when dirt = 'before_signup' then created_at - to_seconds(1 + choice % 600)
            when dirt = 'sent_again_later' then least(
                happened_at + to_seconds(60 + choice % 172800),
                timestamp '{end}' - interval 1 microsecond
            )
            when dirt != 'missing_key' or choice % 3 != 2 then happened_at
        end,
        properties,
        dirt
    from identified
    where dirt is not null and dirt != 'blank_event_id'
)

select event_id, user_id, event_name, "timestamp", properties, dirt
from all_rows
order by user_no, code, dirt nulls first
"""

COPY_OPTIONS = {
    "parquet": "format parquet, compression zstd",
    "csv": "format csv, header",
    "jsonl": "format json",
}
USERS_PER_BATCH = 50_000


def _cumulative(digest_word: str, shares: dict[str | None, float], rest: str = "") -> str:
    """The branches of a `case` that picks a label by its share of [0, 1)."""
    upper, branches = 0.0, []
    for label, probability in shares.items():
        upper += probability
        value = "null" if label is None else repr(label)
        branches.append(f"when {digest_word} < {upper:.12f} then {value}")
    return "\n        ".join(branches) + rest


def _create_law_tables(connection: duckdb.DuckDBPyConnection, days: int) -> None:
    """The planted law as small tables."""
    connection.execute(MACROS)

    def create(name: str, rows: list[tuple], columns: dict[str, str]) -> None:
        connection.execute(
            f"create table {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})"
        )
        lists = [list(column) for column in zip(*rows, strict=True)]
        values = ", ".join(f"unnest(?::{t}[])" for t in columns.values())
        connection.execute(f"insert into {name} select {values}", lists)

    channels = []
    for number, channel in enumerate(CHANNELS):
        both, invite, document, _ = channel.class_shares
        channels.append(
            (
                number,
                channel.name,
                channel.pace,
                channel.acceptance,
                both,
                both + invite,
                both + invite + document,
            )
        )
    create(
        "channels",
        channels,
        {"channel_no": "int", "name": "varchar"}
        | dict.fromkeys(
            ("pace", "acceptance", "both_up_to", "invite_up_to", "document_up_to"), "double"
        ),
    )
    create(
        "classes",
        [
            (number, EVENTS_PER_VISIT[name], *RETENTION[name])
            + tuple(
                v
                for d in DELAYS[name]
                for v in (d.probability, d.start_days, d.end_days, d.scale_days)
            )
            for number, name in enumerate(CLASSES)
        ],
        {"class_no": "int"}
        | dict.fromkeys(("events_per_visit", "day_zero", "day_one", "decay"), "double")
        | {
            f"{m}_{part}": "double"
            for m in MILESTONES
            for part in ("probability", "start", "end", "scale")
        },
    )
    cells = [
        (day, number, signup_weight(channel, day, days))
        for day in range(days)
        for number, channel in enumerate(CHANNELS)
    ]
    total = math.fsum(weight for *_, weight in cells)
    lower, calendar = 0.0, []
    for day, number, weight in cells:
        if weight:
            calendar.append((day, number, lower / total))
        lower += weight
    create("calendar", calendar, {"day": "int", "channel_no": "int", "lower_bound": "double"})
    ordinary = [
        (name, options[n % len(options)])
        for name, percent, options in ORDINARY_EVENTS
        for n in range(percent)
    ]
    create(
        "vocabulary",
        [("ordinary", slot, *row) for slot, row in enumerate(ordinary)]
        + [
            (name, slot, name, options[slot % len(options)])
            for name, options in (NAMED_EVENTS | {"invite_sent": ("{}",)}).items()
            for slot in range(100)
        ],
        {"context": "varchar", "slot": "int", "event_name": "varchar", "properties": "varchar"},
    )
    create(
        "message_plan",
        [("email_opened", 2, day, EMAIL_SHARE) for day in EMAIL_DAYS]
        + [("notification_received", 3, day, NOTIFICATION_SHARE) for day in NOTIFICATION_DAYS],
        {
            "context": "varchar",
            "message_plan_no": "int",
            "planned_day": "int",
            "probability": "double",
        },
    )


def _create_people(
    connection: duckdb.DuckDBPyConnection, users: int, days: int, seed: int, end: date
) -> None:
    """Generation after generation of users, then all of them, then the rows of the raw table."""
    connection.execute(
        "create table members (key ubigint, inviter_key ubigint, account_no bigint, "
        "created_at timestamp, channel_no int, class_no int, plan_tier varchar, m1_at timestamp, "
        "m2_at timestamp, m3_at timestamp, m4_at timestamp, invitation_count int, generation int)"
    )
    plan_cases = "\n        ".join(
        f"when class_no = {number} then case "
        + _cumulative(
            "share(plan_digest, 0)", dict(zip(PLAN_TIERS, PLAN_TIER_SHARES[name], strict=True))
        )
        + " end"
        for number, name in enumerate(CLASSES)
    )
    join_generation = JOIN_GENERATION.format(
        milestone_digests=",\n        ".join(
            f"digest(key, '{m}', '') as {m}_digest" for m in MILESTONES
        ),
        milestone_times=",\n        ".join(MILESTONE_TIME.format(m=m) for m in MILESTONES),
        plan_cases=plan_cases,
        invitation_cases=_cumulative("share(plan_digest, 1)", INVITATIONS),
        generation="{generation}",
    )
    size = _first_generation_size(users, days)
    connection.execute(
        FIRST_ARRIVALS.format(
            seed=seed, size=size, account_count=max(1, size * 6 // 10), start=START_DATE
        )
    )
    generation = 0
    while connection.execute("select count(*) from arrivals").fetchone()[0]:
        connection.execute(join_generation.format(generation=generation))
        generation += 1
        connection.execute(
            INVITED_ARRIVALS.format(
                generation=generation,
                most_invitations=max(INVITATIONS),
                scale_seconds=ACCEPTANCE_SCALE_DAYS * 86_400,
                window_seconds=INVITATION_WINDOW_DAYS * 86_400,
                referral=REFERRAL,
                end=end,
            )
        )
    connection.execute(PEOPLE.format())
    connection.execute(
        USERS.format(end=end, dirt_cases=_cumulative("share(dirt_digest, 0)", USER_DIRT))
    )


def _create_events(
    connection: duckdb.DuckDBPyConnection, seed: int, end: date, step: Callable[[int], None]
) -> None:
    """The raw table of events, one batch of users after the other, so that memory stays bounded."""
    connection.execute(
        "create table events (event_id varchar, user_id varchar, event_name varchar, "
        '"timestamp" timestamp, properties varchar, dirt varchar)'
    )
    idle_product = "\n            * ".join(
        f"(1 - {m}_probability * (share_by(day_start + 1, {m}_start, {m}_end, {m}_scale * pace)"
        f" - share_by(day_start, {m}_start, {m}_end, {m}_scale * pace)))"
        for m in MILESTONES
    )
    visit_columns = (
        "key, user_no, day_no, created_at, m2_at, m3_at, m4_at, plan_tier, is_tenth_of_account, "
        "events_per_visit, visit_digest"
    )
    hexadecimal = connection.execute("select md5(concat('seed:', ?::bigint))", [seed]).fetchone()[0]
    id_prefix = f"{hexadecimal[:8]}-{hexadecimal[8:12]}-8{hexadecimal[12:15]}"
    user_count = connection.execute("select count(*) from people").fetchone()[0]
    for first in range(1, user_count + 1, USERS_PER_BATCH):
        batch = {"first": first, "last": min(first + USERS_PER_BATCH - 1, user_count), "end": end}
        connection.execute(
            VISITS.format(idle_product=idle_product, visit_columns=visit_columns, **batch)
        )
        connection.execute(
            BATCH.format(dirt_cases=_cumulative("share(row_digest, 0)", EVENT_DIRT), **batch)
        )
        connection.execute(EVENTS.format(id_prefix=id_prefix, end=end))
        step(batch["last"] - first + 1)


def _refuse_wrong_arguments(
    users: int, days: int, seed: int, out: Path, file_format: str, threads: int | None
) -> None:
    for name, value, least in (("users", users, 1), ("days", days, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ValueError(
                f"{name} must be a whole number of at least {least}, but is {value!r}."
            )
    if threads is not None and (
        isinstance(threads, bool) or not isinstance(threads, int) or threads < 1
    ):
        raise ValueError(f"threads must be a whole number of at least 1, but is {threads!r}.")
    if users > 50_000_000:
        raise ValueError(f"users must be at most 50000000, but is {users}.")
    if days > 3_650:
        raise ValueError(f"days must be at most 3650 (ten years), but is {days}.")
    if seed >= 2**63:
        raise ValueError(f"seed must be less than 2**63, but is {seed}.")
    if file_format not in COPY_OPTIONS:
        raise ValueError(
            f"format must be one of {', '.join(COPY_OPTIONS)}, but is {file_format!r}."
        )
    if out.exists() and not out.is_dir():
        raise ValueError(f"out must be a folder, but {out} is a file.")
    for table in ("users", "events"):
        for other in [f"{table}.{e}{z}" for e in COPY_OPTIONS for z in ("", ".gz")] + [table]:
            if other != f"{table}.{file_format}" and (out / other).exists():
                raise ValueError(
                    f"{out} already holds {other}, and two versions of {table} would be ambiguous: "
                    "remove it or choose another folder."
                )


def generate(
    out: str | Path,
    users: int = 5_000,
    days: int = 180,
    seed: int = 7,
    file_format: str = "parquet",
    memory_limit: str = "3GB",
    threads: int | None = None,
    progress: bool = False,
) -> PlantedTruth:
    """Write the raw tables `users` and `events` of a simulated product into a folder.

    Args:
        out: folder to write to, created if need be; tables of the same format are replaced.
        users: number of clean users, about: how many are invited is drawn. At least 1.
        days: length of the history in days from START_DATE on. At least 1.
        seed: whole number from 0 on; another seed gives unrelated data, the same the same bytes.
        file_format: parquet (zstd), csv or jsonl.
        memory_limit: memory that DuckDB may use, such as 3GB; beyond it, it spills into `out`.
        threads: threads that DuckDB may use, by default all; the rows do not depend on it.
        progress: show a progress bar on standard error.

    Returns:
        The planted values and the number of dirty rows.

    Raises:
        ValueError: an argument is out of range, `out` is a file or holds the tables in another
            format, or the planted law contradicts itself.
    """
    out = Path(out)
    _refuse_wrong_arguments(users, days, seed, out, file_format, threads)
    _refuse_impossible_law()
    end = START_DATE + timedelta(days=days)
    out.mkdir(parents=True, exist_ok=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not progress,
    )
    with tempfile.TemporaryDirectory(prefix=".generate-", dir=out) as workdir, bar:
        connection = duckdb.connect(str(Path(workdir) / "work.duckdb"))
        try:
            task = bar.add_task("Users sign up", total=None)
            connection.execute("set preserve_insertion_order = true")
            connection.execute("set temp_directory = ?", [str(Path(workdir) / "spill")])
            try:
                connection.execute("set memory_limit = ?", [memory_limit])
            except duckdb.Error as error:
                raise ValueError(
                    f"memory_limit must be a size such as 3GB, but is {memory_limit!r}."
                ) from error
            if threads is not None:
                connection.execute(f"set threads = {threads}")
            _create_law_tables(connection, days)
            _create_people(connection, users, days, seed, end)
            user_count = connection.execute("select count(*) from people").fetchone()[0]
            bar.update(task, description="Users are active", total=user_count)
            _create_events(connection, seed, end, lambda done: bar.advance(task, done))
            truth = _truth(connection, users, days, seed)
            bar.update(task, description="Files are written")
            for table in ("users", "events"):
                file = str(Path(workdir) / table).replace("'", "''")
                connection.execute(
                    f"copy (select * exclude (dirt) from {table}) to '{file}' "
                    f"({COPY_OPTIONS[file_format]})"
                )
        finally:
            connection.close()
        for table in ("users", "events"):
            os.replace(Path(workdir) / table, out / f"{table}.{file_format}")
    return truth


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns the exit code: 0, or 2 after a message on what went wrong."""
    parser = argparse.ArgumentParser(
        description="Simulate raw users and events with a planted truth."
    )
    parser.add_argument(
        "--users", type=int, default=5_000, help="users, about (default: %(default)s)"
    )
    parser.add_argument(
        "--days", type=int, default=180, help=f"days from {START_DATE} on (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=7, help="same seed, same rows (default: %(default)s)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("sample"), help="folder (default: %(default)s)"
    )
    parser.add_argument(
        "--format", choices=COPY_OPTIONS, default="parquet", help="default: %(default)s"
    )
    parser.add_argument(
        "--memory-limit", default="3GB", help="of DuckDB, then it spills (default: %(default)s)"
    )
    parser.add_argument("--threads", type=int, help="of DuckDB (default: all)")
    parser.add_argument(
        "--truth", type=Path, help="also write the planted values to this JSON file"
    )
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        truth = generate(
            options.out,
            users=options.users,
            days=options.days,
            seed=options.seed,
            file_format=options.format,
            memory_limit=options.memory_limit,
            threads=options.threads,
            progress=True,
        )
        if options.truth:
            options.truth.write_text(json.dumps(asdict(truth), indent=2) + "\n")
    except (ValueError, OSError, duckdb.OutOfMemoryException) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(
        f"{truth.user_count:,} users, {truth.event_count:,} events and "
        f"{sum(truth.removed_row_counts.values()):,} dirty rows to {options.out} "
        f"in {time.monotonic() - started:.1f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
