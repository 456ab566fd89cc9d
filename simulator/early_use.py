"""What users do on their first days beside the milestones: projects, outputs, paid features.

All of it happens on dates on which the user is active anyway, so it changes no planted retention. It
draws from digests of its own, so it changes no other event. One day is planned per user and event, and
a user is active on day n with the probability R(n), so the shares are exact.
"""

from __future__ import annotations

from simulator.law import CHANNELS, EARLY_USE, TOUR_CHANNEL, TOUR_FROM, TOUR_SHARE
from simulator.law_tables import cumulative

_LAST_DAY = max(day for _, days in EARLY_USE.values() for day in days)
_TOUR_CHANNEL_NO = [channel.name for channel in CHANNELS].index(TOUR_CHANNEL)
TOUR_CODE = (7 << 25) + 16  # of the events of the tour, among all of a user


def _planned_days(days: dict[int, float]) -> str:
    """The planned day, as SQL over early_digest."""
    labels = {str(day): share for day, share in days.items()}
    return f"case {cumulative('share(early_digest, 1)', labels)} end"


_PLANNED = "\n    union all\n    ".join(
    f"select *, '{name}' as context, digest(key, 'early', '{name}') as early_digest, "
    f"{_planned_days(days)}::int as planned_day, {(7 << 25) + 8 + number} as code "
    f"from dates where share(early_digest, 0) < {share}"
    for number, (name, (share, days)) in enumerate(EARLY_USE.items())
)

# Clean events of the batch's users, read by the batch of all events.
EARLY_USE_EVENTS = f"""
create or replace table early_use_events as
with
milestones as (
    select
        user_no,
        key,
        created_at,
        unnest([m1_at, m2_at, m3_at, m4_at]) as starts_at
    from people
    where user_no between {{first}} and {{last}}
),

activity as (
    select user_no, key, created_at, day_no, starts_at
    from visits
    where day_no <= {_LAST_DAY}
    union all
    select user_no, key, created_at, starts_at::date - created_at::date as day_no, starts_at
    from milestones
    where starts_at::date - created_at::date <= {_LAST_DAY}
),

-- The dates on which a user is active, each with the first that makes it so.
dates as (
    select
        user_no,
        key,
        created_at,
        day_no,
        min(starts_at) as starts_at
    from activity
    group by user_no, key, created_at, day_no
),

planned as (
    {_PLANNED}
),

on_tour as (
    select
        dates.*,
        digest(dates.key, 'early', 'tour') as early_digest
    from dates
    inner join people on dates.user_no = people.user_no
    where people.channel_no = {_TOUR_CHANNEL_NO} and people.created_at >= date '{TOUR_FROM}'
        and day_no = 0 and share(early_digest, 0) < {TOUR_SHARE}
)

select
    user_no,
    created_at,
    later(starts_at, word(early_digest, 2), 2700) as happened_at,
    context,
    null as properties,
    code
from planned
where day_no = planned_day
union all
select
    user_no,
    created_at,
    later(starts_at, word(early_digest, 2), 2700),
    'paid_feature_used',
    null,
    {TOUR_CODE}
from on_tour
"""
