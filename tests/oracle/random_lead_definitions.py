"""The seeds and vars of leads in random cases."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from tests.oracle.random_definitions import (
    bands,
    behavior_signal,
    fit_signal,
    targets,
)
from tests.oracle.random_values import ASTRAL, BELOW_ASTRAL, NEVER_HAPPENS, Row, Seeds

# What leads do; the milestones' events come to these.
LEAD_EVENTS = (
    "user_login",
    "invite_sent",
    "document_created",
    "paid_feature_used",
    "onboarding_completed",
    "email_opened",
    "account_reached_ten_users",
)
WINDOWS: tuple[Mapping[str, object], ...] = (
    {
        "pql_history_days": 20,
        "pql_snapshot_days": [3, 7],
        "conversion_window_days": 7,
        "pql_window_days": 10,
        "handoff_signup_days": 14,
        "value_week": 2,
    },
    {
        "pql_history_days": 20,
        # The first age is the smallest, wherever it stands.
        "pql_snapshot_days": [7, 3],
        "conversion_window_days": 5,
        "pql_window_days": 20,
        "handoff_signup_days": 20,
        "value_week": 1,
    },
    {
        "pql_history_days": 25,
        "pql_snapshot_days": [1],
        "conversion_window_days": 3,
        "pql_window_days": 5,
        "handoff_signup_days": 4,
        "value_week": 2,
    },
    {},
    {
        "pql_history_days": 12,
        "pql_snapshot_days": [2, 5, 11],
        "conversion_window_days": 10,
        "pql_window_days": 12,
        "handoff_signup_days": 12,
        "value_week": 3,
    },
)
HAND_OFFS = (
    {},
    {"handoff_scheme": "milestone_share", "handoff_unit_type": "account"},
    {"handoff_unit_type": "account"},
    {"handoff_scheme": "propensity"},
    {"handoff_scheme": "milestone_share"},
    {"handoff_scheme": "propensity", "handoff_unit_type": "account"},
)
# None: the var is left alone.
OTHER_VARIABLES: Mapping[str, tuple[object, ...]] = {
    "false_discovery_limit": (0.05, None, 0.5),
    "threshold_lift": (1.1, None, 1.5, 1.0),
    "candidate_lift": (1.0, None, 1.05),
}
LEFT_ALONE = "left alone"
CONVERSION_EVENTS = (LEFT_ALONE, "plan_bought", None, "paid_feature_used", LEFT_ALONE)
DEFAULT_CONVERSION_EVENT = "subscription_started"


def lead_variables(number: int) -> dict[str, object]:
    variables = dict(WINDOWS[number % len(WINDOWS)]) | HAND_OFFS[number % len(HAND_OFFS)]
    for name, values in OTHER_VARIABLES.items():
        value = values[number % len(values)]
        if value is not None:
            variables[name] = value
    # Every second case by turns, so that it meets each kind of bills.
    event_name = CONVERSION_EVENTS[number // 2 % len(CONVERSION_EVENTS)]
    if event_name != LEFT_ALONE:
        variables["conversion_event"] = event_name
    return variables


def with_exit(rows: list[Row], band: str, exit_bound: str) -> list[Row]:
    return [row | {"exit_bound": exit_bound} if row["band"] == band else row for row in rows]


def behavior(behavior_id: str, event_name: str, min_count: str = "", weight: str = "") -> Row:
    return {
        "behavior_id": behavior_id,
        "definition": f"Does {behavior_id}",
        "triggered_by_event": event_name,
        "min_count": min_count,
        "weight": weight,
    }


def kpi(
    playbook_id: str,
    kpi_id: str,
    kpi_type: str,
    *,
    event_name: str = "",
    min_count: str = "",
    timeframe: str = "",
    period: str = "",
    target: str = "",
    segment: tuple[str, str] = ("", ""),
    order: str = "1",
) -> Row:
    return {
        "playbook_id": playbook_id,
        "playbook_name": f"The {playbook_id} {ASTRAL}",
        "persona": "",
        "segment_type": segment[0],
        "segment_value": segment[1],
        "owner": "product",
        "kpi_id": kpi_id,
        "kpi_name": f"{kpi_id}, in words",
        "kpi_order": order,
        "kpi_type": kpi_type,
        "triggered_by_event": event_name,
        "min_count": min_count,
        "timeframe": timeframe,
        "retention_period": period,
        "target_rate": target,
    }


PLAYBOOKS = [
    kpi("self_serve", "invite_sent", "milestone", event_name="invite_sent", timeframe="7d",
        target="0.5"),
    kpi("self_serve", "logins", "milestone", event_name="user_login", min_count="3",
        timeframe="12h", target="0.01", order="2"),
    kpi("self_serve", "moon", "milestone", event_name=NEVER_HAPPENS, timeframe="2w", target="0"),
    kpi("self_serve", "d3", "retention", period="d3", target="0.25", segment=("all", "all")),
    kpi("self_serve", "w1", "retention", period="w1"),
    kpi("ads", "conversion", "conversion", timeframe="10d", target="0.3333",
        segment=("install_source", "ads")),
    kpi("ads", "document", "milestone", event_name="document_created", timeframe="30d",
        segment=("acquisition_type", "new")),
    kpi("ads", "d0", "retention", period="d0", target="1", segment=("install_source", "ads")),
    kpi("nobody", "conversion", "conversion", timeframe="1d", target="0.5",
        segment=("acquisition_type", "invited")),
]  # fmt: skip
METRICS = (
    ("retention_d30", "retention", "lagging", "retention_by_cohort", "retention_rate"),
    ("account_pql_rate", "qualification", "leading", "pql_rate_by_cohort", "pql_rate"),
    (
        "handoff_conversion_rate",
        "revenue",
        "lagging",
        "handoff_outcomes_by_week",
        "handoff_conversion_rate",
    ),
)
REGISTRY = [
    {
        "metric_id": metric_id,
        "metric_name": f"{metric_id} in words",
        "layer": layer,
        "indicator_type": indicator_type,
        "unit_of_analysis": "user",
        "time_window": "30 days",
        "definition": "A sentence",
        "edge_cases": "None",
        "mart": mart,
        "column_name": column_name,
        "actionable_signal": "It falls",
        "common_mistake": "To read it too early",
        "owner": "sales",
    }
    for metric_id, layer, indicator_type, mart, column_name in METRICS
]
SHIPPED_BEHAVIORS = [
    behavior("intercept", "", "", "-3.3040"),
    behavior("invited", "invite_sent", "1", "0.4935"),
    behavior("documented", "document_created", "1", "0.3353"),
    behavior("documented_three", "document_created", "3"),
    behavior("called_api", "api_call_success", "1"),
    behavior("finished_task", "task_completed", "1"),
    behavior("came_back", "user_login", "3", "0.1690"),
    behavior("onboarded", "onboarding_completed", "1"),
    behavior("paid_feature", "paid_feature_used", "1", "2.1"),
]
SHIPPED_BANDS = (
    with_exit(
        bands(
            "milestone_share",
            ("inactive", "0", "false"),
            ("engaged", "31", "false"),
            ("pql", "70", "true"),
        ),
        "pql",
        "31",
    )
    + with_exit(
        bands(
            "points",
            ("nurture", "0", "false"),
            ("outreach", "21", "false"),
            ("handoff", "51", "true"),
        ),
        "handoff",
        "21",
    )
    + with_exit(
        bands(
            "propensity",
            ("low", "0", "false"),
            ("medium", "10", "false"),
            ("high", "25", "true"),
        ),
        "high",
        "10",
    )
)
LEAD_SIGNALS = [
    behavior_signal("logins", "user_login", "2.5", "3"),
    behavior_signal("invites", "invite_sent", "10", "2"),
    behavior_signal("documents", "document_created", "7.3333", "4"),
    behavior_signal("documents_too", "document_created", "0.0001"),
    behavior_signal("paid", "paid_feature_used", "30"),
    behavior_signal("emails", "email_opened", "-12.5", "2"),
    behavior_signal("moon", NEVER_HAPPENS, "50"),
    fit_signal("from_ads", "install_source", "ads", "10.25"),
    fit_signal("from_search", "install_source", "search", "-3"),
    fit_signal("pro", "plan_tier", "pro", "20"),
]


def decay(*steps: tuple[str, str]) -> list[Row]:
    return [{"older_than_days": days, "factor": factor} for days, factor in steps]


def as_shipped(rng: random.Random) -> Seeds:
    return {
        "pql_bands": SHIPPED_BANDS,
        "pql_decay": decay(("7", "0.5")),
        "propensity_behaviors": SHIPPED_BEHAVIORS,
        "playbooks": PLAYBOOKS,
    }


def bounds(rng: random.Random, highest: int, count: int) -> list[str]:
    """Ascending, the first of them 0."""
    return ["0", *map(str, sorted(rng.sample(range(1, highest), count)))]


def fading(rng: random.Random) -> Seeds:
    """Several steps of decay, and bands that a lead leaves and reaches again."""
    low, middle, high = bounds(rng, 40, 2)
    share = bounds(rng, 90, 3)
    return {
        "pql_signals": LEAD_SIGNALS,
        "pql_bands": with_exit(
            bands("points", ("c", low, ""), ("b", middle, "true"), ("a", high, "true")),
            "b",
            str(max(int(middle) - 3, 0)) + ".5" if int(middle) > 3 else "",
        )
        + bands(
            "milestone_share",
            ("none", share[0], "false"),
            (ASTRAL, share[1], "false"),
            (BELOW_ASTRAL, share[2], "true"),
            ("most", share[3], "true"),
        )
        + bands("propensity", ("cold", "0", "false"), ("hot", "12.5", "true")),
        "pql_decay": decay(("9", "0"), ("1", "0.9"), ("5", "0.3333"), ("2", "0.75")),
        "propensity_behaviors": [
            behavior("invited", "invite_sent", "2", "0.7"),
            behavior("b", "document_created", "", "-0.25"),
            behavior("a", "document_created", "2", "1.3"),
            behavior("paid", "paid_feature_used", "", "1.6"),
            behavior("moon", NEVER_HAPPENS, "1", "3"),
            behavior("only_a_candidate", "user_login", "2"),
            behavior("intercept", "", "", "-2.1"),
        ],
        "playbooks": PLAYBOOKS[:6],
    }


def one_for_all(rng: random.Random) -> Seeds:
    """Every unit is a lead of a scheme from its first date, or never by another."""
    return {
        "pql_signals": LEAD_SIGNALS,
        "pql_bands": bands("points", ("all", "0", "true"))
        + bands("propensity", ("low", "0", "false"), ("middle", "20", "")),
        "pql_decay": decay(("3", "0.5"), ("6", "0.25"), ("12", "0.125")),
        "propensity_behaviors": [
            behavior("intercept", "", "", "0"),
            behavior("invited", "invite_sent", "", "0"),
            behavior("logged_in", "user_login", "", "-1.5"),
        ],
        "playbooks": PLAYBOOKS[3:],
    }


def bare(rng: random.Random) -> Seeds:
    """Nothing fades, nothing has a weight, and a scheme has no bands."""
    first, second = bounds(rng, 30, 1)
    return {
        "pql_signals": [signal for signal in LEAD_SIGNALS if signal["triggered_by_event"]],
        "pql_bands": bands("points", ("cold", first, "false"), ("hot", second, "true")),
        "pql_decay": [],
        "propensity_behaviors": [
            behavior("invited", "invite_sent"),
            behavior("three_documents", "document_created", "3"),
        ],
        "playbooks": [],
    }


def nothing(rng: random.Random) -> Seeds:
    """Headers only; with the bands of the milestones, or none."""
    return {
        "pql_bands": rng.choice(([], SHIPPED_BANDS[:3])),
        "pql_decay": decay(("1", "0.0001")),
        "propensity_behaviors": [],
        "playbooks": PLAYBOOKS[-2:],
    }


LEAD_SETS: tuple[Callable[[random.Random], Seeds], ...] = (
    fading,
    as_shipped,
    one_for_all,
    bare,
    fading,
    as_shipped,
    nothing,
)
LEAD_TARGETS = targets(
    retention_d30=("true", "0.5", "0.005"),
    account_pql_rate=("true", "0.9", "0.05"),
    handoff_conversion_rate=("true", "0.4", "0.005"),
)


def lead_seeds(number: int, rng: random.Random, seeds: Seeds) -> Seeds:
    """The seeds of a case with leads, as far as they differ from the others."""
    metric_ids = {row["metric_id"] for row in LEAD_TARGETS}
    kept = [row for row in seeds["kpi_targets"] if row["metric_id"] not in metric_ids]
    return LEAD_SETS[number % len(LEAD_SETS)](rng) | {
        "kpi_targets": kept + (LEAD_TARGETS if kept else []),
        "metric_registry": REGISTRY[number % len(REGISTRY) :],
    }


def playbooks_that_fit(playbooks: list[Row], variables: Mapping[str, object]) -> list[Row]:
    """Without the periods of retention that no user of the case can have."""
    highest = {
        "d": variables.get("retention_days", 30),
        "w": variables.get("retention_weeks", 12),
    }
    return [
        row
        for row in playbooks
        if not row["retention_period"]
        or int(row["retention_period"][1:]) <= highest[row["retention_period"][0]]
    ]
