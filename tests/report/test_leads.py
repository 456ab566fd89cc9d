"""The report has one list of leads, and nothing beside it that contradicts it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from tests.harness import query
from tests.report.browser import State, texts


def test_leads_are_those_of_the_hand_off_that_are_open(
    sample_view: Page, sample_database: Path
) -> None:
    State().set(sample_view)
    leads = query(
        sample_database,
        "select * from marts.leads_to_hand_off where status = 'open' "
        "order by score desc, handed_off_date desc, unit_id limit 100",
    )
    assert len(leads) > 20
    place = "#leads_to_hand_off td"
    for number, written in enumerate(
        [
            [row["unit_id"] for row in leads],
            [row["account_id"] or "–" for row in leads],
            [row["recommended_action"].replace("_", " ") for row in leads],
            [f"{row['handed_off_date']:%-d %b %y}" for row in leads],
            [f"{row['score_at_handoff']:.1f}" for row in leads],
            [f"{row['score']:.1f}" for row in leads],
            [row["top_signals"].replace("_", " ") for row in leads],
        ],
        start=1,
    ):
        assert texts(sample_view, f"{place}:nth-child({number})") == written
    statuses = query(
        sample_database, "select status, count(*) as n from marts.leads_to_hand_off group by status"
    )
    counts = {row["status"]: row["n"] for row in statuses}
    (said,) = texts(sample_view, "#leads_to_hand_off .population")
    assert said.startswith(f"{counts['open']} open leads by the scheme points. ")
    assert f" {counts['converted']} converted, {counts.get('withdrawn', 0)} withdrawn, " in said


def test_bands_of_the_current_scores_name_no_action(
    sample_view: Page, sample_database: Path
) -> None:
    """The list of leads says what to do; a second scheme must not say something else beside it."""
    State().set(sample_view)
    users, bands = "#pql_scores td:nth-child(4)", "#pql_scores td:nth-child(2)"
    counts = {
        row["band"]: f"{row['n']:,}"
        for column in ("milestone_band", "points_band")
        for row in query(
            sample_database,
            f"select {column} as band, count(*) as n from marts.pql_scores group by 1",
        )
    }
    shown = dict(zip(texts(sample_view, bands), texts(sample_view, users), strict=True))
    assert shown == counts
    assert "ae handoff" not in " ".join(texts(sample_view, "#pql_scores td"))
