"""The small line of a metric on the scorecard."""

from __future__ import annotations

from typing import Any

import altair as alt

from plg.report.charts.style import BLUE, GREY, INK, ORANGE, PALE, finish, rows


def scorecard_weeks() -> dict[str, Any]:
    """One metric's closed weeks; the band is the benchmark's, the dashed line the target.

    Rows with a `version` are of earlier definitions: grey, with longer dashes. One with `valid_from` marks the date
    since which a version is used. The page leaves out layers that have no rows: Vega would complain.
    """
    axis = alt.Axis(title=None, grid=False, labels=False, ticks=False, domain=False)
    x = alt.X("begins:T", axis=axis)
    band = (
        rows()
        .transform_filter("isValid(datum.benchmark_low) && isValid(datum.benchmark_high)")
        .mark_area(color=PALE, opacity=0.7)
        .encode(x=x, y=alt.Y("benchmark_low:Q"), y2="benchmark_high:Q")
        .properties(name="band")
    )
    target = (
        rows()
        .transform_filter("isValid(datum.target_value)")
        .mark_line(color=INK, strokeDash=[3, 3], strokeWidth=1)
        .encode(x=x, y="target_value:Q")
        .properties(name="target")
    )
    y = alt.Y("current_value:Q", axis=axis, scale=alt.Scale(zero=False))
    earlier = (
        rows()
        .transform_filter("isValid(datum.version) && isValid(datum.earlier_value)")
        .mark_line(color=GREY, strokeDash=[6, 3], strokeWidth=1.5)
        .encode(x=x, y="earlier_value:Q", detail="version:N")
        .properties(name="earlier")
    )
    mark = (
        rows()
        .transform_filter("isValid(datum.valid_from)")
        .mark_rule(color=ORANGE, strokeWidth=1.5)
        .encode(x="valid_from:T")
        .properties(name="mark")
    )
    line = (
        rows()
        .transform_filter("!isValid(datum.version) && !isValid(datum.valid_from)")
        .mark_line(color=BLUE, strokeWidth=2)
        .encode(x=x, y=y)
    )
    newest = (
        rows()
        .transform_filter("datum.is_latest")
        .mark_point(color=BLUE, filled=True, size=50, opacity=1)
        .encode(x=x, y=y)
    )
    return finish(alt.layer(band, mark, target, earlier, line, newest), 56)
