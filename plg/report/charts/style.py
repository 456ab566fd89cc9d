"""What all charts share: colours, axes, tooltips."""

from __future__ import annotations

from typing import Any

import altair as alt

from plg.report.derive import Shown

# Okabe and Ito's palette for colour-blind readers, without the yellow that vanishes on white.
BLUE, VERMILLION, GREEN, PURPLE, SKY, ORANGE = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#AA4499",
    "#56B4E9",
    "#E69F00",
)
INK, GREY, PALE = "#1f2933", "#8a949e", "#dde3e8"
COLOURS = [BLUE, VERMILLION, GREEN, PURPLE, SKY, ORANGE]
DASHES = [[1, 0], [6, 3], [2, 2]]
# Two lines never share both colour and dash until there are more than eighteen.
RANGE_COLOURS = COLOURS * len(DASHES)
RANGE_DASHES = [dash for dash in DASHES for _ in COLOURS]
HEIGHT = 220

AXES = {
    "share": alt.Axis(format="%", title=None, tickCount=5),
    "count": alt.Axis(format="~s", title=None, tickCount=5),
}
PLAIN = alt.Axis(title=None, tickCount=5)
FORMATS = {"share": ".1%", "count": ",", "number": ".2f", "days": ".2f"}


def rows() -> alt.Chart:
    """A chart of the rows that the page hands in."""
    return alt.Chart(alt.NamedData("rows"))


def axis(unit: str) -> alt.Axis:
    """The axis of values of a unit."""
    return AXES.get(unit, PLAIN)


def dates(name: str, grain: str, *, padding: int = 0) -> alt.X:
    """An axis of dates; that of cohorts, weeks and months has its ticks where one begins."""
    ticks: dict[str, Any] = {"labelOverlap": True}
    if grain != "day":
        values = {"expr": "pluck(data('rows'), 'begins')"}
        ticks = {"labelOverlap": "greedy", "labelSeparation": 8, "values": values}
    return alt.X(
        f"{name}:T",
        axis=alt.Axis(title=None, grid=False, labelBound=True, format="%-d %b %y", **ticks),
        scale=alt.Scale(padding=padding) if padding else alt.Undefined,
    )


def tips(shown: Shown, figure: Any) -> list[alt.Tooltip]:
    """The tooltip of a figure."""
    found = []
    for name, title, unit in shown.tips(figure):
        if unit == "date":
            found.append(alt.Tooltip(f"{name}:T", title=title, format="%d %b %Y"))
        elif unit in FORMATS:
            found.append(alt.Tooltip(f"{name}:Q", title=title, format=FORMATS[unit]))
        else:
            found.append(alt.Tooltip(f"{name}:N", title=title))
    return found


def colour(columns: int | None = None) -> alt.Color:
    """A colour for each series, with a legend, in so many columns of long names."""
    shape = {"columns": columns, "labelLimit": 280 // columns} if columns else {}
    return alt.Color(
        "series:N",
        sort=None,
        scale=alt.Scale(range=RANGE_COLOURS),
        legend=alt.Legend(title=None, orient="top", symbolType="stroke", **shape),
    )


def dash() -> alt.StrokeDash:
    """A dash for each series; the page lets the legend of the colours show it."""
    return alt.StrokeDash("series:N", sort=None, scale=alt.Scale(range=RANGE_DASHES), legend=None)


def first(name: str) -> alt.EncodingSortField:
    """In the order of a field: as they come, Vega would keep the places of an earlier filter."""
    return alt.EncodingSortField(field=name, op="min", order="ascending")


def finish(
    chart: alt.Chart | alt.LayerChart, height: int = HEIGHT, rows_of: str | None = None
) -> dict[str, Any]:
    """The specification; with `rows_of`, `height` is that of each value of this field."""
    return (
        chart.properties(
            width="container", height=height, background="white", usermeta={"rows_of": rows_of}
        )
        .configure(
            font="system-ui, sans-serif",
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, tickColor=PALE, domainColor=PALE, gridColor=PALE, labelFontSize=11
        )
        .configure_legend(
            labelColor=INK, symbolSize=80, labelFontSize=12, rowPadding=4, symbolOpacity=1
        )
        .to_dict()
    )
