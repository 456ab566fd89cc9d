"""What the input decided, choice by choice: when each thing was seen that it was made for."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from tests.oracle.population import Population
from tests.oracle.raw_files import (
    RawAccount,
    RawAlias,
    RawEvent,
    RawHistory,
    RawRow,
    RawSubscription,
    RawUser,
)

# By the table and the decision; None for what has no time.
Decisions = dict[tuple[str, str], list[datetime | None]]
# The column that says when a row of a table was seen.
SEEN_AT: dict[type, str] = {
    RawUser: "created_at",
    RawEvent: "timestamp",
    RawAlias: "aliased_at",
    RawAccount: "created_at",
    RawSubscription: "started_at",
    RawHistory: "observed_until_at",
}


def delivered_at(row: RawRow | None) -> datetime | None:
    """When a row says that it happened; None for one that can't be read."""
    return None if row is None else getattr(row, SEEN_AT[type(row)])


def decisions(population: Population) -> Decisions:
    """Those that the canonical source can make."""
    found: Decisions = {}
    for table_name, outcomes in population.outcomes.items():
        found[table_name, "delivered"] = [delivered_at(o.row) for o in outcomes]
        found[table_name, "counted"] = [delivered_at(o.row) for o in outcomes if o.rule is None]
    return found | decisions_of_events(population) | decisions_of_people(population)


def decisions_of_events(population: Population) -> Decisions:
    rows = [outcome.row for outcome in population.outcomes["events"] if outcome.row]
    named = [row for row in rows if None not in (row.event_name, row.raw_event_name)]
    spellings = defaultdict(set)
    for row in named:
        spellings[row.event_name].add(row.raw_event_name)
    return {
        ("events", "name_changed"): [
            row.timestamp for row in named if row.event_name != row.raw_event_name
        ],
        ("events", "name_shared"): [
            row.timestamp for row in rows if len(spellings[row.event_name]) > 1
        ],
        ("events", "id_illegal"): [row.timestamp for row in population.events_with_illegal_id],
    }


def decisions_of_people(population: Population) -> Decisions:
    signups = {user.user_id: user.created_at for user in population.users}
    return {
        ("aliases", "resolved_id"): [link.made_at for link in population.identity.links.values()],
        ("segments", "value_in_other"): [
            signups[user_id]
            for moved in population.segment_values.moved.values()
            for user_id in moved
        ],
    }
