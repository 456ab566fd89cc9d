"""Small adversarial inputs: every boundary, tie and kind of broken row, in every form of file.

`write_case(number, folder)` gives the same case for the same number. Definition sets, file forms
and ends of observation rotate at different speeds, so that a run of cases meets many combinations.
All names are invented.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from tests.oracle.random_definitions import DEFINITION_SETS, write_seeds
from tests.oracle.random_endings import Horizon
from tests.oracle.random_faults import Faults
from tests.oracle.random_files import FORMS, TableWriter
from tests.oracle.random_forms import Forms
from tests.oracle.random_traits import Traits, variables_of
from tests.oracle.random_values import EVENT_COLUMNS, USER_COLUMNS
from tests.oracle.random_world import World


@dataclass(frozen=True)
class Case:
    """Where a case lies, how to build it, and what it is.

    Attributes:
        raw_dir: folder of the raw files.
        definitions_dir: folder of the definition CSVs.
        variables: the vars of dbt to build it with.
        description: what is special about it, for a person.
        forms: which forms of values its files have, and how often.
    """

    raw_dir: Path
    definitions_dir: Path
    variables: Mapping[str, object]
    description: str
    forms: Counter[str] = field(default_factory=Counter, compare=False)

    @property
    def observed_until(self) -> str | None:
        """The var of that name; None where the data decide."""
        return self.variables["observed_until"]


def write_case(number: int, folder: str | Path) -> Case:
    """Writes raw files and definitions below `folder` and says how to run them."""
    rng = random.Random(number)
    raw_dir, definitions_dir = Path(folder) / "raw", Path(folder) / "definitions"
    raw_dir.mkdir(parents=True)
    definitions_dir.mkdir(parents=True)

    definitions = DEFINITION_SETS[number % len(DEFINITION_SETS)]()
    seeds = definitions.seeds
    traits = Traits(number)
    events_form = FORMS[number % len(FORMS)]
    # Users have nothing to be partitioned by.
    users_forms = [form for form in FORMS if not form.partition]
    users_form = users_forms[(5 * number + 3) % len(users_forms)]

    horizon = Horizon.draw(rng, traits.ending, has_observed_from=number % 3 == 2)
    variables = variables_of(traits, horizon) | {
        "benchmark_category": definitions.benchmark_category,
        "benchmark_segment": definitions.benchmark_segment,
    }
    tolerance = timedelta(hours=variables.get("signup_tolerance", 1))
    world = World(rng, horizon, seeds, traits, tolerance)
    fewest = 130 if traits.has_migrated_users else 40
    world.fill(user_count=1 if traits.is_sole_user else rng.randint(fewest, 250))
    faults = Faults(world, rng)
    faults.add()
    world.close()
    faults.deliver()
    if definitions.has_excluded_users:
        seeds["excluded_users"] = world.excluded_rows()

    write_seeds(seeds, definitions_dir)
    forms = Forms(rng)
    writer = TableWriter(
        raw_dir,
        rng,
        forms,
        traits.has_integer_ids,
        Fraction(str(variables.get("unreadable_rows_allowed", 0.001))),
    )
    updated_at = ("updated_at",) * traits.has_updated_at
    received_at = ("received_at",) * traits.has_received_users
    writer.write("users", USER_COLUMNS + updated_at + received_at, world.users, users_form)
    received_at = ("received_at",) * traits.has_received_events
    writer.write(
        "events", EVENT_COLUMNS + received_at, world.events, events_form, faults.lost_rows()
    )
    return Case(
        raw_dir=raw_dir,
        definitions_dir=definitions_dir,
        variables=variables,
        description=(
            f"case {number}: {definitions.name}; users as {users_form.name}, "
            f"events as {events_form.name}; "
            f"observed until {variables['observed_until']} ({traits.ending.name}); "
            f"{len(world.users)} users, {len(world.events)} events"
            f"{', integer ids' if traits.has_integer_ids else ''}"
            f"{', a sole user' if traits.is_sole_user else ''}"
            f"{', nothing observed' if traits.is_before_everything else ''}"
        ),
        forms=forms.used,
    )
