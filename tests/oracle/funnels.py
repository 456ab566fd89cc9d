"""The marts of funnels, and the tests of differences between segments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from tests.oracle.arithmetic import (
    DAY,
    MEDIAN,
    P75,
    cohort_columns,
    mean_seconds,
    quantile_seconds,
    rate,
    rate_with_interval,
)
from tests.oracle.cleaning import in_byte_order
from tests.oracle.funnel_attempts import Attempt, attempts_of
from tests.oracle.funnel_definitions import Funnel, Step
from tests.oracle.inference import (
    NO_LIFETIMES,
    NOBODY,
    Group,
    Lifetimes,
    LogRank,
    Result,
    benjamini_hochberg,
    log_rank,
    newcombe,
    pearson,
    verdict,
)
from tests.oracle.population import Population, User, mart
from tests.oracle.raw_files import Row

MOST_TESTED_VALUES = 20
# What a test of one value and a test of all do not share is null in the other.
HAZARD_COLUMNS = ("hazard_ratio", "hazard_ratio_ci_lower", "hazard_ratio_ci_upper", "is_material")


@mart
def funnel_conversion_by_cohort(population: Population) -> list[Row]:
    rows = []
    for funnel in population.definitions.funnels:
        attempts = attempts_of(population, funnel)

        def entered_at(user: User, attempts: Mapping[str, Attempt] = attempts):
            attempt = attempts.get(user.user_id)
            return attempt and attempt.entered_at

        for key, members in population.cohorts(entered_at).items():
            eligible = [
                attempts[user.user_id] for user in members if attempts[user.user_id].is_eligible
            ]
            for step in funnel.steps:
                rows.append(
                    cohort_columns(key)
                    | {
                        "funnel_id": funnel.funnel_id,
                        "step_number": step.number,
                        "step_name": step.name,
                        "is_optional": step.is_optional,
                        "entered_user_count": len(members),
                        "eligible_user_count": len(eligible),
                    }
                    | conversion(funnel, step, eligible)
                )
    return rows


def conversion(funnel: Funnel, step: Step, eligible: list[Attempt]) -> Row:
    before = funnel.required_before(step)
    previous = [a for a in eligible if not before or a.journey.has_reached(before[-1])]
    reached = [attempt for attempt in previous if attempt.journey.has_reached(step)]
    row = (
        {"previous_user_count": len(previous), "reached_user_count": len(reached)}
        | rate_with_interval("conversion_from_previous_rate", len(reached), len(previous))
        | rate_with_interval("conversion_from_entry_rate", len(reached), len(eligible))
        | dict.fromkeys(
            ("dropped_user_count", "drop_off_rate", "dropped_with_exclusion_user_count")
        )
    )
    if not step.is_optional:
        dropped = [attempt for attempt in previous if not attempt.journey.has_reached(step)]
        row |= {
            "dropped_user_count": len(dropped),
            "drop_off_rate": rate(len(dropped), len(previous)),
            "dropped_with_exclusion_user_count": sum(
                bool(attempt.journey.exclusions_at(step)) for attempt in dropped
            ),
        }
    times = [seconds_of(attempt, before[-1], step) for attempt in reached if before]
    times_from_entry = [seconds_of(attempt, before[0], step) for attempt in reached if before]
    return row | {
        "mean_seconds": mean_seconds(times),
        "median_seconds": quantile_seconds(times, MEDIAN),
        "p75_seconds": quantile_seconds(times, P75),
        "median_seconds_from_entry": quantile_seconds(times_from_entry, MEDIAN),
    }


def seconds_of(attempt: Attempt, source: Step, target: Step) -> timedelta:
    reached_at = attempt.journey.reached_at
    return reached_at[target.number] - reached_at[source.number]


@mart
def friction_by_funnel_step(population: Population) -> list[Row]:
    rows = []
    for funnel in population.definitions.funnels:
        eligible = [a for a in attempts_of(population, funnel).values() if a.is_eligible]
        for step in funnel.required_steps[1:]:
            for event_name in sorted(population.definitions.friction_events):
                rows.append(
                    {
                        "funnel_id": funnel.funnel_id,
                        "step_number": step.number,
                        "event_name": event_name,
                    }
                    | friction(funnel, step, event_name, eligible, population)
                )
    level = population.variables.significance_level
    q_values = benjamini_hochberg([row["p_value"] for row in rows])
    for row, q_value in zip(rows, q_values, strict=True):
        is_helpful = row["rate_difference"] is not None and row["rate_difference"] > 0
        row["q_value"] = q_value
        row["verdict"] = verdict(q_value, level, is_helpful, ("helps", "hinders"))
    return rows


def friction(
    funnel: Funnel, step: Step, event_name: str, eligible: list[Attempt], population: Population
) -> Row:
    before = funnel.required_before(step)[-1]
    longest = timedelta(minutes=population.variables.friction_window_minutes)
    groups = {True: NOBODY, False: NOBODY}
    for attempt in eligible:
        journey = attempt.journey
        if not journey.has_reached(before):
            continue
        start = journey.reached_at[before.number]
        end = min(start + longest, journey.deadline)
        if journey.has_reached(step):
            end = min(end, journey.reached_at[step.number])
        instants = attempt.user.timestamps_by_event.get(event_name, [])
        has_friction = any(start <= instant < end for instant in instants)
        groups[has_friction] += Group(1, int(journey.has_reached(step)))
    with_it, without = groups[True], groups[False]
    test = pearson([with_it, without], population.variables.minimum_group_users)
    at_step = with_it.users + without.users
    return (
        {"at_step_user_count": at_step, "friction_user_count": with_it.users}
        | rate_with_interval("friction_user_rate", with_it.users, at_step)
        | {"reached_with_friction_user_count": with_it.achieved}
        | with_it.rate_columns("conversion_with_friction_rate")
        | {"reached_without_friction_user_count": without.achieved}
        | without.rate_columns("conversion_without_friction_rate")
        | newcombe("rate_difference", with_it, without)
        | {"chi_square": test and test.statistic, "p_value": test and test.p_value}
    )


class Metric(NamedTuple):
    """A metric of segment_tests: what is known of each user that it counts."""

    metric_id: str
    item: str
    # By user_id; of a chi-square metric a group of one, of a log-rank metric one lifetime.
    users: Mapping[str, Group | Lifetimes]


@mart
def segment_tests(population: Population) -> list[Row]:
    segment_types = list(dict.fromkeys(t for t, _ in population.segments if t != "all"))
    rows = []
    for metric in (*chi_square_metrics(population), *log_rank_metrics(population)):
        for segment_type in segment_types:
            rows += tests_of(metric, segment_type, population)
    families = defaultdict(list)
    for row in rows:
        families[row["metric_id"], row["comparison"]].append(row)
    for family in families.values():
        q_values = benjamini_hochberg([row["p_value"] for row in family])
        for row, q_value in zip(family, q_values, strict=True):
            row["q_value"] = q_value
            if row["verdict"] is None:
                row["verdict"] = verdict_of_test(row, population.variables.significance_level)
    return rows


def verdict_of_test(row: Row, significance_level: float) -> str:
    if row["comparison"] == "all_values":
        words, is_above = ("differs", "differs"), None
    else:
        words = ("above", "below")
        is_above = row["rate_difference"] is not None and row["rate_difference"] > 0
        if row["hazard_ratio"] is not None:
            is_above = row["hazard_ratio"] > 1
    return verdict(row["q_value"], significance_level, is_above, words)


def chi_square_metrics(population: Population) -> Iterator[Metric]:
    definitions, until = population.definitions, population.observed_until_date

    def metric(metric_id: str, item: str, achieved: Callable[[User], bool | None]) -> Metric:
        """Of the users that are eligible; of the others, `achieved` is None."""
        found = {user.user_id: achieved(user) for user in population.users}
        users = {user_id: Group(1, int(a)) for user_id, a in found.items() if a is not None}
        return Metric(metric_id, item, users)

    days = max(population.variables.activation_windows_days)

    def activated(user: User) -> bool | None:
        if not population.is_eligible(user, days * DAY):
            return None
        return user.activated_at is not None and user.activated_at < user.created_at + days * DAY

    yield metric("activation_rate", str(days), activated)

    for milestone in definitions.milestones:

        def completed(user: User, milestone=milestone) -> bool | None:
            if not population.is_eligible(user, milestone.timeframe):
                return None
            return milestone.milestone_id in user.completed_at

        yield metric("milestone_completion_rate", milestone.milestone_id, completed)

    for number in (7, 30):

        def retained(user: User, number=number) -> bool | None:
            if user.activated_at is None or not population.is_observed(user):
                return None
            day = population.zone.date_of(user.activated_at) + number * DAY
            return day in user.active_dates if day < until else None

        yield metric("retention_rate", f"day_{number}", retained)

    for funnel in definitions.funnels:
        attempts = attempts_of(population, funnel)

        def converted(user: User, funnel=funnel, attempts=attempts) -> bool | None:
            attempt = attempts.get(user.user_id)
            if attempt is None or not attempt.is_eligible:
                return None
            return attempt.journey.has_reached(funnel.steps[-1])

        yield metric("funnel_conversion_rate", funnel.funnel_id, converted)


def log_rank_metrics(population: Population) -> Iterator[Metric]:
    def metric(metric_id: str, item: str, reached_at: Callable[[User], object]) -> Metric:
        users = {}
        for user in filter(population.is_observed, population.users):
            end = reached_at(user)
            if end is not None:
                users[user.user_id] = Lifetimes([(end - user.created_at) // DAY], [])
            else:
                watched = population.observed_until_at - user.created_at
                users[user.user_id] = Lifetimes([], [watched // DAY])
        return Metric(metric_id, item, users)

    yield metric("time_to_first_value", "all", lambda user: user.first_value_at)
    for milestone in population.definitions.milestones:
        name = milestone.milestone_id
        yield metric("time_to_milestone", name, lambda user, name=name: user.reached_at.get(name))


def tests_of(metric: Metric, segment_type: str, population: Population) -> Iterator[Row]:
    """The rows of a metric and a segment type, without what a family decides."""
    minimum = population.variables.minimum_group_users
    is_log_rank = any(isinstance(found, Lifetimes) for found in metric.users.values())
    nothing = NO_LIFETIMES if is_log_rank else NOBODY
    members = {
        value: sum_of(
            [metric.users[u.user_id] for u in users if u.user_id in metric.users], nothing
        )
        for (of_type, value), users in population.segments.items()
        if of_type == segment_type
    }
    members = {value: found for value, found in members.items() if group_of(found).users}
    large = [value for value, found in members.items() if group_of(found).users >= minimum]
    large.sort(key=lambda value: (-group_of(members[value]).users, in_byte_order(value)))
    tested, untested = large[:MOST_TESTED_VALUES], large[MOST_TESTED_VALUES:]
    common = {
        "metric_id": metric.metric_id,
        "item": metric.item,
        "segment_type": segment_type,
        "test_name": "log_rank" if is_log_rank else "chi_square",
        "group_count": len(tested),
    }
    for value, found in members.items():
        others = sum_of([members[other] for other in tested if other != value], nothing)
        row = {"comparison": "one_value", "segment_value": value}
        row |= {"verdict": "not_tested" if value in untested else None}
        minimum_of_row = minimum if value in tested else None
        test = log_rank_columns if is_log_rank else chi_square_columns
        yield common | row | test(found, others, minimum_of_row)
    if members and not is_log_rank:
        groups = [members[value] for value in tested]
        total = sum_of(groups, NOBODY)
        row = {"comparison": "all_values", "segment_value": "all", "verdict": None}
        row |= {"user_count": total.users, "event_count": total.achieved}
        row |= {"other_user_count": None, "other_event_count": None}
        row |= NOBODY.rate_columns("rate") | NOBODY.rate_columns("other_rate")
        row |= newcombe("rate_difference", NOBODY, NOBODY) | dict.fromkeys(HAZARD_COLUMNS)
        yield common | row | test_columns(pearson(groups, minimum), total.users)


def group_of(found: Group | Lifetimes) -> Group:
    return found if isinstance(found, Group) else found.group


def sum_of(parts: list, nothing: Group | Lifetimes) -> Group | Lifetimes:
    if isinstance(nothing, Group):
        return Group(sum(p.users for p in parts), sum(p.achieved for p in parts))
    return Lifetimes(
        [day for part in parts for day in part.event_days],
        [day for part in parts for day in part.censored_days],
    )


def chi_square_columns(group: Group, others: Group, minimum: int | None) -> Row:
    """A minimum of None: there is no test."""
    result = None if minimum is None else pearson([group, others], minimum)
    return (
        counts(group, others)
        | group.rate_columns("rate")
        | others.rate_columns("other_rate")
        | newcombe("rate_difference", group, others)
        | dict.fromkeys(HAZARD_COLUMNS)
        | test_columns(result, group.users + others.users)
    )


def log_rank_columns(group: Lifetimes, others: Lifetimes, minimum: int | None) -> Row:
    found: LogRank | None = None if minimum is None else log_rank(group, others, minimum)
    hazard = (None,) * len(HAZARD_COLUMNS)
    if found is not None:
        hazard = (
            found.hazard_ratio,
            found.hazard_ratio_lower,
            found.hazard_ratio_upper,
            found.is_material,
        )
    return (
        counts(group.group, others.group)
        | NOBODY.rate_columns("rate")
        | NOBODY.rate_columns("other_rate")
        | newcombe("rate_difference", NOBODY, NOBODY)
        | dict(zip(HAZARD_COLUMNS, hazard, strict=True))
        | test_columns(found and found.result, None)
    )


def counts(group: Group, others: Group) -> Row:
    return {
        "user_count": group.users,
        "event_count": group.achieved,
        "other_user_count": others.users,
        "other_event_count": others.achieved,
    }


def test_columns(result: Result | None, users_tested: int | None) -> Row:
    """The effect size is Cramér's V; a log-rank test has none."""
    columns = dict.fromkeys(("statistic", "degrees_of_freedom", "p_value", "effect_size"))
    if result is not None:
        columns |= {
            "statistic": result.statistic,
            "degrees_of_freedom": result.degrees,
            "p_value": result.p_value,
        }
        if users_tested is not None:
            columns["effect_size"] = (result.statistic / users_tested) ** 0.5
    return columns
