"""The command: what it refuses, and a folder adopted from beginning to end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from plg.definitions.checks import check_definitions
from plg.settings import bare_environment

HEAD = "user_id,account_id,created_at,plan_tier,install_source,invited_by,country\n"
EVENTS = "event_id,user_id,event_name,timestamp,properties\n"


def adopt(folder: Path, caller: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**bare_environment(), "PLG_OUTPUT_DIR": str(caller)}
    return subprocess.run(
        [sys.executable, "-m", "plg", "adopt", str(folder), *arguments],
        cwd=caller,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    lines = [
        f"u{n},,2024-01-{n % 28 + 1:02d},free,web,,{'de' if n % 3 else 'fr'}\n" for n in range(30)
    ]
    (folder / "users.csv").write_text(HEAD + "".join(lines))
    lines = [f"{n},u{n},Report Saved,2024-02-{n % 28 + 1:02d} 10:00:00,\n" for n in range(30)]
    lines += [f"s{n},u{n},Signed Up,2024-02-01,\n" for n in range(30)]
    (folder / "events.csv").write_text(EVENTS + "".join(lines))
    return folder


def test_a_folder_with_something_in_it_is_refused(raw: Path, tmp_path: Path) -> None:
    target = tmp_path / "definitions"
    target.mkdir()
    (target / "milestones.csv").write_text("mine")
    done = adopt(raw, tmp_path)
    assert done.returncode == 1
    assert f"{target}: this already exists, and nothing is overwritten" in done.stdout
    assert (target / "milestones.csv").read_text() == "mine" and len(list(target.iterdir())) == 1


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = adopt(tmp_path / "nothing", tmp_path, "--to", "new")
    assert done.returncode == 1
    assert f"{tmp_path / 'nothing'}: there is no such folder." in done.stdout
    assert not (tmp_path / "new").exists()


def test_wrong_data_write_nothing(raw: Path, tmp_path: Path) -> None:
    (raw / "users.csv").write_text("id,plan\n1,free\n")
    done = adopt(raw, tmp_path, "--to", "new")
    assert done.returncode == 1
    assert "column" in done.stdout and "Nothing was written." in done.stdout
    assert not (tmp_path / "new").exists()


def test_nothing_is_written_beside_the_data(raw: Path, tmp_path: Path) -> None:
    done = adopt(raw, tmp_path, "--to", str(raw / "definitions"))
    assert done.returncode == 1
    assert "this is inside the folder of the data" in done.stdout
    assert {path.name for path in raw.iterdir()} == {"users.csv", "events.csv"}


@pytest.mark.long
def test_a_small_folder_from_beginning_to_end(raw: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in raw.iterdir()}
    done = adopt(raw, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    target = tmp_path / "definitions"
    assert check_definitions(target)[0] == []
    assert "not_enough_data" in (target / "PROPOSAL.md").read_text("utf-8")
    assert "country,users,country,," in (target / "segments.csv").read_text("utf-8")
    assert (tmp_path / "report" / "index.html").is_file()
    assert f"export PLG_DEFINITIONS_DIR={target}" in done.stdout
    assert adopt(raw, tmp_path, "--to", "again").returncode == 0
    for path in target.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name
    assert before == {path: path.read_bytes() for path in raw.iterdir()}
