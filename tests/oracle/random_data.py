"""Small adversarial inputs: every boundary, tie and kind of broken row, in every form of file.

`write_case(number, folder)` gives the same case for the same number. Definition sets, file forms
and ends of observation rotate at different speeds, so that a run of cases meets many combinations.
With features, people have several ids, segments read further columns, or days begin elsewhere;
without them, a case is what it was before there were any. All names are invented.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from tests.oracle.definition_versions import definitions_version
from tests.oracle.random_definitions import DEFINITION_SETS, write_seeds
from tests.oracle.random_endings import Horizon
from tests.oracle.random_faults import Faults
from tests.oracle.random_files import FORMS, OTHER_FORMS, TableWriter
from tests.oracle.random_forms import Forms
from tests.oracle.random_funnels import Funnels
from tests.oracle.random_identity import People
from tests.oracle.random_lead_definitions import playbooks_that_fit
from tests.oracle.random_leads import (
    HISTORY_COLUMNS,
    LEAD_ACCOUNT_COLUMNS,
    SUBSCRIPTION_COLUMNS,
    Leads,
    with_version,
)
from tests.oracle.random_segments import (
    SEGMENT_ACCOUNT_COLUMNS,
    SEGMENT_USER_COLUMNS,
    Segments,
)
from tests.oracle.random_traits import Traits, variables_of
from tests.oracle.random_values import (
    ACCOUNT_COLUMNS,
    ALIAS_COLUMNS,
    EVENT_COLUMNS,
    USER_COLUMNS,
)
from tests.oracle.random_world import World
from tests.oracle.random_zones import around_change, live_around_midnight, zone_of_case

# What a case may have beside users and events. With `devices`, those of nobody are users of their
# own: a product without login. With `names`, the files call columns otherwise. With `funnels`, the
# case has funnels of its own, friction and habits. With `leads`, it has bands, decay, behaviours,
# bills, accounts, and what other definitions said.
FEATURES = ("identity", "devices", "segments", "zone", "names", "funnels", "leads")
NAMES = {
    "users": {"user_id": "id", "created_at": "signed up at", "plan_tier": "Plan"},
    "events": {"timestamp": "ts", "user_id": "uid", "anonymous_id": "visitor"},
    "aliases": {"alias_id": "from", "user_id": "to"},
    "accounts": {"account_id": "id"},
}


def features_by_turns(number: int) -> tuple[str, ...]:
    """The features of a case where engines are compared: every second one has several."""
    return ("identity", "segments", "zone", "funnels", "leads") if number % 2 else ("funnels",)


@dataclass(frozen=True)
class Case:
    """Where a case lies, how to build it, and what it is.

    Attributes:
        raw_dir: folder of the raw files.
        definitions_dir: folder of the definition CSVs.
        variables: the vars of dbt to build it with.
        description: what is special about it, for a person.
        forms: which forms of values its files have, and how often.
        features: those of `FEATURES` that it has.
    """

    raw_dir: Path
    definitions_dir: Path
    variables: Mapping[str, object]
    description: str
    forms: Counter[str] = field(default_factory=Counter, compare=False)
    features: frozenset[str] = frozenset()
    # Where what other definitions said lies in files of its own.
    history_dir: Path | None = None

    @property
    def observed_until(self) -> str | None:
        """The var of that name; None where the data decide."""
        return self.variables["observed_until"]

    @property
    def settings(self) -> dict[str, str]:
        """The environment variables to build it with."""
        settings = {"PLG_ANONYMOUS_USERS": "true"} if "devices" in self.features else {}
        if self.history_dir is not None:
            settings["PLG_HISTORY_DIR"] = str(self.history_dir)
        return settings


def write_case(number: int, folder: str | Path, features: Collection[str] = ()) -> Case:
    """Writes raw files and definitions below `folder` and says how to run them."""
    assert set(features) <= set(FEATURES)
    # Of its own, so that the rest of a case does not depend on its features.
    feature_rng = random.Random(f"{number} features")
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
    zone = zone_of_case(number) if "zone" in features else None
    if zone:
        horizon = around_change(horizon, zone, traits.ending, feature_rng)
    variables = variables_of(traits, horizon) | {
        "benchmark_category": definitions.benchmark_category,
        "benchmark_segment": definitions.benchmark_segment,
    }
    if zone:
        variables["reporting_timezone"] = zone.name
    tolerance = timedelta(hours=variables.get("signup_tolerance", 1))
    world = World(rng, horizon, seeds, traits, tolerance)
    fewest = 130 if traits.has_migrated_users else 40
    world.fill(user_count=1 if traits.is_sole_user else rng.randint(fewest, 250))
    if zone:
        live_around_midnight(world, zone, feature_rng)
    if "funnels" in features:
        funnels = Funnels(world, feature_rng, number)
        funnels.add()
        funnels.merge_seeds(seeds)
        variables |= funnels.variables
    if "leads" in features:
        leads = Leads(world, feature_rng, number, seeds)
        variables |= leads.variables
        leads.merge_seeds(seeds, variables)
        leads.add()
    faults = Faults(world, rng)
    faults.add()
    world.close()
    faults.deliver()
    event_columns, user_columns = EVENT_COLUMNS, USER_COLUMNS
    if "identity" in features or "devices" in features:
        people = People(world, feature_rng, number)
        people.add()
        event_columns += people.event_columns
    if "segments" in features:
        segments = Segments(world, feature_rng, number)
        segments.add()
        seeds["segments"] = segments.rows
        user_columns += SEGMENT_USER_COLUMNS
    if "leads" in features:
        leads.add_subscriptions()
        leads.add_accounts()
        leads.add_history()
    seeds["playbooks"] = playbooks_that_fit(seeds["playbooks"], variables)
    account_columns = ACCOUNT_COLUMNS
    account_columns += SEGMENT_ACCOUNT_COLUMNS * ("segments" in features)
    account_columns += LEAD_ACCOUNT_COLUMNS * ("leads" in features)
    columns_of = {
        "users": user_columns,
        "events": event_columns,
        "aliases": ALIAS_COLUMNS if world.aliases else (),
        "accounts": account_columns if world.accounts else (),
    }
    names = {
        table: {c: NAMES[table][c] for c in columns if "names" in features and c in NAMES[table]}
        for table, columns in columns_of.items()
    }
    seeds["input_columns"] = [
        {"table_name": table, "column_name": column, "source_column": source}
        for table, sources in names.items()
        for column, source in sources.items()
    ]
    if definitions.has_excluded_users:
        seeds["excluded_users"] = world.excluded_rows()

    write_seeds(seeds, definitions_dir)
    if "leads" in features:
        # The log is no part of what the version is made of.
        version = definitions_version(definitions_dir, variables)
        seeds["definition_log"] = with_version(seeds["definition_log"], version)
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
    columns = columns_of["users"] + updated_at + received_at
    writer.write("users", columns, world.users, users_form, names=names["users"])
    received_at = ("received_at",) * traits.has_received_events
    columns, lost_rows = columns_of["events"] + received_at, faults.lost_rows()
    writer.write("events", columns, world.events, events_form, lost_rows, names["events"])
    # Other forms than those of users, and some that only these tables have.
    optional_forms = (*users_forms, *OTHER_FORMS)
    if world.aliases:
        columns = ALIAS_COLUMNS if people.has_times else ALIAS_COLUMNS[:2]
        form = optional_forms[(3 * number + 1) % len(optional_forms)]
        writer.write("aliases", columns, world.aliases, form, names=names["aliases"])
    if world.accounts:
        columns = columns_of["accounts"]
        form = optional_forms[(7 * number + 4) % len(optional_forms)]
        writer.write("accounts", columns, world.accounts, form, names=names["accounts"])
    history_dir = None
    if "leads" in features:
        if leads.subscriptions:
            form = optional_forms[(5 * number + 2) % len(optional_forms)]
            writer.write("subscriptions", SUBSCRIPTION_COLUMNS, leads.subscriptions, form)
        rows = with_version(leads.history, version)
        form = optional_forms[(11 * number + 5) % len(optional_forms)]
        writer.write("metric_history", HISTORY_COLUMNS, rows, form)
        if leads.has_history_folder:
            history_dir = Path(folder) / "history"
            leads.write_history_folder(history_dir)
    return Case(
        raw_dir=raw_dir,
        definitions_dir=definitions_dir,
        variables=variables,
        description=(
            f"case {number}{''.join(f', {name}' for name in sorted(features))}: "
            f"{definitions.name}; users as {users_form.name}, events as {events_form.name}; "
            f"observed until {variables['observed_until']} ({traits.ending.name}); "
            f"{len(world.users)} users, {len(world.events)} events"
            f"{', integer ids' if traits.has_integer_ids else ''}"
            f"{', a sole user' if traits.is_sole_user else ''}"
            f"{', nothing observed' if traits.is_before_everything else ''}"
        ),
        forms=forms.used,
        features=frozenset(features),
        history_dir=history_dir,
    )
