"""The marts of quality."""

from __future__ import annotations

from tests.oracle.population import Population, mart
from tests.oracle.raw_files import Row


@mart
def data_quality_by_rule(population: Population) -> list[Row]:
    return [
        {
            "rule_name": rule,
            "row_count": removal.row_count,
            "first_seen_at": removal.first_seen_at,
            "last_seen_at": removal.last_seen_at,
        }
        for rule, removal in population.removals.items()
    ]
