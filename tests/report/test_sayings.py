"""Sentences beside a number: there where the data give a cause, and only there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser

from plg.report.data import read_report
from plg.report.sayings import DRIFT_SQL, read_sayings
from tests.report.browser import opened, texts, write_page


@pytest.fixture
def changed_sample(sample_database: Path, tmp_path: Path) -> Callable[..., Path]:
    """The sample's database after these statements."""

    def change(*statements: str) -> Path:
        database = tmp_path / "changed.duckdb"
        shutil.copy(sample_database, database)
        with duckdb.connect(str(database)) as connection:
            for statement in statements:
                connection.execute(statement)
        return database

    return change


CANDIDATES = "activation_event_candidates"
OUTCOMES = "handoff_outcomes_by_week"
LEADS = "leads_to_hand_off"
DRIFT = "pql_drift_by_week"


def sayings(database: Path) -> dict[str, list[str]]:
    """All but those about segments (test_differences.py), candidates, hand-offs, drift."""
    left_out = (CANDIDATES, OUTCOMES, LEADS, DRIFT)
    return {mart: said for mart, said in all_sayings(database).items() if mart not in left_out}


def test_drift_is_an_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plg.report.sayings.read_differences", lambda query: [])
    first, last = date(2024, 5, 6), date(2024, 5, 27)
    found = [
        ("account", "milestone_share", True, first, first, 0.3149),
        ("user", "points", False, first, last, 0.1),
    ]
    one_week, weeks = read_sayings(lambda sql: found if sql == DRIFT_SQL else [])[DRIFT]
    assert one_week.startswith(
        "Alert: major drift of milestone share of accounts in the week of 2024-05-06 (PSI up to 0.31)."
    )
    assert weeks.startswith(
        "Alert: moderate drift of points of users in the weeks of 2024-05-06 to 2024-05-27 (PSI up to 0.10)."
    )


def all_sayings(database: Path) -> dict[str, list[str]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        said = read_sayings(lambda sql: connection.execute(sql).fetchall())
    assert said.pop("segment_tests")
    return said


def test_the_sample_compares_the_two_shares_of_a_step(sample_database: Path) -> None:
    """76.0 % of those who completed m1 completed m2; 57.3 % of those who reached it did so after."""
    said = sayings(sample_database)
    assert set(said) == {"milestone_completion_by_cohort", "milestone_velocity_by_cohort"}
    (completion,) = said["milestone_completion_by_cohort"]
    assert completion.startswith(
        "m1 to m2: 76.0 % here, 57.3 % on the card on how fast users go on"
    )
    assert completion.index("in any order") < completion.index("who reached m2 after it")
    (velocity,) = said["milestone_velocity_by_cohort"]
    assert velocity.startswith("m1 to m2: 57.3 % here, 76.0 % on the card on completion")
    assert velocity.index("who reached m2 after it") < velocity.index("in any order")


def test_equal_shares_need_no_sentence(changed_sample: Callable[..., Path]) -> None:
    database = changed_sample(
        "update marts.milestone_velocity_by_cohort as velocities set progression_rate = "
        "conversion_from_previous_rate + 0.0009 from marts.milestone_completion_by_cohort as other "
        "where velocities.to_milestone_id = other.milestone_id and other.segment_type = 'all' "
        "and other.cohort_grain = 'all'"
    )
    assert sayings(database) == {}


def test_what_is_missing_is_said_on_its_cards(changed_sample: Callable[..., Path]) -> None:
    database = changed_sample(
        "insert into intermediate.int_scorecard_gaps values "
        "('viral_coefficient', 'column', 'invited_by', true), ('activation_rate', 'event', 'a', true), "
        "('retention_d7', 'event', 'a', true)",
        "update intermediate.int_milestones_measured set is_measured = milestone_id <> 'm3'",
        "delete from marts.milestone_velocity_by_cohort",
    )
    milestone = ["Milestone m3 is not measured: no event api_call_success."]
    assert sayings(database) == {
        "activation_by_cohort": ["Not measured: no event a."],
        "milestone_completion_by_cohort": milestone,
        "milestone_velocity_by_cohort": milestone,
    }


def test_warnings_about_a_number_are_said_beside_it(
    changed_sample: Callable[..., Path], browser: Browser, tmp_path: Path
) -> None:
    """A reader of the card needs no other card; text from the data is shown as it is."""
    by_construction = "Every activated user is a lead: the path <b>a</b> alone reaches 70."
    outside = "81.0 % (17 of 21) invited users signed up later than 30 days after their inviter."
    database = changed_sample(
        "insert into marts.build_warnings (warning_id, table_name, subject, row_count, message) "
        f"values ('pql_is_activation', 'pql_bands', 'a', 2, '{by_construction}'), "
        f"('invited_outside_window', 'users', 'invited_by', 17, '{outside}'), "
        "('weights_not_one', 'milestones', 'weight', 2, 'No card says this.')",
        "delete from marts.milestone_velocity_by_cohort",
    )
    assert sayings(database) == {
        "pql_conversion_by_cohort": [by_construction],
        "pql_scores": [by_construction],
        "viral_coefficient_by_cohort": [outside],
    }
    with opened(browser, write_page(database, tmp_path / "index.html")) as page:
        assert texts(page, "#pql_scores .saying") == [by_construction]
        assert texts(page, "#viral_coefficient_by_cohort .saying") == [outside]
        marts = (CANDIDATES, "segment_tests", OUTCOMES, LEADS, DRIFT)
        always = ", ".join(f"#{mart} .saying" for mart in marts)
        assert len(texts(page, ".saying")) == 3 + len(texts(page, always))


NO_CANDIDATES = (
    f"update marts.{CANDIDATES} set candidate_rank = null, is_confirmed = false, "
    "is_recommended = false, p_value = 0.5"
)
FIRST = "event_name = 'user_login' and window_days = 1"


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (
            [f"update marts.{CANDIDATES} set p_value = null"],
            "Not enough data: of no behaviour are ",
        ),
        ([], "No behaviour goes with staying strongly enough (phi of 0.2) and by more than chance"),
        (
            [
                f"update marts.{CANDIDATES} set candidate_rank = 1, is_confirmed = true, "
                f"is_recommended = true where {FIRST} and min_count = 1"
            ],
            "Recommended as activation event: user_login within 1 day. Newer users confirm it.",
        ),
        (
            [f"update marts.{CANDIDATES} set candidate_rank = 1 where {FIRST} and min_count = 2"],
            "None is recommended: the first candidate is user_login at least 2 times within 1 day, and "
            "newer users do not confirm it. A second choice would have seen that test.",
        ),
        (
            [
                f"update marts.{CANDIDATES} set candidate_rank = 1 where {FIRST} and min_count = 2",
                f"update marts.{CANDIDATES} set p_value = null where sample_name = 'confirm'",
            ],
            "None is recommended: the first candidate is user_login at least 2 times within 1 day, and "
            "newer users are too few to confirm it. A second choice would have seen that test.",
        ),
    ],
)
def test_the_card_says_which_activation_event_is_recommended(
    changed_sample: Callable[..., Path], statements: list[str], sentence: str
) -> None:
    (said,) = all_sayings(changed_sample(NO_CANDIDATES, *statements))[CANDIDATES]
    assert said.startswith(sentence)


def test_without_a_meaningful_event_nothing_is_said(changed_sample: Callable[..., Path]) -> None:
    assert CANDIDATES not in all_sayings(changed_sample(f"delete from marts.{CANDIDATES}"))


def test_a_segment_type_of_one_value_is_no_choice(
    changed_sample: Callable[..., Path], browser: Browser, tmp_path: Path
) -> None:
    database = changed_sample(
        "delete from marts.time_to_first_value_by_cohort "
        "where segment_type = 'plan_tier' and segment_value <> 'free'"
    )
    with duckdb.connect(str(database), read_only=True) as connection:
        report = read_report(lambda sql: connection.execute(sql).fetchall(), [])
    kinds = {kind for kind, _, _ in report["segments"]}
    assert kinds == {"all", "acquisition_type", "install_source"}
    assert report["single_values"] == "No choice, as all users have it: plan tier free."
    with opened(browser, write_page(database, tmp_path / "index.html")) as page:
        assert texts(page, ".filters .hint") == [report["single_values"]]
        assert not page.locator('optgroup[label="plan tier"]').count()


def test_several_values_are_a_choice(sample_database: Path) -> None:
    with duckdb.connect(str(sample_database), read_only=True) as connection:
        report = read_report(lambda sql: connection.execute(sql).fetchall(), [])
    assert report["single_values"] == ""
    assert {"plan_tier", "acquisition_type"} <= {kind for kind, _, _ in report["segments"]}


COUNTS = (
    "update marts.handoff_outcomes_by_week set trailing_eligible_handoff_count = 30, "
    "trailing_converted_handoff_count = {converted}, trailing_false_discovery_rate = {rate}, "
    "trailing_false_discovery_rate_ci_lower = {lower}, is_alert = {is_alert}"
)


def test_the_alert_about_leads_is_said_on_both_cards(changed_sample: Callable[..., Path]) -> None:
    database = changed_sample(
        COUNTS.format(converted=2, rate=28 / 30, lower=0.7867654, is_alert=True),
        "update marts.handoff_outcomes_by_week set eligible_handoff_count = 0 "
        "where week_start_date > date '2024-04-29'",
    )
    said = all_sayings(database)
    assert said[OUTCOMES] == said[LEADS]
    (sentence,) = said[OUTCOMES]
    assert sentence.startswith(
        "Alert: in the four weeks up to that of 2024-04-29, 28 of 30 hand-offs whose time is over did not convert "
        "(93.3 %), surely more than 78.7 %. That is above the limit"
    )


def test_no_alert_is_said_where_the_rate_is_not_surely_above(
    changed_sample: Callable[..., Path],
) -> None:
    database = changed_sample(COUNTS.format(converted=3, rate=0.9, lower=0.7438, is_alert=False))
    said = all_sayings(database)
    assert "leads_to_hand_off" not in said
    assert said[OUTCOMES][0].startswith("No alert: ")
    assert "27 of 30 hand-offs" in said[OUTCOMES][0]


def test_unknown_conversion_is_said(changed_sample: Callable[..., Path]) -> None:
    database = changed_sample(
        "update intermediate.int_pql_units set is_conversion_known = false, converted_at = null",
        "update marts.handoff_outcomes_by_week set eligible_handoff_count = 0",
    )
    said = all_sayings(database)
    unknown = (
        "Conversion is unknown: there are no subscriptions with an amount above 0, and no event "
    )
    for mart in (LEADS, OUTCOMES, "playbook_kpis"):
        (sentence,) = said[mart]
        assert sentence.startswith(unknown)
    # Without a user there is nothing to know.
    nobody = all_sayings(changed_sample("delete from intermediate.int_pql_units"))
    assert not any(one.startswith(unknown) for said in nobody.values() for one in said)
