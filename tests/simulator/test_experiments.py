"""The planted experiments and the release, found again in the raw files by plain SQL."""

import math
from pathlib import Path

import duckdb
import pytest

from simulator.generate import generate
from simulator.law import EXPERIMENTS
from simulator.truth import PlantedTruth
from simulator.truth_of_behaviour import PlantedBehaviour
from tests.simulator.checks import bonferroni_z, normal, wilson

COMPARISONS = 12  # intervals that this module looks at
NEW_EVENTS = (
    *("limit_hit", "prompt_viewed", "sales_contacted", "upgrade_clicked", "subscription_started"),
    *("error_shown", "rage_click"),
)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PlantedTruth]:
    """The raw files of 20,000 users, and the truth."""
    folder = tmp_path_factory.mktemp("product")
    return folder, generate(folder, users=20_000, days=150, seed=5, identities=False)


@pytest.fixture(scope="module")
def planted(product: tuple[Path, PlantedTruth]) -> PlantedBehaviour:
    """What should be found."""
    return product[1].behaviour


@pytest.fixture(scope="module")
def raw(product: tuple[Path, PlantedTruth]) -> duckdb.DuckDBPyConnection:
    """`signups`: a row per user. `events`: those that count. `units`: users with one variant."""
    connection = duckdb.connect()
    for table in ("users", "exposures"):
        connection.execute(f"create view {table} as from '{product[0] / table}.parquet'")
    connection.execute(f"""
        create table signups as
        select user_id, min(created_at) as created_at
        from users
        where user_id is not null and created_at < '2100-01-01'
        group by user_id;
        create table events as
        select distinct on (coalesce(event_id, timestamp::varchar), user_id, event_name) events.*
        from '{product[0] / "events.parquet"}' as events
        inner join signups using (user_id)
        where timestamp between created_at and timestamp '2100-01-01' and event_name is not null
        order by timestamp;
        create table units as
        select
            experiment_id,
            user_id,
            min(variant) as variant,
            min(exposed_at) as exposed_at
        from exposures
        group by experiment_id, user_id
        having count(distinct variant) = 1;
        create table completed as
        select
            user_id,
            created_at,
            min(timestamp) filter (event_name = 'invite_sent') < created_at + interval 7 days as m1,
            min(timestamp) filter (event_name = 'document_created') < created_at + interval 14 days
                as m2
        from signups
        left join events using (user_id)
        group by user_id, created_at
    """)
    return connection


def by_variant(raw: duckdb.DuckDBPyConnection, query: str) -> dict[str, tuple[float, ...]]:
    """The rows of a query by their first column."""
    return {name: tuple(values) for name, *values in raw.execute(query).fetchall()}


def activated(raw: duckdb.DuckDBPyConnection, experiment_id: str) -> dict[str, tuple[float, ...]]:
    """Per variant: users who are activated, and all."""
    return by_variant(
        raw,
        f"""
        select variant, count(*) filter (m1 and m2), count(*)
        from units
        inner join completed using (user_id)
        where experiment_id = '{experiment_id}'
        group by variant
        """,
    )


def difference(control: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """The widened interval of a difference, other - control, of two rates given as counts."""
    rates = [achieved / total for achieved, total in (control, other)]
    error = math.sqrt(
        sum(p * (1 - p) / total for p, (_, total) in zip(rates, (control, other), strict=True))
    )
    return normal(rates[1] - rates[0], error)(bonferroni_z(COMPARISONS))


def test_truth_counts_the_exposed_users(raw, planted):
    counts = "select experiment_id, variant, count(*) from units group by all"
    found: dict[str, dict[str, int]] = {}
    for experiment, variant, count in raw.execute(counts).fetchall():
        found.setdefault(experiment, {})[variant] = count
    assert found == planted.exposed_user_counts
    exposed = by_variant(
        raw,
        "select experiment_id, count(distinct user_id), count(*) from exposures group by all",
    )
    for experiment, (users, rows) in exposed.items():
        assert users - sum(found[experiment].values()) == planted.mixed_user_counts[experiment] > 0
        assert 0.02 * users < rows - users < 0.1 * users  # some are exposed again


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: e.experiment_id)
def test_an_experiment_has_the_planted_effect_and_no_other(raw, planted, experiment):
    found = activated(raw, experiment.experiment_id)
    lower, upper = difference(*(found[variant] for variant in experiment.variants))
    assert lower <= planted.activation_difference[experiment.experiment_id] <= upper


def test_the_checklist_is_told_from_nothing(raw):
    found = activated(raw, "onboarding_checklist")
    lower, _ = difference(found["control"], found["checklist"])
    assert lower > 0


def test_the_checklist_leaves_errors_as_they_are(raw):
    errors = by_variant(
        raw,
        """
        with errors as (
            select variant, units.user_id, count(timestamp) as error_count
            from units
            left join events
                on units.user_id = events.user_id
                and event_name = 'error_shown'
                and timestamp >= exposed_at
                and timestamp < exposed_at + interval 7 days
            where experiment_id = 'onboarding_checklist'
            group by variant, units.user_id
        )

        select variant, avg(error_count), var_samp(error_count) / count(*)
        from errors
        group by variant
        """,
    )
    (control, one), (checklist, other) = errors["control"], errors["checklist"]
    assert 0.2 < control < 0.35
    lower, upper = normal(checklist - control, math.sqrt(one + other))(bonferroni_z(COMPARISONS))
    assert lower <= 0 <= upper


def test_the_pricing_page_is_split_unevenly_and_the_others_evenly(planted):
    for experiment in EXPERIMENTS:
        control, other = planted.exposed_user_counts[experiment.experiment_id].values()
        lower, upper = wilson(control, control + other)(bonferroni_z(COMPARISONS))
        assert lower <= experiment.control_share <= upper
        chi_square = (control - other) ** 2 / (control + other)
        is_uneven = chi_square > 10.828  # p below 0.001
        assert is_uneven == (experiment.experiment_id == "pricing_page")


def test_the_release_brings_the_planted_change(raw, planted):
    windows = {"before": ("2024-03-11", "2024-04-08"), "after": ("2024-04-15", "2024-05-13")}
    counts = {}
    for label, (start, end) in windows.items():
        counts[label] = raw.execute(
            "select count(*) filter (m1), count(*) from completed "
            "where created_at >= $start and created_at < $end",
            {"start": start, "end": end},
        ).fetchone()
        lower, upper = wilson(*counts[label])(bonferroni_z(COMPARISONS))
        assert lower <= planted.release_rate[label] <= upper
    change = planted.release_rate["after"] - planted.release_rate["before"]
    lower, upper = difference(counts["before"], counts["after"])
    assert lower <= change <= upper
    assert 0.05 < change < 0.09  # six points within each channel; their shares change, too
    assert lower > 0


@pytest.mark.parametrize("event_name", NEW_EVENTS)
def test_what_is_planted_beside_makes_no_further_date_active(raw, event_name):
    inactive = f"""
        select count(*)
        from events as planted
        where event_name = '{event_name}'
            and not exists (
                from events
                where events.user_id = planted.user_id
                    and events.timestamp::date = planted.timestamp::date
                    and events.event_name in ('user_login', 'invite_sent')
            )
    """
    assert raw.execute(inactive).fetchone() == (0,)
    assert raw.execute(f"select count(*) from events where event_name = '{event_name}'").fetchone()[
        0
    ]
