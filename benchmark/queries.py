"""Times the queries that a dashboard would send to the project's marts.

    python queries.py DATABASE RUNS

Prints a JSON object: the median of RUNS runs by mart, in milliseconds, each on the same read-only
connection, results fetched.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

import duckdb

# One cohort grain, one segment, all periods.
COHORT_ROWS = "cohort_grain = 'week' and segment_type = 'all'"
SEGMENT_ROWS = "segment_type = 'all'"
QUERIES = {
    "activation_by_cohort": f"{COHORT_ROWS} and window_days = 30 order by cohort_date",
    "milestone_completion_by_cohort": f"{COHORT_ROWS} order by cohort_date, milestone_order",
    "time_to_first_value_by_cohort": f"{COHORT_ROWS} order by cohort_date",
    "time_to_first_value_curve": f"{SEGMENT_ROWS} order by day_number",
    "milestone_velocity_by_cohort": f"{COHORT_ROWS} order by cohort_date, from_milestone_id",
    "retention_by_cohort": f"{COHORT_ROWS} and cohort_anchor = 'signup' and period_grain = 'day' "
    "order by cohort_date, period_number",
    "active_users_by_day": f"{SEGMENT_ROWS} order by activity_date",
    "growth_accounting_by_week": f"{SEGMENT_ROWS} order by week_start_date",
    "viral_coefficient_by_cohort": f"{COHORT_ROWS} order by cohort_date",
    "pql_scores": "is_pql order by points_score desc limit 100",
    "pql_conversion_by_cohort": f"{COHORT_ROWS} order by cohort_date",
    "kpi_scorecard": "is_latest order by metric_id",
    "data_quality_by_rule": "true order by table_name, rule_name",
}


def median_milliseconds(connection: duckdb.DuckDBPyConnection, query: str, runs: int) -> float:
    """The median time of a query, with the fetching of all its rows."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        connection.execute(query).fetchall()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    database, runs = sys.argv[1], int(sys.argv[2])
    with duckdb.connect(database, read_only=True) as connection:
        times = {
            mart: median_milliseconds(connection, f"select * from marts.{mart} where {rows}", runs)
            for mart, rows in QUERIES.items()
        }
    print(json.dumps(times))
    return 0


if __name__ == "__main__":
    sys.exit(main())
