"""Activation and the way there, in pandas, from the events that count.

`users` are the users that count, by user_no: user_id, account_id, signed_up_at, invited_by,
activated_at (null for those who did not) and the segments as columns. `until` is the end of the
observation.
"""

from __future__ import annotations

import pandas as pd
from pandas_cohorts import (
    COHORT,
    SEGMENTS,
    by_cohort,
    cohorts_of,
    distribution,
    fill_counts,
    rate,
    roll_up,
    seconds,
)

ACTIVATION_WINDOWS_DAYS = (1, 7, 14, 30)
WINDOW = pd.Timedelta(days=30)  # of first value and velocity


def reach_milestones(
    events: pd.DataFrame, users: pd.DataFrame, milestones: pd.DataFrame
) -> pd.DataFrame:
    """When each user reached each milestone, and whether in time."""
    triggers = events[events["event_name"].isin(milestones["triggered_by_event"])]
    triggers = triggers.sort_values("timestamp").astype({"event_name": "str"})
    triggers["occurrence"] = triggers.groupby(["user_no", "event_name"]).cumcount() + 1
    reached = triggers.drop(columns="properties").merge(
        milestones,
        left_on=["event_name", "occurrence"],
        right_on=["triggered_by_event", "min_count"],
    )
    signed_up_at = users["signed_up_at"].to_numpy()[reached["user_no"]]
    reached["is_completed"] = reached["timestamp"] < signed_up_at + reached["timeframe"]
    return reached.rename(columns={"timestamp": "reached_at"})


def activate_users(reached: pd.DataFrame, milestones: pd.DataFrame) -> pd.Series:
    """The time of activation by user_no, of those who activated."""
    required = milestones[milestones["is_required"]].groupby("path").size()
    completed = (
        reached[reached["is_required"] & reached["is_completed"]]
        .groupby(["user_no", "path"])["reached_at"]
        .agg(["size", "max"])
        .reset_index()
    )
    completed = completed[completed["size"] == completed["path"].map(required)]
    return completed.groupby("user_no")["max"].min()


def activation(users: pd.DataFrame, first_date: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
    windows = users.merge(pd.DataFrame({"window_days": ACTIVATION_WINDOWS_DAYS}), how="cross")
    deadline = windows["signed_up_at"] + pd.to_timedelta(windows["window_days"], unit="D")
    is_closed = deadline <= until
    windows = windows.assign(
        signup_count=1,
        eligible_user_count=is_closed,
        activated_user_count=is_closed & (windows["activated_at"] < deadline),
    )
    counts = ["signup_count", "eligible_user_count", "activated_user_count"]
    mart = roll_up(windows, first_date, ["window_days"], counts)
    return mart.assign(activation_rate=rate(mart, "activated_user_count", "eligible_user_count"))


def milestone_completion(
    users: pd.DataFrame,
    reached: pd.DataFrame,
    milestones: pd.DataFrame,
    first_date: pd.Timestamp,
    until: pd.Timestamp,
) -> pd.DataFrame:
    completed = reached[reached["is_completed"]]
    parts = []
    for milestone in milestones.itertuples():
        is_first = pd.isna(milestone.previous_id)
        has_completed = users.index.isin(
            completed.loc[completed["milestone_id"] == milestone.milestone_id, "user_no"]
        )
        had_previous = users.index.isin(
            completed.loc[completed["milestone_id"] == milestone.previous_id, "user_no"]
        ) & (users["signed_up_at"] + milestone.longer_timeframe <= until)
        is_closed = users["signed_up_at"] + milestone.timeframe <= until
        counts = {
            "eligible_user_count": is_closed,
            "completed_user_count": is_closed & has_completed,
            "previous_completed_user_count": had_previous,
            "completed_both_user_count": had_previous & has_completed,
        }
        part = roll_up(users.assign(**counts), first_date, [], list(counts)).assign(
            milestone_id=milestone.milestone_id, milestone_order=milestone.milestone_order
        )
        both = ["previous_completed_user_count", "completed_both_user_count"]
        part = part.astype(dict.fromkeys(both, "Int64"))
        if is_first:
            part[both] = pd.NA
        parts.append(part)
    mart = pd.concat(parts, ignore_index=True)
    return mart.assign(
        completion_rate=rate(mart, "completed_user_count", "eligible_user_count"),
        conversion_from_previous_rate=rate(
            mart, "completed_both_user_count", "previous_completed_user_count"
        ),
    )


def time_to_first_value(
    users: pd.DataFrame, reached: pd.DataFrame, first_date: pd.Timestamp, until: pd.Timestamp
) -> pd.DataFrame:
    first_values = reached[reached["is_first_value"]].groupby("user_no")["reached_at"].min()
    elapsed = first_values.reindex(users.index) - users["signed_up_at"]
    is_closed = users["signed_up_at"] + WINDOW <= until
    is_reached = is_closed & (elapsed < WINDOW)
    counts = {
        "signup_count": 1,
        "eligible_user_count": is_closed,
        "reached_user_count": is_reached,
    }
    durations = by_cohort(
        users.assign(elapsed=seconds(elapsed))[is_reached],
        first_date,
        [],
        distribution(
            "elapsed",
            "mean_time_to_first_value_seconds",
            {
                "median_time_to_first_value_seconds": 0.5,
                "p75_time_to_first_value_seconds": 0.75,
                "p90_time_to_first_value_seconds": 0.9,
            },
        ),
    )
    mart = roll_up(users.assign(**counts), first_date, [], list(counts))
    mart = mart.merge(durations, on=COHORT, how="left")
    return mart.assign(reached_rate=rate(mart, "reached_user_count", "eligible_user_count"))


def milestone_velocity(
    users: pd.DataFrame,
    reached: pd.DataFrame,
    milestones: pd.DataFrame,
    first_date: pd.Timestamp,
    until: pd.Timestamp,
) -> pd.DataFrame:
    is_asked = reached["next_id"].notna() & (reached["reached_at"] + WINDOW <= until)
    following = reached[["user_no", "milestone_id", "reached_at"]]
    progress = (
        reached.loc[is_asked, ["user_no", "milestone_id", "next_id", "reached_at"]]
        .merge(
            following,
            left_on=["user_no", "next_id"],
            right_on=["user_no", "milestone_id"],
            how="left",
            suffixes=("", "_next"),
        )
        .rename(columns={"milestone_id": "from_milestone_id"})
        .join(users[["signed_up_at", *SEGMENTS]], on="user_no")
    )
    elapsed = progress["reached_at_next"] - progress["reached_at"]
    has_progressed = (elapsed >= pd.Timedelta(0)) & (elapsed < WINDOW)
    counts = {
        "eligible_user_count": 1,
        "progressed_user_count": has_progressed,
        "out_of_order_user_count": elapsed < pd.Timedelta(0),
    }
    key = ["from_milestone_id"]
    durations = by_cohort(
        progress.assign(elapsed=seconds(elapsed))[has_progressed],
        first_date,
        key,
        distribution("elapsed", "mean_seconds", {"median_seconds": 0.5, "p75_seconds": 0.75}),
    )
    steps = milestones[milestones["next_id"].notna()].rename(
        columns={"milestone_id": "from_milestone_id", "next_id": "to_milestone_id"}
    )[["path", "from_milestone_id", "to_milestone_id"]]
    mart = fill_counts(
        cohorts_of(users, first_date)
        .merge(steps, how="cross")
        .merge(
            roll_up(progress.assign(**counts), first_date, key, list(counts)),
            on=[*COHORT, *key],
            how="left",
        )
        .merge(durations, on=[*COHORT, *key], how="left")
    )
    return mart.assign(progression_rate=rate(mart, "progressed_user_count", "eligible_user_count"))
