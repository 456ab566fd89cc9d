"""Checks PLG_SOURCE_TIME_ZONE, before a build. The macro source_time_zone reads it in the same way."""

from __future__ import annotations

from plg.definitions.dbt_vars import ZONE_EXAMPLES, is_time_zone


def check_source_zone(name: str) -> list[str]:
    """A sentence if there is no IANA time zone of this name.

    Args:
        name: PLG_SOURCE_TIME_ZONE.
    """
    if is_time_zone(name):
        return []
    return [
        f"PLG_SOURCE_TIME_ZONE is {name}, which is no IANA time zone; write a name such as "
        f"{ZONE_EXAMPLES}, with its capitals."
    ]
