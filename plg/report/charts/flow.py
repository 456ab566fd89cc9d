"""From what to what users go: bands between the steps. The page lays them out."""

from __future__ import annotations

from typing import Any

import altair as alt

from plg.report.cards import Flow
from plg.report.charts.style import BLUE, INK, SKY, finish, rows, tips
from plg.report.derive import Shown


def flow(shown: Shown, figure: Flow) -> dict[str, Any]:
    """A bar for each source and target of a step, and a band for each pair of them."""
    nowhere = alt.Axis(title=None, labels=False, ticks=False, domain=False, grid=False)
    x, y = alt.X("x:Q", axis=nowhere), alt.Y("y:Q", axis=nowhere, scale=alt.Scale(reverse=True))
    bands = (
        rows()
        .transform_filter("datum.part === 'band'")
        .mark_area(color=SKY, opacity=0.45)
        .encode(x=x, y=y, y2="y2:Q", detail="series:N", tooltip=tips(shown, figure))
    )
    nodes = rows().transform_filter("datum.part === 'node'")
    said = [alt.Tooltip("label:N", title=" "), alt.Tooltip("value:Q", title="users", format=",")]
    blocks = nodes.mark_rect(color=BLUE).encode(x=x, x2="x2:Q", y=y, y2="y2:Q", tooltip=said)
    words = nodes.mark_text(
        align=alt.ExprRef("datum.is_last ? 'right' : 'left'"),
        dx=alt.ExprRef("datum.is_last ? -6 : 14"),
        color=INK,
        fontSize=11,
    ).encode(x=x, y="middle_y:Q", text="label:N")
    return finish(alt.layer(bands, blocks, words), figure.height or 320)
