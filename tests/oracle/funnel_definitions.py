"""The seeds of funnels, as a person reads the CSV files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from tests.oracle.properties import text_of_key

SeedRow = Mapping[str, str | None]


@dataclass(frozen=True)
class Match:
    """Which events a step or an exclusion means."""

    # None: the signup, which only a first step can mean.
    event_name: str | None
    property_key: str | None = None
    property_operator: str = "is"
    property_value: str | None = None

    @classmethod
    def of(cls, row: SeedRow) -> Match:
        return cls(
            event_name=row["event_name"],
            property_key=row["property_key"],
            property_operator=row["property_operator"] or "is",
            property_value=row["property_value"],
        )

    def accepts(self, properties: str | None) -> bool:
        """Whether an event of the name passes the filter."""
        if self.property_key is None:
            return True
        value = text_of_key(properties, self.property_key)
        return {
            "is": value is not None and value == self.property_value,
            "is_not": value is None or value != self.property_value,
            "exists": value is not None,
        }[self.property_operator]


@dataclass(frozen=True)
class Step:
    number: int
    name: str | None
    match: Match
    is_optional: bool = False


@dataclass(frozen=True)
class Exclusion:
    match: Match
    from_step: int
    to_step: int

    def holds_for(self, step: Step) -> bool:
        return self.from_step < step.number <= self.to_step


@dataclass(frozen=True)
class Funnel:
    funnel_id: str
    window: timedelta
    # By their numbers.
    steps: tuple[Step, ...]
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def required_steps(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.is_optional)

    @property
    def matches(self) -> list[Match]:
        return [part.match for part in (*self.steps, *self.exclusions)]

    def required_before(self, step: Step) -> list[Step]:
        return [earlier for earlier in self.required_steps if earlier.number < step.number]

    def required_after(self, step: Step) -> list[Step]:
        return [later for later in self.required_steps if later.number > step.number]


def funnels_of(
    step_rows: Iterable[SeedRow],
    exclusion_rows: Iterable[SeedRow],
    windows: Mapping[str, timedelta],
) -> list[Funnel]:
    """The funnels; `windows` are their timeframes by funnel_id."""
    steps, exclusions = defaultdict(list), defaultdict(list)
    for row in step_rows:
        steps[row["funnel_id"]].append(
            Step(
                number=int(row["step_number"]),
                name=row["step_name"],
                match=Match.of(row),
                is_optional=(row["is_optional"] or "false").lower() == "true",
            )
        )
    for row in exclusion_rows:
        numbers = [step.number for step in steps[row["funnel_id"]]]
        exclusions[row["funnel_id"]].append(
            Exclusion(
                match=Match.of(row),
                from_step=int(row["from_step"] or min(numbers)),
                to_step=int(row["to_step"] or max(numbers)),
            )
        )
    return [
        Funnel(
            funnel_id,
            windows[funnel_id],
            tuple(sorted(steps[funnel_id], key=lambda step: step.number)),
            tuple(exclusions[funnel_id]),
        )
        for funnel_id in sorted(windows)
    ]
