"""Leads as a build would make them, and a CRM that imports what was handed off."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb

COLUMNS = {
    "handoff_id": "varchar",
    "unit_type": "varchar",
    "unit_id": "varchar",
    "account_id": "varchar",
    "scheme": "varchar",
    "handoff_number": "bigint",
    "started_at": "timestamp",
    "handed_off_date": "date",
    "score_at_handoff": "decimal(18, 10)",
    "top_signals": "varchar",
    "status": "varchar",
    "status_date": "date",
    "score": "decimal(18, 10)",
    "band": "varchar",
    "recommended_action": "varchar",
}
KEYS = {
    "hubspot_contacts.csv": "plg_user_id",
    "hubspot_companies.csv": "plg_account_id",
    "salesforce_leads.csv": "PLG_User_Id__c",
    "salesforce_accounts.csv": "PLG_Account_Id__c",
}


def lead(unit_id: str, **said: Any) -> dict[str, Any]:
    """A row of the mart."""
    row = {
        "unit_type": "user",
        "unit_id": unit_id,
        "account_id": "a1",
        "scheme": "points",
        "handoff_number": 1,
        "started_at": "2024-03-01 10:00:00",
        "handed_off_date": "2024-03-05",
        "score_at_handoff": "63",
        "top_signals": "paid_feature, first_invite",
        "status": "open",
        "status_date": "2024-03-05",
        "score": "57.5",
        "band": "handoff",
        "recommended_action": "ae_handoff",
        **said,
    }
    parts = (row["scheme"], row["unit_type"], unit_id, str(row["handoff_number"]))
    return {"handoff_id": "/".join(parts), **row}


def make_database(file: Path, rows: list[dict[str, Any]], schema: str = "marts") -> Path:
    """A DuckDB file with the mart leads_to_hand_off."""
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"create schema {schema}")
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        connection.execute(f"create table {schema}.leads_to_hand_off ({columns})")
        if rows:
            line = f"({', '.join('?' * len(COLUMNS))})"
            connection.execute(
                f"insert into {schema}.leads_to_hand_off values {', '.join([line] * len(rows))}",
                [row[name] for row in rows for name in COLUMNS],
            )
    return file


def runs(folder: Path) -> list[Path]:
    """The folders of the runs, in the order of their names."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] != ".")


def read_file(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def import_all(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    """What a CRM knows that has imported each file in turn, as updates by key: by file and key."""
    known: dict[str, dict[str, dict[str, str]]] = {}
    for run in runs(folder):
        for path in run.iterdir():
            key, rows = KEYS[path.name], read_file(path)
            keys = [row[key] for row in rows]
            # Salesforce refuses a batch that has a key twice.
            assert len(set(keys)) == len(keys)
            known.setdefault(path.name, {}).update(zip(keys, rows, strict=True))
    return known
