"""The time zone in which a day begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timezone
from functools import cached_property
from zoneinfo import ZoneInfo

# Names of one zone, in which nothing differs from UTC.
NAMES_OF_UTC = frozenset(
    {"UTC", "UCT", "Universal", "Zulu", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu"}
)


@dataclass(frozen=True)
class Zone:
    """The zone of the var reporting_timezone."""

    name: str = "UTC"

    @cached_property
    def rules(self) -> ZoneInfo:
        return ZoneInfo(self.name)

    @property
    def is_utc(self) -> bool:
        return self.name in NAMES_OF_UTC

    def date_of(self, instant: datetime) -> date:
        """The date that the wall clock shows at an instant, which is naive UTC."""
        if self.is_utc:
            return instant.date()
        return instant.replace(tzinfo=timezone.utc).astimezone(self.rules).date()


UTC = Zone()
