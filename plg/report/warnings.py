"""What a build says of its data: warnings, and who or what the numbers leave out."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from plg.report.sources import Query

# Those about data come before those about definitions, as in the macro warning_messages.
WARNINGS_SQL = """
    select warning_id, message
    from marts.build_warnings
    order by case when row_rate is null then 1 else 0 end, warning_id, table_name, subject
"""
# The end of the data, and the newest record.
END_SQL = "select observed_until_at, last_record_at from intermediate.int_observation"
# The time zone of dates.
ZONE_SQL = """
    select reporting_timezone, observed_until_at, observed_until_date
    from intermediate.int_observation
"""
# Since when events are complete, and how many users signed up before, of how many.
LEFT_OUT_SQL = """
    select
        (select observed_from_at from intermediate.int_observation),
        count(case when not is_in_rates then 1 end),
        count(*)
    from intermediate.int_cohort_members
    where cohort_anchor = 'signup'
"""
# An observed_until further than this behind the last record closes windows that nobody watched.
UNWATCHED = dt.timedelta(days=1)
# Messages shown of one kind of warning, as in the macro show_warnings: a long list must not bury the others.
MOST_OF_A_KIND = 5


def read_warnings(query: Query) -> list[str]:
    """What the build found wrong with data and settings: sentences, as the macro show_warnings says them."""
    counts: Counter[str] = Counter()
    sentences = []
    for warning_id, message in query(WARNINGS_SQL):
        counts[warning_id] += 1
        if counts[warning_id] <= MOST_OF_A_KIND:
            sentences.append(f"{warning_id}: {message}")
    for warning_id, count in counts.items():
        if count > MOST_OF_A_KIND:
            sentences.append(
                f"{warning_id}: {count - MOST_OF_A_KIND} more, in the mart build_warnings."
            )
    return sentences


def read_notes(query: Query) -> list[str]:
    """Sentences about what a reader of every number has to know."""
    return [*_zone(query), *_left_out(query), *_unwatched(query)]


def _zone(query: Query) -> list[str]:
    """The time zone of dates, and the date that is open there."""
    zone, observed_until, last_date = query(ZONE_SQL)[0]
    if zone == "UTC":
        return []
    return [
        f"Dates, weeks and months are in {zone} (the var reporting_timezone), times in UTC. "
        f"The data end at {observed_until:%Y-%m-%d %H:%M} UTC. In {zone}, {last_date} has not ended then and "
        "counts as open."
    ]


def _left_out(query: Query) -> list[str]:
    """Who is in no rate, as the events of the first days were never recorded."""
    observed_from, left_out, users = query(LEFT_OUT_SQL)[0]
    if not left_out:
        return []
    return [
        f"{left_out:,} of {users:,} users signed up before {observed_from:%Y-%m-%d %H:%M} UTC (the var "
        "observed_from): no rate and no survival curve counts them."
    ]


def _unwatched(query: Query) -> list[str]:
    """An end of the data that was chosen, and lies behind the last record."""
    observed_until, last_record = query(END_SQL)[0]
    if last_record is None or observed_until - last_record <= UNWATCHED:
        return []
    return [
        f"The last record is of {last_record:%Y-%m-%d %H:%M} UTC. Windows that end after it and "
        "before observed_until count as closed, though nobody watched."
    ]
