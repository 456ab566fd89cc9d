"""The small line of a metric on the scorecard."""

from __future__ import annotations

from typing import Any

import altair as alt

from plg.report.charts.style import BLUE, INK, PALE, finish, rows


def scorecard_weeks() -> dict[str, Any]:
    """One metric's closed weeks; the band is the benchmark's, the dashed line the target."""
    axis = alt.Axis(title=None, grid=False, labels=False, ticks=False, domain=False)
    x = alt.X("begins:T", axis=axis)
    band = (
        rows()
        .transform_filter("isValid(datum.benchmark_low) && isValid(datum.benchmark_high)")
        .mark_area(color=PALE, opacity=0.7)
        .encode(x=x, y=alt.Y("benchmark_low:Q"), y2="benchmark_high:Q")
    )
    target = (
        rows()
        .transform_filter("isValid(datum.target_value)")
        .mark_line(color=INK, strokeDash=[3, 3], strokeWidth=1)
        .encode(x=x, y="target_value:Q")
    )
    y = alt.Y("current_value:Q", axis=axis, scale=alt.Scale(zero=False))
    line = rows().mark_line(color=BLUE, strokeWidth=2).encode(x=x, y=y)
    newest = (
        rows()
        .transform_filter("datum.is_latest")
        .mark_point(color=BLUE, filled=True, size=50, opacity=1)
        .encode(x=x, y=y)
    )
    return finish(alt.layer(band, target, line, newest), 56)
