"""Says in sentences where a variant's mart differs from the project's, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

COHORT = ("cohort_grain", "cohort_date", "segment_type", "segment_value")
# What tells the rows of each mart apart.
KEYS = {
    "activation_by_cohort": (*COHORT, "window_days"),
    "milestone_completion_by_cohort": (*COHORT, "milestone_id"),
    "time_to_first_value_by_cohort": COHORT,
    "time_to_first_value_curve": ("segment_type", "segment_value", "day_number"),
    "milestone_velocity_by_cohort": (*COHORT, "path", "from_milestone_id", "to_milestone_id"),
    "retention_by_cohort": (*COHORT, "cohort_anchor", "period_grain", "period_number"),
    "active_users_by_day": ("activity_date", "segment_type", "segment_value"),
    "growth_accounting_by_week": ("week_start_date", "segment_type", "segment_value"),
    "viral_coefficient_by_cohort": COHORT,
    "pql_scores": ("user_id",),
    "pql_conversion_by_cohort": COHORT,
    "kpi_scorecard": ("metric_id", "week_start_date"),
    "data_quality_by_rule": ("rule_name",),
}
# The core scripts leave out three marts, and of the others the columns that match.
NOT_IN_CORE = ("time_to_first_value_curve", "pql_conversion_by_cohort", "kpi_scorecard")
COLUMNS_NOT_IN_CORE = (
    ".*_ci_(lower|upper)|km_median_time_to_first_value_days|milestone_(band|action)"
    "|(behavior|fit)_points|points_(score|band|action)"
)
RELATIVE_TOLERANCE = 1e-9
# Below it a double is zero: where a formula should cancel out and one of two ways rounds.
ABSOLUTE_TOLERANCE = 1e-12


def differences(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    ours: str,
    theirs: str,
    omitted: str = "",
    limit: int = 5,
) -> list[str]:
    """What differs in a mart, at most `limit` sentences for each kind; none where all cells agree.

    Rows are compared where the keys agree, in any order. Doubles may differ by a billionth of their
    size; everything else is equal or not, and null is equal to null only.

    Args:
        connection: one that sees both relations.
        mart: one of KEYS.
        ours: the project's mart, as an expression that may stand after `from`.
        theirs: the variant's.
        omitted: regular expression of the columns that the variant may lack.
        limit: how many examples of each kind to name.
    """
    our_types = _column_types(connection, ours)
    their_types = _column_types(connection, theirs)
    allowed = set()
    if omitted:
        allowed = {
            name
            for name in our_types
            if connection.execute("select regexp_full_match(?, ?)", [name, omitted]).fetchone()[0]
        }
    missing = our_types.keys() - their_types.keys() - allowed
    surplus = their_types.keys() - our_types.keys()
    found = [f"{mart}: column {name} is missing" for name in sorted(missing)]
    found += [f"{mart}: column {name} is not in the project's mart" for name in sorted(surplus)]
    keys = KEYS[mart]
    if not set(keys) <= their_types.keys():
        return found
    key_list = ", ".join(keys)
    repeated = connection.execute(
        f"select {key_list} from {theirs} group by all having count(*) > 1 "
        f"order by all limit {limit}"
    ).fetchall()
    found += [f"{mart}: {_name(keys, row)} stands more than once" for row in repeated]
    joined = f"(select *, true as is_there from {ours}) as ours full join " + (
        f"(select *, true as is_there from {theirs}) as theirs on "
        + " and ".join(f"ours.{key} is not distinct from theirs.{key}" for key in keys)
    )
    both_keys = ", ".join(f"coalesce(ours.{key}, theirs.{key})" for key in keys)
    for side, condition in (
        ("missing", "theirs.is_there is null"),
        ("not in the project's mart", "ours.is_there is null"),
    ):
        rows = connection.execute(
            f"select {both_keys} from {joined} where {condition} order by all limit {limit}"
        ).fetchall()
        found += [f"{mart}: {_name(keys, row)} is {side}" for row in rows]
    columns = [name for name in our_types if name in their_types and name not in keys]
    # One pass says which columns differ; only those are looked at again.
    tests = {
        name: _differ(name, "DOUBLE" in (our_types[name], their_types[name])) for name in columns
    }
    in_both = f"from {joined} where ours.is_there and theirs.is_there"
    counts = dict.fromkeys(columns, 0)
    if columns:
        totals = connection.execute(
            f"select {', '.join(f'count(*) filter ({tests[name]})' for name in columns)} {in_both}"
        ).fetchone()
        counts = dict(zip(columns, totals, strict=True))
    for name, count in counts.items():
        if not count:
            continue
        rows = connection.execute(
            f"select ours.{name}, theirs.{name}, {both_keys} {in_both} and {tests[name]} "
            f"order by {both_keys} limit {limit}"
        ).fetchall()
        found += [
            f"{mart}: {_name(keys, key)}: {name} should be {our_value} and is {their_value} "
            f"({count:,} rows differ in it)"
            for our_value, their_value, *key in rows
        ]
    return found


def variant_differences(
    our_database: Path,
    marts: Iterable[tuple[str, str]],
    attached: Path | None = None,
    omitted: str = "",
) -> list[str]:
    """The differences of all marts of a variant.

    Args:
        our_database: the DuckDB file of the project.
        marts: pairs of a mart and the expression that reads the variant's.
        attached: the variant's DuckDB file, known as `theirs` in those expressions; None for files.
        omitted: as in `differences`.
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{_escape(our_database)}' as ours (read_only)")
        if attached:
            connection.execute(f"attach '{_escape(attached)}' as theirs (read_only)")
        found = []
        for mart, theirs in marts:
            try:
                found += differences(connection, mart, f"ours.marts.{mart}", theirs, omitted)
            except (duckdb.CatalogException, duckdb.IOException) as error:
                found.append(f"{mart}: it can't be read: {str(error).splitlines()[0]}")
        return found


def _column_types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    rows = connection.execute(f"describe select * from {relation}").fetchall()
    return {name: kind for name, kind, *_ in rows}


def _differ(column: str, is_double: bool) -> str:
    ours, theirs = f"ours.{column}", f"theirs.{column}"
    if not is_double:
        return f"{ours} is distinct from {theirs}"
    return (
        f"(({ours} is null) <> ({theirs} is null) or abs({ours} - {theirs}) > {ABSOLUTE_TOLERANCE}"
        f" + {RELATIVE_TOLERANCE} * greatest(abs({ours}), abs({theirs}))"
        f" or isnan({ours}) <> isnan({theirs}))"
    )


def _name(keys: tuple[str, ...], row: Iterable[object]) -> str:
    return ", ".join(f"{key} {value}" for key, value in zip(keys, row, strict=True))


def _escape(path: Path) -> str:
    return str(path).replace("'", "''")
