"""The charts of the report, as Vega-Lite specifications over rows that the page hands in."""

from __future__ import annotations

from typing import Any

import altair as alt

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

SHARE = alt.Axis(format="%", title=None, tickCount=5)
COUNT = alt.Axis(format="~s", title=None, tickCount=5)
PLAIN = alt.Axis(title=None, tickCount=5)
HEIGHT = 220


def _rows() -> alt.Chart:
    return alt.Chart(alt.NamedData("rows"))


def _dates(field: str = "cohort_middle", *, padding: int = 0) -> alt.X:
    """An axis of dates; that of cohorts and weeks has its ticks where one begins, on Mondays."""
    begins = {"cohort_middle": "cohort_date"}.get(field, field)
    ticks = {"labelOverlap": True}
    if field != "activity_date":
        values = {"expr": f"pluck(data('rows'), '{begins}')"}
        ticks = {"labelOverlap": "greedy", "labelSeparation": 8, "values": values}
    return alt.X(
        f"{field}:T",
        axis=alt.Axis(
            title=None,
            grid=False,
            labelBound=True,
            format="%-d %b %y",
            **ticks,
        ),
        scale=alt.Scale(padding=padding) if padding else alt.Undefined,
    )


def _tips(**fields: str) -> list[alt.Tooltip]:
    """Tooltips from titles to fields; the format follows from the field's type and name."""
    tips = []
    for title, field in fields.items():
        name, _, kind = field.partition(":")
        number_format = {
            "P": {"format": ".1%"},
            "D": {"format": ".2f"},
            "Q": {"format": ","},
            "T": {"format": "%d %b %Y"},
        }.get(kind, {})
        vega_kind = {"P": "Q", "D": "Q"}.get(kind, kind or "N")
        tips.append(
            alt.Tooltip(f"{name}:{vega_kind}", title=title.replace("_", " "), **number_format)
        )
    return tips


def _colour(field: str, columns: int | None = None) -> alt.Color:
    """A colour for each series, with a legend, in so many columns of long names."""
    shape = {"columns": columns, "labelLimit": 280 // columns} if columns else {}
    return alt.Color(
        f"{field}:N",
        sort=None,
        scale=alt.Scale(range=RANGE_COLOURS),
        legend=alt.Legend(title=None, orient="top", symbolType="stroke", **shape),
    )


def _dash(field: str) -> alt.StrokeDash:
    """A dash for each series; the page lets the legend of the colours show it."""
    return alt.StrokeDash(f"{field}:N", sort=None, scale=alt.Scale(range=RANGE_DASHES), legend=None)


def _finish(
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


def scorecard_weeks() -> dict[str, Any]:
    """One metric's closed weeks; the band is the benchmark's, the dashed line the target."""
    axis = alt.Axis(title=None, grid=False, labels=False, ticks=False, domain=False)
    x = alt.X("week_start_date:T", axis=axis)
    band = (
        _rows()
        .transform_filter("isValid(datum.benchmark_low) && isValid(datum.benchmark_high)")
        .mark_area(color=PALE, opacity=0.7)
        .encode(x=x, y=alt.Y("benchmark_low:Q"), y2="benchmark_high:Q")
    )
    target = (
        _rows()
        .transform_filter("isValid(datum.target_value)")
        .mark_line(color=INK, strokeDash=[3, 3], strokeWidth=1)
        .encode(x=x, y="target_value:Q")
    )
    y = alt.Y("current_value:Q", axis=axis, scale=alt.Scale(zero=False))
    line = _rows().mark_line(color=BLUE, strokeWidth=2).encode(x=x, y=y)
    newest = (
        _rows()
        .transform_filter("datum.is_latest")
        .mark_point(color=BLUE, filled=True, size=50, opacity=1)
        .encode(x=x, y=y)
    )
    return _finish(alt.layer(band, target, line, newest), 56)


def activation_rate() -> dict[str, Any]:
    """Activation by cohort with its interval; a hollow point has users who are still open."""
    tips = _tips(
        cohort="cohort_date:T",
        activation_rate="activation_rate:P",
        interval_from="activation_rate_ci_lower:P",
        interval_to="activation_rate_ci_upper:P",
        activated="activated_user_count:Q",
        eligible="eligible_user_count:Q",
        signups="signup_count:Q",
    )
    return _cohort_rate("activation_rate", SHARE, tips, has_interval=True)


def _cohort_rate(
    field: str, axis: alt.Axis, tips: list[alt.Tooltip], *, has_interval: bool
) -> dict[str, Any]:
    """A number by cohort: hollow where some users are open, shaded where all are."""
    y = alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(zero=True))
    all_open = (
        _rows()
        .mark_rect(color=ORANGE)
        .encode(
            x=_dates("cohort_date"),
            x2="cohort_end:T",
            opacity=alt.condition("datum.is_all_open", alt.value(0.14), alt.value(0)),
        )
    )
    interval = (
        _rows()
        .mark_rule(color=BLUE, opacity=0.35, strokeWidth=3)
        .encode(x=_dates(), y=alt.Y(f"{field}_ci_lower:Q", axis=axis), y2=f"{field}_ci_upper:Q")
    )
    line = _rows().mark_line(color=BLUE, strokeWidth=1.5).encode(x=_dates(), y=y)
    points = (
        _rows()
        .mark_point(size=55, strokeWidth=1.8, opacity=1, color=BLUE)
        .encode(
            x=_dates(),
            y=y,
            fill=alt.condition("datum.is_open", alt.value("white"), alt.value(BLUE)),
            tooltip=tips,
        )
    )
    layers = (all_open, interval, line, points) if has_interval else (all_open, line, points)
    return _finish(alt.layer(*layers))


def _stacks(
    x: str, x2: str, colour: alt.Color, tips: list[alt.Tooltip], height: int
) -> dict[str, Any]:
    """Bars from date to date, stacked by the page: Vega-Lite stacks no bars of two dates."""
    return _finish(
        _rows()
        .mark_rect(stroke="white", strokeWidth=0.5)
        .encode(
            x=_dates(x),
            x2=f"{x2}:T",
            y=alt.Y("bottom:Q", axis=COUNT),
            y2="top:Q",
            color=colour,
            tooltip=tips,
        ),
        height,
    )


def cohort_sizes() -> dict[str, Any]:
    """Users of each cohort, those whose window has closed, and those who are still open."""
    return _stacks(
        "cohort_date",
        "cohort_end",
        _kinds("window", {"closed": GREY, "still open": ORANGE}),
        _tips(cohort="cohort_date:T", window="window", users="user_count:Q"),
        90,
    )


def _kinds(field: str, colours: dict[str, str]) -> alt.Color:
    return alt.Color(
        f"{field}:N",
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=alt.Legend(title=None, orient="top"),
    )


def _first(field: str) -> alt.EncodingSortField:
    """In the order of a field: as they come, Vega would keep the places of an earlier filter."""
    return alt.EncodingSortField(field=field, op="min", order="ascending")


def milestone_ladder() -> dict[str, Any]:
    """Completion of each milestone with its interval, in the order of the definitions."""
    base = _rows()
    y = alt.Y(
        "label:N",
        sort=_first("place"),
        axis=alt.Axis(title=None, labelLimit=230, domain=False),
    )
    x = alt.X("completion_rate:Q", axis=alt.Axis(format="%", title=None, tickCount=5))
    tips = _tips(
        milestone="label",
        completion_rate="completion_rate:P",
        completed="completed_user_count:Q",
        eligible="eligible_user_count:Q",
        completed_the_one_before="previous_completed_user_count:Q",
        completed_both="completed_both_user_count:Q",
        from_the_one_before="conversion_from_previous_rate:P",
    )
    bars = base.mark_bar(color=SKY, height={"band": 0.62}).encode(y=y, x=x, tooltip=tips)
    interval = base.mark_rule(color=INK, strokeWidth=1.5).encode(
        y=y, x=alt.X("completion_rate_ci_lower:Q"), x2="completion_rate_ci_upper:Q"
    )
    return _finish(alt.layer(bars, interval), 38, rows_of="label")


def milestone_completion() -> dict[str, Any]:
    """Completion of each milestone by cohort."""
    return _lines(
        "completion_rate",
        "label",
        SHARE,
        _tips(
            cohort="cohort_date:T",
            milestone="label",
            completion_rate="completion_rate:P",
            completed="completed_user_count:Q",
            eligible="eligible_user_count:Q",
        ),
        columns=1,
    )


def _lines(
    field: str,
    series: str,
    axis: alt.Axis,
    tips: list[alt.Tooltip],
    x: str = "cohort_middle",
    *,
    has_points: bool = True,
    columns: int | None = None,
) -> dict[str, Any]:
    """A line for each series; its points are hollow where some users are open."""
    encodings = {
        "x": _dates(x, padding=8),
        "y": alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(zero=True)),
        "color": _colour(series, columns),
    }
    lines = _rows().mark_line(strokeWidth=1.8).encode(strokeDash=_dash(series), **encodings)
    points = _rows().mark_point(size=34 if has_points else 12, opacity=1 if has_points else 0)
    points = points.encode(
        tooltip=tips,
        fill=alt.condition(
            "datum.is_open",
            alt.value("white"),
            alt.Fill(f"{series}:N", sort=None, scale=alt.Scale(range=RANGE_COLOURS), legend=None),
        ),
        **encodings,
    )
    return _finish(alt.layer(lines, points))


def first_value_curve() -> dict[str, Any]:
    """Kaplan-Meier: the share still without first value, with its 95 % interval."""
    x = alt.X("day_number:Q", axis=alt.Axis(title="day since signup", grid=False, tickMinStep=1))
    colour = _colour("series", columns=3)
    band = (
        _rows()
        .mark_area(interpolate="step-after", opacity=0.13)
        .encode(
            x=x,
            y=alt.Y("survival_ci_lower:Q", axis=SHARE, scale=alt.Scale(domain=[0, 1])),
            y2="survival_ci_upper:Q",
            color=colour,
        )
    )
    line = (
        _rows()
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=x,
            y=alt.Y("survival_probability:Q", axis=SHARE),
            color=colour,
            strokeDash=_dash("series"),
        )
    )
    tips = _tips(
        segment="segment_value",
        day="day_number:Q",
        still_without="survival_probability:P",
        interval_from="survival_ci_lower:P",
        interval_to="survival_ci_upper:P",
        at_risk="at_risk_count:Q",
        first_values="event_count:Q",
        end_of_data="censored_count:Q",
    )
    points = (
        _rows()
        .mark_point(filled=True, size=30, opacity=0)
        .encode(x=x, y=alt.Y("survival_probability:Q", axis=SHARE), color=colour, tooltip=tips)
    )
    return _finish(alt.layer(band, line, points), 300)


def first_value_times() -> dict[str, Any]:
    """Days to first value by cohort: the quartiles of those who got there."""
    return _lines(
        "days",
        "quantile",
        PLAIN,
        _tips(
            cohort="cohort_date:T",
            quantile="quantile",
            days="days:D",
            reached="reached_user_count:Q",
            eligible="eligible_user_count:Q",
        ),
    )


def milestone_velocity() -> dict[str, Any]:
    """Median days from each milestone to the next, by cohort."""
    return _lines(
        "days",
        "step",
        PLAIN,
        _tips(
            cohort="cohort_date:T",
            step="step",
            median_days="days:D",
            went_on="progressed_user_count:Q",
            eligible="eligible_user_count:Q",
            out_of_order="out_of_order_user_count:Q",
        ),
    )


def retention_cells() -> dict[str, Any]:
    """The triangle: one row a cohort, one column a day or week; open cells are not drawn.

    A cell that is open for a part of its cohort bears a ring.
    """
    x = alt.X(
        "period_number:O",
        axis=alt.Axis(title=None, orient="top", labelAngle=0, domain=False, ticks=False),
    )
    y = alt.Y(
        "cohort_label:O",
        sort=_first("cohort_date"),
        axis=alt.Axis(title=None, domain=False, ticks=False, labelOverlap=True),
    )
    tips = _tips(
        cohort="cohort_label",
        period="period_number:Q",
        retention_rate="retention_rate:P",
        retained="retained_user_count:Q",
        eligible="eligible_user_count:Q",
        users_of_the_cohort="cohort_user_count:Q",
    )
    cells = (
        _rows()
        .mark_rect(stroke="white", strokeWidth=0.6)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "retention_rate:Q",
                # The root spreads low rates, which the first period's would else push together.
                scale=alt.Scale(type="sqrt", scheme="viridis", reverse=True, zero=True),
                legend=alt.Legend(
                    title=None, format="%", orient="top", gradientLength=160, tickCount=4
                ),
            ),
            tooltip=tips,
        )
    )
    rings = (
        _rows()
        .transform_filter("datum.is_open")
        .mark_point(size=26, stroke="white", strokeWidth=1.6, filled=False, opacity=1)
        .encode(x=x, y=y, tooltip=tips)
    )
    return _finish(alt.layer(cells, rings), 15, rows_of="cohort_label")


def retention_curves() -> dict[str, Any]:
    """Retention of all cohorts together by period, after signup and after activation."""
    base = _rows()
    x = alt.X("period_number:Q", axis=alt.Axis(title=None, grid=False, tickMinStep=1))
    colour = _colour("anchor")
    band = base.mark_area(opacity=0.15).encode(
        x=x,
        y=alt.Y("retention_rate_ci_lower:Q", axis=SHARE),
        y2="retention_rate_ci_upper:Q",
        color=colour,
    )
    y = alt.Y("retention_rate:Q", axis=SHARE, scale=alt.Scale(zero=True))
    line = base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=_dash("anchor"))
    tips = _tips(
        since="anchor",
        period="period_number:Q",
        retention_rate="retention_rate:P",
        retained="retained_user_count:Q",
        eligible="eligible_user_count:Q",
        users="cohort_user_count:Q",
    )
    points = base.mark_point(filled=True, size=30, opacity=1).encode(
        x=x, y=y, color=colour, tooltip=tips
    )
    return _finish(alt.layer(band, line, points))


def growth_accounting() -> dict[str, Any]:
    """The week's active users by where they come from, and below zero those who are gone."""
    colours = {"retained": BLUE, "resurrected": SKY, "new": GREEN, "churned": VERMILLION}
    return _stacks(
        "week_start_date",
        "week_end_date",
        _kinds("kind", colours),
        _tips(week_of="week_start_date:T", kind="kind", users="user_count:Q"),
        400,
    )


def active_users() -> dict[str, Any]:
    """Active users of a day, of seven and of thirty days that end with it."""
    return _lines(
        "user_count",
        "measure",
        COUNT,
        _tips(date="activity_date:T", measure="measure", users="user_count:Q"),
        "activity_date",
        has_points=False,
    )


def stickiness() -> dict[str, Any]:
    """dau / mau by day."""
    tips = _tips(date="activity_date:T", stickiness="stickiness_rate:P", dau="dau:Q", mau="mau:Q")
    base = _rows()
    y = alt.Y("stickiness_rate:Q", axis=SHARE)
    line = base.mark_line(color=BLUE, strokeWidth=1.5).encode(x=_dates("activity_date"), y=y)
    points = base.mark_point(opacity=0, filled=True, size=12).encode(
        x=_dates("activity_date"), y=y, tooltip=tips
    )
    return _finish(alt.layer(line, points), 120)


def viral_coefficient() -> dict[str, Any]:
    """k by cohort with its interval."""
    tips = _tips(
        cohort="cohort_date:T",
        k="k_factor:D",
        interval_from="k_factor_ci_lower:D",
        interval_to="k_factor_ci_upper:D",
        k_of_the_activated="activated_k_factor:D",
        invited_signups="invited_signup_count:Q",
        users="cohort_user_count:Q",
    )
    return _cohort_rate("k_factor", PLAIN, tips, has_interval=True)


def viral_parts() -> dict[str, Any]:
    """The factors of k by cohort: invitations per user, and signups per invitation."""
    return _lines(
        "value",
        "factor",
        PLAIN,
        _tips(
            cohort="cohort_date:T",
            factor="factor",
            value="value:D",
            invitations="invitation_count:Q",
            inviting_users="inviting_user_count:Q",
            invited_signups="invited_signup_count:Q",
        ),
        columns=1,
    )


def viral_cycle() -> dict[str, Any]:
    """Median days from an inviter's signup to the invited user's."""
    tips = _tips(
        cohort="cohort_date:T", median_days="days:D", invited_signups="invited_signup_count:Q"
    )
    return _cohort_rate("days", PLAIN, tips, has_interval=False)


def pql_conversion() -> dict[str, Any]:
    """The share of activated users who are product-qualified, by cohort."""
    tips = _tips(
        cohort="cohort_date:T",
        pql_conversion_rate="pql_conversion_rate:P",
        qualified="pql_user_count:Q",
        activated="activated_user_count:Q",
        qualified_without_activation="pql_without_activation_count:Q",
    )
    return _cohort_rate("pql_conversion_rate", SHARE, tips, has_interval=False)


CHARTS = {
    chart.__name__: chart
    for chart in (
        scorecard_weeks, activation_rate, cohort_sizes, milestone_ladder, milestone_completion,
        first_value_curve, first_value_times, milestone_velocity, retention_cells,
        retention_curves, growth_accounting, active_users, stickiness, viral_coefficient,
        viral_parts, viral_cycle, pql_conversion,
    )
}  # fmt: skip
