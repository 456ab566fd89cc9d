"""Which early behaviours separate those who pay, and those who stay."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from tests.oracle.arithmetic import DAY, Z_95, rate_with_interval
from tests.oracle.lead_definitions import Behavior
from tests.oracle.lead_scores import is_done
from tests.oracle.lead_units import (
    SNAPSHOT_SETS,
    UNIT_TYPES,
    Unit,
    eligible_snapshots,
    first_age,
    midnight,
    sets_of,
    snapshot_date,
    split_date,
    units,
)
from tests.oracle.population import Population, Variables
from tests.oracle.raw_files import Row
from tests.oracle.retention import has_date_between
from tests.oracle.separation import nine_decimals, quotient

OUTCOMES = ("converted", "retained")
HALF = Fraction(1, 2)


class Known(NamedTuple):
    """A unit whose outcome is known."""

    unit: Unit
    # Of the first age.
    date: date
    has_outcome: bool


def behavior_rows(population: Population) -> list[Row]:
    if not population.users:
        return []
    rows = []
    for unit_type in UNIT_TYPES:
        for outcome in OUTCOMES:
            known = units_with_outcome(population, unit_type, outcome)
            split = split_date([one.date for one in known])
            for name in SNAPSHOT_SETS:
                members = [one for one in known if name in sets_of(one.date, split)]
                for behavior in population.definitions.early_behaviors:
                    rows.append(
                        {
                            "unit_type": unit_type,
                            "outcome": outcome,
                            "snapshot_set": name,
                            "behavior_id": behavior.behavior_id,
                            "weight": behavior.weight,
                        }
                        | cells_of(members, behavior).columns(population.variables)
                    )
    return rows


def units_with_outcome(population: Population, unit_type: str, outcome: str) -> list[Known]:
    age = first_age(population)
    if outcome == "converted":
        return [
            Known(snapshot.unit, snapshot.date, snapshot.is_converted)
            for snapshot in eligible_snapshots(population, unit_type, age)
        ]
    known = []
    for unit in population.find(units):
        # Days of use are dates of the reporting zone.
        first = population.zone.date_of(unit.started_at) + 7 * population.variables.value_week * DAY
        last = first + 6 * DAY
        if (
            unit.unit_type == unit_type
            and unit.is_observed
            and last < population.observed_until_date
        ):
            is_retained = any(
                has_date_between(user.active_dates, first, last) for user in unit.users
            )
            known.append(Known(unit, snapshot_date(unit, age), is_retained))
    return known


class Cells(NamedTuple):
    """Units that did something, with and without the outcome, and units that did not."""

    a: int
    b: int
    c: int
    d: int

    @property
    def lift(self) -> Fraction | None:
        done_rate = quotient(self.a, self.a + self.b)
        base_rate = quotient(self.a + self.c, sum(self))
        return None if done_rate is None or not base_rate else done_rate / base_rate

    def odds_columns(self) -> Row:
        columns = ("odds_ratio", "odds_ratio_ci_lower", "odds_ratio_ci_upper")
        if not self.a + self.b or not self.c + self.d:
            return dict.fromkeys(columns)
        a, b, c, d = (cell + HALF for cell in self)
        ratio = a * d / (b * c)
        reach = Z_95 * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
        centre = math.log(ratio)
        values = (float(ratio), math.exp(centre - reach), math.exp(centre + reach))
        return dict(zip(columns, values, strict=True))

    def columns(self, variables: Variables) -> Row:
        odds = self.odds_columns()
        lower = odds["odds_ratio_ci_lower"]
        candidate_lift = Fraction(str(variables.candidate_lift))
        return (
            {
                "done_unit_count": self.a + self.b,
                "done_outcome_count": self.a,
                "other_unit_count": self.c + self.d,
                "other_outcome_count": self.c,
                "lift": None if self.lift is None else float(self.lift),
                "is_predictive": (
                    self.lift is not None
                    and nine_decimals(self.lift) >= nine_decimals(candidate_lift)
                    and lower is not None
                    and lower > 1
                ),
            }
            | rate_with_interval("done_rate", self.a, self.a + self.b)
            | rate_with_interval("other_rate", self.c, self.c + self.d)
            | odds
        )


def cells_of(members: list[Known], behavior: Behavior) -> Cells:
    did, others = [], []
    for one in members:
        (did if is_done(behavior, one.unit, midnight(one.date)) else others).append(one.has_outcome)
    return Cells(sum(did), len(did) - sum(did), sum(others), len(others) - sum(others))
