"""`plg fit_propensity`: proposes the weights of propensity_behaviors.csv."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from plg.settings import Settings

if TYPE_CHECKING:
    from plg.propensity.fit import Pattern, Quality
    from plg.report.sources import Query

# With fewer converted units for each behaviour, weights are mostly chance.
LEAST_CONVERTED = 10
BEHAVIORS_SQL = """
    select behavior_id, triggered_by_event, min_count
    from staging.stg_propensity_behaviors
    where behavior_id <> 'intercept'
    order by behavior_id
"""
# The units of int_value_units are the eligible ones of the first age.
PATTERNS_SQL = """
    with done as (
        select unit_key, list(behavior_id order by behavior_id) as behaviors
        from intermediate.int_unit_behaviors
        where unit_type = '{unit_type}'
        group by unit_key
    ),
    splits as (
        select split_date
        from intermediate.int_snapshot_sets
        where unit_type = '{unit_type}'
        order by snapshot_age_days
        limit 1
    )
    select
        units.snapshot_date < splits.split_date as is_earlier,
        coalesce(done.behaviors, []) as behaviors,
        count(*) as unit_count,
        count(case when units.has_outcome then 1 end) as converted_count
    from intermediate.int_value_units as units
    cross join splits
    left join done on units.unit_key = done.unit_key
    where units.unit_type = '{unit_type}' and units.outcome = 'converted'
    group by all
    order by all
"""


class NothingFitted(Exception):
    """A sentence that says why."""


def read_patterns(
    query: Query, unit_type: str, behaviors: list[str]
) -> tuple[list[Pattern], list[Pattern]]:
    """The eligible units of the first age by what they did: earlier, and later ones."""
    from plg.propensity.fit import Pattern

    earlier: list[Pattern] = []
    later: list[Pattern] = []
    for is_earlier, did, units, converted in query(PATTERNS_SQL.format(unit_type=unit_type)):
        done = tuple(behavior in did for behavior in behaviors)
        (earlier if is_earlier else later).append(Pattern(done, units, converted))
    return earlier, later


def check_enough(earlier: list[Pattern], behaviors: list[str], unit_type: str) -> None:
    """Makes sure that there are enough conversions for so many weights.

    Raises:
        NothingFitted: there are not.
    """
    if not behaviors:
        raise NothingFitted(
            "propensity_behaviors.csv names no behaviour; add a row for each, and run plg build."
        )
    converted = sum(pattern.converted for pattern in earlier)
    needed = LEAST_CONVERTED * len(behaviors)
    if converted < needed:
        raise NothingFitted(
            f"{converted} {unit_type}s of the earlier snapshots have converted; {len(behaviors)} behaviours need "
            f"{needed}, {LEAST_CONVERTED} each. Take rows out of propensity_behaviors.csv and build again, or wait "
            "for more conversions."
        )


def sentence(name: str, of: Quality, unit_type: str) -> str:
    """How well the weights do, in a line."""
    auc = "none" if of.auc is None else f"{of.auc:.4f}"
    brier = "none" if of.brier is None else f"{of.brier:.6f}"
    return f"{name}: {of.units} {unit_type}s, {of.converted} converted; AUC {auc}, Brier score {brier}."


def _unit_type(settings: Settings) -> str:
    from plg.definitions.dbt_vars import project_vars
    from plg.definitions.own_vars import own_vars

    given = project_vars(settings.project / "dbt_project.yml") | own_vars(settings.definitions_dir)
    return given["handoff_unit_type"]


@click.command()
@click.option(
    "--unit-type",
    type=click.Choice(["user", "account"]),
    help="Whose conversions are fitted; the var handoff_unit_type where it is not given.",
)
@click.option("--write", is_flag=True, help="Put the weights into the definitions folder.")
@click.pass_context
def command(ctx: click.Context, unit_type: str | None, write: bool) -> None:
    """Propose weights for propensity_behaviors.csv, from the last build.

    Fits them on the earlier snapshots of the first age, by logistic regression, and prints the seed with the new
    weights. Then says how well they foretell the conversions of those units, and of the later ones, which
    did not choose them. Changes nothing without --write.

    \b
    plg fit_propensity               prints the seed
    plg fit_propensity --write       puts it into PLG_DEFINITIONS_DIR; build again to use it
    """
    import duckdb

    from plg.console import first_line

    settings = Settings.from_environment()
    try:
        _run(settings, unit_type or _unit_type(settings), write)
    except NothingFitted as problem:
        click.echo(str(problem), err=True)
        ctx.exit(1)
    except duckdb.Error as problem:
        click.echo(
            f"{settings.database} can't be read: {first_line(problem)}. Run plg build first.",
            err=True,
        )
        ctx.exit(1)


def _run(settings: Settings, unit_type: str, write: bool) -> None:
    from plg.built import reading
    from plg.propensity.fit import NoFit, fit, quality
    from plg.propensity.seed import FILE, with_weights
    from plg.report.page import replace_whole

    if not settings.database.exists():
        raise NothingFitted(f"There is no {settings.database}; run plg build first.")
    with reading(settings) as built:
        counted = {name: (event, count) for name, event, count in built.query(BEHAVIORS_SQL)}
        behaviors = list(counted)
        earlier, later = read_patterns(built.query, unit_type, behaviors)
    check_enough(earlier, behaviors, unit_type)
    file = settings.definitions_dir / FILE
    try:
        weights = fit(earlier)
        named: dict[str, Decimal] = dict(zip(["intercept", *behaviors], weights, strict=True))
        seed = with_weights(file, named, counted)
    except (NoFit, OSError, ValueError) as problem:
        raise NothingFitted(str(problem)) from None
    click.echo(seed)
    for name, patterns in (
        ("Earlier snapshots, on which the weights are fitted", earlier),
        ("Later ones, which did not choose them", later),
    ):
        click.echo(sentence(name, quality(patterns, weights), unit_type))
    if write:
        replace_whole(file, lambda new: new.write_text(seed, encoding="utf-8", newline=""))
        click.echo(f"Written to {file}. Run plg build to score with it.")
    else:
        click.echo(f"Nothing is changed. --write puts it into {file}.")
