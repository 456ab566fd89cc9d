"""A lead is sent once under its key, whatever happens to a run; a second run sends nothing."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from plg.cli import group
from plg.handoff import folder as handoff_folder
from plg.handoff.command import hand_off
from plg.handoff.folder import FILES, Sent, read_ledger, reserved, send
from plg.handoff.leads import NotHandedOff, read_leads
from plg.settings import Settings
from tests.handoff.crm import import_all, lead, make_database, read_file, runs
from tests.handoff.killed import hand_off_and_die

START = datetime(2024, 4, 1, 6, 30, 5, 123456, tzinfo=timezone.utc)
CONTACTS = (
    "plg_user_id,plg_handoff_id,plg_account_id,plg_status,plg_handed_off_date,plg_status_date,plg_score,plg_band,"
    "plg_recommended_action,plg_top_signals\n"
)
LEADS = (
    "PLG_User_Id__c,PLG_Handoff_Id__c,PLG_Account_Id__c,PLG_Status__c,PLG_Handed_Off_Date__c,"
    "PLG_Status_Date__c,PLG_Score__c,PLG_Band__c,PLG_Recommended_Action__c,PLG_Top_Signals__c\n"
)
COMPANIES = CONTACTS.replace("plg_account_id,", "").replace("plg_user_id", "plg_account_id")
ACCOUNTS = LEADS.replace("PLG_Account_Id__c,", "").replace("PLG_User_Id__c", "PLG_Account_Id__c")


class Sales:
    """A database of leads, the folder of hand-offs, and a clock."""

    def __init__(self, place: Path) -> None:
        self.database = place / "built.duckdb"
        self.folder = place / "handoff"
        self.now = START
        self.rows: tuple[dict[str, Any], ...] | None = None

    def hand_off(self, *rows: dict[str, Any]) -> Sent | None:
        """What the command does, a day after the last time."""
        if rows != self.rows:
            make_database(self.database, list(rows))
            self.rows, self.leads = rows, read_leads(self.database, "marts")
        self.now += timedelta(days=1)
        with reserved(self.folder):
            return send(self.folder, self.leads, self.now)

    def known(self, file: str = "hubspot_contacts.csv") -> dict[str, dict[str, str]]:
        """What a CRM knows after all imports."""
        return import_all(self.folder).get(file, {})


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder in memory where there is such a place: hundreds of runs wait for no disk."""
    memory = Path("/dev/shm")
    has_memory = memory.is_dir() and os.access(memory, os.W_OK)
    with tempfile.TemporaryDirectory(dir=memory if has_memory else None) as name:
        yield Path(name).resolve()


@pytest.fixture
def sales(tmp_path: Path) -> Sales:
    return Sales(tmp_path)


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Each file in a folder: when it was changed, and its bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_the_files_are_those_of_users(sales: Sales) -> None:
    sent = sales.hand_off(
        lead("u2", score="51.9999999999", account_id=None, band=None, top_signals=None),
        lead("u10", score="-0.5", status="converted", recommended_action=None),
        lead('é, "x"', handoff_number=2, top_signals="m1"),
    )
    assert sent.folder == sales.folder / "20240402T063005.123Z"
    assert (sent.folder / "hubspot_contacts.csv").read_bytes().decode() == (
        CONTACTS + "u10,points/user/u10/1,a1,converted,2024-03-05,2024-03-05,-1,handoff,,"
        '"paid_feature, first_invite"\n'
        "u2,points/user/u2/1,,open,2024-03-05,2024-03-05,51,,ae_handoff,\n"
        '"é, ""x""","points/user/é, ""x""/2",a1,open,2024-03-05,2024-03-05,57,handoff,ae_handoff,m1\n'
    )
    contacts = (sent.folder / "hubspot_contacts.csv").read_text().removeprefix(CONTACTS)
    assert (sent.folder / "salesforce_leads.csv").read_text() == LEADS + contacts
    assert sorted(path.name for path in sent.folder.iterdir()) == sorted(FILES["user"])


def test_the_files_are_those_of_accounts(sales: Sales) -> None:
    sent = sales.hand_off(lead("a1", unit_type="account", account_id="a1"))
    row = (
        "a1,points/account/a1/1,open,2024-03-05,2024-03-05,57,handoff,ae_handoff,"
        '"paid_feature, first_invite"\n'
    )
    assert (sent.folder / "hubspot_companies.csv").read_text() == COMPANIES + row
    assert (sent.folder / "salesforce_accounts.csv").read_text() == ACCOUNTS + row
    assert sorted(path.name for path in sent.folder.iterdir()) == sorted(FILES["account"])


@pytest.mark.parametrize("odd", ["a\rb", "a\nb", "a\r\nb", " a", "=1+1", '"', "a,b", "'"])
def test_any_id_can_be_read_again(sales: Sales, odd: str) -> None:
    sales.hand_off(lead(odd, band=odd))
    assert list(sales.known()) == [odd]
    assert sales.hand_off(lead(odd, band=odd)) is None


def test_hubspot_has_at_most_ten_unique_properties() -> None:
    assert len(CONTACTS.split(",")) == 10


def test_a_second_run_sends_and_writes_nothing(sales: Sales) -> None:
    sales.hand_off(lead("u1"), lead("u2"))
    before = everything(sales.folder)
    assert sales.hand_off(lead("u1"), lead("u2")) is None
    assert everything(sales.folder) == before


def test_only_what_differs_is_sent(sales: Sales) -> None:
    sales.hand_off(lead("u1"), lead("u2"), lead("u3"))
    # Neither the score at the hand-off nor a decimal of the score is a column of the files.
    same = lead("u1", score="57.9", score_at_handoff="70")
    sent = sales.hand_off(same, lead("u2", status="expired"), lead("u3"), lead("u4"))
    assert [row["unit_id"] for row in sent.rows] == ["u2", "u4"]
    assert sales.known()["u2"]["plg_status"] == "expired"
    assert list(sales.known()) == ["u1", "u2", "u3", "u4"]


def test_a_late_event_that_moves_the_date_makes_no_second_lead(sales: Sales) -> None:
    sales.hand_off(lead("u1"))
    sales.hand_off(lead("u1", handed_off_date="2024-03-04"))
    (row,) = sales.known().values()
    assert (row["plg_handoff_id"], row["plg_handed_off_date"]) == ("points/user/u1/1", "2024-03-04")


def test_who_is_gone_is_sent_once_as_withdrawn(sales: Sales) -> None:
    sales.hand_off(lead("u1"), lead("u2"))
    sent = sales.hand_off(lead("u2"))
    (row,) = sent.rows
    assert (row["unit_id"], row["status"], row["recommended_action"]) == ("u1", "withdrawn", "")
    assert row["status_date"] == "2024-04-03"
    assert row["handoff_id"] == "points/user/u1/1"
    assert sales.hand_off(lead("u2")) is None
    assert [row["unit_id"] for row in sales.hand_off(lead("u1"), lead("u2")).rows] == ["u1"]
    assert sales.known()["u1"]["plg_status"] == "open"


def test_all_may_be_gone(sales: Sales) -> None:
    sales.hand_off(lead("u1"))
    assert [row["status"] for row in sales.hand_off().rows] == ["withdrawn"]
    assert sales.hand_off() is None
    # Who was withdrawn already is told nothing new.
    sales.hand_off(lead("u1", status="withdrawn"))
    assert sales.hand_off() is None


def test_a_lost_ledger_sends_all_again_under_the_same_keys(sales: Sales) -> None:
    rows = [lead("u1"), lead("u2", status="expired")]
    sales.hand_off(*rows)
    before = import_all(sales.folder)
    (sales.folder / "sent.csv").unlink()
    assert [row["unit_id"] for row in sales.hand_off(*rows).rows] == ["u1", "u2"]
    assert import_all(sales.folder) == before
    assert sales.hand_off(*rows) is None


def test_day_by_day_equals_at_once(sales: Sales, tmp_path: Path) -> None:
    rng, rows = random.Random(16), {}
    for _ in range(12):
        for name in rng.sample([f"u{n}" for n in range(20)], 6):
            status = rng.choice(["open", "converted", "withdrawn", "expired"])
            rows[name] = lead(name, status=status, score=rng.choice(["51", "31.5"]))
        sales.hand_off(*rows.values())
    at_once = Sales(tmp_path / "at_once")
    at_once.database.parent.mkdir()
    at_once.hand_off(*rows.values())
    assert len(runs(sales.folder)) > 5
    assert len(rows) > 15
    assert import_all(sales.folder) == import_all(at_once.folder)
    ledger = [(place / "sent.csv").read_text() for place in (sales.folder, at_once.folder)]
    assert ledger[0] == ledger[1]


def test_a_killed_run_sends_each_lead_under_its_key(sales: Sales, tmp_path: Path) -> None:
    sales.hand_off(lead("u1"), lead("u2"), lead("u3"))
    rows = [lead("u1", status="expired"), lead("u3"), lead("u4")]
    make_database(sales.database, rows)
    untouched = shutil.copytree(sales.folder, tmp_path / "untouched")
    assert sales.hand_off(*rows)
    wanted = import_all(sales.folder)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.handoff.killed"])
    seen = set()
    for step in range(1, 1000):
        shutil.rmtree(sales.folder)
        shutil.copytree(untouched, sales.folder)
        arguments = (sales.folder, sales.database, sales.now, step)
        process = context.Process(target=hand_off_and_die, args=arguments)
        process.start()
        process.join()
        # The ledger is whole, the old one or the new one, and no half of a file was handed off.
        ledger = read_ledger(sales.folder).rows
        seen.add((len(runs(sales.folder)), len(ledger)))
        sales.now -= timedelta(days=1)
        sales.hand_off(*rows)
        assert import_all(sales.folder) == wanted
        assert sorted(path.name for path in sales.folder.iterdir()) == sorted(
            ["sent.csv", *(run.name for run in runs(sales.folder))]
        )
        sales.now -= timedelta(days=1)
        assert sales.hand_off(*rows) is None
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
    assert process.exitcode == 0 and step > 15, "it was not killed at each step"
    # Killed before its files were there, between files and ledger, and after the ledger.
    assert seen == {(1, 3), (2, 3), (2, 4)}


STEPS = ["_write_csv", "_sync", "_write_files", "_write_ledger"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_step_that_fails_is_made_up_for(
    sales: Sales, monkeypatch: pytest.MonkeyPatch, step: str, place: int
) -> None:
    sales.hand_off(lead("u1"))
    rows, calls, whole = (
        [lead("u1", status="expired"), lead("u2")],
        0,
        getattr(handoff_folder, step),
    )

    def fail(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == place:
            raise OSError(28, "No space left on device")
        return whole(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(handoff_folder, step, fail)
        if step.startswith(("_write_f", "_write_l")) and place > 1:
            sales.hand_off(*rows)
        else:
            with pytest.raises(OSError, match="No space left"):
                sales.hand_off(*rows)
    sales.hand_off(*rows)
    assert {key: row["plg_status"] for key, row in sales.known().items()} == {
        "u1": "expired",
        "u2": "open",
    }
    assert sales.hand_off(*rows) is None


def test_a_clock_that_was_set_back_keeps_the_order(sales: Sales) -> None:
    sales.hand_off(lead("u1"))
    sales.now -= timedelta(days=9)
    sales.hand_off(lead("u1", status="expired"))
    assert sales.known()["u1"]["plg_status"] == "expired"


@pytest.mark.parametrize(("scheme", "unit_type"), [("propensity", "user"), ("points", "account")])
def test_a_ledger_is_about_one_kind_of_leads(sales: Sales, scheme: str, unit_type: str) -> None:
    sales.hand_off(lead("u1"))
    before = everything(sales.folder)
    other = lead("u1", scheme=scheme, unit_type=unit_type)
    with pytest.raises(NotHandedOff) as said:
        sales.hand_off(other)
    assert str(said.value) == (
        f"{sales.folder}/sent.csv is about leads of unit_type user by the scheme points, and these are of "
        f"unit_type {unit_type} by the scheme {scheme}; name another folder in PLG_HANDOFF_DIR."
    )
    assert everything(sales.folder) == before
    sales.folder = sales.folder.with_name("other")
    assert sales.hand_off(other)


def test_a_ledger_that_is_none_is_named(sales: Sales) -> None:
    sales.hand_off(lead("u1"))
    ledger = sales.folder / "sent.csv"
    for text in ("", "unit_id\nu1\n", ledger.read_text() + "points,user\n", "\0"):
        ledger.write_text(text)
        with pytest.raises(NotHandedOff, match=r"sent\.csv .*ledger.*; move it away"):
            sales.hand_off(lead("u1"))


def test_two_runs_at_once_do_not_meet(sales: Sales) -> None:
    busy = pytest.raises(NotHandedOff, match="Another plg hand_off is at work in")
    with reserved(sales.folder), busy:
        sales.hand_off(lead("u1"))
    assert sales.hand_off(lead("u1"))


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    return lambda **given: Settings.from_environment(given, caller=tmp_path, project=tmp_path)


def publish(place: Path, rows: list[dict[str, Any]]) -> None:
    """What a publication of these leads looks like to a reader."""
    version = "20240401T000000.000Z-abc123"
    (place / "versions" / version).mkdir(parents=True)
    make_database(place / "versions" / version / "plg.duckdb", rows)
    (place / "current").symlink_to(Path("versions") / version)


def test_it_reads_the_last_publication(settings: Callable[..., Settings], tmp_path: Path) -> None:
    publish(tmp_path / "published", [lead("u1"), lead("u2", status="expired")])
    said = hand_off(settings(), None, START)
    run = tmp_path / "handoff" / "20240401T063005.123Z"
    assert said[:2] == [
        f"Wrote {run}/hubspot_contacts.csv and {run}/salesforce_leads.csv.",
        "Each has 2 of 2 leads, those that are new or changed: 1 open, 1 expired.",
    ]
    assert [row["plg_user_id"] for row in read_file(run / "hubspot_contacts.csv")] == ["u1", "u2"]
    assert hand_off(settings(), None, START + timedelta(hours=1)) == [
        f"Nothing has changed: {tmp_path}/handoff/sent.csv knows all 2 leads as they are. Nothing was written."
    ]


def test_it_says_who_is_gone(settings: Callable[..., Settings], tmp_path: Path) -> None:
    database = make_database(tmp_path / "built.duckdb", [lead("u1"), lead("u2")])
    hand_off(settings(), database, START)
    make_database(database, [lead("u1")])
    said = hand_off(settings(), database, START + timedelta(days=1))
    assert said[1] == "Each has 1 of 1 leads, those that are new or changed: 1 withdrawn."
    assert said[2].startswith("1 of them are no longer among the leads")


def test_it_reads_a_database_in_the_schema_of_its_target(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    database = make_database(tmp_path / "built.duckdb", [lead("u1")], "dev_marts")
    hand_off(settings(PLG_SCHEMA="dev", PLG_HANDOFF_DIR="crm"), database, START)
    assert len(runs(tmp_path / "crm")) == 1


def test_without_leads_it_writes_nothing(settings: Callable[..., Settings], tmp_path: Path) -> None:
    database = make_database(tmp_path / "built.duckdb", [])
    said = hand_off(settings(), database, START)
    assert said == ["There is no lead to hand off. Nothing was written."]
    assert not (tmp_path / "handoff").exists()
    (tmp_path / "handoff").mkdir()
    assert hand_off(settings(), database, START) == said


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            [lead("a@x.io"), lead("b@x.io"), lead("c@x.io"), lead("u1")],
            "3 user_ids are e-mail addresses; use a neutral id.",
        ),
        ([lead("a@x.io"), lead("u1")], "1 user_id is an e-mail address; use a neutral id."),
        (
            [lead("a@x.io", unit_type="account"), lead("b@x.io", unit_type="account")],
            "2 account_ids are e-mail addresses; use a neutral id.",
        ),
        (
            [lead("u1", account_id="a@x.io"), lead("u2", account_id="a@x.io")],
            "1 account_id is an e-mail address; use a neutral id.",
        ),
    ],
)
def test_e_mail_addresses_are_not_handed_off(
    settings: Callable[..., Settings], tmp_path: Path, rows: list[dict[str, Any]], sentence: str
) -> None:
    database = make_database(tmp_path / "built.duckdb", rows)
    with pytest.raises(NotHandedOff) as said:
        hand_off(settings(), database, START)
    assert str(said.value) == sentence
    assert not (tmp_path / "handoff").exists()


def test_what_can_not_be_read_is_named(settings: Callable[..., Settings], tmp_path: Path) -> None:
    with pytest.raises(NotHandedOff, match=r"There is no publication in .*; run plg publish first"):
        hand_off(settings(), None, START)
    with pytest.raises(NotHandedOff, match=r"There is no .*absent\.duckdb; build it first"):
        hand_off(settings(), tmp_path / "absent.duckdb", START)
    database = make_database(tmp_path / "old.duckdb", [], "other")
    with pytest.raises(NotHandedOff, match=r"has no mart leads_to_hand_off .*publish again"):
        hand_off(settings(), database, START)
    (tmp_path / "text.duckdb").write_text("no database")
    with pytest.raises(NotHandedOff, match=r"text\.duckdb can't be read: "):
        hand_off(settings(), tmp_path / "text.duckdb", START)
    (tmp_path / "handoff").write_text("a file")
    database = make_database(tmp_path / "built.duckdb", [lead("u1")])
    with pytest.raises(NotHandedOff, match=r"can't be opened .*PLG_HANDOFF_DIR"):
        hand_off(settings(), database, START)


def test_a_full_disk_is_said(
    settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(handoff_folder, "_write_csv", fail)
    database = make_database(tmp_path / "built.duckdb", [lead("u1")])
    with pytest.raises(
        NotHandedOff, match=r"No space left on device.* the next run sends the same"
    ):
        hand_off(settings(), database, START)


def test_the_command_prints_what_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = make_database(tmp_path / "built.duckdb", [lead("u1")])
    monkeypatch.setenv("PLG_HANDOFF_DIR", str(tmp_path / "crm"))
    arguments = ["hand_off", "--database", str(database)]
    first, second = (CliRunner().invoke(group, arguments) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Each has 1 of 1 leads, those that are new or changed: 1 open." in first.output
    assert "Nothing has changed" in second.output
    make_database(database, [lead("a@x.io")])
    third = CliRunner().invoke(group, arguments)
    assert third.exit_code == 1
    assert third.output == (
        "1 user_id is an e-mail address; use a neutral id. Nothing was handed off.\n"
    )
