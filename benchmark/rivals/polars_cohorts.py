"""Cohorts and segments in Polars: what the marts group by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from polars import col

SEGMENTS = ("all", "acquisition_type", "install_source", "plan_tier")  # columns of users
COHORT = ("cohort_grain", "cohort_date", "segment_type", "segment_value")


def by_segment(frame: pl.DataFrame, keys: Sequence[str], totals: Sequence[pl.Expr]) -> pl.DataFrame:
    """The totals by keys and segment; `frame` has the segments as columns."""
    return pl.concat(
        frame.lazy()
        .group_by(*keys, pl.lit(segment).alias("segment_type"), col(segment).alias("segment_value"))
        .agg(totals)
        for segment in SEGMENTS
    ).collect()


def by_cohort(
    frame: pl.DataFrame,
    first_date: date,
    keys: Sequence[str],
    totals: Sequence[pl.Expr],
    anchor: str = "signed_up_at",
) -> pl.DataFrame:
    """The totals by cohort, segment and keys; cohorts start with the week or month of `anchor`."""
    anchor_date = col(anchor).cast(pl.Date)
    cohort_dates = {
        "week": anchor_date.dt.truncate("1w"),
        "month": anchor_date.dt.truncate("1mo"),
        "all": pl.lit(first_date),
    }
    return pl.concat(
        by_segment(frame.with_columns(cohort_date=start), ["cohort_date", *keys], totals).select(
            pl.lit(grain).alias("cohort_grain"), pl.all()
        )
        for grain, start in cohort_dates.items()
    )


def roll_up(
    frame: pl.DataFrame,
    first_date: date,
    keys: Sequence[str],
    counts: Sequence[pl.Expr],
    anchor: str = "signed_up_at",
) -> pl.DataFrame:
    """As by_cohort, for counts: first by date and attributes, of which there are far fewer."""
    day = col(anchor).cast(pl.Date).alias("anchor_date")
    cells = frame.lazy().group_by(day, *SEGMENTS, *keys).agg(counts).collect()
    names = [name for name in cells.columns if name not in {"anchor_date", *SEGMENTS, *keys}]
    return by_cohort(cells, first_date, keys, [col(name).sum() for name in names], "anchor_date")


def rate(numerator: str, denominator: str) -> pl.Expr:
    return pl.when(col(denominator) > 0).then(col(numerator) / col(denominator))


def seconds(duration: pl.Expr) -> pl.Expr:
    return duration.dt.total_microseconds() / 1e6
