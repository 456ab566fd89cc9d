"""Reads what the report shows, and packs it for the page."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from plg.marts import Mart
from plg.report.cards import rows_of
from plg.report.derive import Shown
from plg.report.scorecard import COLUMNS, read_scorecard
from plg.report.sources import (
    OTHER_TABLES,
    OVERVIEW_SQL,
    SEGMENTS_SQL,
    Query,
)
from plg.report.warnings import read_notes, read_warnings

# A page of four years by week; older weeks, and small values of a segment type, are left out.
MOST_COHORTS = 208
MOST_SEGMENT_VALUES = 10
# What a drawing could show of a share is kept, and milliseconds of a duration.
DECIMALS = 6
DECIMALS_OF_SECONDS = 3
# Inputs without which nothing is built; all others may have no rows.
REQUIRED_INPUTS = ("users", "events")


# One value of a segment type is no choice: it is everybody.
IS_A_CHOICE = "(segments.segment_type = 'all' or segments.value_count > 1)"


@dataclass(frozen=True)
class Packed:
    """A table of the page: a part of a mart.

    Attributes:
        name: the mart's, or `<mart>.together` for the rows of all cohorts together.
        relation: where its rows come from, in SQL.
        keys: columns that say which row it is.
        values: the numbers, text and times beside them.
        quotients: rates as (numerator, denominator); the page divides, as the mart does, since
            counts take less room than quotients.
        where: a condition on its rows.
    """

    name: str
    relation: str
    keys: tuple[str, ...]
    values: tuple[str, ...]
    quotients: dict[str, tuple[str, str]]
    dates: tuple[str, ...]
    where: str = "true"


def packed_tables(shown: Shown) -> list[Packed]:
    """The tables that a card needs.

    What only figures of all cohorts together draw is packed for those rows alone: it is a small
    part of the mart.
    """
    mart = shown.mart
    if shown.is_own:
        return []
    by_cohort, together = set(shown.base_columns), set(shown.base_columns)
    for place, figure in enumerate(shown.card.figures):
        (together if shown.is_together[place] else by_cohort).update(shown.columns_used(figure))
    found = [_packed(mart, mart.name, mart.key, by_cohort)]
    if together - by_cohort:
        keys = tuple(key for key in mart.key if key not in ("cohort_grain", "cohort_date"))
        name = f"{mart.name}.together"
        found.append(_packed(mart, name, keys, together, "cohort_grain = 'all'"))
    return found


def _packed(
    mart: Mart, name: str, keys: tuple[str, ...], columns: set[str], where: str = "true"
) -> Packed:
    # Of a rate that some rows don't have, the page can't tell which. It divides counts alone.
    rates = {
        column: mart.rates[column]
        for column in sorted(columns & set(mart.rates))
        if not mart.rates[column].only_where and mart.rates[column].denominator in mart.columns
    }
    counts = {count for rate in rates.values() for count in (rate.numerator, rate.denominator)}
    return Packed(
        name=name,
        relation=rows_of(mart),
        keys=keys,
        values=tuple(sorted((columns | counts) - set(rates) - set(keys))),
        quotients={column: (rate.numerator, rate.denominator) for column, rate in rates.items()},
        dates=tuple(key for key in keys if mart.columns[key] == "date" and key != "cohort_date"),
        where=where,
    )


def _plain(value: Any, decimals: int = DECIMALS) -> Any:
    """The value as JSON can say it."""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return round(value, decimals) if isinstance(value, float) else value


def encode(columns: tuple[str, ...], rows: list[tuple]) -> dict[str, Any]:
    """A table by columns; one of text as its distinct values, and for each row a place in them."""
    encoded = {}
    for number, name in enumerate(columns):
        decimals = DECIMALS_OF_SECONDS if re.search("_seconds(_|$)", name) else DECIMALS
        values = [_plain(row[number], decimals) for row in rows]
        if any(isinstance(value, str) for value in values):
            places = {value: place for place, value in enumerate(dict.fromkeys(values))}
            encoded[name] = {"values": list(places), "places": [places[value] for value in values]}
        else:
            encoded[name] = values
    return {"length": len(rows), "columns": encoded}


@dataclass(frozen=True)
class _Limits:
    """Which segments and cohorts the page holds, and sentences about those that it leaves out."""

    segments: list[tuple[str, str, int]]
    single_values: str
    first_dates: dict[str, dt.date]
    sentences: list[str]

    def conditions(self, keys: tuple[str, ...], dates: tuple[str, ...] = ()) -> str:
        """Conditions on the rows of a mart with these keys; the mart goes by the name `mart`."""
        conditions = ["true"]
        if "segment_type" in keys:
            conditions.append(
                f"exists (select 1 from ({SEGMENTS_SQL}) as segments "
                f"where segments.place <= {MOST_SEGMENT_VALUES} and {IS_A_CHOICE} "
                "and segments.segment_type = mart.segment_type "
                "and segments.segment_value = mart.segment_value)"
            )
        for grain, date in self.first_dates.items():
            first = f"cast('{date}' as date)"
            if "cohort_grain" in keys:
                conditions.append(f"(cohort_grain <> '{grain}' or cohort_date >= {first})")
            elif grain == "week":
                # Marts without cohorts reach back as far as the weekly cohorts.
                conditions += [f"{key} >= {first}" for key in dates]
        return " and ".join(conditions)


def _limits(query: Query) -> _Limits:
    rows = query(
        f"{SEGMENTS_SQL} order by case when segment_type = 'all' then 0 else 1 end, "
        "segment_type, place"
    )
    sentences = [
        f"{count} more values of {kind}, those with the fewest signups, are in the marts only."
        for kind, count in Counter(row[0] for row in rows if row[3] > MOST_SEGMENT_VALUES).items()
    ]
    first_dates = {}
    for grain in ("week", "month"):
        dates = [
            row[0]
            for row in query(
                "select distinct cohort_date from marts.time_to_first_value_by_cohort "
                f"where cohort_grain = '{grain}' order by cohort_date desc"
            )
        ]
        if len(dates) > MOST_COHORTS:
            first_dates[grain] = dates[MOST_COHORTS - 1]
            sentences.append(
                f"{len(dates) - MOST_COHORTS} older cohorts by {grain} are in the marts only."
            )
    singles = [(kind, value) for kind, value, *_, count in rows if count == 1 and kind != "all"]
    single_kinds = [kind for kind, _ in singles]
    segments = [
        row[:3] for row in rows if row[3] <= MOST_SEGMENT_VALUES and row[0] not in single_kinds
    ]
    said = ", ".join(f"{kind.replace('_', ' ')} {value}" for kind, value in singles)
    return _Limits(
        segments,
        f"No choice, as all users have it: {said}." if said else "",
        first_dates,
        sentences,
    )


def _scorecard(query: Query) -> dict[str, Any]:
    columns = (*COLUMNS, "change_text")
    return encode(columns, [tuple(row[name] for name in columns) for row in read_scorecard(query)])


def _tables(query: Query, packed: list[Packed], limits: _Limits) -> dict[str, Any]:
    tables = {}
    for table in packed:
        columns = (*table.keys, *table.values)
        rows = query(
            f"select {', '.join(columns)} from {table.relation} as mart "
            f"where {table.where} and {limits.conditions(table.keys, table.dates)} "
            f"order by {', '.join(table.keys)}"
        )
        tables[table.name] = encode(columns, rows)
    for name, (columns, sql) in OTHER_TABLES.items():
        conditions = limits.conditions(columns)
        tables[name] = encode(columns, query(sql.format(conditions=conditions)))
    tables["kpi_scorecard"] = _scorecard(query)
    return tables


def optional_inputs(shown: Iterable[Shown]) -> list[str]:
    """The inputs of these cards' marts that a user may not have, in their order."""
    inputs = dict.fromkeys(name for one in shown for name in one.mart.inputs)
    return [name for name in inputs if name not in REQUIRED_INPUTS]


def read_report(query: Query, shown: list[Shown]) -> dict[str, Any]:
    """All data of the page, ready for JSON.

    Args:
        query: gives the rows of a query on a finished build.
        shown: the page's cards.

    Returns:
        `users`, `leads`, `first_signup` (a date), `observed_until` (UTC), `last_date` (the date of
        observed_until), as text, null without users; `zone`, in which dates are;
        `segments`, a list of [type, value, signups], all users first; `single_values`, a sentence
        about segment types with one value, or ""; `notes`, sentences;
        `tables`, by name, as `encode` gives them; `quotients`, by table; `absent`, the optional
        inputs without rows.
    """
    users, leads, observed_until, first_signup, last_date, zone = query(OVERVIEW_SQL)[0]
    limits = _limits(query)
    notes = [*limits.sentences, *(read_notes(query) if users else [])]
    packed = [table for one in shown for table in packed_tables(one)]
    return {
        "users": users,
        "leads": leads,
        "first_signup": _plain(first_signup),
        "observed_until": _plain(observed_until),
        "last_date": _plain(last_date) if users else None,
        "zone": zone,
        "segments": limits.segments,
        "single_values": limits.single_values,
        "notes": notes,
        "warnings": read_warnings(query),
        "tables": _tables(query, packed, limits),
        "quotients": {table.name: table.quotients for table in packed if table.quotients},
        "absent": [
            name
            for name in optional_inputs(shown)
            if not query(f"select 1 from staging.stg_{name} limit 1")
        ],
    }
