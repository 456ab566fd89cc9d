"""Versions of definitions, playbooks, and the rules of subscriptions, on rows that can be followed by hand."""

from __future__ import annotations

from datetime import datetime

from tests.oracle.definition_versions import version_of
from tests.oracle.small_leads import (
    SEEDS,
    did,
    march,
    subscription,
)
from tests.oracle.small_world import MOMENT, Compute, user

# Versions


def test_the_version_of_definitions() -> None:
    values = {"zone": None, "value_week": 8}
    assert version_of({"decay": "22", "bands": "11"}, values) == "c575be4c913d"


def test_other_versions_stand_beside_this_one(marts_of: Compute) -> None:
    def said(version: object, observed: object, week: object, value: object):
        return {
            "definitions_version": version,
            "observed_until_at": observed,
            "metric_id": "activation_rate",
            "week_start_date": week,
            "value": value,
        }

    monday = "2024-02-26"
    marts = marts_of(
        users=[user("a", march(1))],
        # Too late for both.
        events=did("a", ("invite_sent", march(28)), ("document_created", march(28))),
        metric_history=[
            said("old", "2024-06-01", monday, "0.5"),
            said("old", "2024-05-01", monday, 0.1),
            said("old", "2024-06-01", monday, 0.75),
            said("old", None, monday, 0.2),
            said("older", None, monday, 0.2),
            said("old", "2024-06-01", "2020-01-06", None),
            said(None, "2024-06-01", monday, 1),
            said("old", "2024-06-01", "soon", 1),
        ],
        variables={"observed_until": "2024-06-01"},
        seeds=SEEDS | {"definition_log": "old,2024-01-02,product,Longer window,Too few\n"},
    )
    rows = [
        row
        for row in marts["metric_history_by_definition"]
        if row["metric_id"] == "activation_rate"
    ]
    found = [
        (
            row["definitions_version"] if not row["is_current"] else None,
            row["value"],
            row["current_definition_value"],
            row["difference"],
            row["is_comparable"],
        )
        for row in rows
    ]
    assert found == [
        (None, 0.0, 0.0, 0.0, True),
        ("old", 0.5, 0.0, -0.5, True),
        ("old", None, None, None, True),
        ("older", 0.2, 0.0, -0.2, False),
    ]
    assert [row["owner"] for row in rows] == [None, "product", "product", None]


# Playbooks and rows of subscriptions


def test_playbooks(marts_of: Compute) -> None:
    playbooks = (
        "p,twice,milestone,user_login,2,3d,,0.5\n"
        "p,never,milestone,moon,,3d,,0.5\n"
        "p,d7,retention,,,,d7,0.51\n"
        "p,conversion,conversion,,,30d,,\n"
        "p,pro,milestone,user_login,,30d,,1,plan_tier,pro\n"
    )
    marts = marts_of(
        users=[user("a", march(1)), user("b", march(1), plan_tier="pro")],
        events=[
            *did("a", ("user_login", march(2)), ("user_login", march(4) - MOMENT)),
            *did("b", *(("user_login", march(day)) for day in (2, 4, 8))),
            *did("b", ("subscription_started", march(31))),
        ],
        variables={"observed_until": "2024-06-01"},
        seeds=SEEDS | {"playbooks": playbooks},
    )
    found = {
        row["kpi_id"]: (row["eligible_user_count"], row["achieved_rate"], row["status"])
        for row in marts["playbook_kpis"]
    }
    assert found == {
        "twice": (2, 0.5, "met"),
        "never": (2, None, "unknown"),
        "d7": (2, 0.5, "below"),
        "conversion": (2, 0.0, "unknown"),
        "pro": (1, 1.0, "met"),
    }


def test_each_rule_of_subscriptions(marts_of: Compute) -> None:
    day = march(10)
    marts = marts_of(
        users=[
            user("a", march(1), account_id="x"),
            user("bot", march(1), account_id="bots"),
            user("b", march(1)),
        ],
        subscriptions=[
            subscription("x", day, "10.005", subscription_id="kept"),
            subscription("x", day, "10.01", subscription_id="kept", ended_at="2024-09-01"),
            subscription("x", day, "10.004", subscription_id="kept", ended_at="2024-09-01"),
            subscription(None, day, 1),
            subscription("x", day, "much"),
            subscription("x", "soon", 1),
            subscription("x", day, 1, subscription_id=None),
            subscription("x", datetime(2040, 1, 1), 1),
            subscription("bots", day, 1),
            subscription(None, day, 1, user_id="bot"),
            subscription("x", day, 1, user_id="bot", subscription_id="named"),
            subscription(None, day, 1, user_id="nobody"),
            subscription("x", day, "-0.005"),
            subscription("x", day, "-0.004", subscription_id="free"),
            subscription("x", day, 1, ended_at=day),
            subscription("x", march(31), 1, subscription_id="later than all"),
        ],
        events=did("a", ("user_login", march(20))),
        seeds=SEEDS | {"excluded_users": "bot,staff\n"},
    )
    taken = {
        row["rule_name"]: row["row_count"]
        for row in marts["data_quality_by_rule"]
        if row["table_name"] == "subscriptions"
    }
    assert taken == {
        "unreadable_row": 0,
        "missing_key": 4,
        "future_event": 1,
        "excluded_user": 2,
        "unknown_user": 1,
        "bad_value": 1,
        "empty_period": 1,
        "duplicate_subscription": 2,
    }
    counted = {
        row["decision"]: row["row_count"]
        for row in marts["input_by_decision"]
        if row["table_name"] == "subscriptions"
    }
    assert counted == {"delivered": 16, "counted": 4}
