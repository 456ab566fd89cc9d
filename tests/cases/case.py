"""What a case is: raw files as people have them, and what a build has to make of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.harness import PROJECT

# Numbers that a wrong reading changes.
ACTIVATED = """
    select activated_user_count, eligible_user_count
    from marts.activation_by_cohort
    where cohort_grain = 'all' and segment_type = 'all' and window_days = 7
"""
INVITED = """
    select invitation_count, invited_signup_count, cohort_user_count
    from marts.viral_coefficient_by_cohort
    where cohort_grain = 'all' and segment_type = 'all'
"""
EVENTS = "select count(*) from intermediate.int_events"
REMOVED = """
    select table_name, rule_name, row_count
    from marts.data_quality_by_rule
    where row_count > 0
    order by all
"""
PLANS = "select plan_tier, count(*) from marts.users group by plan_tier order by plan_tier"
MODELS = (
    "build_warnings",
    "int_events",
    "data_quality_by_rule",
    "activation_by_cohort",
    "viral_coefficient_by_cohort",
    "active_users_by_day",
    "pql_scores",
    "users",
)


@dataclass(frozen=True)
class Case:
    """One input.

    Attributes:
        name: what is special about the input.
        write: writes the raw files into a folder.
        seeds: for the CSV of a definition, texts to replace and what by.
        variables: dbt vars.
        numbers: the right rows of queries on the build.
        warnings: the ids and subjects of all warnings.
        said: texts that the messages of the warnings hold.
        stops: texts of the sentence that stops the build; a build that ends well where there are none.
    """

    name: str
    write: Callable[[Path], None]
    seeds: dict[str, dict[str, str]] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, list[tuple]] = field(default_factory=dict)
    warnings: set[tuple[str, str]] = field(default_factory=set)
    said: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()

    def definitions(self, folder: Path) -> Path:
        """The shipped definitions with the changes of this case, in a folder of their own."""
        shutil.copytree(PROJECT / "seeds", folder)
        for seed, replaced in self.seeds.items():
            path = folder / f"{seed}.csv"
            text = path.read_text(encoding="utf-8")
            for before, after in replaced.items():
                assert before in text, (seed, before)
                text = text.replace(before, after)
            path.write_text(text, encoding="utf-8")
        return folder
