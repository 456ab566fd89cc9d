"""funnels.csv and funnel_exclusions.csv: the steps that users take, and what ends an attempt."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Annotated

from pydantic import BaseModel

from plg.definitions.activation import HOURS
from plg.definitions.cells import (
    INVISIBLE,
    NO_NULL,
    ONE_LINE,
    Flag,
    Key,
    Text,
    Timeframe,
    Whole,
    matching,
    one_of,
    or_blank,
)
from plg.definitions.definition import Definition, Rows, Sound

# The build looks for the required steps one after the other, in one query.
MOST_REQUIRED_STEPS = 30

# The models write it in SQL, as a path into JSON.
PropertyKey = Annotated[
    str,
    matching(
        rf"(?!\*\Z)[^\s'\"\\{INVISIBLE}]([^'\"\\\n]*[^\s'\"\\{INVISIBLE}])?",
        "write the key of one property, without quotes, apostrophes and backslashes, and with no space or "
        "invisible character before or after it",
    ),
    NO_NULL,
]
# Some warehouses load a cell of blanks as a null.
PropertyValue = Annotated[
    str,
    matching(r"|.*\S.*", "blanks alone are no value; write what the property has"),
    NO_NULL,
    ONE_LINE,
]
Operator = one_of("is", "is_not", "exists")


class _Filtered:
    """A row that names an event, and may ask for one of its properties."""

    @property
    def match(self) -> tuple[str, str, str, str]:
        """What an event has to be: rows that ask for the same are equal here."""
        operator = (self.property_operator or "is") if self.property_key else ""
        value = "" if operator == "exists" else self.property_value
        return self.event_name, self.property_key, operator, value

    @property
    def said(self) -> str:
        """The event and its property, in words."""
        event, key, operator, value = self.match
        return f"{event} where {key} {operator} {value}".rstrip() if key else event


class Step(_Filtered, BaseModel):
    funnel_id: Key
    step_number: Whole
    step_name: Key
    event_name: Text
    property_key: or_blank(PropertyKey, "")
    property_operator: or_blank(Operator, "")
    property_value: PropertyValue
    is_optional: or_blank(Flag, False)
    timeframe: Timeframe

    @property
    def hours(self) -> int:
        """The window."""
        return int(self.timeframe[:-1]) * HOURS[self.timeframe[-1]]


class Exclusion(_Filtered, BaseModel):
    funnel_id: Key
    event_name: Key
    property_key: or_blank(PropertyKey, "")
    property_operator: or_blank(Operator, "")
    property_value: PropertyValue
    from_step: or_blank(Whole, None)
    to_step: or_blank(Whole, None)


def _by_funnel(rows: Rows) -> Iterator[tuple[str, Rows]]:
    """The rows of each funnel, in the order of its steps."""
    ordered = sorted(rows, key=lambda item: (item[1].funnel_id, item[1].step_number))
    for funnel, steps in groupby(ordered, lambda item: item[1].funnel_id):
        yield funnel, list(steps)


def _place(line: int, row: Step) -> str:
    return f"row {line} (funnel {row.funnel_id}, step {row.step_number})"


def _filter_problems(place: str, row: _Filtered) -> Iterator[str]:
    """What is wrong with the three columns that ask for a property."""
    if not row.property_key:
        for column in ("property_operator", "property_value"):
            value = getattr(row, column)
            if value:
                yield (
                    f"{place}, column {column}: {value!r}, but property_key is blank; write the property "
                    "into property_key, or leave this blank, too"
                )
                return
    elif row.match[2] != "exists" and not row.property_value:
        yield (
            f"{place}, column property_value: blank; property_operator {row.match[2]} needs a "
            "property_value; write it, or write exists into property_operator"
        )


def _step_problems(rows: Rows) -> Iterator[str]:
    for funnel, steps in _by_funnel(rows):
        for line, row in steps:
            yield from _filter_problems(_place(line, row), row)
        yield from _event_problems(steps)
        yield from _required_problems(funnel, steps)
        yield from _optional_problems(steps)
        windows: dict[int, str] = {}
        for _, row in steps:
            windows.setdefault(row.hours, row.timeframe)
        if len(windows) > 1:
            lines = ", ".join(str(line) for line, _ in sorted(steps, key=lambda item: item[0]))
            yield (
                f"rows {lines}, column timeframe: funnel {funnel} has "
                f"{' and '.join(windows.values())}; a funnel has one window, so write the same in "
                "all its rows"
            )


def _event_problems(steps: Rows) -> Iterator[str]:
    first = steps[0][1]
    for line, row in steps:
        if row.event_name:
            continue
        if row.step_number != first.step_number:
            yield (
                f"{_place(line, row)}, column event_name: blank; only the first step of a funnel may be "
                "blank, which is the signup; name the event"
            )
        elif row.property_key:
            yield (
                f"{_place(line, row)}, column property_key: {row.property_key!r}, but event_name is blank: "
                "a signup has no properties; name an event, or leave property_key blank"
            )


def _required_problems(funnel: str, steps: Rows) -> Iterator[str]:
    required = [row for _, row in steps if not row.is_optional]
    for which, (line, row) in (("first", steps[0]), ("last", steps[-1])):
        if row.is_optional and len(steps) > 1:
            yield (
                f"{_place(line, row)}, column is_optional: true, but the {which} step of a funnel is "
                "required; leave it blank, or add a step"
            )
            return
    if len(required) < 2:
        line, row = steps[-1]
        count = "one required step" if required else "no required step"
        yield (
            f"{_place(line, row)}: funnel {funnel} has {count}; it needs two; add a row for each step that "
            "users take"
        )
    if len(required) > MOST_REQUIRED_STEPS:
        line, row = steps[-1]
        yield (
            f"{_place(line, row)}: funnel {funnel} has {len(required)} required steps; at most "
            f"{MOST_REQUIRED_STEPS} are looked for: delete steps, or split the funnel"
        )


def _optional_problems(steps: Rows) -> Iterator[str]:
    """Optional steps that are the same as the next required one, or as another optional one."""
    seen: dict[tuple, Step] = {}
    for place, (line, row) in enumerate(steps):
        if not row.is_optional:
            continue
        following = next((other for _, other in steps[place + 1 :] if not other.is_optional), None)
        twin = seen.setdefault(row.match, row)
        other = following if following and following.match == row.match else twin
        if other is not row:
            yield (
                f"{_place(line, row)}, column event_name: {row.said} is step {other.step_number}, too; an "
                "optional step needs an event or a property of its own; change it, or delete the row"
            )


def _unused_value(place: str, row: _Filtered) -> Iterator[str]:
    if row.property_operator == "exists" and row.property_value:
        yield (
            f"column property_value of {place}: exists looks at no value, so {row.property_value!r} changes "
            "nothing; write is into property_operator, or leave property_value blank"
        )


def _step_doubts(sound: Sound) -> Iterator[str]:
    for row in sound["funnels"]:
        yield from _unused_value(f"funnel {row.funnel_id}, step {row.step_number}", row)


def _exclusion_doubts(sound: Sound) -> Iterator[str]:
    for row in sound["funnel_exclusions"]:
        yield from _unused_value(f"funnel {row.funnel_id}, event {row.event_name}", row)


def _exclusion_problems(rows: Rows) -> Iterator[str]:
    for line, row in rows:
        yield from _filter_problems(f"row {line} (funnel {row.funnel_id})", row)


def _exclusion_conflicts(rows: Rows, sound: Sound) -> Iterator[str]:
    """What is wrong beside funnels.csv; nothing where that has no rows, which switches funnels off."""
    if not sound.get("funnels"):
        return
    funnels: dict[str, list[Step]] = {}
    for step in sound["funnels"]:
        funnels.setdefault(step.funnel_id, []).append(step)
    for line, row in rows:
        place = f"row {line} (funnel {row.funnel_id})"
        steps = funnels.get(row.funnel_id)
        if not steps:
            yield (
                f"{place}, column funnel_id: funnels.csv has no funnel {row.funnel_id}; the funnels are "
                f"{', '.join(sorted(funnels))}"
            )
            continue
        required = sorted(step.step_number for step in steps if not step.is_optional)
        unknown = [
            (column, number)
            for column, number in (("from_step", row.from_step), ("to_step", row.to_step))
            if number is not None and number not in required
        ]
        for column, number in unknown:
            yield (
                f"{place}, column {column}: {number} is no required step; the required steps are "
                f"{', '.join(map(str, required))}"
            )
        start = required[0] if row.from_step is None else row.from_step
        end = required[-1] if row.to_step is None else row.to_step
        if not unknown and start >= end:
            yield (
                f"{place}, columns from_step and to_step: {start} is not before {end}; an exclusion ends the "
                "steps after from_step, up to to_step"
            )
        for step in steps:
            if step.match == row.match:
                yield (
                    f"{place}, column event_name: {row.said} is step {step.step_number} of the funnel, too; "
                    "what is a step can't exclude; name another event, or ask for a property"
                )


DEFINITIONS = (
    Definition(
        "funnels",
        Step,
        keys=(("funnel_id", "step_number"),),
        problems=_step_problems,
        doubts=_step_doubts,
    ),
    Definition(
        "funnel_exclusions",
        Exclusion,
        keys=(
            (
                *("funnel_id", "event_name", "property_key", "property_operator"),
                *("property_value", "from_step", "to_step"),
            ),
        ),
        problems=_exclusion_problems,
        conflicts=_exclusion_conflicts,
        doubts=_exclusion_doubts,
    ),
)
