"""Checks PLG_SOURCE_TIME_ZONE, before a build. The macro source_time_zone reads it in the same way."""

from __future__ import annotations

import pytz


def check_source_zone(name: str) -> list[str]:
    """A sentence if there is no IANA time zone of this name.

    Args:
        name: PLG_SOURCE_TIME_ZONE.
    """
    if name in pytz.all_timezones_set:
        return []
    return [
        f"PLG_SOURCE_TIME_ZONE is {name}, which is no IANA time zone; write a name such as UTC, "
        "Europe/Berlin or America/New_York, with its capitals."
    ]
