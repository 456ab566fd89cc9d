"""The definition sets of random cases: paths, ties, bounds, and what may be empty."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.oracle.definitions import SHIPPED_SEEDS
from tests.oracle.random_values import ASTRAL, BELOW_ASTRAL, COMPOSED, NEVER_HAPPENS, Row, Seeds
from tests.oracle.seed_columns import SEED_COLUMNS


@dataclass(frozen=True)
class DefinitionSet:
    name: str
    seeds: Seeds
    benchmark_category: str = "overall"
    benchmark_segment: str = "all"
    has_excluded_users: bool = True


def write_seeds(seeds: Seeds, folder: Path) -> None:
    for name, columns in SEED_COLUMNS.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(seeds[name])


# The bands that are shipped.
PROPENSITY: list[Row] = [{"scheme": "propensity"}]


def seeds_with(**changed: list[Row]) -> Seeds:
    """The shipped definitions, but for those that are given."""
    shipped = {}
    for name in SEED_COLUMNS:
        path = SHIPPED_SEEDS / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            shipped[name] = list(csv.DictReader(lines))
    if not any(row["scheme"] == "propensity" for row in changed.get("pql_bands", PROPENSITY)):
        # Of bands that know no propensity, no behaviour may have a weight.
        shipped["propensity_behaviors"] = [
            row | {"weight": ""} for row in shipped["propensity_behaviors"]
        ]
    return shipped | changed


def milestone(
    milestone_id: str,
    weight: str,
    timeframe: str,
    event_name: str,
    order: int,
    path: str = "",
    is_required: str = "",
    is_first_value: str = "",
    min_count: str = "",
    min_days: str = "",
    within_days: str = "",
) -> Row:
    return {
        "milestone_id": milestone_id,
        "definition": f"User does what {milestone_id} asks for",
        "weight": weight,
        "timeframe": timeframe,
        "triggered_by_event": event_name,
        "milestone_order": str(order),
        "path": path,
        "is_required": is_required,
        "is_first_value": is_first_value,
        "min_count": min_count,
        "min_days": min_days,
        "within_days": within_days,
    }


def bands(scheme: str, *steps: tuple[str, str, str]) -> list[Row]:
    """Each step is a band, its lower bound and whether it is qualified."""
    return [
        {
            "scheme": scheme,
            "band": band,
            "lower_bound": lower_bound,
            "recommended_action": f"action_{band}",
            "is_qualified": is_qualified,
        }
        for band, lower_bound, is_qualified in steps
    ]


SHIPPED_POINTS_BANDS = bands(
    "points", ("nurture", "0", "false"), ("outreach", "21", ""), ("handoff", "51", "true")
)
SHIPPED_SHARE_BANDS = bands(
    "milestone_share", ("inactive", "0", "false"), ("engaged", "31", ""), ("pql", "70", "true")
)


def behavior_signal(signal_id: str, event_name: str, points: str, max_count: str = "") -> Row:
    return {
        "signal_id": signal_id,
        "triggered_by_event": event_name,
        "user_column": "",
        "user_value": "",
        "points": points,
        "max_count": max_count,
    }


def fit_signal(signal_id: str, user_column: str, user_value: str, points: str) -> Row:
    return {
        "signal_id": signal_id,
        "triggered_by_event": "",
        "user_column": user_column,
        "user_value": user_value,
        "points": points,
        "max_count": "",
    }


def targets(**values: tuple[str, str, str]) -> list[Row]:
    """By metric_id: is_higher_better, target_value, tolerance."""
    units = {
        "time_to_first_value": "days",
        "milestone_velocity": "days",
        "viral_coefficient": "ratio",
    }
    return [
        {
            "metric_id": metric_id,
            "metric_name": f"{metric_id} {ASTRAL}",
            "unit": units.get(metric_id, "rate"),
            "is_higher_better": is_higher_better,
            "target_value": target_value,
            "tolerance": tolerance,
        }
        for metric_id, (is_higher_better, target_value, tolerance) in values.items()
    ]


def benchmark(metric_id: str, category: str, segment: str, low: str, high: str) -> Row:
    return {
        "metric_id": metric_id,
        "category": category,
        "segment": segment,
        "low": low,
        "high": high,
        "source": "invented",
    }


def shipped() -> DefinitionSet:
    return DefinitionSet("shipped definitions", seeds_with())


def two_paths() -> DefinitionSet:
    """Both require something; the two first milestones tie in order, and Z sorts before a."""
    return DefinitionSet(
        "two paths with required milestones",
        seeds_with(
            milestones=[
                milestone("a1", "0.4", "2w", "report_viewed", 1, "viewer"),
                milestone("a2", "0.1", "12h", "comment_added", 3, "viewer", "false", "true"),
                milestone("Z1", "0.3", "7d", "project_created", 1, "maker", "true"),
                milestone(
                    "Z2", "0.2", "14d", "file_uploaded", 5, "maker", "", "true", "1", "2", "3"
                ),
            ],
            event_catalog=[
                {"event_name": "page_viewed", "is_meaningful": "true"},
                {"event_name": "heartbeat", "is_meaningful": "false"},
                {"event_name": "tooltip_shown", "is_meaningful": ""},
                {"event_name": NEVER_HAPPENS, "is_meaningful": "false"},
            ],
        ),
        "collaboration",
        "smb",
    )


def path_without_requirement() -> DefinitionSet:
    """Everything of the first path is optional: it may not activate everybody."""
    return DefinitionSet(
        "a path without a required milestone",
        seeds_with(
            milestones=[
                milestone("b1", "0.25", "12h", "tour_taken", 1, "", "false", "true"),
                milestone("b2", "0.25", "3d", "page_viewed", 4, "", "false", "", "3"),
                milestone(
                    "b3", "0.25", "1w", "report_viewed", 2, "reader", "true", "false", "", "2"
                ),
                milestone("b4", "0.25", "36h", "comment_added", 9, "reader"),
            ],
        ),
    )


def decimal_boundaries() -> DefinitionSet:
    """0.7 + 0.1 and 0.1 + 0.2 reach their bounds as decimals, and miss them as binary floats."""
    return DefinitionSet(
        "weights on the bounds of bands",
        seeds_with(
            milestones=[
                milestone("c1", "0.7", "7d", "project_created", 1),
                milestone("c2", "0.1", "7d", "file_uploaded", 2, is_required="false"),
                milestone("c3", "0.2", "30d", "report_viewed", 3, "", "false", "true"),
            ],
            pql_bands=bands(
                "milestone_share",
                ("none", "0", "false"),
                ("some", "30", "false"),
                ("most", "80", "true"),
                ("all", "100", "true"),
            )
            + SHIPPED_POINTS_BANDS,
            kpi_targets=targets(
                activation_rate=("true", "1.0", "0"),
                milestone_completion_rate=("true", "1", ""),
                time_to_first_value=("false", "1", "0.5"),
                viral_coefficient=("true", "1", "0.25"),
                retention_d7=("true", "0.5", "1"),
            ),
        ),
    )


def nothing_required() -> DefinitionSet:
    """Nobody is activated, and everybody qualifies at signup."""
    return DefinitionSet(
        "nothing required, all qualified",
        seeds_with(
            milestones=[
                milestone("d1", "0.5", "7d", "project_created", 2, "", "false", "true"),
                milestone("d2", "0.5", "7d", "report_viewed", 7, "", "false"),
            ],
            pql_bands=bands("milestone_share", ("any", "0", "true")) + SHIPPED_POINTS_BANDS,
        ),
        has_excluded_users=False,
    )


def single_milestone() -> DefinitionSet:
    """One milestone, and every seed that may be without rows is."""
    return DefinitionSet(
        "one milestone, headers only",
        seeds_with(
            milestones=[milestone("e1", "1", "14d", "page_viewed", 1, "", "", "true", "2")],
            event_catalog=[],
            excluded_users=[],
            pql_signals=[],
            kpi_targets=[],
            benchmarks=[],
            funnels=[],
            funnel_exclusions=[],
        ),
        has_excluded_users=False,
    )


def same_event() -> DefinitionSet:
    """Two milestones count the same event; one waits for an event that never comes."""
    return DefinitionSet(
        "milestones on the same event",
        seeds_with(
            milestones=[
                milestone("f1", "0.3", "7d", "file_uploaded", 1, "main", "true", "true"),
                milestone("f2", "0.3", "30d", "file_uploaded", 2, "main", "true", "", "3"),
                milestone(
                    "f3", "0.2", "30d", "file_uploaded", 3, "main", "false", "", "", "2", "2"
                ),
                milestone("f4", "0.2", "60d", NEVER_HAPPENS, 1, "moon", "true", "true"),
                milestone("f5", "0.1", "3d", "page_viewed", 2, "moon"),
            ],
        ),
        "developer",
        "enterprise",
    )


def rich_signals() -> DefinitionSet:
    """Counts up to three, halves, and points below zero."""
    return DefinitionSet(
        "many signals",
        seeds_with(
            pql_signals=[
                behavior_signal("files", "document_created", "3.3333", "3"),
                behavior_signal("files_again", "document_created", "0.0001", "2"),
                behavior_signal("views", "page_viewed", "7", "3"),
                behavior_signal("logins", "user_login", "2.5"),
                behavior_signal("emails", "email_opened", "-12.5", "3"),
                behavior_signal("moon", NEVER_HAPPENS, "50"),
                fit_signal("from_ads", "install_source", "ads", "10.25"),
                fit_signal("from_partner", "install_source", COMPOSED, "5"),
                fit_signal("from_moon", "install_source", "moon", "3"),
                fit_signal("free_plan", "plan_tier", "free", "-4"),
                fit_signal("unnamed_plan", "plan_tier", "unknown", "1"),
            ],
            pql_bands=bands(
                "milestone_share",
                ("low", "0", ""),
                ("middle", "31", "true"),
                ("high", "70", "true"),
            )
            + bands(
                "points",
                ("cold", "0", "false"),
                ("warm", "6.6666", "false"),
                ("hot", "20.5", "true"),
            ),
        ),
        "analytics",
        "smb",
    )


def no_bands() -> DefinitionSet:
    """No bands, targets with blanks, invented benchmarks, and paths that nobody can complete."""
    metric_ids = ("activation_rate", "retention_d7", "milestone_cohort_conversion")
    return DefinitionSet(
        "no bands, blank targets, nothing measured",
        seeds_with(
            milestones=[
                milestone("i1", "0.5", "7d", NEVER_HAPPENS, 1, "", "", "true"),
                milestone("i2", "0.5", "14d", "page_viewed", 2, "", "", "true"),
                milestone("i3", "0", "14d", f"{NEVER_HAPPENS}_again", 3, "other", "true"),
            ],
            pql_bands=[],
            kpi_targets=targets(
                activation_rate=("true", "", "0.005"),
                time_to_first_value=("", "30", ""),
                milestone_completion_rate=("", "0.1", "0.01"),
                milestone_cohort_conversion=("true", "0.75", ""),
                milestone_velocity=("false", "0.5", ""),
                pql_conversion_rate=("true", "0.9", "0.005"),
            ),
            # Bounds that touch, so that only a value on them is within.
            benchmarks=[benchmark(metric, "games", "smb", "0.5", "0.5") for metric in metric_ids]
            + [benchmark("time_to_first_value", "games", "all", "0", "1")],
        ),
        "games",
        "smb",
    )


def three_paths() -> DefinitionSet:
    """Weights of nine decimals that stay just below 1, and bounds between their sums."""
    return DefinitionSet(
        "three paths, fractional bounds",
        seeds_with(
            milestones=[
                milestone("g1", "0.333333333", "7d", "tour_taken", 10, "p1", "true", "true"),
                milestone("g2", "0.333333333", "2w", "file_uploaded", 20, "p2", "true", "true"),
                milestone("g3", "0.333333333", "30d", "report_viewed", 10, "p3", "true", "true"),
                milestone("g4", "0", "12h", "comment_added", 30, "p3", "false", "true", "2"),
            ],
            pql_bands=bands(
                "milestone_share",
                ("none", "0", "false"),
                ("one", "33.3333", "false"),
                ("two", "66.6667", "true"),
                ("three", "99.9999", "true"),
                ("more", "100", "true"),
            )
            + SHIPPED_POINTS_BANDS,
        ),
    )


def long_windows() -> DefinitionSet:
    """Timeframes longer than any activation window, and the longer one comes first."""
    return DefinitionSet(
        "long timeframes",
        seeds_with(
            milestones=[
                milestone("h1", "0.2", "45d", "project_created", 1, "", "true", "false"),
                milestone("h2", "0.2", "10d", "file_uploaded", 2, "", "true", "true"),
                milestone(
                    "h0", "0.3", "6w", "page_viewed", 0, "starter", "false", "", "", "3", "7"
                ),
                milestone("h3", "0.3", "60d", "report_viewed", 8, "starter", "false", "true"),
            ],
        ),
    )


def astral_names() -> DefinitionSet:
    """The first milestone is told by byte order alone; its path has no second one."""
    return DefinitionSet(
        "names beyond the basic plane",
        seeds_with(
            milestones=[
                milestone(f"{ASTRAL}1", "0.5", "7d", "report_viewed", 1, ASTRAL, "", "true"),
                milestone(
                    f"{ASTRAL}2",
                    "0.2",
                    "7d",
                    f"{ASTRAL}_opened",
                    2,
                    ASTRAL,
                    min_days="1",
                    within_days="1",
                ),
                milestone(f"{BELOW_ASTRAL}1", "0.3", "2w", "tour_taken", 1, BELOW_ASTRAL),
            ],
            pql_bands=SHIPPED_SHARE_BANDS + SHIPPED_POINTS_BANDS,
            kpi_targets=targets(
                activation_rate=("true", "0.6", "0.1"),
                milestone_completion_rate=("true", "0.6666", "0.05"),
                time_to_first_value=("false", "0.25", "0.125"),
            ),
        ),
    )


DEFINITION_SETS: tuple[Callable[[], DefinitionSet], ...] = (
    shipped,
    two_paths,
    path_without_requirement,
    decimal_boundaries,
    nothing_required,
    single_milestone,
    same_event,
    rich_signals,
    no_bands,
    three_paths,
    long_windows,
    astral_names,
)
