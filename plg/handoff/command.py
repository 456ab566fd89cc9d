"""`plg hand_off`: writes the leads that changed as files for a CRM."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plg.settings import Settings

if TYPE_CHECKING:
    from plg.handoff.folder import Sent
    from plg.handoff.leads import Leads

STATUSES = ("open", "converted", "withdrawn", "expired")


def hand_off(settings: Settings, database: Path | None, now: datetime) -> list[str]:
    """Hands off the leads that changed since the last run.

    Args:
        settings: where publications and hand-offs are.
        database: the DuckDB file of a build; the last publication where None.
        now: the instant of the run, UTC.

    Returns:
        What it did, in sentences.

    Raises:
        NotHandedOff: it did nothing; the sentence says why.
    """
    from plg.console import first_line
    from plg.handoff.folder import LEDGER, reserved, send
    from plg.handoff.leads import NotHandedOff, check_ids, read_leads
    from plg.publish.publication import SCHEMA
    from plg.schemas import schema_name

    if database:
        leads = read_leads(_existing(database), schema_name(SCHEMA, settings.schema))
    else:
        leads = read_leads(_published(settings), SCHEMA)
    check_ids(leads)
    folder = settings.handoff_dir
    if not leads.rows and not (folder / LEDGER).exists():
        return ["There is no lead to hand off. Nothing was written."]
    with reserved(folder):
        try:
            sent = send(folder, leads, now)
        except OSError as error:
            raise NotHandedOff(
                f"{folder} can't be written: {first_line(error)}. The ledger is as it was, so the next run sends "
                "the same rows."
            ) from error
    return _sentences(leads, sent, folder)


def _existing(database: Path) -> Path:
    from plg.handoff.leads import NotHandedOff

    if not database.is_file():
        raise NotHandedOff(f"There is no {database}; build it first, or leave --database out.")
    return database


def _published(settings: Settings) -> Path:
    """The file of the last publication, resolved once: the link may be replaced at any time."""
    from plg.handoff.leads import NotHandedOff
    from plg.publish.publication import current_version

    version = current_version(settings.publish_dir)
    if not version:
        raise NotHandedOff(
            f"There is no publication in {settings.publish_dir}; run plg publish first, or name the database of a "
            "build in --database."
        )
    return settings.publish_dir / "versions" / version / "plg.duckdb"


def _sentences(leads: Leads, sent: Sent | None, folder: Path) -> list[str]:
    if not sent:
        return [
            f"Nothing has changed: {folder / 'sent.csv'} knows all {len(leads.rows):,} leads as they are. Nothing "
            "was written."
        ]
    counts = Counter(row["status"] for row in sent.rows)
    said = ", ".join(f"{counts[status]:,} {status}" for status in STATUSES if counts[status])
    gone = sum(row["unit_id"] not in leads.rows for row in sent.rows)
    found = [
        f"Wrote {' and '.join(str(sent.folder / file) for file in sent.files)}.",
        f"Each has {len(sent.rows):,} of {len(leads.rows):,} leads, those that are new or changed: {said}.",
    ]
    if gone:
        found.append(
            f"{gone:,} of them are no longer among the leads: they are sent once as withdrawn."
        )
    return [*found, "Import them in the order of the folders' names; docs/handoff.md says how."]


@click.command()
@click.option(
    "--database",
    type=click.Path(path_type=Path),
    help="The DuckDB file of a build; without it, the last publication is read.",
)
@click.pass_context
def command(ctx: click.Context, database: Path | None) -> None:
    """Write the leads that are new or changed as files for HubSpot and Salesforce.

    PLG_HANDOFF_DIR (handoff) gets a folder named by the instant, with the files, and the ledger sent.csv: what was
    last sent of each lead. A second run finds nothing to send. Import the files as updates, by plg_user_id.
    """
    from plg.console import make_console, say
    from plg.handoff.leads import NotHandedOff

    settings, console = Settings.from_environment(), make_console()
    try:
        sentences = hand_off(
            settings, database and settings.caller / database, datetime.now(timezone.utc)
        )
    except NotHandedOff as problem:
        say(console, f"{problem} Nothing was handed off.")
        ctx.exit(1)
    for sentence in sentences:
        say(console, sentence)
