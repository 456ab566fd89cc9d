"""Areas of colour: stacks over time, bars, and the grid of cohorts and periods."""

from __future__ import annotations

from typing import Any

import altair as alt

from plg.report.cards import CLOSED, OPEN, Bars, Grid, StackOverTime
from plg.report.charts.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    axis,
    dates,
    finish,
    first,
    rows,
    tips,
)
from plg.report.derive import Shown

STACKED, BELOW = [BLUE, SKY, GREEN, PURPLE], [VERMILLION, ORANGE]


def stack_over_time(shown: Shown, figure: StackOverTime) -> dict[str, Any]:
    """Bars from date to date, stacked by the page: Vega-Lite stacks no bars of two dates."""
    above = [name for name in figure.columns if name not in (OPEN, CLOSED)]
    fixed = {OPEN: ORANGE, CLOSED: GREY}
    colours = {
        **{name: STACKED[place % len(STACKED)] for place, name in enumerate(above)},
        **{name: fixed[name] for name in figure.columns if name in fixed},
        **{name: BELOW[place % len(BELOW)] for place, name in enumerate(figure.below)},
    }
    labels = {**figure.columns, **figure.below}
    domain = [labels[name] or shown.label(name) for name in colours]
    return finish(
        rows()
        .mark_rect(stroke="white", strokeWidth=0.5)
        .encode(
            x=dates("begins", shown.grain),
            x2="ends:T",
            y=alt.Y("bottom:Q", axis=axis("count")),
            y2="top:Q",
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=domain, range=list(colours.values())),
                legend=alt.Legend(title=None, orient="top"),
            ),
            tooltip=tips(shown, figure),
        ),
        figure.height or 300,
    )


def bars(shown: Shown, figure: Bars) -> dict[str, Any]:
    """A bar for each series, with its interval, in the order of the definitions."""
    y = alt.Y(
        "series:N",
        sort=first("place"),
        axis=alt.Axis(title=None, labelLimit=230, domain=False),
    )
    x = alt.X("value:Q", axis=axis(shown.unit(figure.value)))
    bar = (
        rows()
        .mark_bar(color=SKY, height={"band": 0.62})
        .encode(y=y, x=x, tooltip=tips(shown, figure))
    )
    if not shown.interval(figure):
        return finish(bar, figure.height or 38, rows_of="series")
    rule = rows().mark_rule(color=INK, strokeWidth=1.5)
    return finish(
        alt.layer(bar, rule.encode(y=y, x=alt.X("lower:Q"), x2="upper:Q")),
        figure.height or 38,
        rows_of="series",
    )


def grid(shown: Shown, figure: Grid) -> dict[str, Any]:
    """The triangle: one row a cohort, one column a period; open cells are not drawn.

    A cell that is open for a part of its cohort has a ring.
    """
    x = alt.X(
        "place_label:O",
        sort=first(figure.x),
        axis=alt.Axis(title=None, orient="top", labelAngle=0, domain=False, ticks=False),
    )
    y = alt.Y(
        "row_label:O",
        sort=first("begins"),
        axis=alt.Axis(title=None, domain=False, ticks=False, labelOverlap=True),
    )
    is_share = shown.unit(figure.value) == "share"
    legend = alt.Legend(
        title=None,
        orient="top",
        gradientLength=160,
        tickCount=4,
        format="%" if is_share else alt.Undefined,
    )
    said = tips(shown, figure)
    cells = (
        rows()
        .mark_rect(stroke="white", strokeWidth=0.6)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "value:Q",
                # The root spreads low rates, which the first period's would push together.
                scale=alt.Scale(type="sqrt", scheme="viridis", reverse=True, zero=True),
                legend=legend,
            ),
            tooltip=said,
        )
    )
    rings = (
        rows()
        .transform_filter("datum.is_open")
        .mark_point(size=26, stroke="white", strokeWidth=1.6, filled=False, opacity=1)
        .encode(x=x, y=y, tooltip=said)
    )
    return finish(alt.layer(cells, rings), figure.height or 15, rows_of="row_label")
