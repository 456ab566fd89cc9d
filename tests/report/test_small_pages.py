"""Pages with little on them say why."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser

from tests.harness import PROJECT, build
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
        drawn = {"kpi_scorecard", "data_quality_by_rule", "build_warnings", "input_by_decision"}
        assert {name for name, said in words.items() if not said} == drawn
        assert all("user" in said or "Nobody" in said for name, said in words.items() if said)
        assert texts(page, ".tile .value") == ["–"] * 11
        # Without users and events, nothing is measured.
        changes = texts(page, ".tile .change")
        assert changes[-1] == "not measured: no user has invited_by"
        assert changes[4] == "not measured: no event invite_sent"
        assert all(text.startswith("not measured: no ") for text in changes)
        assert texts(page, ".tile .status") == ["– not measured"] * 11
        assert texts(page, "#data_quality_by_rule .population") == [
            "2 rows of the raw tables were removed."
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


def test_another_products_data_are_not_measured_by_the_shipped_milestones(
    browser: Browser, tmp_path: Path
) -> None:
    """Three users, of whom nobody has an inviter; the milestones' events are not of this product."""
    users = [f"user{place},,2024-01-0{place} 10:00:00,free,web," for place in (1, 2, 3)]
    events = ["1,user1,order_placed,2024-01-02 10:00:00,", "2,user2,order_placed,2024-05-02,"]
    database = build(raw_files(tmp_path / "raw", users, events), tmp_path)
    with opened(browser, write_page(database, tmp_path / "index.html")) as page:
        assert texts(page, ".tile .value") == ["–"] * 11
        statuses = dict(zip(texts(page, ".tile h4"), texts(page, ".tile .status"), strict=True))
        # Nobody activated, nobody got to first value: what is about them has nobody to count.
        unknown = {name for name, status in statuses.items() if status == "? unknown"}
        assert unknown == {"PQL conversion rate", "Time to first value, median"}
        assert set(statuses.values()) == {"? unknown", "– not measured"}
        both = "not measured: no event document_created and invite_sent"
        assert dict(zip(texts(page, ".tile h4"), texts(page, ".tile .change"), strict=True)) == {
            "Accounts that become leads": "not measured: no user has account_id",
            "Activation rate": both,
            "Day 30 retention, activated": both,
            "Day 7 retention, activated": both,
            "First milestone completion": "not measured: no event invite_sent",
            "First to second milestone": both,
            "Hand-off conversion rate": (
                "not measured: no event subscription_started, no table subscriptions"
            ),
            "PQL conversion rate": both,
            "Second milestone conversion": both,
            "Time to first value, median": "not measured: no event document_created",
            "Viral coefficient": "not measured: no user has invited_by",
        }
        # The users are known all the same; no week of retention since activation has any.
        users = dict(zip(texts(page, ".tile h4"), texts(page, ".tile > dl"), strict=True))
        assert "users\n3\n" in users["Activation rate"]
        assert "users\n–\n" in users["Day 7 retention, activated"]
        assert texts(page, "#activation_by_cohort .saying") == [
            "Not measured: no event document_created and invite_sent."
        ]
        assert texts(page, ".filters .hint") == [
            "No choice, as all users have it: acquisition type new, install source web, plan tier free."
        ]
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select metric_id, status, user_count, current_value, current_value_ci_lower "
            "from marts.kpi_scorecard where is_latest"
        ).fetchall()
    found = {metric_id: values for metric_id, *values in rows}
    # Weeks of retention are those of activations: there are none.
    assert len(found) == 7 and "retention_d7" not in found
    of_nobody = ("pql_conversion_rate", "time_to_first_value")
    for metric_id, (status, _, *values) in found.items():
        assert status == ("unknown" if metric_id in of_nobody else "not_measured"), metric_id
        assert values == [None, None], metric_id
    assert found["milestone_completion_rate"] == ["not_measured", 3, None, None]
    assert found["milestone_velocity"] == ["not_measured", 0, None, None]


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
        assert "sent 5,104 invitations (i 1.28). Open: " in said
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
        connection.execute(
            "update intermediate.int_observation set observed_until_at = timestamp '2024-12-01'"
        )
    with opened(browser, write_page(database, tmp_path / "index.html")) as page:
        (note,) = texts(page, ".top .note")
    assert note.startswith("The last record is of 2024-06-28 23:55 UTC")


def test_who_signed_up_before_observed_from_is_named(browser: Browser, tmp_path: Path) -> None:
    """Three users: two are in no rate, and of these one came by a channel of its own."""
    users = [
        "ann,,2024-01-31 23:59:59,,old,",
        "bob,,2024-01-31 23:59:59,,web,",
        "cid,,2024-02-01 00:00:00,,web,",
    ]
    events = [
        "1,cid,document_created,2024-02-02 10:00:00,",
        "2,ann,user_login,2024-06-02 10:00:00,",
    ]
    variables = {"observed_from": "2024-02-01", "retention_weeks": -1}
    definitions = shutil.copytree(PROJECT / "seeds", tmp_path / "definitions")
    playbooks = definitions / "playbooks.csv"
    # A playbook that asks for a week can't be built without weeks.
    playbooks.write_text(
        "".join(line for line in playbooks.read_text().splitlines(True) if ",w2,0.40" not in line)
    )
    database = build(
        raw_files(tmp_path / "raw", users, events), tmp_path, definitions, variables=variables
    )
    with opened(browser, write_page(database, tmp_path / "index.html")) as page:
        assert texts(page, ".top .note")[0] == (
            "2 of 3 users signed up before 2024-02-01 00:00 UTC (the var observed_from): no rate and "
            "no survival curve counts them."
        )
        said = texts(page, "#activation_by_cohort .population")[0]
        assert said.startswith("3 signups. Open: 0 are still inside their 30 days")
        assert "Of the 1 others 0 activated, 0.0 %." in said
        assert said.endswith(" 2 signed up before observed_from: no rate counts them.")
        page.select_option("#grain", "all")
        (mark,) = page.evaluate(DRAWN, "activation_by_cohort.1")["symbol"]
        assert (mark["eligible_user_count"], mark["is_open"]) == (1, False)
        # What the vars leave out of the mart is no choice; the first of the others is shown.
        select = page.locator('[data-choice="retention_by_cohort.period_grain"]')
        assert select.input_value() == "day"
        assert select.locator("option").all_text_contents() == [
            *("day", "month of 30 days", "bracket of days", "day n or later")
        ]
        select_segment(page, "install_source", "old")
        words = words_of(page)
        for name in ("activation_by_cohort", "retention_by_cohort"):
            assert words[name] == (
                "1 signed up before observed_from, so no rate counts them, and the window of nobody "
                "else has closed."
            )
        curve = page.evaluate(DRAWN, "time_to_first_value_curve.1")["symbol"]
        assert {mark["segment_value"] for mark in curve} == {"web"}
        assert texts(page, "#time_to_first_value_curve .population") == [
            "Nobody of this segment was seen from the signup on."
        ]


def test_dates_of_another_zone_are_said_to_be_so(tmp_path: Path) -> None:
    """New York has five hours of 31 January left at midnight UTC; ann came on 31 December there."""
    users = ["ann,,2024-01-01 03:00:00,,web,", "bob,,2024-01-15 12:00:00,,web,"]
    variables = {"observed_until": "2024-02-01", "reporting_timezone": "America/New_York"}
    database = build(raw_files(tmp_path / "raw", users, []), tmp_path, variables=variables)
    page = " ".join(write_page(database, tmp_path / "index.html").read_text("utf-8").split())
    for words in (
        "<title>Growth report, data until 2024-01-31</title>",
        "users since 2023-12-31,",
        "Data until <strong>2024-02-01 00:00 UTC</strong>.",
        "Dates, weeks and months are in America/New_York (the var reporting_timezone), times in UTC. "
        "The data end at 2024-02-01 00:00 UTC. In America/New_York, 2024-01-31 has not ended then "
        "and counts as open.",
        "All times are UTC, all dates are in America/New_York.",
    ):
        assert words in page, words
