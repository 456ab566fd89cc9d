"""The warnings of what the definitions say and no row has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from tests.oracle.population import Population
from tests.oracle.raw_files import column_of
from tests.oracle.values import read_id
from tests.oracle.warnings_of_rows import Finding


def definition_matches_nothing(population: Population) -> Iterator[Finding]:
    if not population.events:
        return
    definitions = population.definitions
    missing = {("milestones", m.event_name) for m in definitions.milestones}
    missing |= {
        ("event_catalog", row["event_name"]) for row in definitions.own_rows["event_catalog"]
    }
    missing |= {
        (seed, row["event_name"])
        for seed in ("funnels", "funnel_exclusions")
        for row in definitions.own_rows[seed]
        # A step without one is the signup.
        if row["event_name"] is not None
    }
    missing |= {
        ("pql_signals", row["triggered_by_event"])
        for row in definitions.own_rows["pql_signals"]
        if row["triggered_by_event"] is not None
    }
    missing |= {
        (seed, row["triggered_by_event"])
        for seed in ("playbooks", "propensity_behaviors")
        for row in definitions.own_rows[seed]
        if row["triggered_by_event"] is not None
    }
    subjects = {
        (seed, event_name)
        for seed, event_name in missing
        if event_name not in population.event_names
    }
    subjects |= fits_of_nobody(population) | exclusions_of_nobody(population)
    subjects |= segments_of_nobody(population)
    for seed, subject in sorted(subjects):
        yield Finding(seed, subject, 0, None)


def fits_of_nobody(population: Population) -> set[tuple[str, str]]:
    return {
        ("pql_signals", f"{row['user_column']} = {row['user_value']}")
        for row in population.definitions.own_rows["pql_signals"]
        if row["user_column"] is not None
        and all(getattr(user, row["user_column"]) != row["user_value"] for user in population.users)
    }


def exclusions_of_nobody(population: Population) -> set[tuple[str, str]]:
    excluded_rows = {
        outcome.person
        for table_name in ("users", "events")
        for outcome in population.outcomes[table_name]
        if outcome.rule == "excluded_user"
    }
    resolve = population.identity.resolve
    return {
        ("excluded_users", read_id(row["user_id"]))
        for row in population.definitions.own_rows["excluded_users"]
        if resolve(read_id(row["user_id"])) not in excluded_rows
    }


def segments_of_nobody(population: Population) -> set[tuple[str, str]]:
    """The types whose column holds nothing, in all rows of its table that count."""
    own = {row["segment_type"] for row in population.definitions.own_rows["segments"]}
    return {
        ("segments", segment_type.name)
        for segment_type in population.definitions.segment_types
        if segment_type.name in own
        and all(
            column_of(row, segment_type.source_column) is None
            for row in population.rows_that_count(segment_type.source_table)
        )
    }


def weights_not_one(population: Population) -> Iterator[Finding]:
    milestones = population.definitions.milestones
    if sum(milestone.weight for milestone in milestones) != 1:
        yield Finding("milestones", "weight", len(milestones), None)


def pql_is_activation(population: Population) -> Iterator[Finding]:
    bound = population.definitions.lowest_qualified_bound
    for path, milestones in population.definitions.paths.items():
        weights = [milestone.weight for milestone in milestones if milestone.is_required]
        # A path that requires nothing activates nobody.
        if weights and bound is not None and sum(weights, Decimal(0)) * 100 >= bound:
            yield Finding("pql_bands", path, len(weights), None)


WARNINGS_OF_DEFINITIONS: dict[str, Callable[[Population], Iterator[Finding]]] = {
    function.__name__: function
    for function in (definition_matches_nothing, weights_not_one, pql_is_activation)
}
