"""Payments, leads and playbooks as planted, found again in the raw files by plain SQL and Python."""

from __future__ import annotations

import csv
import math
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from simulator import events
from simulator.cases import CASES, SHIPPED_EXIT, Case, instant
from simulator.definitions import write_changed_definitions
from simulator.early_use import EARLY_USE_EVENTS
from simulator.generate import generate
from simulator.law import BEHAVIORS, EARLY_USE, TOUR_FROM, TOUR_SHARE
from simulator.truth import PlantedTruth
from simulator.truth_of_qualification import PLAYBOOK_TIMEFRAME_DAYS
from tests.simulator.checks import bonferroni_z, wilson
from tests.simulator.qualification import (
    PROJECT,
    auc,
    counting,
    create_snapshots,
    fitted,
    patterns,
    points,
    points_at_snapshots,
    psi_by_week,
    split_date,
)

SIZE = {"users": 20_000, "days": 150, "seed": 5, "identities": False}
END = datetime(2024, 5, 30)
COMPARISONS = 24  # intervals that this module looks at
Z = bonferroni_z(COMPARISONS)
REAL = [name for name, (_, _, log_odds) in BEHAVIORS.items() if log_odds]
ENTRY = 51  # of the band handoff, as shipped
FIRST_INFLATED_WEEK = datetime.combine(TOUR_FROM + timedelta(days=8), datetime.min.time())


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PlantedTruth]:
    """The raw files of 20,000 users, and the truth."""
    folder = tmp_path_factory.mktemp("paying")
    return folder, generate(folder, **SIZE)


@pytest.fixture(scope="module")
def raw(product: tuple[Path, PlantedTruth]) -> duckdb.DuckDBPyConnection:
    return counting(product[0])


def number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return connection.execute(sql).fetchone()[0]


# Payments


def test_weights_are_found_within_their_intervals(raw, product):
    create_snapshots(raw, END, "account")
    weights, errors = fitted(patterns(raw))
    planted = product[1].qualification.log_odds
    assert weights.keys() == planted.keys()
    far = {
        name: (planted[name], weights[name], errors[name])
        for name in planted
        if abs(weights[name] - planted[name]) > Z * errors[name]
    }
    assert not far
    # Behaviours that make a difference are told from none.
    assert [name for name in REAL if weights[name] <= Z * errors[name]] == []


@pytest.mark.parametrize("unit_type", ["account", "user"])
def test_the_conversion_rate_is_what_the_law_implies(raw, product, unit_type):
    """Of accounts; of user: those without an account."""
    planted = product[1].qualification
    create_snapshots(raw, END, unit_type)
    of_units = "true" if unit_type == "account" else "payer like 'user:%'"
    units, eligible, converted = raw.execute(f"""
        select
            count(*),
            count(*) filter (is_eligible),
            count(*) filter (is_eligible and is_converted)
        from snapshots
        inner join units using (unit_id, midnight)
        where {of_units} and unit_id not like 'case%'
    """).fetchone()
    assert units == planted.unit_counts[unit_type]
    assert eligible == planted.eligible_unit_counts[unit_type]
    assert converted == planted.converted_unit_counts[unit_type]
    lower, upper = wilson(converted, eligible)(Z)
    assert lower <= planted.conversion_rate[unit_type] <= upper
    assert 0.08 < planted.conversion_rate[unit_type] < 0.15


def test_delays_are_exponential_and_few_pay_before_the_snapshot(raw, product):
    create_snapshots(raw, END, "account")
    planted = product[1].qualification
    early, units, soon, converted = raw.execute("""
        select
            count(*) filter (not is_at_risk),
            count(*),
            count(*) filter (is_eligible and converted_at < midnight + interval 12 days),
            count(*) filter (is_eligible and is_converted)
        from snapshots
        where midnight <= (select max(midnight) from snapshots where is_eligible)
    """).fetchone()
    lower, upper = wilson(early, units)(Z)
    assert lower <= planted.converted_before_share <= upper
    scale = planted.conversion_scale_days
    lower, upper = wilson(soon, converted)(Z)
    assert lower <= math.expm1(-12 / scale) / math.expm1(-30 / scale) <= upper


def test_accounts_are_told_apart_better_than_users(raw, product):
    found = {}
    for unit_type in ("account", "user"):
        create_snapshots(raw, END, unit_type)
        before = f"midnight < '{split_date(raw)}'"
        found[unit_type] = auc(patterns(raw, before), product[1].qualification.log_odds)
    assert 0.7 < found["account"] < 0.85
    assert found["user"] < found["account"] - 0.04


def test_removed_rows_are_the_planted_dirt(raw, product):
    """The rules of the two tables, one after the other."""
    folder, truth = product
    removed = truth.qualification.removed_row_counts
    assert all(count for counts in removed.values() for count in counts.values())
    for table, key in (
        ("subscriptions", "subscription_id, started_at"),
        ("accounts", "account_id"),
    ):
        raw.execute(f"create or replace table kept as from '{folder / table}.parquet'")
        rules = {
            "missing_key": "account_id is null"
            if table == "accounts"
            else "subscription_id is null or started_at is null or monthly_amount is null "
            "or (account_id is null and user_id is null)",
            "unknown_user": "account_id is null and user_id not in (select user_id from signups)",
            "bad_value": "monthly_amount < 0",
            "empty_period": "ended_at <= started_at",
        }
        found = {
            rule: number(raw, f"delete from kept where {condition}")
            for rule, condition in rules.items()
            if rule in removed[table]
        }
        doubled = f"select count(*) - count(distinct ({key})) from kept"
        found[f"duplicate_{table[:-1]}"] = number(raw, doubled)
        assert found == removed[table]


def test_without_the_table_the_same_payments_are_events(raw, tmp_path):
    truth = generate(tmp_path, **SIZE, subscriptions=False)
    assert not (tmp_path / "subscriptions.parquet").exists()
    raw.execute(f"""
        create or replace table as_events as
        select coalesce(account_id, 'user:' || user_id) as payer, min(timestamp) as converted_at
        from (select distinct user_id, timestamp, event_name from '{tmp_path}/events.parquet')
        inner join signups using (user_id)
        where event_name = 'subscription_started'
        group by 1
    """)
    assert truth.qualification.converted_unit_counts["account"] > 300
    differing = "select count(*) from (from payments except from as_events)"
    assert number(raw, differing) == 0
    assert (
        number(
            raw,
            differing.replace("payments except from as_events", "as_events except from payments"),
        )
        == 0
    )


# Playbooks and points


@pytest.mark.parametrize("event_name", PLAYBOOK_TIMEFRAME_DAYS)
def test_playbook_events_have_the_planted_share(raw, product, event_name):
    timeframe = PLAYBOOK_TIMEFRAME_DAYS[event_name]
    achieved, eligible = raw.execute(f"""
        select count(*) filter (first_at < created_at + interval {timeframe} days), count(*)
        from signups
        left join (
            select user_id, min(timestamp) as first_at
            from counting where event_name = '{event_name}' group by user_id
        ) using (user_id)
        where created_at + interval {timeframe} days <= '{END}'
    """).fetchone()
    lower, upper = wilson(achieved, eligible)(Z)
    assert lower <= product[1].qualification.playbook_rate[event_name] <= upper


def test_other_playbook_events_are_absent(raw):
    assert (
        number(raw, "select count(*) from counting where event_name = 'account_setup_completed'")
        == 0
    )


@pytest.mark.parametrize("event_name", ["project_created", "output_shared", "paid_feature_used"])
def test_first_days_make_no_further_date_active(raw, event_name):
    inactive = f"""
        select count(*)
        from counting as planted
        where event_name = '{event_name}' and user_id not like 'case%'
            and not exists (
                from counting
                where counting.user_id = planted.user_id
                    and counting.timestamp::date = planted.timestamp::date
                    and counting.event_name in (
                        'user_login', 'invite_sent', 'document_created', 'api_call_success',
                        'task_completed'
                    )
            )
    """
    assert number(raw, inactive) == 0


def test_a_channel_inflates_points_from_one_week_on(raw, product):
    planted = product[1].qualification
    assert planted.first_inflated_week == str(FIRST_INFLATED_WEEK.date())
    share = f"""
        select count(distinct user_id) filter (
            event_name = 'paid_feature_used' and timestamp::date = created_at::date
        ) / count(distinct user_id)
        from counting
        where user_id in (
            select user_id from signups
            where install_source = '{planted.inflated_channel}' and created_at {{}} '{TOUR_FROM}'
        )
    """
    assert number(raw, share.format("<")) < 0.1
    assert 0.7 < number(raw, share.format(">=")) < TOUR_SHARE
    create_snapshots(raw, END, "user")
    weeks = psi_by_week(points_at_snapshots(raw, "user"), split_date(raw))
    major = [
        week for week, (units, psi, p) in weeks.items() if units >= 50 and psi >= 0.25 and p < 0.05
    ]
    assert major == [week for week in weeks if week >= FIRST_INFLATED_WEEK]
    assert len(major) >= 2


def test_the_tour_and_the_first_days_change_nothing_else(tmp_path, monkeypatch):
    """Without the tour the same accounts pay; without all of it every other event keeps its row."""
    size = {"users": 1_500, "days": 150, "seed": 5, "identities": False}
    generate(tmp_path / "all", **size)
    connection = duckdb.connect()
    for name, limits in {"without_tour": (TOUR_SHARE,), "without": None}.items():
        without = EARLY_USE_EVENTS
        for limit in limits or (TOUR_SHARE, *(share for share, _ in EARLY_USE.values())):
            assert f"share(early_digest, 0) < {limit}" in without
            without = without.replace(f"share(early_digest, 0) < {limit}", "false")
        monkeypatch.setattr(events, "EARLY_USE_EVENTS", without)
        generate(tmp_path / name, **size)
        more, fewer = (
            number(
                connection,
                f"select count(*) from (from '{tmp_path}/{one}/events.parquet' "
                f"except all from '{tmp_path}/{other}/events.parquet')",
            )
            for one, other in (("all", name), (name, "all"))
        )
        assert more > 0 and fewer == 0
    paid = "subscriptions.parquet"
    assert (tmp_path / "all" / paid).read_bytes() == (tmp_path / "without_tour" / paid).read_bytes()


# Definitions


def test_a_changed_definition_changes_activation_by_the_planted_amount(raw, product):
    truth = product[1]
    rates = {}
    for days, planted in (
        (7, truth.activation_rate[30]["all"]),
        (3, truth.changed_activation_rate[30]["all"]),
    ):
        activated, eligible = raw.execute(f"""
            with done as (
                select
                    user_id,
                    min(timestamp) filter (event_name = 'invite_sent')
                        < any_value(created_at) + interval {days} days as m1,
                    min(timestamp) filter (event_name = 'document_created')
                        < any_value(created_at) + interval 14 days as m2
                from counting
                group by user_id
            )
            select count(*) filter (m1 and m2), count(*)
            from signups
            left join done using (user_id)
            where created_at + interval 30 days <= '{END}'
        """).fetchone()
        lower, upper = wilson(activated, eligible)(Z)
        assert lower <= planted <= upper
        rates[days] = planted
    assert 0.03 < rates[7] - rates[3] < 0.08


def test_the_changed_definitions_differ_in_one_cell(tmp_path):
    write_changed_definitions(PROJECT / "seeds", tmp_path / "changed")
    for file in sorted((PROJECT / "seeds").iterdir()):
        changed = tmp_path / "changed" / file.name
        with file.open(newline="") as one, changed.open(newline="") as other:
            pairs = list(zip(csv.reader(one), csv.reader(other), strict=True))
        cells = [pair for rows in pairs for pair in zip(*rows, strict=True) if pair[0] != pair[1]]
        assert cells == ([("7d", "3d")] if file.name == "milestones.csv" else [])


def test_definitions_without_the_milestone_are_refused(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "milestones.csv").write_text("milestone_id,timeframe\nother,7d\n")
    with pytest.raises(ValueError, match=r"milestones\.csv has no milestone m1\."):
        write_changed_definitions(folder, tmp_path / "changed")


# Cases: of the bundled sample, whose rows the users of the cases have no second ids in.


@pytest.fixture(scope="module")
def bundled() -> duckdb.DuckDBPyConnection:
    return counting(PROJECT / "sample")


def happened(bundled: duckdb.DuckDBPyConnection, unit_id: str) -> list[tuple[str, datetime]]:
    return bundled.execute(
        "select event_name, timestamp from counting where ? in (user_id, account_id)", [unit_id]
    ).fetchall()


def leads(
    events: list[tuple[str, datetime]], exit_bound: float, last_day: int = 60
) -> tuple[tuple[int, int | None], ...]:
    """The days, after the first event's, on which a unit becomes a lead and stops being one."""
    found: list[tuple[int, int | None]] = []
    for day in range(1, last_day + 1):
        score = points(events, instant(day, "00:00"))
        is_lead = bool(found) and found[-1][1] is None
        if not is_lead and score >= ENTRY:
            found.append((day, None))
        elif is_lead and score < exit_bound:
            found[-1] = (found[-1][0], day)
    return tuple(found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_what_it_says(bundled, case: Case):
    events = happened(bundled, case.unit_id)
    assert {day: points(events, instant(day, "00:00")) for day in case.scores} == case.scores
    assert {exit_bound: leads(events, exit_bound) for exit_bound in case.leads} == case.leads
    create_snapshots(bundled, datetime(2024, 6, 29), case.unit_type)
    assert bundled.execute(
        "select midnight, is_at_risk, is_at_risk and is_converted from snapshots where unit_id = ?",
        [case.unit_id],
    ).fetchone() == (instant(8, "00:00"), case.is_at_risk, case.is_converted)
    handed_off = [start for start, _ in case.leads[SHIPPED_EXIT] if start <= 30]
    expected = None
    if handed_off:
        expected = "converted" if case.pays_at else "expired"
    assert case.status == expected


def test_the_users_of_the_account_do_not_qualify_alone(bundled):
    (case,) = [case for case in CASES if case.name == "qualified_together"]
    for user_id in case.events:
        assert leads(happened(bundled, user_id), SHIPPED_EXIT) == ()


def test_a_short_sample_has_no_cases(tmp_path):
    truth = generate(tmp_path, users=50, days=100)
    assert truth.qualification.cases == []
    sql = f"select count(*) from '{tmp_path}/users.parquet' where user_id like 'case%'"
    assert number(duckdb.connect(), sql) == 0


def test_truth_names_the_cases(product):
    named = {case["unit_id"] for case in product[1].qualification.cases}
    assert named == {case.unit_id for case in CASES}
    assert date.fromisoformat(product[1].qualification.cases[0]["day_zero"]) == date(2024, 1, 15)
