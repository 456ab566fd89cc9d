"""What a build says of its data: warnings, and how far apart its records lie."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from plg.report.sources import Query

WARNINGS_SQL = """
    select warning_id, message
    from marts.build_warnings
    order by warning_id, table_name, subject
"""
# The end of the data, the newest record, and the last date before it on which somebody was active.
SILENCE_SQL = """
    select
        min(observation.observed_until_at),
        min(observation.last_record_at),
        max(case when days.dau > 0 then days.activity_date end)
    from intermediate.int_observation as observation
    left join marts.active_users_by_day as days
        on days.segment_type = 'all' and days.activity_date < cast(observation.last_record_at as date)
"""
# An observed_until further than this behind the last record closes windows that nobody watched.
UNWATCHED = dt.timedelta(days=1)
# So long before the newest record somebody should have been active.
LONGEST_SILENCE = dt.timedelta(days=28)
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
    """Sentences about records and the end of the data that lie far apart."""
    observed_until, last_record, last_active = query(SILENCE_SQL)[0]
    if last_record is None:
        return []
    if observed_until - last_record > UNWATCHED:
        return [
            f"The last record is of {last_record:%Y-%m-%d %H:%M} UTC. Windows that end after it and "
            "before observed_until count as closed, though nobody watched."
        ]
    is_said = any(warning_id == "newest_instant_alone" for warning_id, _ in query(WARNINGS_SQL))
    if observed_until == last_record and last_active and not is_said:
        silence = last_record.date() - last_active
        if silence > LONGEST_SILENCE:
            return [
                f"Nobody was active in the {silence.days - 1:,} days before the newest record, of "
                f"{last_record:%Y-%m-%d %H:%M} UTC, and it closes every window. If its clock was wrong, "
                f"set the var observed_until to {last_active + dt.timedelta(days=1)}."
            ]
    return []
