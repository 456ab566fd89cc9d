"""What each adapter must give, in plain Python, from the definitions alone.

    from tests.adapters.expected import read_export
    read_export("amplitude", {"events": [...], "merged_ids": [...]}, Settings()).users

Nothing here reads the models or macros of the project.
"""

from __future__ import annotations

from importlib import import_module

from tests.adapters.expected.result import (
    SHARED,
    Canonical,
    Settings,
    decide_on_events,
    decide_on_users,
)
from tests.adapters.expected.tables import Tables, lowered

__all__ = ["SOURCES", "Canonical", "Settings", "all_decisions", "read_export"]

# RudderStack writes Segment's tables.
SOURCES = ("segment", "amplitude", "mixpanel", "posthog", "snowplow", "ga4")


def read_export(source: str, tables: Tables, settings: Settings | None = None) -> Canonical:
    """The canonical rows of a vendor's tables.

    Args:
        source: one of SOURCES.
        tables: rows by the name of the table, each a dict from column to value as a file holds it.
        settings: of the build.
    """
    module = import_module(f"tests.adapters.expected.{source}")
    canonical = Canonical()
    canonical.may_decide(module.DECISIONS)
    module.read(lowered(tables), settings or Settings(), canonical)
    decide_on_events(canonical)
    decide_on_users(canonical)
    return canonical


def all_decisions() -> set[tuple[str, str]]:
    """The decisions that some source can make, each with its table."""
    modules = (import_module(f"tests.adapters.expected.{source}") for source in SOURCES)
    return {*SHARED, *(decision for module in modules for decision in module.DECISIONS)}
