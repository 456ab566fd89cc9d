"""The folder of hand-offs: files for a CRM, and the ledger of what was last sent.

    handoff/
        sent.csv                          the ledger: what the CRM knows of each unit
        20241201T090503.123Z/             a run that found something to send
            hubspot_contacts.csv
            salesforce_leads.csv

A run writes its files under a hidden name, and gives the folder its own name when they are on the disk. Then it
replaces the ledger. A run that is killed between the two has sent rows that the ledger doesn't know: the next
run sends them again, under the same keys, so the CRM updates what it has.
"""

from __future__ import annotations

import csv
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from plg.handoff.leads import SAID, Leads, NotHandedOff, Row, in_order

LEDGER = "sent.csv"
LEDGER_COLUMNS = ("scheme", "unit_type", "unit_id", *SAID)
RUN = re.compile(r"\d{8}T\d{6}\.\d{3}Z")
# The files of each unit type: of HubSpot, and of Salesforce.
FILES = {
    "user": ("hubspot_contacts.csv", "salesforce_leads.csv"),
    "account": ("hubspot_companies.csv", "salesforce_accounts.csv"),
}
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Sent:
    """What a run has sent.

    Attributes:
        folder: of the files.
        rows: as they were sent.
        files: their names.
    """

    folder: Path
    rows: list[Row]
    files: tuple[str, ...]


def columns_of(unit_type: str) -> dict[str, str]:
    """The columns of the files, in their order, each with the column of a row that it shows."""
    # An account is its own account.
    said = [name for name in SAID if (name, unit_type) != ("account_id", "account")]
    return {f"{unit_type}_id": "unit_id", **{name: name for name in said}}


def hubspot_name(column: str) -> str:
    """The name of a property in HubSpot."""
    return f"plg_{column}"


def salesforce_name(column: str) -> str:
    """The API name of a custom field in Salesforce."""
    return f"PLG_{'_'.join(word.capitalize() for word in column.split('_'))}__c"


@contextmanager
def reserved(folder: Path) -> Iterator[None]:
    """Keeps other runs out of the folder; makes it where it is absent.

    Raises:
        NotHandedOff: another run is at work in it, or it can't be opened.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise NotHandedOff(
            f"The folder {folder} can't be opened ({error.strerror}); make it writable, or name another in "
            "PLG_HANDOFF_DIR."
        ) from error
    try:
        try:
            # The lock ends with the process, however that ends.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotHandedOff(
                f"Another plg hand_off is at work in {folder}; wait until it ends."
            ) from error
        except OSError as error:
            raise NotHandedOff(
                f"{folder} can't be locked ({error.strerror}); name a folder of a local disk, or of a file "
                "system with locks, in PLG_HANDOFF_DIR."
            ) from error
        yield
    finally:
        os.close(descriptor)


def read_ledger(folder: Path) -> Leads:
    """What was last sent of each unit; nothing where the ledger is absent.

    Raises:
        NotHandedOff: it can't be read as a ledger.
    """
    path = folder / LEDGER
    if not path.exists():
        return Leads("", "", {})
    remedy = "move it away, and every lead is sent once more (under the same keys, so the CRM updates what it has)"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *records = list(csv.reader(file, strict=True)) or [[]]
        rows = [dict(zip(LEDGER_COLUMNS, record, strict=True)) for record in records]
    except (OSError, ValueError, csv.Error) as error:
        raise NotHandedOff(f"{path} can't be read as a ledger ({error}); {remedy}.") from error
    kinds = {(row.pop("scheme"), row.pop("unit_type")) for row in rows}
    if tuple(header) != LEDGER_COLUMNS or len(kinds) != 1:
        raise NotHandedOff(f"{path} is no ledger of this version; {remedy}.")
    return Leads(*kinds.pop(), in_order(rows))


def check_kind(leads: Leads, ledger: Leads, folder: Path) -> None:
    """Makes sure that the ledger is about leads of this kind.

    Raises:
        NotHandedOff: it is about others.
    """
    kind, known = (leads.scheme, leads.unit_type), (ledger.scheme, ledger.unit_type)
    if leads.rows and ledger.rows and kind != known:
        raise NotHandedOff(
            f"{folder / LEDGER} is about leads of unit_type {known[1]} by the scheme {known[0]}, and these are of "
            f"unit_type {kind[1]} by the scheme {kind[0]}; name another folder in PLG_HANDOFF_DIR."
        )


def find_changes(leads: Leads, ledger: Leads, today: str) -> list[Row]:
    """The rows to send: what differs from the ledger, and units that are gone as withdrawn.

    Args:
        leads: of the mart.
        ledger: what was last sent.
        today: the date since which a unit that is gone counts as withdrawn.
    """
    changed = [row for unit_id, row in leads.rows.items() if ledger.rows.get(unit_id) != row]
    gone = [
        {**row, "status": WITHDRAWN, "status_date": today, "recommended_action": ""}
        for unit_id, row in ledger.rows.items()
        if unit_id not in leads.rows and row["status"] != WITHDRAWN
    ]
    return list(in_order([*changed, *gone]).values())


def send(folder: Path, leads: Leads, now: datetime) -> Sent | None:
    """Writes what changed since the last run, and then the ledger.

    Args:
        folder: of hand-offs; `reserved`.
        leads: of the mart.
        now: the instant of the run, UTC.

    Returns:
        What was sent; None where nothing differs: then nothing is written.

    Raises:
        NotHandedOff: the ledger is about other leads, or can't be read.
        OSError: the files can't be written.
    """
    ledger = read_ledger(folder)
    check_kind(leads, ledger, folder)
    rows = find_changes(leads, ledger, f"{now:%Y-%m-%d}")
    if not rows:
        return None
    kind = leads if leads.rows else ledger
    _remove_leftovers(folder)
    run = _write_files(folder, kind.unit_type, rows, now)
    known = in_order({**ledger.rows, **{row["unit_id"]: row for row in rows}}.values())
    _write_ledger(folder, Leads(kind.scheme, kind.unit_type, known))
    return Sent(run, rows, FILES[kind.unit_type])


def _write_files(folder: Path, unit_type: str, rows: list[Row], now: datetime) -> Path:
    """Writes the files of a run into a folder of their own, whole or not at all."""
    name = _new_name(folder, now)
    draft = folder / f".{name}"
    draft.mkdir()
    columns = columns_of(unit_type)
    for file, named in zip(FILES[unit_type], (hubspot_name, salesforce_name), strict=True):
        records = [[row[column] for column in columns.values()] for row in rows]
        _write_csv(draft / file, [named(column) for column in columns], records)
    _sync(draft)
    draft.rename(folder / name)
    _sync(folder)
    return folder / name


def _write_ledger(folder: Path, known: Leads) -> None:
    """Replaces the ledger; a reader finds the old one or the new one."""
    unfinished = folder / f".{LEDGER}"
    records = [
        [known.scheme, known.unit_type, *(row[name] for name in LEDGER_COLUMNS[2:])]
        for row in known.rows.values()
    ]
    _write_csv(unfinished, list(LEDGER_COLUMNS), records)
    unfinished.replace(folder / LEDGER)
    _sync(folder)


def _new_name(folder: Path, now: datetime) -> str:
    """A name of now that sorts after the others, also where the clock has been set back."""
    for name in sorted(path.name for path in folder.iterdir() if RUN.fullmatch(path.name))[-1:]:
        last = datetime.strptime(name, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=now.tzinfo)
        now = max(now, last + timedelta(milliseconds=1))
    return f"{now:%Y%m%dT%H%M%S.%f}"[:-3] + "Z"


def _remove_leftovers(folder: Path) -> None:
    """Removes what killed runs left."""
    for path in folder.iterdir():
        if path.name[0] == "." and RUN.fullmatch(path.name[1:]):
            shutil.rmtree(path)
    (folder / f".{LEDGER}").unlink(missing_ok=True)


def _write_csv(path: Path, header: list[str], records: list[list[str]]) -> None:
    # Before Python 3.13, a carriage return alone gets no quotes, and a reader takes it for the end of a row.
    has_return = any("\r" in cell for record in records for cell in record)
    quoting = csv.QUOTE_ALL if has_return else csv.QUOTE_MINIMAL
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n", quoting=quoting).writerows([header, *records])
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Waits until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
