"""Cohorts and segments in pandas: what the marts group by."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
from pandas.api.typing import DataFrameGroupBy

SEGMENTS = ["all", "acquisition_type", "install_source", "plan_tier"]  # columns of users
SEGMENT = ["segment_type", "segment_value"]
COHORT = ["cohort_grain", "cohort_date", *SEGMENT]

Totals = Callable[[DataFrameGroupBy], pd.DataFrame]


def by_segment(frame: pd.DataFrame, keys: Sequence[str], totals: Totals) -> pd.DataFrame:
    """The totals by keys and segment; `frame` has the segments as columns."""
    parts = []
    for segment in SEGMENTS:
        part = totals(frame.groupby([*keys, segment], observed=True, sort=False)).reset_index()
        part = part.rename(columns={segment: "segment_value"}).astype({"segment_value": "str"})
        parts.append(part.assign(segment_type=segment))
    return pd.concat(parts, ignore_index=True)


def by_cohort(
    frame: pd.DataFrame,
    first_date: pd.Timestamp,
    keys: Sequence[str],
    totals: Totals,
    anchor: str = "signed_up_at",
) -> pd.DataFrame:
    """The totals by cohort, segment and keys; cohorts start with the week or month of `anchor`."""
    day = frame[anchor].dt.normalize()
    cohort_dates = {
        "week": day - pd.to_timedelta(day.dt.weekday, unit="D"),
        "month": day - pd.to_timedelta(day.dt.day - 1, unit="D"),
        "all": first_date,
    }
    return pd.concat(
        by_segment(frame.assign(cohort_date=start), ["cohort_date", *keys], totals).assign(
            cohort_grain=grain
        )
        for grain, start in cohort_dates.items()
    ).reset_index(drop=True)


def roll_up(
    frame: pd.DataFrame,
    first_date: pd.Timestamp,
    keys: Sequence[str],
    counts: Sequence[str],
    anchor: str = "signed_up_at",
) -> pd.DataFrame:
    """As by_cohort, for sums of columns: first by date and attributes, which are far fewer."""
    day = frame[anchor].dt.normalize().rename("anchor_date")
    columns = list(counts)
    cells = frame.groupby([day, *SEGMENTS, *keys], observed=True, sort=False)[columns].sum()
    return by_cohort(
        cells.reset_index(), first_date, keys, lambda groups: groups[columns].sum(), "anchor_date"
    )


def cohorts_of(users: pd.DataFrame, first_date: pd.Timestamp) -> pd.DataFrame:
    """Each cohort and segment that has a signup."""
    return roll_up(users.assign(size=1), first_date, [], ["size"])[COHORT]


def every_cell(users: pd.DataFrame, dates: pd.DatetimeIndex, name: str) -> pd.DataFrame:
    """Each of the dates, in a column `name`, with each segment value."""
    segments = by_segment(users, [], lambda groups: groups.size().to_frame("size"))[SEGMENT]
    return pd.DataFrame({name: dates}).merge(segments, how="cross")


def rate(frame: pd.DataFrame, numerator: str, denominator: str) -> pd.Series:
    quotient = frame[numerator].astype("Float64") / frame[denominator].astype("Float64")
    return quotient.where(frame[denominator] > 0)


def fill_counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Counts that a left join left null are zero."""
    counts = frame.columns[frame.columns.str.endswith("_count")]
    return frame.assign(**frame[counts].fillna(0).astype("int64"))


def seconds(durations: pd.Series) -> pd.Series:
    return durations / pd.Timedelta(seconds=1)


def distribution(column: str, mean: str | None, quantiles: dict[str, float]) -> Totals:
    """The totals that describe a column: its mean and quantiles, by the names they shall have."""

    def totals(groups: DataFrameGroupBy) -> pd.DataFrame:
        values = groups[column]
        shares = list(quantiles.values())
        # Without a group there is no column to name.
        found = values.quantile(shares).unstack().reindex(columns=shares)
        found = found.set_axis(list(quantiles), axis=1)
        return found.assign(**{mean: values.mean()}) if mean else found

    return totals
