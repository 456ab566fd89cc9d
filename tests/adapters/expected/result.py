"""What an adapter has to give, and the settings on which that depends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tests.adapters.expected.values import Row

# The decisions of all sources; each source adds its own.
SHARED = (
    ("users", "signup_from_signup_event"),
    ("users", "signup_from_first_seen"),
    ("users", "signup_unknown"),
    ("events", "name_changed"),
    ("events", "name_shared"),
    ("events", "id_illegal"),
)


@dataclass(frozen=True)
class Settings:
    """The settings of a build that an adapter reads.

    Attributes:
        signup_events: the var signup_event.
        unknown_signup_days: the var of that name.
        account_group: PLG_ACCOUNT_GROUP; empty where the data decide.
        time_zone: PLG_SOURCE_TIME_ZONE.
    """

    signup_events: tuple[str, ...] = ("user_signup",)
    unknown_signup_days: int = 30
    account_group: str = ""
    time_zone: str = "UTC"


@dataclass
class Decision:
    """How often something was decided, and when the rows were seen that it concerns."""

    row_count: int = 0
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None

    def add(self, seen_at: datetime | None) -> None:
        self.row_count += 1
        if seen_at is not None:
            self.first_seen_at = min(self.first_seen_at or seen_at, seen_at)
            self.last_seen_at = max(self.last_seen_at or seen_at, seen_at)


@dataclass
class Canonical:
    """The canonical rows of a vendor's tables, and what was decided on the way.

    Attributes:
        users, events, aliases, accounts: rows, in any order. The properties of events are objects;
            None where there are none.
        decisions: by table and decision, zeros included.
    """

    users: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    aliases: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=list)
    decisions: dict[tuple[str, str], Decision] = field(default_factory=dict)

    def may_decide(self, decisions: Iterable[tuple[str, str]]) -> None:
        for decision in (*SHARED, *decisions):
            self.decisions.setdefault(decision, Decision())

    def decide(self, table: str, decision: str, seen_at: datetime | None) -> None:
        self.decisions[table, decision].add(seen_at)


def decide_on_events(canonical: Canonical) -> None:
    """Counts what the rows of events themselves say."""
    flags = {
        "has_illegal_id": "id_illegal",
        "has_fallback_time": "time_from_fallback",
        "is_zone_applied": "time_zone_applied",
        "is_person_at_ingestion": "person_at_ingestion",
    }
    spellings: dict[object, set[object]] = {}
    for event in canonical.events:
        for flag, decision in flags.items():
            if event[flag]:
                canonical.decide("events", decision, event["timestamp"])
        if event["event_name"] is not None:
            spellings.setdefault(event["event_name"], set()).add(event["raw_event_name"])
            if event["raw_event_name"] != event["event_name"]:
                canonical.decide("events", "name_changed", event["timestamp"])
    shared = {name for name, found in spellings.items() if len(found) > 1}
    for event in canonical.events:
        if event["event_name"] in shared:
            canonical.decide("events", "name_shared", event["timestamp"])


def decide_on_users(canonical: Canonical) -> None:
    """Counts where the signups came from."""
    for user in canonical.users:
        found_by = user["signup_found_by"]
        decision = "signup_unknown" if found_by == "unknown" else f"signup_from_{found_by}"
        canonical.decide("users", decision, user["created_at"])


def new_event(**values: object) -> Row:
    """A row of events; what is not named is null or false."""
    row: Row = dict.fromkeys(
        (
            "event_id",
            "user_id",
            "anonymous_id",
            "event_name",
            "raw_event_name",
            "timestamp",
            "received_at",
            "properties",
        )
    )
    flags = ("has_fallback_time", "is_zone_applied", "has_illegal_id", "is_person_at_ingestion")
    row |= dict.fromkeys(flags, False)
    row |= values
    row["properties"] = row["properties"] or None
    return row
