"""Pages with little on them say why."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser

from tests.harness import build
from tests.report.browser import DRAWN, opened, select_segment, texts, words_of, write_page


def raw_files(folder: Path, users: list[str], events: list[str]) -> Path:
    folder.mkdir()
    header = "user_id,account_id,created_at,plan_tier,install_source,invited_by"
    (folder / "users.csv").write_text("\n".join([header, *users, ""]))
    header = "event_id,user_id,event_name,timestamp,properties"
    (folder / "events.csv").write_text("\n".join([header, *events, ""]))
    return folder


def test_nobody(browser: Browser, tmp_path: Path) -> None:
    """A raw table without rows stops the build; here the rows are no users, as they lack a key."""
    users = [",,2024-01-01,,,", "ann,,,,,"]
    database = build(raw_files(tmp_path / "raw", users, []), tmp_path)
    with opened(browser, write_page(database, tmp_path / "index.html")) as page:
        assert "No user counts" in page.locator(".lead").inner_text()
        words = words_of(page)
        drawn = {"kpi_scorecard", "data_quality_by_rule", "build_warnings"}
        assert {name for name, said in words.items() if not said} == drawn
        assert all("user" in said or "Nobody" in said for name, said in words.items() if said)
        assert texts(page, ".tile .value") == ["–"] * 8
        # Without users and events, nothing is measured.
        changes = texts(page, ".tile .change")
        assert changes[-1] == "not measured: no user has invited_by"
        assert changes[2] == "not measured: no event invite_sent"
        assert all(text.startswith("not measured: no ") for text in changes)
        assert texts(page, ".tile .status") == ["– not measured"] * 8
        assert texts(page, "#data_quality_by_rule .population") == [
            "2 rows of users and events were removed."
        ]


# Values of segments are anybody's text: ten of twelve are on the page, as they are.
ODD = ["a|b", "it's", r"back\slash", "<b>bold</b>", "</script>", "{{ x }}", "ünï → 🚀", "%"]
ODD += ["__proto__", "cr\rcr"]


@pytest.fixture(scope="module")
def odd_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """22 users, two of each odd plan, and two install sources that are worth a look. One was invited.

    `quiet` are five users of one week, of whom nobody invited; `young` is one user who signed up
    two days before the end of the data.
    """
    folder = tmp_path_factory.mktemp("odd")
    users = [
        f'user{place}-{copy}<i>,,2024-01-0{1 + place % 5} 10:00:00,"{value}",'
        f"{'quiet' if place < 5 and copy else 'web'},{'ann' if value == 'z2' else ''}"
        for place, value in enumerate([*ODD, "z2"])
        for copy in range(2 if value in ODD else 1)
    ]
    users.append("ann,,2024-04-30 10:00:00,z1,young,")
    events = [
        "1,user0-1<i>,document_created,2024-01-02 10:00:00,",
        "2,ann,invite_sent,2024-04-30 11:00:00,",
        "3,ann,document_created,2024-05-02,",
        "4,user1-0<i>,user_login,2024-05-02 10:00:00,",
    ]
    database = build(raw_files(folder / "raw", users, events), folder)
    return write_page(database, folder / "index.html")


def test_one_user(browser: Browser, odd_page: Path) -> None:
    with opened(browser, odd_page) as page:
        select_segment(page, "install_source", "young")
        words = words_of(page)
        assert words["activation_by_cohort"] == (
            "All 1 signups are still inside their 30 days, so there is no rate to show."
        )
        assert words["viral_coefficient_by_cohort"] == (
            "All 1 signups are still inside their window, so there is no number to show."
        )
        assert words["time_to_first_value_curve"] == ""
        # First value on day 1; after it, nobody is left to watch.
        curve = page.evaluate(DRAWN, "time_to_first_value_curve.1")["symbol"]
        days = [mark["day_number"] for mark in curve if mark["segment_value"] == "young"]
        assert days == [0, 1]
        page.select_option('[data-choice$=".window_days"]', "1")
        assert words_of(page)["activation_by_cohort"] == ""
        (mark,) = page.evaluate(DRAWN, "activation_by_cohort.1")["symbol"]
        assert (mark["eligible_user_count"], mark["activation_rate"]) == (1, 0)


def test_one_cohort_without_invitations(browser: Browser, odd_page: Path) -> None:
    with opened(browser, odd_page) as page:
        select_segment(page, "install_source", "quiet")
        words = words_of(page)
        assert words["viral_coefficient_by_cohort"] == (
            "No invitation was sent and nobody signed up by one: k is 0 for 5 users."
        )
        assert words["pql_conversion_by_cohort"].startswith(
            "Nobody whose timeframes have closed has activated"
        )
        assert words["activation_by_cohort"] == words["retention_by_cohort"] == ""
        page.select_option('[data-choice$=".cohort_anchor"]', "activation")
        assert words_of(page)["retention_by_cohort"] == (
            "Nobody has activated, so nobody can come back after it."
        )
        for grain in ("week", "month", "all"):
            page.select_option("#grain", grain)
            (mark,) = page.evaluate(DRAWN, "activation_by_cohort.1")["symbol"]
            assert (mark["eligible_user_count"], mark["activation_rate"]) == (5, 0)


def test_what_is_not_measured_is_no_zero(browser: Browser, odd_page: Path) -> None:
    """Nobody has an inviter, so k is not measured; no user needs a choice of who was invited."""
    with opened(browser, odd_page) as page:
        tiles = dict(zip(texts(page, ".tile h4"), texts(page, ".tile"), strict=True))
        k = tiles["Viral coefficient"].splitlines()
        assert k[1:4] == ["–", "not measured: no user has invited_by", "– not measured"]
        assert "users\n21" in tiles["Viral coefficient"]
        # The events of the first two milestones occur, for one user each.
        assert "not measured" not in tiles["Activation rate"]
        assert texts(page, ".filters .hint") == [
            "No choice, as all users have it: acquisition type new."
        ]


def test_any_text_is_shown_as_it_is(browser: Browser, odd_page: Path) -> None:
    with opened(browser, odd_page) as page:
        assert texts(page, ".top .note") == [
            "2 more values of plan_tier, those with the fewest signups, are in the marts only."
        ]
        shown = page.locator('optgroup[label="plan tier"] option')
        labels = [label.rpartition(" (")[0].strip() for label in shown.all_text_contents()]
        assert sorted(labels) == sorted([*ODD[:-1], "cr\ncr"])
        for value in ODD:
            select_segment(page, "plan_tier", value)
            (mark,) = page.evaluate(DRAWN, "activation_by_cohort.1")["symbol"]
            assert mark["signup_count"] == 2, value
            drawn = page.evaluate(DRAWN, "time_to_first_value_curve.1")["symbol"]
            assert {mark["segment_value"] for mark in drawn} == set(ODD), value
            said = page.locator("#activation_by_cohort .applies").text_content() or ""
            assert said.startswith(f"plan tier: {value} ·")


def test_what_is_not_measured_is_not_zero(
    browser: Browser, sample_database: Path, tmp_path: Path
) -> None:
    """Nobody has an inviter: the card says which column is missing, and draws the rest."""
    database = tmp_path / "without_inviters.duckdb"
    shutil.copy(sample_database, database)
    unknown = ("invited_signup_count", "invitation_conversion_rate", "k_factor")
    unknown += ("median_viral_cycle_seconds", "invited_activated_count", "activated_k_factor")
    nothing = ", ".join(f"{column} = null" for column in unknown)
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"update marts.viral_coefficient_by_cohort set {nothing}")
    with opened(browser, write_page(database, tmp_path / "index.html")) as page:
        card = page.locator("#viral_coefficient_by_cohort")
        said = card.locator(".population").inner_text()
        assert "sent 4,744 invitations (i 1.22). Open: " in said
        assert said.endswith(
            "Who signed up by an invitation is not known, as no user has an inviter: fill the column "
            "invited_by of users with the user_id of the inviter. Until then k is empty, not 0."
        )
        figures = card.locator(".chart").all()
        assert [figure.is_visible() for figure in figures] == [False, True, False]
    with duckdb.connect(str(database)) as connection:
        connection.execute("update marts.viral_coefficient_by_cohort set invitation_count = 0")
    with opened(browser, write_page(database, tmp_path / "index.html")) as page:
        words = words_of(page)["viral_coefficient_by_cohort"]
        assert words.startswith("Who signed up by an invitation is not known")


def test_a_date_that_nobody_watched_is_named(
    browser: Browser, sample_database: Path, tmp_path: Path
) -> None:
    database = tmp_path / "later.duckdb"
    shutil.copy(sample_database, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("update marts.pql_scores set scored_at = timestamp '2024-12-01'")
    with opened(browser, write_page(database, tmp_path / "index.html")) as page:
        (note,) = texts(page, ".top .note")
    assert note.startswith("The last record is of 2024-06-28 23:55 UTC")
