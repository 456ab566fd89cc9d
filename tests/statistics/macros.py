"""The macros of macros/statistics as queries over rows of a test's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from tests.harness import compiled

# Each reads the table `cases`. A group has at least one user.
QUERIES = {
    "tail": "select {{ p_value_of_chi_square('statistic', 'degrees') }} from cases order by place",
    "tail_of_1": "select {{ p_value_of_chi_square('statistic') }} from cases order by place",
    "tail_of_6": "select {{ p_value_of_chi_square('statistic', 6) }} from cases order by place",
    "quantile": "select {{ normal_quantile('share') }} from cases order by place",
    "chi_square_of_two": """
        select {{ chi_square_of_two_rates('x1', 'n1', 'x2', 'n2') }} from cases order by place
    """,
    "chi_square": """
        with totals as (
            select
                *,
                cast(sum(x) over (partition by test) as bigint) as all_x,
                cast(sum(n) over (partition by test) as bigint) as all_n
            from cases
        )
        select {{ chi_square_of_groups('x', 'n', 'all_x', 'all_n') }}
        from totals
        group by test, all_x, all_n
        order by test
    """,
    "newcombe": """
        with rates as (
            select
                place,
                {{ rate_with_interval('p1', 'x1', 'n1') }},
                {{ rate_with_interval('p2', 'x2', 'n2') }}
            from cases
        ),
        differences as (
            select place, {{ newcombe_interval('difference', 'p1', 'p2') }} from rates
        )
        select difference_ci_lower, difference_ci_upper from differences order by place
    """,
    "q_values": """
        select q_value from ({{ with_q_values('cases', 'p', ['family']) }}) as tests order by place
    """,
    "q_values_of_one_family": """
        select q_value from ({{ with_q_values('cases', 'p') }}) as tests order by place
    """,
    "log_rank": """
        with sums as (
            select
                test, n1, n2,
                cast(sum(d1) as bigint) as d1,
                cast(sum(d2) as bigint) as d2,
                {{ log_rank_sums('(d1 + d2)', 'at_risk_1', '(at_risk_1 + at_risk_2)') }}
            from cases
            group by test, n1, n2
        ),
        tests as (
            select
                test, expected_events, event_variance,
                {{ log_rank_columns('d1', 'n1', 'd2', 'n2') }}
            from sums
        )
        select
            expected_events, event_variance, log_rank_statistic, hazard_ratio,
            hazard_ratio_ci_lower, hazard_ratio_ci_upper
        from tests
        order by test
    """,
    "kaplan_meier": """
        with survival as ({{ kaplan_meier('cases', by=['test']) }}),
        intervals as (
            select
                test, day_number, survival_probability,
                {{ log_log_interval('survival_probability', 'greenwood_sum') }}
            from survival
        )
        select survival_probability, survival_ci_lower, survival_ci_upper
        from intervals
        order by test, day_number
    """,
    "auc": """
        with placed as (
            select
                *,
                cast(sum(c) over () - sum(c) over (order by score) as bigint) as c_above,
                cast(sum(o) over (order by score) - o as bigint) as o_below
            from cases
        ),
        sums as (
            select
                cast(sum(c) as bigint) as m,
                cast(sum(o) as bigint) as k,
                {{ auc_sums('c', 'o', 'c_above', 'o_below') }}
            from placed
        )
        select {{ auc_with_interval('m', 'k') }} from sums
    """,
    "odds_ratio": """
        select {{ odds_ratio_with_interval('a', 'n', 'c', 'k') }} from cases order by place
    """,
    "stability": """
        with totals as (
            select
                *,
                sum(n) over () as all_n,
                sum(r) over () as all_r,
                count(*) over () as bins
            from cases
        )
        select cast(sum({{ stability_of_bin('n', 'all_n', 'r', 'all_r', 'bins') }}) as double) from totals
    """,
    "required_users": """
        select {{ required_users_per_group('p1', 'p2', 'level', 'chance') }}
        from cases
        order by place
    """,
}


class Macros:
    """The queries, compiled once."""

    def __init__(self, folder: Path) -> None:
        inline = "\n;;\n".join(QUERIES.values())
        (code,) = compiled(folder / "plg.duckdb", "--inline", inline).values()
        self._code = dict(zip(QUERIES, code.split(";;"), strict=True))

    def rows(
        self, name: str, columns: str, cases: Iterable[Iterable[Any]]
    ) -> list[tuple[Any, ...]]:
        """The rows of a query.

        Args:
            name: of the query.
            columns: of the table `cases`, with their types, but `place`.
            cases: its rows.
        """
        rows = [(place, *case) for place, case in enumerate(cases)]
        marks = f"({', '.join('?' for _ in rows[0])})"
        with duckdb.connect() as connection:
            connection.execute(f"create table cases (place integer, {columns})")
            connection.execute(
                f"insert into cases values {', '.join(marks for _ in rows)}",
                [value for row in rows for value in row],
            )
            return connection.execute(self._code[name]).fetchall()

    def values(self, name: str, columns: str, cases: Iterable[Iterable[Any]]) -> list[Any]:
        """The values of a query of one column."""
        return [row[0] for row in self.rows(name, columns, cases)]


def days_of(durations: Iterable[int], is_event: Iterable[bool]) -> Mapping[int, tuple[int, int]]:
    """The life table of a group: by day, how many had the event and how many were censored."""
    table: dict[int, tuple[int, int]] = {}
    for day, had in zip(durations, is_event, strict=True):
        events, censored = table.get(day, (0, 0))
        table[day] = (events + had, censored + (not had))
    return table
