"""The marts of quality."""

from __future__ import annotations

from collections.abc import Iterator

from tests.oracle.arithmetic import rate
from tests.oracle.cleaning import RULES
from tests.oracle.decisions import decisions
from tests.oracle.population import Population, mart
from tests.oracle.raw_files import Row
from tests.oracle.warnings_of_definitions import WARNINGS_OF_DEFINITIONS
from tests.oracle.warnings_of_rows import WARNINGS_OF_ROWS


@mart
def data_quality_by_rule(population: Population) -> list[Row]:
    return [
        removals(population, table_name, rule) for table_name in RULES for rule in RULES[table_name]
    ]


def removals(population: Population, table_name: str, rule: str) -> Row:
    delivered = population.outcomes[table_name]
    removed = [outcome for outcome in delivered if outcome.rule == rule]
    seen_at = [outcome.seen_at for outcome in removed if outcome.seen_at is not None]
    return {
        "table_name": table_name,
        "rule_name": rule,
        "row_count": len(removed),
        "row_rate": rate(len(removed), len(delivered)),
        "first_seen_at": min(seen_at, default=None),
        "last_seen_at": max(seen_at, default=None),
    }


@mart
def input_by_decision(population: Population) -> list[Row]:
    """Of the canonical source."""
    return [
        {
            "table_name": table_name,
            "decision": decision,
            "row_count": len(instants),
            "first_seen_at": min(filter(None, instants), default=None),
            "last_seen_at": max(filter(None, instants), default=None),
        }
        for (table_name, decision), instants in decisions(population).items()
    ]


@mart
def build_warnings(population: Population) -> list[Row]:
    """Without the columns for people, example and message."""
    return list(all_warnings(population))


def all_warnings(population: Population) -> Iterator[Row]:
    for warnings in (WARNINGS_OF_ROWS, WARNINGS_OF_DEFINITIONS):
        for warning_id, find in warnings.items():
            for finding in find(population):
                yield {"warning_id": warning_id, **finding._asdict()}
