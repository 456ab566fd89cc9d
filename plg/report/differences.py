"""Differences between segments in words: only those that a test supports."""

from __future__ import annotations

from typing import Any

from plg.report.sources import Query

# How many are said, the largest first: the table on the card has them all.
MOST_RATES, MOST_TIMES = 3, 2
# The places of user_count and of the rate or ratio in their rows.
USERS, VALUE = 6, 7
# A user has today's plan, which may follow from what is measured: users who stay upgrade.
FOLLOWS_FROM_OUTCOMES = "plan_tier"
WORDS = {
    "activation_rate": "Activated within {item} days",
    "milestone_completion_rate": "Completed {item}",
    "retention_rate": "Back on {item} after activation",
    "funnel_conversion_rate": "Came through the funnel {item}",
    "time_to_first_value": "First value",
    "time_to_milestone": "Reaching {item}",
}
# Of two values one says it for both: what is above, for the other is below.
SUPPORTED = """
    from marts.segment_tests
    where
        test_name = '{test}'
        and comparison = 'one_value'
        and segment_type <> '{left_out}'
        and (verdict = 'above' or verdict = 'below' and group_count > 2)
"""
RATES_SQL = f"""
    select
        metric_id, item, segment_type, segment_value, q_value, verdict, user_count,
        rate, other_rate, rate_difference, rate_difference_ci_lower, rate_difference_ci_upper
    {SUPPORTED.format(test="chi_square", left_out=FOLLOWS_FROM_OUTCOMES)}
    order by effect_size desc, metric_id, item, segment_type, segment_value
"""
TIMES_SQL = f"""
    select
        metric_id, item, segment_type, segment_value, q_value, verdict, user_count,
        hazard_ratio, hazard_ratio_ci_lower, hazard_ratio_ci_upper
    {SUPPORTED.format(test="log_rank", left_out=FOLLOWS_FROM_OUTCOMES)}
    order by abs(ln(hazard_ratio)) desc, metric_id, item, segment_type, segment_value
"""
COUNTS_SQL = """
    select
        count(*),
        count(case when verdict in ('above', 'below') then 1 end),
        count(case when verdict = 'no_difference_shown' then 1 end),
        count(case when verdict = 'not_enough_data' then 1 end)
    from marts.segment_tests
    where comparison = 'one_value'
"""


def read_differences(query: Query) -> list[str]:
    """Sentences about the largest differences between segments, and how many tests there were."""
    ((count, found_count, none_count, untested_count),) = query(COUNTS_SQL)
    if not count:
        return []
    if not found_count + none_count:
        return [
            "Not enough data to compare segments: a test needs two values of a segment, each with "
            "enough users."
        ]
    said = [_rate_sentence(*row) for row in _largest(query(RATES_SQL), MOST_RATES)]
    said += [_time_sentence(*row) for row in _largest(query(TIMES_SQL), MOST_TIMES)]
    found = f"{found_count:,}" if found_count else "None"
    lead = (
        f"{found} of {found_count + none_count:,} tests {'finds' if found_count == 1 else 'find'} a value "
        "that differs from the others of its segment by more than chance"
    )
    rest = f"; for {untested_count:,} more there is not enough data" if untested_count else ""
    return [*said, f"{lead}{rest}."]


def _largest(rows: list[tuple], most: int) -> list[tuple]:
    """The first rows, of each group of users one: `invited` and `referral` are the same users."""
    first = {(*row[:2], row[USERS], row[VALUE]): row for row in reversed(rows)}
    return [row for row in rows if first[(*row[:2], row[USERS], row[VALUE])] is row][:most]


def _rate_sentence(*row: Any) -> str:
    (*named, q_value, verdict, users, rate, other_rate, difference, lower, upper) = row
    bounds = sorted(abs(bound) for bound in (lower, upper))
    if lower <= 0 <= upper:
        # The interval and the test may disagree by a hair; then it reaches to 0.
        bounds[0] = 0.0
    more = "more" if verdict == "above" else "less"
    return (
        f"{_subject(*named)}: {_percent(rate)} % of {users:,} users, {_percent(other_rate)} % of "
        f"the others: {_percent(abs(difference))} points {more} ({_percent(bounds[0])} to "
        f"{_percent(bounds[1])}), {_chance(q_value)}."
    )


def _time_sentence(*row: Any) -> str:
    (*named, q_value, _, users, ratio, lower, upper) = row
    return (
        f"{_subject(*named)} ({users:,} users): each day {ratio:.2f} times as likely as among the "
        f"others ({lower:.2f} to {upper:.2f}), {_chance(q_value)}."
    )


def _subject(metric_id: str, item: str, kind: str, value: str) -> str:
    if metric_id == "retention_rate":
        item = item.replace("_", " ")
    what = WORDS[metric_id].format(item=item)
    return f"{what}, {kind.replace('_', ' ')} {value}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _chance(q_value: float) -> str:
    return f"more than chance (q {'< 0.001' if q_value < 0.001 else f'{q_value:.3f}'})"
