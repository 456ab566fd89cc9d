"""The leads of a database, as a CRM gets them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from plg.console import first_line

MART = "leads_to_hand_off"
# What is said of a unit, in this order; the id of the unit comes first.
SAID = (
    "handoff_id", "account_id", "status", "handed_off_date", "status_date", "score", "band",
    "recommended_action", "top_signals",
)  # fmt: skip
# A row is texts by column: unit_id and what is said of it.
Row = dict[str, str]


class NotHandedOff(Exception):
    """A sentence that says why nothing was handed off."""


@dataclass(frozen=True)
class Leads:
    """Leads, or what was last sent of them.

    Attributes:
        scheme: what their score is by; empty where there is no row.
        unit_type: user or account; empty where there is no row.
        rows: by unit_id, in byte order.
    """

    scheme: str
    unit_type: str
    rows: dict[str, Row]


def in_order(rows: Iterable[Row]) -> dict[str, Row]:
    """Rows by unit_id, in byte order."""
    return {row["unit_id"]: row for row in sorted(rows, key=lambda row: row["unit_id"].encode())}


def read_leads(file: Path, schema: str) -> Leads:
    """Reads the mart of a publication, or of a build.

    Args:
        file: a DuckDB file.
        schema: of the marts.

    Raises:
        NotHandedOff: it can't be read, or has no such mart.
    """
    columns = ("scheme", "unit_type", "unit_id", *SAID)
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            found = connection.execute(
                f"select {', '.join(columns)} from {schema}.{MART}"
            ).fetchall()
    except duckdb.CatalogException as error:
        raise NotHandedOff(
            f"{file} has no mart {MART} ({first_line(error)}); build and publish again."
        ) from error
    except duckdb.Error as error:
        raise NotHandedOff(
            f"{file} can't be read: {first_line(error)}. Does a build write it? Wait for its end, or publish: "
            "a publication can always be read."
        ) from error
    kinds = {(row[0], row[1]) for row in found}
    if len(kinds) > 1:
        raise NotHandedOff(f"{file}: {MART} has leads of several schemes; build it again.")
    scheme, unit_type = next(iter(kinds), ("", ""))
    rows = (dict(zip(columns[2:], map(_text, row[2:]), strict=True)) for row in found)
    return Leads(
        scheme, unit_type, in_order({**row, "score": _whole(row["score"])} for row in rows)
    )


def _text(value: Any) -> str:
    """A value as the files have it: an ISO date, and nothing for null."""
    return "" if value is None else str(value)


def _whole(score: str) -> str:
    return str(math.floor(Decimal(score))) if score else ""


def check_ids(leads: Leads) -> None:
    """Makes sure that no id is an e-mail address: the files bear no personal data.

    Raises:
        NotHandedOff: some are.
    """
    ids = {f"{leads.unit_type}_id": list(leads.rows)}
    if leads.unit_type == "user":
        ids["account_id"] = list({row["account_id"] for row in leads.rows.values()})
    for name, values in ids.items():
        count = sum("@" in value for value in values)
        if count:
            are = f"{name}s are e-mail addresses" if count > 1 else f"{name} is an e-mail address"
            raise NotHandedOff(f"{count:,} {are}; use a neutral id.")
