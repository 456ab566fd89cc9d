"""The charts of the report, as Vega-Lite specifications over rows that the page hands in.

The page gives all kinds the same fields: `begins`, `middle` and `ends` of a cohort or date, `value`
with `lower` and `upper`, `series`, `is_open` and `is_all_open`; and the columns of the mart.
"""

from __future__ import annotations

from typing import Any

from plg.report.charts import blocks, flow, lines, scorecard
from plg.report.cards import OWN_KINDS, Table
from plg.report.derive import Shown

DRAW = {
    "rate_by_cohort": lines.rate_by_cohort,
    "lines": lines.lines,
    "curve": lines.curve,
    "stack_over_time": blocks.stack_over_time,
    "bars": blocks.bars,
    "grid": blocks.grid,
    "flow": flow.flow,
}


def specification(shown: Shown, figure: Any) -> dict[str, Any] | None:
    """How a figure of a card is drawn; None for a table, and for one with a script of its own."""
    if isinstance(figure, (Table, *OWN_KINDS)):
        return None
    return DRAW[figure.kind](shown, figure)


__all__ = ["scorecard", "specification"]
