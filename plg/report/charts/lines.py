"""Points and lines: a rate by cohort, lines over time, a curve over numbers."""

from __future__ import annotations

from typing import Any

import altair as alt

from plg.report.cards import Curve, Lines, RateByCohort
from plg.report.charts.style import (
    BLUE,
    HEIGHT,
    ORANGE,
    RANGE_COLOURS,
    axis,
    colour,
    dash,
    dates,
    finish,
    rows,
    tips,
)
from plg.report.derive import Shown


def rate_by_cohort(shown: Shown, figure: RateByCohort) -> dict[str, Any]:
    """A number by cohort: hollow where some users are open, shaded where all are."""
    unit = shown.unit(figure.value)
    x = dates("middle", "cohort")
    y = alt.Y("value:Q", axis=axis(unit), scale=alt.Scale(zero=True))
    all_open = (
        rows()
        .mark_rect(color=ORANGE)
        .encode(
            x=dates("begins", "cohort"),
            x2="ends:T",
            opacity=alt.condition("datum.is_all_open", alt.value(0.14), alt.value(0)),
        )
    )
    interval = (
        rows()
        .mark_rule(color=BLUE, opacity=0.35, strokeWidth=3)
        .encode(x=x, y=alt.Y("lower:Q", axis=axis(unit)), y2="upper:Q")
    )
    line = rows().mark_line(color=BLUE, strokeWidth=1.5).encode(x=x, y=y)
    points = (
        rows()
        .mark_point(size=55, strokeWidth=1.8, opacity=1, color=BLUE)
        .encode(
            x=x,
            y=y,
            fill=alt.condition("datum.is_open", alt.value("white"), alt.value(BLUE)),
            tooltip=tips(shown, figure),
        )
    )
    has_interval = shown.interval(figure) or figure.interval
    layers = [all_open, *([interval] if has_interval else []), line, points]
    return finish(alt.layer(*layers), figure.height or HEIGHT)


def lines(shown: Shown, figure: Lines) -> dict[str, Any]:
    """A line for each series; its points are hollow where some users are open."""
    is_narrow = (shown.card.side_by_side or 1) > 1
    series = colour(1 if is_narrow else None)
    encodings = {
        "x": dates("middle", shown.grain, padding=8),
        "y": alt.Y(
            "value:Q", axis=axis(shown.unit(next(iter(figure.columns)))), scale=alt.Scale(zero=True)
        ),
    }
    fill: Any = alt.value(BLUE)
    line = rows().mark_line(strokeWidth=1.8, color=BLUE)
    point_size = 12 if shown.grain == "day" else 34
    points = rows().mark_point(
        size=point_size, opacity=0 if shown.grain == "day" else 1, color=BLUE
    )
    if figure.by or len(figure.columns) > 1:
        encodings["color"] = series
        line = line.encode(strokeDash=dash())
        fill = alt.Fill("series:N", sort=None, scale=alt.Scale(range=RANGE_COLOURS), legend=None)
    hollow = alt.condition("datum.is_open", alt.value("white"), fill)
    points = points.encode(tooltip=tips(shown, figure), fill=hollow, **encodings)
    return finish(alt.layer(line.encode(**encodings), points), figure.height or HEIGHT)


def curve(shown: Shown, figure: Curve) -> dict[str, Any]:
    """A line over whole numbers, with its interval; a step curve holds its value until the next."""
    interpolate = "step-after" if figure.is_stepped else "linear"
    unit = shown.unit(figure.value)
    # What a card calls this place, where it has words of its own.
    place = f"indexof(pluck(data('rows'), '{figure.x}'), datum.value)"
    tick = f"{place} < 0 ? null : data('rows')[{place}].tick"
    x = alt.X(
        f"{figure.x}:Q",
        axis=alt.Axis(
            title=figure.x_title or None,
            grid=False,
            tickMinStep=1,
            format="d",
            labelExpr=f"datum.value % 1 ? '' : ({tick}) || datum.label",
        ),
    )
    top = alt.Scale(domain=[0, 1]) if figure.is_stepped else alt.Scale(zero=True)
    y = alt.Y("value:Q", axis=axis(unit), scale=top)
    series: dict[str, Any] = {"color": colour(3)} if figure.by else {}
    dashes = {"strokeDash": dash()} if figure.by else {}
    band = (
        rows()
        .mark_area(interpolate=interpolate, opacity=0.14)
        .encode(x=x, y=alt.Y("lower:Q", axis=axis(unit), scale=top), y2="upper:Q", **series)
    )
    line = (
        rows()
        .mark_line(interpolate=interpolate, strokeWidth=2)
        .encode(x=x, y=y, **series, **dashes)
    )
    points = (
        rows()
        .mark_point(filled=True, size=30, opacity=0 if figure.is_stepped else 1)
        .encode(x=x, y=y, tooltip=tips(shown, figure), **series)
    )
    layers = [*([band] if shown.interval(figure) else []), line, points]
    return finish(alt.layer(*layers), figure.height or (300 if figure.is_stepped else HEIGHT))
