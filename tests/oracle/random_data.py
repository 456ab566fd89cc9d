"""Small adversarial inputs: every boundary, tie and kind of broken row, in every form of file.

`write_case(number, folder)` gives the same case for the same number. Definition sets, file forms
and ends of observation rotate at different speeds, so that a run of cases meets many combinations.
All names are invented.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from tests.oracle.random_definitions import DEFINITION_SETS, write_seeds
from tests.oracle.random_endings import ENDINGS, Horizon
from tests.oracle.random_files import FORMS, TEXT_STYLES, TableWriter
from tests.oracle.random_values import DAY, EVENT_COLUMNS, USER_COLUMNS
from tests.oracle.random_world import World


@dataclass(frozen=True)
class Case:
    """Where a case lies, how to build it, and what it is.

    Attributes:
        raw_dir: folder of the raw files.
        definitions_dir: folder of the definition CSVs.
        observed_until: var of dbt; None where the data decide.
        benchmark_category: var of dbt.
        benchmark_segment: var of dbt.
        description: what is special about it, for a person.
    """

    raw_dir: Path
    definitions_dir: Path
    observed_until: str | None
    benchmark_category: str
    benchmark_segment: str
    description: str

    @property
    def variables(self) -> dict[str, str | None]:
        """The vars of dbt to build it with."""
        return {
            "observed_until": self.observed_until,
            "benchmark_category": self.benchmark_category,
            "benchmark_segment": self.benchmark_segment,
        }


def write_case(number: int, folder: str | Path) -> Case:
    """Writes raw files and definitions below `folder` and says how to run them."""
    rng = random.Random(number)
    raw_dir, definitions_dir = Path(folder) / "raw", Path(folder) / "definitions"
    raw_dir.mkdir(parents=True)
    definitions_dir.mkdir(parents=True)

    definitions = DEFINITION_SETS[number % len(DEFINITION_SETS)]()
    seeds = definitions.seeds
    ending = ENDINGS[number % len(ENDINGS)]
    has_integer_ids = number % 5 == 2
    is_sole_user = number % 11 == 10
    is_before_everything = number % 29 == 28
    events_form = FORMS[number % len(FORMS)]
    # Users have nothing to be partitioned by.
    users_forms = [form for form in FORMS if not form.partition]
    users_form = users_forms[(5 * number + 3) % len(users_forms)]

    horizon = Horizon.draw(rng, ending)
    world = World(rng, horizon, seeds, has_integer_ids)
    world.fill(user_count=1 if is_sole_user else rng.randint(40, 250))
    if definitions.has_excluded_users:
        seeds["excluded_users"] = world.excluded_rows()

    write_seeds(seeds, definitions_dir)
    writer = TableWriter(raw_dir, rng, number % len(TEXT_STYLES), has_integer_ids)
    writer.write("users", USER_COLUMNS, world.users, users_form)
    writer.write("events", EVENT_COLUMNS, world.events, events_form)

    observed_until = ending.as_text(horizon.observed_at)
    if is_before_everything:
        observed_until = (horizon.start - 400 * DAY).isoformat()
    return Case(
        raw_dir=raw_dir,
        definitions_dir=definitions_dir,
        observed_until=observed_until,
        benchmark_category=definitions.benchmark_category,
        benchmark_segment=definitions.benchmark_segment,
        description=(
            f"case {number}: {definitions.name}; users as {users_form.name}, "
            f"events as {events_form.name}; "
            f"observed until {observed_until} ({ending.name}); "
            f"{len(world.users)} users, {len(world.events)} events"
            f"{', integer ids' if has_integer_ids else ''}"
            f"{', a sole user' if is_sole_user else ''}"
            f"{', nothing observed' if is_before_everything else ''}"
        ),
    )
