"""Activation and the way there, in Polars, from the events that count.

`users` are the users that count: user_no, user_id, account_id, signed_up_at, invited_by,
activated_at (null for those who did not) and the segments as columns. `until` is the end of the
observation.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
from polars import col
from polars_cohorts import COHORT, by_cohort, rate, roll_up, seconds

ACTIVATION_WINDOWS_DAYS = (1, 7, 14, 30)
WINDOW = timedelta(days=30)  # of first value and velocity


def reach_milestones(
    events: pl.DataFrame, users: pl.DataFrame, milestones: pl.DataFrame
) -> pl.DataFrame:
    """When each user reached each milestone, and whether in time."""
    triggers = milestones["triggered_by_event"].unique().to_list()
    occurrences = (
        events.filter(col("event_name").is_in(triggers))
        .sort("timestamp")
        .select(
            "user_no",
            col("event_name").cast(pl.String),
            col("timestamp").alias("reached_at"),
            occurrence=pl.int_range(1, pl.len() + 1).over("user_no", "event_name"),
        )
    )
    return (
        occurrences.join(
            milestones,
            left_on=["event_name", "occurrence"],
            right_on=["triggered_by_event", "min_count"],
        )
        .join(users.select("user_no", "signed_up_at"), on="user_no")
        .with_columns(is_completed=col("reached_at") < col("signed_up_at") + col("timeframe"))
    )


def activate_users(reached: pl.DataFrame, milestones: pl.DataFrame) -> pl.DataFrame:
    required = milestones.filter("is_required").group_by("path").agg(required=pl.len())
    return (
        reached.filter("is_required", "is_completed")
        .group_by("user_no", "path")
        .agg(completed=pl.len(), activated_at=col("reached_at").max())
        .join(required, left_on=["path", "completed"], right_on=["path", "required"])
        .group_by("user_no")
        .agg(col("activated_at").min())
    )


def activation(users: pl.DataFrame, first_date: date, until: datetime) -> pl.DataFrame:
    deadline = col("signed_up_at") + pl.duration(days=col("window_days"))
    windows = users.join(pl.DataFrame({"window_days": ACTIVATION_WINDOWS_DAYS}), how="cross")
    is_closed = deadline <= until
    return roll_up(
        windows,
        first_date,
        ["window_days"],
        [
            pl.len().alias("signup_count"),
            is_closed.sum().alias("eligible_user_count"),
            (is_closed & (col("activated_at") < deadline)).sum().alias("activated_user_count"),
        ],
    ).with_columns(activation_rate=rate("activated_user_count", "eligible_user_count"))


def milestone_completion(
    users: pl.DataFrame,
    reached: pl.DataFrame,
    milestones: pl.DataFrame,
    first_date: date,
    until: datetime,
) -> pl.DataFrame:
    completed = reached.filter("is_completed").select("user_no", "milestone_id")
    steps = (
        users.join(milestones.drop("path"), how="cross")
        .join(completed.with_columns(is_completed=True), on=["user_no", "milestone_id"], how="left")
        .join(
            completed.with_columns(is_previous_completed=True),
            left_on=["user_no", "previous_id"],
            right_on=["user_no", "milestone_id"],
            how="left",
        )
    )
    is_closed = col("signed_up_at") + col("timeframe") <= until
    had_previous = (col("signed_up_at") + col("longer_timeframe") <= until) & col(
        "is_previous_completed"
    )
    totals = [
        is_closed.sum().alias("eligible_user_count"),
        (is_closed & col("is_completed")).sum().alias("completed_user_count"),
        had_previous.sum().alias("previous_completed_user_count"),
        (had_previous & col("is_completed")).sum().alias("completed_both_user_count"),
    ]
    keys = ["milestone_id", "milestone_order", "previous_id"]
    both = col("previous_completed_user_count", "completed_both_user_count")
    return (
        roll_up(steps, first_date, keys, totals)
        .with_columns(pl.when(col("previous_id").is_not_null()).then(both))
        .with_columns(
            completion_rate=rate("completed_user_count", "eligible_user_count"),
            conversion_from_previous_rate=rate(
                "completed_both_user_count", "previous_completed_user_count"
            ),
        )
        .drop("previous_id")
    )


def time_to_first_value(
    users: pl.DataFrame, reached: pl.DataFrame, first_date: date, until: datetime
) -> pl.DataFrame:
    first_values = (
        reached.filter("is_first_value").group_by("user_no").agg(first_at=col("reached_at").min())
    )
    is_closed = col("signed_up_at") + WINDOW <= until
    elapsed = col("first_at") - col("signed_up_at")
    observed = users.join(first_values, on="user_no", how="left").with_columns(
        is_closed=is_closed,
        elapsed_seconds=pl.when(is_closed & (elapsed < WINDOW)).then(seconds(elapsed)),
    )
    taken = col("elapsed_seconds")
    return by_cohort(
        observed,
        first_date,
        [],
        [
            pl.len().alias("signup_count"),
            col("is_closed").sum().alias("eligible_user_count"),
            taken.count().alias("reached_user_count"),
            taken.mean().alias("mean_time_to_first_value_seconds"),
            taken.median().alias("median_time_to_first_value_seconds"),
            taken.quantile(0.75, "linear").alias("p75_time_to_first_value_seconds"),
            taken.quantile(0.9, "linear").alias("p90_time_to_first_value_seconds"),
        ],
    ).with_columns(reached_rate=rate("reached_user_count", "eligible_user_count"))


def milestone_velocity(
    users: pl.DataFrame,
    reached: pl.DataFrame,
    milestones: pl.DataFrame,
    first_date: date,
    until: datetime,
) -> pl.DataFrame:
    from_reached = reached.filter(
        col("next_id").is_not_null(), col("reached_at") + WINDOW <= until
    ).select(
        "user_no", from_milestone_id="milestone_id", to_milestone_id="next_id", from_at="reached_at"
    )
    to_reached = reached.select("user_no", to_milestone_id="milestone_id", to_at="reached_at")
    elapsed = col("to_at") - col("from_at")
    progress = (
        from_reached.join(to_reached, on=["user_no", "to_milestone_id"], how="left")
        .join(users, on="user_no")
        .with_columns(
            elapsed_seconds=pl.when(elapsed.is_between(timedelta(), WINDOW, closed="left")).then(
                seconds(elapsed)
            )
        )
    )
    taken = col("elapsed_seconds")
    velocities = by_cohort(
        progress,
        first_date,
        ["from_milestone_id"],
        [
            pl.len().alias("eligible_user_count"),
            taken.count().alias("progressed_user_count"),
            (elapsed < timedelta()).sum().alias("out_of_order_user_count"),
            taken.mean().alias("mean_seconds"),
            taken.median().alias("median_seconds"),
            taken.quantile(0.75, "linear").alias("p75_seconds"),
        ],
    )
    steps = milestones.filter(col("next_id").is_not_null()).select(
        "path", from_milestone_id="milestone_id", to_milestone_id="next_id"
    )
    cells = by_cohort(users, first_date, [], []).join(steps, how="cross")
    return (
        cells.join(velocities, on=[*COHORT, "from_milestone_id"], how="left")
        .with_columns(pl.selectors.ends_with("_count").fill_null(0))
        .with_columns(progression_rate=rate("progressed_user_count", "eligible_user_count"))
    )
