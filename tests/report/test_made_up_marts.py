"""A mart that the report has never heard of gets its card from its yml alone.

Three made-up marts have all kinds of figures between them. Nothing in plg/report knows them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page

from plg.marts import PROJECT, Mart, read_marts
from plg.report.data import optional_inputs
from plg.report.page import shown_cards
from tests.harness import query
from tests.report.browser import DRAWN, State, opened, select_segment, texts, words_of, write_page

COLUMNS = """
      - {name: segment_type, data_type: string, description: Type.}
      - {name: segment_value, data_type: string, description: Value.}
"""
YML = {
    "revenue/renewals_by_cohort": f"""
models:
  - name: renewals_by_cohort
    description: |
      Who renews?
      One row per cohort, segment, plan and month_number. Made up.
    config:
      meta:
        key: [cohort_grain, cohort_date, segment_type, segment_value, plan, month_number]
        rates:
          renewal_rate:
            numerator: renewed_user_count
            denominator: eligible_user_count
            has_interval: true
        nested:
          - [customer_count, eligible_user_count, renewed_user_count]
        inputs: [users, events, invoices]
        card:
          labels: {{customer_count: customers, renewed_user_count: renewed}}
          figures:
            - {{kind: rate_by_cohort, value: renewal_rate, title: "Renewals of {{plan}}"}}
            - {{kind: lines, columns: [renewal_rate], by: [plan]}}
            - {{kind: stack_over_time, columns: [closed, open]}}
            - {{kind: grid, x: month_number, value: renewal_rate}}
            - {{kind: curve, x: month_number, value: renewal_rate, by: [plan]}}
            - {{kind: bars, value: renewal_rate, by: [plan]}}
            - {{kind: table, columns: [customer_count, renewal_rate, 1 - renewal_rate], by: [plan]}}
    columns:
      - {{name: cohort_grain, data_type: string, description: Grain.}}
      - {{name: cohort_date, data_type: date, description: Date.}}{COLUMNS}
      - {{name: plan, data_type: string, description: Plan.}}
      - {{name: month_number, data_type: integer, description: Month.}}
      - {{name: customer_count, data_type: bigint, description: Customers.}}
      - {{name: eligible_user_count, data_type: bigint, description: Closed.}}
      - {{name: renewed_user_count, data_type: bigint, description: Renewed.}}
      - {{name: renewal_rate, data_type: double, description: Share.}}
      - {{name: renewal_rate_ci_lower, data_type: double, description: Lower.}}
      - {{name: renewal_rate_ci_upper, data_type: double, description: Upper.}}
""",
    "revenue/revenue_by_month": f"""
models:
  - name: revenue_by_month
    description: |
      How much comes in?
      One row per month and segment. Made up.
    config:
      meta:
        key: [month_start_date, segment_type, segment_value]
        inputs: [users, events]
        card:
          figures:
            - kind: stack_over_time
              columns: {{new_user_count: new, kept_user_count: kept}}
              below: {{lost_user_count: lost}}
    columns:
      - {{name: month_start_date, data_type: date, description: Month.}}{COLUMNS}
      - {{name: new_user_count, data_type: bigint, description: New.}}
      - {{name: kept_user_count, data_type: bigint, description: Kept.}}
      - {{name: lost_user_count, data_type: bigint, description: Lost.}}
""",
    "discovery/first_steps": f"""
models:
  - name: first_steps
    description: |
      What do new users do first?
      One row per segment, step_number, from_name and to_name. Made up.
    config:
      meta:
        key: [segment_type, segment_value, step_number, from_name, to_name]
        inputs: [users, events]
        card:
          figures:
            - {{kind: flow, x: step_number, source: from_name, target: to_name, value: user_count}}
    columns:{COLUMNS}
      - {{name: step_number, data_type: integer, description: Step.}}
      - {{name: from_name, data_type: string, description: From.}}
      - {{name: to_name, data_type: string, description: To.}}
      - {{name: user_count, data_type: bigint, description: Users.}}
""",
}
# Cohorts from May on are open. Of `gold`, half renew each month; of `free`, nobody.
TABLES = """
    create table marts.renewals_by_cohort as
    select
        *,
        case when eligible_user_count > 0 then renewed_user_count / eligible_user_count end
            as renewal_rate,
        case when eligible_user_count > 0 then renewed_user_count / eligible_user_count / 2 end
            as renewal_rate_ci_lower,
        case when eligible_user_count > 0 then renewed_user_count / eligible_user_count * 1.5 end
            as renewal_rate_ci_upper
    from (
        select
            *,
            case when plan = 'gold' then eligible_user_count // pow(2, month_number)::bigint
                else 0 end as renewed_user_count
        from (
            select
                cohort_grain, cohort_date, segment_type, segment_value, plan, month_number,
                signup_count as customer_count,
                case when cohort_date < date '2024-05-01' then eligible_user_count else 0 end
                    as eligible_user_count
            from marts.time_to_first_value_by_cohort
            cross join (select unnest(['gold', 'free']) as plan)
            cross join (select unnest([0, 1, 2]) as month_number)
        )
    );
    create table marts.revenue_by_month as
    select
        date '2024-01-01' + to_months(month::integer) as month_start_date,
        segment_type, segment_value, 10 + month as new_user_count, 5 * month as kept_user_count,
        month as lost_user_count
    from range(5) as months (month)
    cross join (
        select distinct segment_type, segment_value from marts.time_to_first_value_by_cohort
    );
    alter table marts.revenue_by_month alter month_start_date type date;
    create table marts.first_steps as
    select segment_type, segment_value, step_number, from_name, to_name, user_count
    from (values
        (1, 'signup', 'document', 60), (1, 'signup', 'invite', 40),
        (2, 'document', 'invite', 20), (2, 'document', 'nothing', 40), (2, 'invite', 'nothing', 10)
    ) as steps (step_number, from_name, to_name, user_count)
    cross join (
        select distinct segment_type, segment_value from marts.time_to_first_value_by_cohort
    );
    create table staging.stg_invoices as select 1 as invoice_id;
"""


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Mart]:
    """The project's marts, and the made-up ones, read from yml as theirs are."""
    project = tmp_path_factory.mktemp("project")
    shutil.copy(PROJECT / "dbt_project.yml", project)
    for name, yml in YML.items():
        path = project / "models" / "marts" / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yml)
    return {**read_marts(), **read_marts(project)}


@pytest.fixture(scope="module")
def database(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("made_up") / "plg.duckdb"
    shutil.copy(sample_database, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute(TABLES)
    return database


@pytest.fixture(scope="module")
def page(browser: Browser, database: Path, marts: dict[str, Mart]) -> Page:
    file = write_page(database, database.with_name("index.html"), marts.values())
    with opened(browser, file) as page:
        yield page


def test_its_card_stands_in_the_section_of_its_family(page: Page) -> None:
    titles = texts(page, "h2")
    assert titles == [
        "Scorecard", "Activation", "Discovery", "Funnels", "Retention and usage", "Referral",
        "Leads", "Users", "Revenue", "Data quality",
    ]  # fmt: skip
    assert texts(page, "nav a") == titles
    assert texts(page, "#section-revenue h3") == ["Who renews?", "How much comes in?"]
    assert words_of(page)["renewals_by_cohort"] == ""


def test_a_rate_by_cohort(page: Page, database: Path) -> None:
    """Plan and month are chosen by selectors that follow from the key."""
    State(grain="month").set(page)
    selectors = page.locator("#renewals_by_cohort .choices label").all_text_contents()
    assert selectors == ["Planfreegold", "Month number012"]
    page.select_option('[data-choice="renewals_by_cohort.plan"]', "gold")
    page.select_option('[data-choice="renewals_by_cohort.month_number"]', "1")
    assert texts(page, "#renewals_by_cohort figcaption") == [
        "Renewals of gold",
        "Renewal rate by cohort and plan",
        "Window closed, still open by cohort",
        "Renewal rate by cohort and month number",
        "Renewal rate by plan and month number, with 95 % interval",
        "Renewal rate by plan, with 95 % interval",
    ]
    marks = page.evaluate(DRAWN, "renewals_by_cohort.1")["symbol"]
    rows = query(
        database,
        "from marts.renewals_by_cohort where segment_type = 'all' and cohort_grain = 'month' and "
        "plan = 'gold' and month_number = 1 and renewal_rate is not null order by cohort_date",
    )
    assert len(rows) == 4
    assert [mark["renewed_user_count"] for mark in marks] == [r["renewed_user_count"] for r in rows]
    assert [mark["value"] for mark in marks] == [r["renewal_rate"] for r in rows]
    shaded = page.evaluate(DRAWN, "renewals_by_cohort.1")["rect"]
    assert [mark["is_all_open"] for mark in shaded] == [False] * 4 + [True] * 2


def test_lines_stack_grid_curve_and_bars(page: Page, database: Path) -> None:
    State(grain="month").set(page)
    page.select_option('[data-choice="renewals_by_cohort.month_number"]', "2")
    drawn = {
        kind: page.evaluate(DRAWN, f"renewals_by_cohort.{place}")
        for place, kind in enumerate(("rate", "lines", "stack", "grid", "curve", "bars"), start=1)
    }
    assert {mark["series"].strip("\u2060") for mark in drawn["lines"]["symbol"]} == {"gold", "free"}
    assert len(drawn["lines"]["symbol"]) == 2 * 4
    (signups,) = query(
        database,
        "select sum(customer_count) as users from marts.renewals_by_cohort where segment_type = "
        "'all' and cohort_grain = 'month' and plan = 'gold' and month_number = 2",
    )
    assert sum(mark["value"] for mark in drawn["stack"]["rect"]) == signups["users"]
    assert len(drawn["grid"]["rect"]) == 4 * 3
    curve = [mark for mark in drawn["curve"]["symbol"] if mark["series"].startswith("gold")]
    assert [mark["month_number"] for mark in curve] == [0, 1, 2]
    assert curve[0]["value"] == 1 and curve[1]["lower"] < curve[1]["value"] < curve[1]["upper"]
    assert len(drawn["bars"]["rect"]) == 2


def test_a_month_reaches_to_the_next(page: Page) -> None:
    marks = page.evaluate(DRAWN, "revenue_by_month.1")["rect"]
    new = [mark for mark in marks if mark["series"] == "new"]
    assert [mark["ends"] for mark in new[:-1]] == [mark["begins"] for mark in new[1:]]
    lost = [mark for mark in marks if mark["series"] == "lost"]
    assert [(mark["bottom"], mark["top"]) for mark in lost] == [(0, -n) for n in range(5)]


def test_a_table(page: Page) -> None:
    place = "#renewals_by_cohort .extra"
    assert texts(page, f"{place} th") == [
        "plan",
        "customers",
        "renewal rate",
        "all but renewal rate",
    ]
    page.select_option('[data-choice="renewals_by_cohort.month_number"]', "0")
    assert texts(page, f"{place} td") == [
        "free", "5,358", "0.0 %", "100.0 %", "gold", "5,358", "100.0 %", "0.0 %",
    ]  # fmt: skip


def test_a_flow(page: Page) -> None:
    select_segment(page, "all", "all")
    drawn = page.evaluate(DRAWN, "first_steps.1")
    nodes = {(round(mark["x"]), mark["label"]): mark["value"] for mark in drawn["rect"]}
    assert nodes == {
        (1, "signup"): 100, (2, "document"): 60, (2, "invite"): 40, (3, "invite"): 20,
        (3, "nothing"): 50,
    }  # fmt: skip
    widths = {(mark["series"], mark["y2"] - mark["y"]) for mark in drawn["area"]}
    assert {(name, round(width)) for name, width in widths} == {
        ("signup to document, step 1", 60), ("signup to invite, step 1", 40),
        ("document to invite, step 2", 20), ("document to nothing, step 2", 40),
        ("invite to nothing, step 2", 10),
    }  # fmt: skip
    # Bands leave a node side by side.
    leaving = [mark for mark in drawn["area"] if mark["from"] == "document"]
    starts = {mark["series"]: mark["y"] for mark in reversed(leaving)}
    assert sorted(starts.values()) in ([0, 20], [0, 40])


def test_sentences_follow_from_the_counts(page: Page) -> None:
    State("all|all").set(page)
    page.select_option('[data-choice="renewals_by_cohort.plan"]', "gold")
    page.select_option('[data-choice="renewals_by_cohort.month_number"]', "2")
    (said,) = texts(page, "#renewals_by_cohort .population")
    assert said == (
        "5,358 customers. Open: 1,361 are still inside their window and in no rate. Of the 3,997 "
        "others 999 renewed, 25.0 %. A hollow point has open users; where all are open, the "
        "ground is shaded."
    )
    (said,) = texts(page, "#revenue_by_month .population")
    assert said == (
        "2024-05-01, the last month that has ended: 14 new, 20 kept, 4 lost. "
        "Open: the month under way is left out."
    )
    assert texts(page, "#revenue_by_month .applies") == ["All users · always by month"]


def test_a_table_that_is_not_there_is_named(
    browser: Browser, database: Path, marts: dict[str, Mart], tmp_path: Path
) -> None:
    shown = [marts["renewals_by_cohort"], marts["activation_by_cohort"]]
    assert optional_inputs(shown_cards(shown)) == ["invoices"]
    with duckdb.connect(str(shutil.copy(database, tmp_path / "plg.duckdb"))) as connection:
        connection.execute("delete from staging.stg_invoices; delete from marts.renewals_by_cohort")
    file = write_page(tmp_path / "plg.duckdb", tmp_path / "index.html", shown)
    with opened(browser, file) as page:
        assert words_of(page) == {
            "activation_by_cohort": "",
            "renewals_by_cohort": "No rows: this needs the table invoices, which has no rows.",
        }
