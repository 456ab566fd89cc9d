"""What the scorecard says of a change, of what is missing, and of leads by construction."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from plg.report.scorecard import read_scorecard
from plg.summary import SCORECARD_COLUMNS, show_summary

Rows = dict[str, dict]


@pytest.fixture
def scorecard_after(sample_database: Path, tmp_path: Path) -> Callable[..., Rows]:
    """The newest row of each metric of the sample, after these statements changed the sample."""

    def read(*statements: str) -> Rows:
        database = tmp_path / "changed.duckdb"
        shutil.copy(sample_database, database)
        with duckdb.connect(str(database)) as connection:
            for statement in statements:
                connection.execute(statement)
            rows = read_scorecard(lambda sql: connection.execute(sql).fetchall())
        return {row["metric_id"]: row for row in rows if row["is_latest"]}

    return read


def changed(metric_id: str, **values: str) -> list[str]:
    """Statements that give the newest week of a metric other values."""
    is_noise = values.pop("is_within_noise", None)
    said = ", ".join(f"{name} = {value}" for name, value in values.items())
    where = f"where is_latest and metric_id = '{metric_id}'"
    found = [f"update marts.kpi_scorecard set {said} {where}"]
    if is_noise:
        found.append(
            f"update intermediate.int_scorecard_changes set is_within_noise = {is_noise} {where}"
        )
    return found


@pytest.mark.parametrize(
    ("p_value", "is_noise", "text"),
    [
        ("0.41", "true", "+2.1 pp, within noise (p 0.41)"),
        ("0.0994", "true", "+2.1 pp, within noise (p 0.099)"),
        ("0.0123", "false", "+2.1 pp, more than noise (p 0.012)"),
        ("0.0002", "false", "+2.1 pp, more than noise (p < 0.001)"),
        ("null", "null", "+2.1 pp, not enough data to test it"),
    ],
)
def test_the_change_of_a_rate_says_whether_it_is_noise(
    p_value: str, is_noise: str, text: str, scorecard_after: Callable[..., Rows]
) -> None:
    values = {"week_over_week_change": "0.0213", "change_p_value": p_value}
    rows = scorecard_after(*changed("activation_rate", **values, is_within_noise=is_noise))
    assert rows["activation_rate"]["change_text"] == text


def test_other_changes_have_no_test(scorecard_after: Callable[..., Rows]) -> None:
    rows = scorecard_after(
        *changed("time_to_first_value", week_over_week_change="-0.394"),
        *changed("viral_coefficient", week_over_week_change="0.05"),
        *changed("activation_rate", week_over_week_change="null"),
        "delete from marts.kpi_scorecard where metric_id = 'pql_conversion_rate'",
    )
    assert rows["time_to_first_value"]["change_text"] == "-0.39 d"
    assert rows["viral_coefficient"]["change_text"] == "+0.05"
    assert rows["activation_rate"]["change_text"] == "no week before"
    without_week = rows["pql_conversion_rate"]
    assert (without_week["change_text"], without_week["status"]) == ("no closed week", "unknown")


def test_what_is_not_measured_says_what_is_missing(scorecard_after: Callable[..., Rows]) -> None:
    """Retention since activation has no week where nobody activates: it says why all the same."""
    rows = scorecard_after(
        "delete from marts.kpi_scorecard where metric_id = 'retention_d7'",
        "insert into intermediate.int_scorecard_gaps values "
        "('viral_coefficient', 'column', 'invited_by'), "
        "('milestone_completion_rate', 'event', 'invite_sent'), "
        "('milestone_velocity', 'event', 'invite_sent'), "
        "('milestone_velocity', 'event', 'document_created'), "
        "('retention_d7', 'event', 'a'), ('retention_d7', 'event', 'c'), "
        "('retention_d7', 'event', 'b')",
        *changed("viral_coefficient", status="'not_measured'"),
    )
    said = {name: row["change_text"] for name, row in rows.items()}
    assert said["viral_coefficient"] == "not measured: no user has invited_by"
    assert said["milestone_completion_rate"] == "not measured: no event invite_sent"
    assert said["milestone_velocity"] == "not measured: no event document_created and invite_sent"
    assert said["retention_d7"] == "not measured: no event a, b and c"
    assert rows["retention_d7"]["status"] == "not_measured"


BY_CONSTRUCTION = """
    insert into marts.build_warnings (warning_id, table_name, subject, row_count, message)
    values ('pql_is_activation', 'pql_bands', '{path}', 2, 'Every activated user is a lead.')
"""


def test_leads_by_construction_are_said(scorecard_after: Callable[..., Rows]) -> None:
    metric = "pql_conversion_rate"
    assert "construction" not in scorecard_after()[metric]["change_text"]
    said = scorecard_after(BY_CONSTRUCTION.format(path="default"))
    assert said[metric]["change_text"].endswith("; every activated user is a lead by construction")
    assert "construction" not in said["activation_rate"]["change_text"]
    # Another path activates users who are not leads by that alone.
    other_path = (
        "create or replace view staging.stg_milestones as "
        "select 'default' as path, true as is_required union all select 'api', true "
        "union all select 'video', false"
    )
    said = scorecard_after(other_path, BY_CONSTRUCTION.format(path="api"))
    assert said[metric]["change_text"].endswith("; who activates by api is a lead by construction")


@pytest.mark.parametrize("width", [80, 130, 150, 200])
def test_a_terminal_shows_what_it_has_room_for(sample_database: Path, width: int) -> None:
    console = Console(width=width, record=True, file=io.StringIO())
    with duckdb.connect(str(sample_database), read_only=True) as connection:
        show_summary(lambda sql: connection.execute(sql).fetchall(), "Here", console)
    lines = console.export_text().splitlines()
    (head,) = [line for line in lines if "metric" in line and "change" in line]
    shown = [heading for heading, room, _ in SCORECARD_COLUMNS if width >= room]
    assert [cell.strip() for cell in head.strip("┃ ").split("┃")] == shown
    assert ("within noise" in " ".join(lines)) and max(map(len, lines[:30])) <= width
