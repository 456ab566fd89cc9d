"""The marts of discovery: what early behaviour, next steps and milestones go with."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from itertools import accumulate, pairwise, permutations

from tests.oracle.arithmetic import (
    DAY,
    MEDIAN,
    THIRTY_DAYS,
    WEEK,
    quantile_seconds,
    rate,
    rate_with_interval,
)
from tests.oracle.cleaning import in_byte_order
from tests.oracle.inference import (
    NOBODY,
    Group,
    benjamini_hochberg,
    newcombe,
    pearson,
    phi,
    verdict,
)
from tests.oracle.population import Population, User, mart
from tests.oracle.raw_files import Row
from tests.oracle.retention import has_date_between

MOST_JOURNEY_EVENTS = 20
SIGNUP, NONE = "(signup)", "(none)"
TRAIN_SHARE = Fraction(7, 10)
LOWEST_PHI = 0.2
SAMPLES = ("train", "confirm")
NO_CANDIDATE = {"candidate_rank": None, "is_confirmed": False, "is_recommended": False}


def journey_events(population: Population) -> list[str]:
    """The meaningful events that most users did."""
    users = Counter(name for user in population.users for name in user.timestamps_by_event)
    meaningful = [n for n in users if n not in population.definitions.unmeaningful_events]
    meaningful.sort(key=lambda name: (-users[name], in_byte_order(name)))
    return meaningful[:MOST_JOURNEY_EVENTS]


@mart
def activation_event_candidates(population: Population) -> list[Row]:
    variables = population.variables
    samples = samples_of(population)
    cells: dict[tuple[str, int, int], dict[str, Row]] = {}
    for event_name in journey_events(population):
        for window_days in variables.discovery_windows_days:
            for min_count in variables.discovery_counts:
                cells[event_name, window_days, min_count] = {
                    sample: candidate_columns(
                        event_name, window_days, min_count, sample, users, population
                    )
                    for sample, users in samples.items()
                }
    set_q_values([cell["train"] for cell in cells.values()])
    candidates = ranked(cells.values(), variables.significance_level)
    set_q_values([cell["confirm"] for cell in candidates])
    for rank, cell in enumerate(candidates, start=1):
        confirm = cell["confirm"]
        is_confirmed = (
            confirm["q_value"] is not None
            and confirm["q_value"] < variables.significance_level
            and confirm["phi"] > 0
        )
        for row in cell.values():
            row["candidate_rank"] = rank
            row["is_confirmed"] = is_confirmed
            row["is_recommended"] = is_confirmed and rank == 1
    return [row for cell in cells.values() for row in cell.values()]


def outcome_days(population: Population) -> tuple[int, int]:
    """The first and the last day of the week in which users have to come again."""
    first = 7 * population.variables.discovery_outcome_week
    return first, first + 6


def samples_of(population: Population) -> dict[str, list[User]]:
    """The users whose outcome is known: the older ones, and those that signed up later."""
    _, last_day = outcome_days(population)
    dates = {
        user.user_id: population.zone.date_of(user.created_at)
        for user in population.users
        if population.is_observed(user)
    }
    eligible = [
        user
        for user in population.users
        if user.user_id in dates
        and dates[user.user_id] + last_day * DAY < population.observed_until_date
    ]
    last_of_train = train_until([dates[user.user_id] for user in eligible])
    samples: dict[str, list[User]] = {sample: [] for sample in SAMPLES}
    for user in eligible:
        samples["train" if dates[user.user_id] <= last_of_train else "confirm"].append(user)
    return samples


def train_until(dates: Iterable[date]) -> date | None:
    """The first date up to which seven in ten signed up; None without any."""
    counts = Counter(dates)
    days = sorted(counts)
    running_counts = accumulate(counts[day] for day in days)
    for day, count in zip(days, running_counts, strict=True):
        if count >= TRAIN_SHARE * counts.total():
            return day
    return None


def candidate_columns(
    event_name: str,
    window_days: int,
    min_count: int,
    sample: str,
    users: list[User],
    population: Population,
) -> Row:
    first_day, last_day = outcome_days(population)
    groups = {True: NOBODY, False: NOBODY}
    for user in users:
        end = user.created_at + window_days * DAY
        count = bisect_left(user.timestamps_by_event.get(event_name, []), end)
        day = population.zone.date_of(user.created_at)
        is_retained = has_date_between(
            user.active_dates, day + first_day * DAY, day + last_day * DAY
        )
        groups[count >= min_count] += Group(1, int(is_retained))
    done, not_done = groups[True], groups[False]
    everybody = done + not_done
    churned = everybody.users - everybody.achieved
    lift = None
    if done.users and everybody.achieved:
        lift = float(Fraction(done.achieved * everybody.users, done.users * everybody.achieved))
    test = pearson([done, not_done], population.variables.minimum_group_users)
    return (
        {
            "event_name": event_name,
            "window_days": window_days,
            "min_count": min_count,
            "sample_name": sample,
            "user_count": everybody.users,
            "done_user_count": done.users,
            "retained_user_count": everybody.achieved,
            "done_retained_user_count": done.achieved,
        }
        | rate_with_interval("reach_rate", done.users, everybody.users)
        | done.rate_columns("retention_if_done_rate")
        | not_done.rate_columns("retention_if_not_done_rate")
        | newcombe("retention_difference", done, not_done)
        | {
            "retention_lift": lift,
            "sensitivity_rate": rate(done.achieved, everybody.achieved),
            "specificity_rate": rate(not_done.users - not_done.achieved, churned),
            "phi": phi(
                done.achieved,
                done.users - done.achieved,
                not_done.achieved,
                not_done.users - not_done.achieved,
            ),
            "chi_square": test and test.statistic,
            "p_value": test and test.p_value,
            "q_value": None,
        }
        | NO_CANDIDATE
    )


def set_q_values(family: list[Row]) -> None:
    q_values = benjamini_hochberg([row["p_value"] for row in family])
    for row, q_value in zip(family, q_values, strict=True):
        row["q_value"] = q_value


def ranked(cells: Iterable[Mapping[str, Row]], significance_level: float) -> list:
    """The candidates, the best first: by what the older users show."""
    candidates = [
        cell
        for cell in cells
        if cell["train"]["q_value"] is not None
        and cell["train"]["q_value"] < significance_level
        and round(cell["train"]["phi"], 12) >= LOWEST_PHI
    ]

    def place(cell: Mapping[str, Row]) -> tuple:
        row = cell["train"]
        return (
            -round(row["phi"], 12),
            row["window_days"],
            row["min_count"],
            in_byte_order(row["event_name"]),
        )

    return sorted(candidates, key=place)


@mart
def event_transitions(population: Population) -> list[Row]:
    names = journey_events(population)
    window = population.variables.velocity_window_days * DAY
    rows = []
    for (segment_type, segment_value), members in population.segments.items():
        if segment_type not in ("all", "acquisition_type"):
            continue
        eligible_counts, durations = Counter(), defaultdict(list)
        seen = set()
        for user in members:
            for (name, instant), (next_name, next_at) in pairwise(
                [*journey_of(user, names), (NONE, None)]
            ):
                seen.add(name)
                if not population.is_eligible(user, window, instant):
                    continue
                eligible_counts[name] += 1
                if next_at is None or next_at >= instant + window:
                    durations[name, NONE].append(None)
                else:
                    durations[name, next_name].append(next_at - instant)
        pairs = {*durations, *((name, NONE) for name in seen)}
        for name, next_name in sorted(pairs):
            times = durations[name, next_name]
            rows.append(
                {
                    "segment_type": segment_type,
                    "segment_value": segment_value,
                    "from_event_name": name,
                    "to_event_name": next_name,
                    "eligible_user_count": eligible_counts[name],
                    "transition_user_count": len(times),
                }
                | rate_with_interval("transition_rate", len(times), eligible_counts[name])
                | {"median_seconds": None if next_name == NONE else quantile_seconds(times, MEDIAN)}
            )
    return rows


def journey_of(user: User, names: list[str]) -> list[tuple[str, datetime]]:
    """The signup and what the user did next for the first time."""
    first = [
        (name, user.timestamps_by_event[name][0])
        for name in names
        if name in user.timestamps_by_event
    ]
    first.sort(key=lambda step: (step[1], in_byte_order(step[0])))
    return [(SIGNUP, user.created_at), *first]


@mart
def milestone_dependence(population: Population) -> list[Row]:
    if not population.users:
        return []
    rows = []
    for milestone, following in permutations(population.definitions.milestones, 2):
        groups = {True: NOBODY, False: NOBODY}
        for user in population.users:
            if not population.is_eligible(user, THIRTY_DAYS):
                continue
            week_over = user.created_at + WEEK
            next_at = user.reached_at.get(following.milestone_id)
            if next_at is not None and next_at < week_over:
                continue
            reached_at = user.reached_at.get(milestone.milestone_id)
            is_done = reached_at is not None and reached_at < week_over
            is_reached = next_at is not None and next_at < user.created_at + THIRTY_DAYS
            groups[is_done] += Group(1, int(is_reached))
        rows.append(
            {
                "milestone_id": milestone.milestone_id,
                "next_milestone_id": following.milestone_id,
            }
            | dependence_columns(groups[True], groups[False], population)
        )
    set_q_values(rows)
    for row in rows:
        is_likelier = row["rate_difference"] is not None and row["rate_difference"] > 0
        row["verdict"] = verdict(
            row["q_value"],
            population.variables.significance_level,
            is_likelier,
            ("likelier", "less_likely"),
        )
    return rows


def dependence_columns(done: Group, not_done: Group, population: Population) -> Row:
    test = pearson([done, not_done], population.variables.minimum_group_users)
    return (
        {
            "eligible_user_count": done.users + not_done.users,
            "done_user_count": done.users,
            "done_reached_user_count": done.achieved,
        }
        | done.rate_columns("reached_if_done_rate")
        | {
            "not_done_user_count": not_done.users,
            "not_done_reached_user_count": not_done.achieved,
        }
        | not_done.rate_columns("reached_if_not_done_rate")
        | newcombe("rate_difference", done, not_done)
        | {"chi_square": test and test.statistic, "p_value": test and test.p_value}
    )
