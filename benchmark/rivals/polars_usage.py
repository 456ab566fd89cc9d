"""Use of the product, referral and leads, in Polars, from the events that count.

`users` are the users that count: user_no, user_id, account_id, signed_up_at, invited_by,
activated_at (null for those who did not) and the segments as columns. `until` is the end of the
observation.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
from polars import col
from polars_cohorts import COHORT, SEGMENTS, by_cohort, by_segment, rate, roll_up, seconds

REFERRAL_WINDOW = timedelta(days=30)
RETENTION_DAYS, RETENTION_WEEKS = 30, 12


def retention(
    users: pl.DataFrame, active_days: pl.DataFrame, first_date: date, until: datetime
) -> pl.DataFrame:
    days, weeks = range(RETENTION_DAYS + 1), range(RETENTION_WEEKS + 1)
    periods = pl.DataFrame(
        [("day", number, number) for number in days]
        + [("week", number, 7 * number + 6) for number in weeks],
        schema=["period_grain", "period_number", "last_day"],
        orient="row",
    )
    anchors = {"signup": "signed_up_at", "activation": "activated_at"}
    members = pl.concat(
        users.select(
            "user_no",
            *SEGMENTS,
            cohort_anchor=pl.lit(name),
            anchor_date=col(column).cast(pl.Date),
        )
        for name, column in anchors.items()
    ).filter(col("anchor_date").is_not_null())
    attributes = ["cohort_anchor", "anchor_date", *SEGMENTS]
    visits = (
        members.lazy()
        .join(active_days.lazy(), on="user_no")
        .with_columns(day=(col("activity_date") - col("anchor_date")).dt.total_days())
        .filter(col("day").is_between(0, periods["last_day"].max()))
    )
    by_day = visits.filter(col("day") <= RETENTION_DAYS).select(
        *attributes, period_grain=pl.lit("day"), period_number="day"
    )
    by_week = (
        visits.select("user_no", *attributes, period_number=col("day") // 7)
        .unique()
        .select(*attributes, period_grain=pl.lit("week"), period_number="period_number")
    )
    period = ["period_grain", "period_number"]
    retained = pl.concat([by_day, by_week]).group_by(*attributes, *period).agg(retained=pl.len())
    is_ended = col("anchor_date") + pl.duration(days=col("last_day")) < until.date()
    cells = (
        members.lazy()
        .group_by(attributes)
        .agg(members=pl.len())
        .join(periods.lazy(), how="cross")
        .join(retained, on=[*attributes, *period], how="left")
        .with_columns(eligible=is_ended * col("members"), retained=is_ended * col("retained"))
        .collect()
    )
    return by_cohort(
        cells,
        first_date,
        ["cohort_anchor", *period],
        [
            col("members").sum().alias("cohort_user_count"),
            col("eligible").sum().alias("eligible_user_count"),
            col("retained").sum().alias("retained_user_count"),
        ],
        "anchor_date",
    ).with_columns(retention_rate=rate("retained_user_count", "eligible_user_count"))


def every_cell(users: pl.DataFrame, dates: pl.Series) -> pl.DataFrame:
    """Each of the dates with each segment value."""
    return dates.to_frame().join(by_segment(users, [], []), how="cross")


def active_users(
    users: pl.DataFrame, active_days: pl.DataFrame, first_date: date, until: datetime
) -> pl.DataFrame:
    # A date of activity counts for itself and the 6 (29) that follow or until the user's next one:
    # a sum of entries and exits instead of distinct counts over overlapping windows.
    day = col("activity_date")
    following = day.shift(-1).over("user_no", order_by="activity_date")
    spans = active_days.with_columns(
        weekly_exit=pl.min_horizontal(day + timedelta(days=7), following),
        monthly_exit=pl.min_horizontal(day + timedelta(days=30), following),
    ).join(users.select("user_no", *SEGMENTS), on="user_no")

    def count(date_column: str, name: str) -> pl.DataFrame:
        return (
            spans.group_by(*SEGMENTS, activity_date=date_column)
            .agg(pl.len().cast(pl.Int64).alias("count"))
            .with_columns(movement=pl.lit(name))
        )

    movements = pl.concat(
        [
            count("activity_date", "entry"),
            count("weekly_exit", "weekly"),
            count("monthly_exit", "monthly"),
        ]
    )
    totals = [
        col("count").filter(col("movement") == name).sum().alias(name)
        for name in ("entry", "weekly", "monthly")
    ]
    dates = pl.date_range(first_date, until.date(), "1d", closed="left", eager=True).alias(
        "activity_date"
    )
    segment = ["segment_type", "segment_value"]
    return (
        every_cell(users, dates)
        .join(
            by_segment(movements, ["activity_date"], totals),
            on=["activity_date", *segment],
            how="left",
        )
        .with_columns(col("entry", "weekly", "monthly").fill_null(0))
        .select(
            "activity_date",
            *segment,
            dau="entry",
            wau=(col("entry") - col("weekly")).cum_sum().over(segment, order_by="activity_date"),
            mau=(col("entry") - col("monthly")).cum_sum().over(segment, order_by="activity_date"),
        )
        .with_columns(stickiness_rate=rate("dau", "mau"))
    )


def growth_accounting(
    users: pl.DataFrame, active_days: pl.DataFrame, first_date: date, until: datetime
) -> pl.DataFrame:
    week = timedelta(days=7)
    start = col("week_start_date")
    active_weeks = (
        active_days.select("user_no", week_start_date=col("activity_date").dt.truncate("1w"))
        .unique()
        .filter(start + week <= until.date())
        .with_columns(
            before=start.shift(1).over("user_no", order_by="week_start_date"),
            after=start.shift(-1).over("user_no", order_by="week_start_date"),
        )
        .join(users.select("user_no", *SEGMENTS), on="user_no")
    )
    arrivals = by_segment(
        active_weeks,
        ["week_start_date"],
        [
            col("before").is_null().sum().alias("new_user_count"),
            (col("before") + week == start).sum().alias("retained_user_count"),
            (col("before") + week < start).sum().alias("resurrected_user_count"),
        ],
    )
    departures = by_segment(
        active_weeks.filter((col("after") > start + week).fill_null(True)).with_columns(
            week_start_date=start + week
        ),
        ["week_start_date"],
        [pl.len().alias("churned_user_count")],
    )
    monday = timedelta(days=first_date.weekday())
    weeks = pl.date_range(first_date - monday, until.date() - week, "1w", eager=True)
    cell = ["week_start_date", "segment_type", "segment_value"]
    parts = ("new_user_count", "retained_user_count", "resurrected_user_count")
    return (
        every_cell(users, weeks.alias("week_start_date"))
        .join(arrivals, on=cell, how="left")
        .join(departures, on=cell, how="left")
        .with_columns(pl.selectors.ends_with("_count").fill_null(0))
        .with_columns(active_user_count=pl.sum_horizontal(parts))
    )


def referral(
    users: pl.DataFrame,
    events: pl.DataFrame,
    activation_window: timedelta,
    first_date: date,
    until: datetime,
) -> pl.DataFrame:
    closed = users.filter(col("signed_up_at") + REFERRAL_WINDOW <= until).with_columns(
        is_fully_observed=col("signed_up_at") + REFERRAL_WINDOW + activation_window <= until
    )
    count = col("properties").str.json_path_match("$.count")
    invitations = (
        events.filter(col("event_name") == "invite_sent")
        .join(closed.select("user_no", "signed_up_at"), on="user_no")
        .filter(col("timestamp") < col("signed_up_at") + REFERRAL_WINDOW)
        .with_columns(
            invitation_count=pl.when(count.str.contains(r"^-?[0-9]+$"))
            .then(count.cast(pl.Int64, strict=False))
            .fill_null(1)
            .clip(lower_bound=1)
        )
        .group_by("user_no")
        .agg(col("invitation_count").sum())
    )
    inviters = roll_up(
        closed.join(invitations, on="user_no", how="left"),
        first_date,
        [],
        [
            pl.len().alias("cohort_user_count"),
            col("invitation_count").sum(),
            col("invitation_count").count().alias("inviting_user_count"),
            col("is_fully_observed").sum().alias("fully_observed_user_count"),
        ],
    )
    invited_users = users.filter(col("acquisition_type") == "invited").select(
        "invited_by", "activated_at", invited_at="signed_up_at"
    )
    cycle = col("invited_at") - col("signed_up_at")
    invited = by_cohort(
        closed.drop("invited_by", "activated_at")
        .join(invited_users, left_on="user_id", right_on="invited_by")
        .filter(cycle.is_between(timedelta(), REFERRAL_WINDOW, closed="left")),
        first_date,
        [],
        [
            pl.len().alias("invited_signup_count"),
            (col("is_fully_observed") & col("activated_at").is_not_null())
            .sum()
            .alias("invited_activated_count"),
            seconds(cycle).median().alias("median_viral_cycle_seconds"),
        ],
    )
    return (
        by_cohort(users, first_date, [], [])
        .join(inviters, on=COHORT, how="left")
        .join(invited, on=COHORT, how="left")
        .with_columns(pl.selectors.ends_with("_count").fill_null(0))
        .with_columns(
            invitations_per_user=rate("invitation_count", "cohort_user_count"),
            invitation_conversion_rate=rate("invited_signup_count", "invitation_count"),
            k_factor=rate("invited_signup_count", "cohort_user_count"),
            activated_k_factor=rate("invited_activated_count", "fully_observed_user_count"),
        )
    )


def lead_scores(
    users: pl.DataFrame, reached: pl.DataFrame, bands: pl.DataFrame, until: datetime
) -> pl.DataFrame:
    bound = bands.filter("is_qualified")["lower_bound"].min()
    # Bounds are percent, scores shares.
    percent = pl.lit(100, dtype=pl.Decimal(18, 0))
    completed = (
        reached.filter("is_completed")
        .sort("reached_at")
        .with_columns(running=col("weight").cum_sum().over("user_no"))
    )
    is_enough = pl.lit(False) if bound is None else col("running") * percent >= bound
    scores = completed.group_by("user_no").agg(
        milestone_score=col("weight").sum(),
        qualified_at=col("reached_at").filter(is_enough).min(),
    )
    is_pql = pl.lit(False)
    for lower_bound, is_qualified in bands.iter_rows():
        is_pql = (
            pl.when(col("milestone_score") * percent >= lower_bound)
            .then(pl.lit(is_qualified))
            .otherwise(is_pql)
        )
    return (
        users.join(scores, on="user_no", how="left")
        .with_columns(
            col("milestone_score").fill_null(0),
            qualified_at=col("signed_up_at") if bound == 0 else col("qualified_at"),
        )
        .select(
            "user_id",
            "account_id",
            "signed_up_at",
            "milestone_score",
            "qualified_at",
            scored_at=pl.lit(until, dtype=pl.Datetime("us")),
            is_pql=is_pql,
        )
    )
