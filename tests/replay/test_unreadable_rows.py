"""A file in which a row can't be read, and that is fixed later: builds on top equal full builds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import PROJECT, query
from tests.replay.builds import Warehouse, build_differences

USERS = "user_id,account_id,created_at,plan_tier,install_source,invited_by\n" + "".join(
    f"u{n},,2024-01-0{n},,,\n" for n in range(1, 6)
)
ALLOWED = {"unreadable_rows_allowed": 0.2}
UNREADABLE = (
    "select row_count from marts.data_quality_by_rule "
    "where table_name = 'events' and rule_name = 'unreadable_row'"
)


def event(number: int) -> list[str]:
    user, day = 1 + number % 5, 6 + number % 9
    return [f"e{number}", f"u{user}", "document_created", f"2024-01-{day:02}", ""]


def text(rows: list[list[str]], arrival: bool) -> str:
    """A CSV; an event arrives on the day after it."""
    header = "event_id,user_id,event_name,timestamp,properties" + (
        ",received_at" if arrival else ""
    )
    lines = [
        ",".join(row) + (f",{row[3][:8]}{int(row[3][8:]) + 1:02}" if arrival else "")
        for row in rows
    ]
    return "\n".join([header, *lines, ""])


def in_folder(raw_dir: Path, rows: list[list[str]], broken: bool) -> None:
    """Its files are the parts."""
    (raw_dir / "events").mkdir(exist_ok=True)
    (raw_dir / "events" / "old.csv").write_text(text(rows[:20], arrival=False))
    new = text(rows[20:], arrival=False)
    (raw_dir / "events" / "new.csv").write_text(new + "half,u1\n" * broken)


def in_one_file(raw_dir: Path, rows: list[list[str]], broken: bool) -> None:
    """Its dates are the parts."""
    (raw_dir / "events.csv").write_text(text(rows, arrival=False) + "half,u1\n" * broken)


def by_arrival(raw_dir: Path, rows: list[list[str]], broken: bool) -> None:
    """Dates of arrival are the parts."""
    (raw_dir / "events.csv").write_text(text(rows, arrival=True) + "half,u1\n" * broken)


@pytest.mark.long
@pytest.mark.parametrize("write", [in_folder, in_one_file, by_arrival])
def test_a_row_that_cannot_be_read_comes_and_goes(
    tmp_path: Path, write: Callable[[Path, list[list[str]], bool], None]
) -> None:
    raw_dir = tmp_path / "raw"
    raw_dir.mkdir()
    (raw_dir / "users.csv").write_text(USERS)
    on_top, full = (
        Warehouse(tmp_path, name, raw_dir, PROJECT / "seeds") for name in ("on_top", "full")
    )
    rows = [event(number) for number in range(40)]

    write(raw_dir, rows, False)
    on_top.build(ALLOWED)
    shutil.copy(on_top.database, tmp_path / "sound.duckdb")
    assert query(on_top.database, UNREADABLE) == [{"row_count": 0}]

    # The row that can't be read is one that was sound before; another is new.
    write(raw_dir, [*rows[:-1], event(40)], True)
    on_top.build(ALLOWED)
    full.build(ALLOWED)
    assert query(on_top.database, UNREADABLE) == [{"row_count": 1}]
    assert build_differences(on_top.database, full.database) == []
    assert build_differences(on_top.database, tmp_path / "sound.duckdb") != []

    write(raw_dir, rows, False)
    on_top.build(ALLOWED)
    assert query(on_top.database, UNREADABLE) == [{"row_count": 0}]
    assert build_differences(on_top.database, tmp_path / "sound.duckdb") == []
