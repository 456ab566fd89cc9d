"""Use of the product, referral and leads, in pandas, from the events that count.

`users` are the users that count, by user_no: user_id, account_id, signed_up_at, invited_by,
activated_at (null for those who did not) and the segments as columns. `until` is the end of the
observation.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas_cohorts import (
    COHORT,
    SEGMENT,
    SEGMENTS,
    by_cohort,
    by_segment,
    cohorts_of,
    distribution,
    every_cell,
    fill_counts,
    rate,
    roll_up,
    seconds,
)

REFERRAL_WINDOW = pd.Timedelta(days=30)
WEEK = pd.Timedelta(days=7)
RETENTION_DAYS, RETENTION_WEEKS = 30, 12
SCORE_DIGITS = 12
LARGEST_BIGINT = 2**63 - 1


def retention(
    users: pd.DataFrame,
    active_days: pd.DataFrame,
    first_date: pd.Timestamp,
    until: pd.Timestamp,
) -> pd.DataFrame:
    days = np.arange(RETENTION_DAYS + 1)
    weeks = np.arange(RETENTION_WEEKS + 1)
    periods = pd.concat(
        [
            pd.DataFrame({"period_grain": "day", "period_number": days, "last_day": days}),
            pd.DataFrame(
                {"period_grain": "week", "period_number": weeks, "last_day": 7 * weeks + 6}
            ),
        ]
    )
    anchors = {"signup": "signed_up_at", "activation": "activated_at"}
    members = pd.concat(
        users[SEGMENTS].assign(cohort_anchor=name, anchor_date=users[column].dt.normalize())
        for name, column in anchors.items()
    ).dropna(subset="anchor_date")
    members = members.astype({"cohort_anchor": "category"}).reset_index()
    visits = members.merge(active_days, on="user_no")
    visits["day"] = (visits["activity_date"] - visits["anchor_date"]).dt.days
    visits = visits[visits["day"].between(0, periods["last_day"].max())]
    by_day = visits[visits["day"] <= RETENTION_DAYS].assign(
        period_grain="day", period_number=lambda rows: rows["day"]
    )
    by_week = visits.assign(period_grain="week", period_number=visits["day"] // 7).drop_duplicates(
        ["user_no", "cohort_anchor", "period_number"]
    )
    attributes = ["cohort_anchor", "anchor_date", *SEGMENTS]
    period = ["period_grain", "period_number"]

    def count(rows: pd.DataFrame, keys: list[str], name: str) -> pd.DataFrame:
        return rows.groupby(keys, observed=True, sort=False).size().rename(name).reset_index()

    cells = (
        count(members, attributes, "cohort_user_count")
        .merge(periods, how="cross")
        .merge(
            pd.concat(
                count(rows, [*attributes, *period], "retained_user_count")
                for rows in (by_day, by_week)
            ),
            on=[*attributes, *period],
            how="left",
        )
    )
    last_date = cells["anchor_date"] + pd.to_timedelta(cells["last_day"], unit="D")
    is_ended = last_date < until.normalize()
    cells["eligible_user_count"] = cells["cohort_user_count"].where(is_ended, 0)
    cells["retained_user_count"] = cells["retained_user_count"].where(is_ended, 0)
    counts = ["cohort_user_count", "eligible_user_count", "retained_user_count"]
    keys = ["cohort_anchor", *period]
    mart = fill_counts(
        by_cohort(cells, first_date, keys, lambda groups: groups[counts].sum(), "anchor_date")
    )
    return mart.assign(retention_rate=rate(mart, "retained_user_count", "eligible_user_count"))


def active_users(
    users: pd.DataFrame,
    active_days: pd.DataFrame,
    first_date: pd.Timestamp,
    until: pd.Timestamp,
) -> pd.DataFrame:
    # A date of activity counts for itself and the 6 (29) that follow or until the user's next one:
    # a sum of entries and exits instead of distinct counts over overlapping windows.
    following = active_days.groupby("user_no")["activity_date"].shift(-1)
    segments = active_days[["user_no"]].join(users[SEGMENTS], on="user_no")

    def count(dates: pd.Series, name: str) -> pd.DataFrame:
        return by_segment(
            segments.assign(activity_date=dates),
            ["activity_date"],
            lambda groups: groups.size().to_frame(name),
        )

    def exit_date(days: int) -> pd.Series:
        end = active_days["activity_date"] + pd.Timedelta(days=days)
        return end.where(~(following < end), following)

    dates = pd.date_range(first_date, until.normalize(), inclusive="left", unit="us")
    cell = ["activity_date", *SEGMENT]
    mart = every_cell(users, dates, "activity_date")
    for part in (
        count(active_days["activity_date"], "dau"),
        count(exit_date(7), "weekly_exits"),
        count(exit_date(30), "monthly_exits"),
    ):
        mart = mart.merge(part, on=cell, how="left")
    counts = ["dau", "weekly_exits", "monthly_exits"]
    mart[counts] = mart[counts].fillna(0).astype("int64")
    running = mart.sort_values("activity_date").groupby(SEGMENT)[counts].cumsum()
    mart = mart.assign(
        wau=running["dau"] - running["weekly_exits"],
        mau=running["dau"] - running["monthly_exits"],
    ).drop(columns=["weekly_exits", "monthly_exits"])
    return mart.assign(stickiness_rate=rate(mart, "dau", "mau"))


def growth_accounting(
    users: pd.DataFrame,
    active_days: pd.DataFrame,
    first_date: pd.Timestamp,
    until: pd.Timestamp,
) -> pd.DataFrame:
    day = active_days["activity_date"]
    weeks = pd.DataFrame(
        {
            "user_no": active_days["user_no"],
            "week_start_date": day - pd.to_timedelta(day.dt.weekday, unit="D"),
        }
    ).drop_duplicates()
    weeks = weeks[weeks["week_start_date"] + WEEK <= until.normalize()]
    start = weeks["week_start_date"]
    by_user = weeks.groupby("user_no")["week_start_date"]
    before, after = by_user.shift(1), by_user.shift(-1)
    parts = {
        "new_user_count": before.isna(),
        "retained_user_count": before + WEEK == start,
        "resurrected_user_count": before + WEEK < start,
    }
    weeks = weeks.join(users[SEGMENTS], on="user_no").assign(**parts)
    key = ["week_start_date"]
    arrivals = by_segment(weeks, key, lambda groups: groups[list(parts)].sum())
    departures = by_segment(
        weeks[~(after == start + WEEK)].assign(week_start_date=start + WEEK),
        key,
        lambda groups: groups.size().to_frame("churned_user_count"),
    )
    first_monday = first_date - pd.Timedelta(days=first_date.weekday())
    mondays = pd.date_range(first_monday, until.normalize() - WEEK, freq=WEEK, unit="us")
    mart = fill_counts(
        every_cell(users, mondays, "week_start_date")
        .merge(arrivals, on=[*key, *SEGMENT], how="left")
        .merge(departures, on=[*key, *SEGMENT], how="left")
    )
    return mart.assign(active_user_count=mart[list(parts)].sum(axis=1))


def invitation_count(properties: str | None) -> int:
    """The property `count` of an invitation; 1 where there is none that is a whole number."""
    try:
        count = json.loads(properties)["count"]
    except (TypeError, ValueError, KeyError, IndexError):
        return 1
    if isinstance(count, str) and re.fullmatch(r"-?[0-9]+", count):
        count = int(count)
    is_integer = isinstance(count, int) and not isinstance(count, bool)
    return max(count, 1) if is_integer and count <= LARGEST_BIGINT else 1


def referral(
    users: pd.DataFrame,
    events: pd.DataFrame,
    activation_window: pd.Timedelta,
    first_date: pd.Timestamp,
    until: pd.Timestamp,
) -> pd.DataFrame:
    deadline = users["signed_up_at"] + REFERRAL_WINDOW
    invitations = events[events["event_name"] == "invite_sent"]
    invitations = invitations[
        invitations["timestamp"] < deadline.to_numpy()[invitations["user_no"]]
    ]
    # Few texts, many rows: each text is read once.
    counts_by_text = {text: invitation_count(text) for text in invitations["properties"].unique()}
    sent = invitations["properties"].map(counts_by_text).astype("int64")
    sent = sent.groupby(invitations["user_no"]).sum().reindex(users.index, fill_value=0)
    counts = {
        "cohort_user_count": 1,
        "invitation_count": sent,
        "inviting_user_count": sent > 0,
        "fully_observed_user_count": deadline + activation_window <= until,
    }
    closed = users.assign(**counts)[deadline <= until]
    invited = users.loc[
        users["acquisition_type"] == "invited", ["invited_by", "signed_up_at", "activated_at"]
    ]
    invited = closed.drop(columns=["invited_by", "activated_at"]).merge(
        invited, left_on="user_id", right_on="invited_by", suffixes=("", "_of_invited")
    )
    cycle = invited["signed_up_at_of_invited"] - invited["signed_up_at"]
    invited = invited.assign(
        cycle=seconds(cycle),
        invited_signup_count=1,
        invited_activated_count=invited["fully_observed_user_count"]
        & invited["activated_at"].notna(),
    )[(cycle >= pd.Timedelta(0)) & (cycle < REFERRAL_WINDOW)]
    invited_counts = ["invited_signup_count", "invited_activated_count"]
    mart = fill_counts(
        cohorts_of(users, first_date)
        .merge(roll_up(closed, first_date, [], list(counts)), on=COHORT, how="left")
        .merge(roll_up(invited, first_date, [], invited_counts), on=COHORT, how="left")
        .merge(
            by_cohort(
                invited,
                first_date,
                [],
                distribution("cycle", None, {"median_viral_cycle_seconds": 0.5}),
            ),
            on=COHORT,
            how="left",
        )
    )
    return mart.assign(
        invitations_per_user=rate(mart, "invitation_count", "cohort_user_count"),
        invitation_conversion_rate=rate(mart, "invited_signup_count", "invitation_count"),
        k_factor=rate(mart, "invited_signup_count", "cohort_user_count"),
        activated_k_factor=rate(mart, "invited_activated_count", "fully_observed_user_count"),
    )


def lead_scores(
    users: pd.DataFrame, reached: pd.DataFrame, bands: pd.DataFrame, until: pd.Timestamp
) -> pd.DataFrame:
    completed = reached[reached["is_completed"]].sort_values("reached_at")
    running = completed.groupby("user_no")["weight"].cumsum()
    score = completed.groupby("user_no")["weight"].sum()
    score = score.reindex(users.index, fill_value=0).astype("int64")
    bound = bands.loc[bands["is_qualified"], "lower_bound"].min()
    qualified_at = completed[running >= bound].groupby("user_no")["reached_at"].min()
    # Position 0 lies below all bands, which is where everybody is without any.
    band = np.searchsorted(bands["lower_bound"].astype("int64"), score, side="right")
    is_qualified = np.append(False, bands["is_qualified"].to_numpy(dtype=bool))
    decimals = {units: Decimal(int(units)).scaleb(-SCORE_DIGITS) for units in score.unique()}
    return users[["user_id", "account_id", "signed_up_at"]].assign(
        scored_at=until,
        milestone_score=score.map(decimals).astype(pd.ArrowDtype(pa.decimal128(18, SCORE_DIGITS))),
        qualified_at=users["signed_up_at"] if bound == 0 else qualified_at,
        is_pql=is_qualified[band],
    )
