"""Starts a new mart: writes its three files with the right head, ready to be filled.

`plg new FAMILY/MART` writes models/marts/FAMILY/MART.sql, MART.yml and MART.unit_tests.yml. From then
on the checks know the mart, and those that fail say what is still to do.
"""

from __future__ import annotations

import re
from pathlib import Path

import click

from plg.marts import PROJECT, read_marts

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

SQL = """\
{{#- Which question does {mart} answer?
    One more sentence: who counts, and from when on. -#}}
with

counts_by_key as (

    select
        cohort_key,
        count(*) as signup_count,
        count(case when is_window_closed then 1 end) as eligible_user_count,
        count(case when is_window_closed and is_reached_in_window then 1 end) as reached_user_count
    from {{{{ ref('int_users_first_value') }}}}
    group by cohort_key

),

{mart} as (

    {{{{ spread_over_cohorts(
        'counts_by_key', ref('int_cohort_segments'),
        sums=['signup_count', 'eligible_user_count', 'reached_user_count'],
    ) }}}}

)

select
    *,
    {{{{ rate_with_interval('reached_rate', 'reached_user_count', 'eligible_user_count') }}}}
from {mart}
"""

YML = """\
models:
  - name: {mart}
    description: >
      Which question does {mart} answer?

      One row per cohort and segment. Say who counts, and when a user is still open. Formula:
      reached_rate = reached_user_count / eligible_user_count. Say in which seed or var the team
      changes the definition. Source: int_users_first_value.
    config:
      meta:
        key: [cohort_grain, cohort_date, segment_type, segment_value]
        rates:
          reached_rate:
            {{numerator: reached_user_count, denominator: eligible_user_count, has_interval: true}}
        nested:
          - [signup_count, eligible_user_count, reached_user_count]
        inputs: [users, events]
        card:
          figures:
            - {{kind: rate_by_cohort, value: reached_rate, title: Reached by signup cohort}}
    data_tests: [keeps_promises]
    columns:
      - {{name: cohort_grain, data_type: string, description: "{{{{ doc('cohort_grain') }}}}"}}
      - {{name: cohort_date, data_type: date, description: "{{{{ doc('cohort_date') }}}}"}}
      - {{name: segment_type, data_type: string, description: "{{{{ doc('segment_type') }}}}"}}
      - {{name: segment_value, data_type: string, description: "{{{{ doc('segment_value') }}}}"}}
      - {{name: signup_count, data_type: bigint, description: "{{{{ doc('signup_count') }}}}"}}
      - {{name: eligible_user_count, data_type: bigint,
         description: Users of the cohort whose window has closed.}}
      - {{name: reached_user_count, data_type: bigint,
         description: "Of the eligible users, those who got there within the window."}}
      - {{name: reached_rate, data_type: double,
         description: reached_user_count / eligible_user_count; null where nobody is eligible.}}
      - {{name: reached_rate_ci_lower, data_type: double, description: "{{{{ doc('rate_ci_lower') }}}}"}}
      - {{name: reached_rate_ci_upper, data_type: double, description: "{{{{ doc('rate_ci_upper') }}}}"}}
"""

UNIT_TESTS = """\
unit_tests:
  - name: {mart}__counts_only_closed_windows
    description: >
      Week of 1 January: 3 signups, 2 windows closed, 1 of those got there, so 1/2. The third got
      there too, but is still inside the window: in neither count.
    model: {mart}
    given:
      - input: ref('int_users_first_value')
        rows:
          - {{cohort_key: 1, is_window_closed: true, is_reached_in_window: true}}  # in_time
          - {{cohort_key: 1, is_window_closed: true, is_reached_in_window: false}}  # never
          - {{cohort_key: 1, is_window_closed: false, is_reached_in_window: true}}  # still_open
      - input: ref('int_cohort_segments')
        format: csv
        rows: |
          cohort_key,cohort_anchor,cohort_grain,cohort_date,segment_type,segment_value
          1,signup,week,2024-01-01,all,all
    expect:
      format: csv
      rows: |
        cohort_date,signup_count,eligible_user_count,reached_user_count,reached_rate
        2024-01-01,3,2,1,0.5
"""

NEXT = """\
Next:
1. Fill the three files: question, grain, formula, columns, the model itself, a unit test per boundary.
2. Write the same mart in plain Python in tests/oracle, from the definition alone.
3. Build it and look at the rows.
4. plg catalogue, then scripts/test.
docs/contributing.md has each step and its command."""


def write_files(family: str, mart: str, project: Path = PROJECT) -> list[Path]:
    """Writes the three files of a new mart.

    Args:
        family: the folder below models/marts, such as activation.
        mart: the name of the table, such as activation_by_cohort.
        project: the checkout.

    Returns:
        The files.

    Raises:
        ValueError: a name that does not work or is taken; the sentence says why.
    """
    for name in (family, mart):
        if not NAME.fullmatch(name):
            raise ValueError(
                f"{name}: write names in snake_case, such as activation/activation_by_cohort."
            )
    if mart in read_marts(project):
        raise ValueError(f"{mart}: this mart exists already; choose another name.")
    folder = project / "models" / "marts" / family
    folder.mkdir(parents=True, exist_ok=True)
    texts = {f"{mart}.sql": SQL, f"{mart}.yml": YML, f"{mart}.unit_tests.yml": UNIT_TESTS}
    for name, text in texts.items():
        (folder / name).write_text(text.format(mart=mart), "utf-8")
    return [folder / name for name in texts]


@click.command()
@click.argument("name", metavar="FAMILY/MART")
def command(name: str) -> None:
    """Start a new mart: write its three files with the right head.

    For example: plg new activation/trial_starts_by_cohort
    """
    family, slash, mart = name.partition("/")
    if not slash:
        raise click.UsageError(f"{name}: write it as FAMILY/MART, such as activation/{name}.")
    try:
        files = write_files(family, mart)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
    for path in files:
        click.echo(f"Wrote {path.relative_to(PROJECT)}")
    click.echo(NEXT)
