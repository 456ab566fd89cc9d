"""Checks the vars of a build: names and values, before anything is built.

What each var means stands in dbt_project.yml.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    WrapValidator,
)

# As macros/observed_until.sql has it.
ISO = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.]\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?$"
# From here, until before here: times that every engine can compute with.
FIRST, END = datetime(1970, 1, 1, tzinfo=timezone.utc), datetime(3000, 1, 1, tzinfo=timezone.utc)
MOST_DAYS = 3650


def _or_say(remedy: str) -> WrapValidator:
    """Whatever is wrong with a value, the remedy is told."""

    def check(value: Any, validate: Callable[[Any], Any]) -> Any:
        try:
            return validate(value)
        except (ValueError, OverflowError):
            raise ValueError(remedy) from None

    return WrapValidator(check)


def _whole(unit: str, lowest: int, highest: int, example: int) -> type:
    return Annotated[
        int,
        Field(ge=lowest, le=highest),
        _or_say(f"write a whole number of {unit}, {lowest} to {highest}, such as {example}"),
    ]


def _distinct(values: list[int]) -> list[int]:
    if len(set(values)) < len(values):
        raise ValueError
    return values


def _instant(value: Any) -> Any:
    """An instant that exists, written so that macros/observed_until.sql reads it; or none."""
    if value is None or value == "":
        return None
    # The macro reads the text of what YAML takes for a date or a time.
    if not isinstance(value, str | date) or not re.match(ISO, str(value)):
        raise ValueError
    instant = datetime.fromisoformat(str(value))
    instant = (
        instant.astimezone(timezone.utc) if instant.tzinfo else instant.replace(tzinfo=timezone.utc)
    )
    if not FIRST <= instant < END:
        raise ValueError
    return value


# It stands in SQL between apostrophes.
Text = Annotated[
    str,
    Field(pattern=r"^[^\s'\\]([^'\\\r\n]*[^\s'\\])?$"),
    _or_say(
        "write text in one line, in quotes where it is a number, without an apostrophe or a "
        "backslash, and without a space before or after it"
    ),
]


class Vars(BaseModel):
    """The vars of dbt_project.yml."""

    # A text of digits, or true, is no number.
    model_config = ConfigDict(extra="forbid", strict=True)

    observed_until: Annotated[
        Any,
        PlainValidator(_instant),
        _or_say(
            "write null, or a time from 1970 to 2999 that exists, such as 2024-06-30, "
            "2024-06-30T12:00:00 or 2024-06-30T12:00:00+02:00"
        ),
    ]
    activation_windows_days: Annotated[
        list[Annotated[int, Field(ge=1, le=MOST_DAYS)]],
        Field(min_length=1),
        AfterValidator(_distinct),
        _or_say(
            f"write a list of whole numbers of days, 1 to {MOST_DAYS}, each once, such as "
            "[1, 7, 14, 30]"
        ),
    ]
    first_value_window_days: _whole("days", 1, MOST_DAYS, 30)
    first_value_curve_days: _whole("days", 0, MOST_DAYS, 90)
    velocity_window_days: _whole("days", 1, MOST_DAYS, 30)
    # The scorecard shows day 7.
    retention_days: _whole("days", 7, 366, 30)
    retention_weeks: _whole("weeks", 0, 104, 12)
    viral_window_days: _whole("days", 1, MOST_DAYS, 30)
    signal_fresh_days: _whole("days", 0, MOST_DAYS, 7)
    invitation_event: Text
    on_track_weeks: Annotated[
        float,
        Field(gt=0, allow_inf_nan=False),
        _or_say("write a number of weeks above 0, such as 2"),
    ]
    benchmark_category: Text
    benchmark_segment: Text
    users_model: Text | None = None
    events_model: Text | None = None
    events_received_at: Text | None = None


def project_vars(project_file: Path) -> dict[str, Any]:
    """The values that dbt_project.yml gives; those of plg_analytics go before general ones."""
    given = yaml.safe_load(project_file.read_text(encoding="utf-8")).get("vars") or {}
    general = {name: value for name, value in given.items() if name in Vars.model_fields}
    return general | (given.get("plg_analytics") or {})


def wrong_vars(given: dict[str, Any]) -> list[str]:
    """Finds the vars that a build can't work with.

    Args:
        given: every var of the build: those of dbt_project.yml, and those of --vars over them.

    Returns:
        A sentence for each problem, with its remedy.
    """
    try:
        Vars.model_validate(given)
    except ValidationError as error:
        return [_sentence(detail, given) for detail in error.errors()]
    return []


def _sentence(detail: Any, given: dict[str, Any]) -> str:
    name = detail["loc"][0]
    if name not in Vars.model_fields:
        return f"There is no var {name}; the vars are {', '.join(Vars.model_fields)}."
    if name not in given:
        return f"The var {name} is missing; write it under vars in dbt_project.yml."
    value = given[name]
    shown = str(value) if isinstance(value, date) else repr(value)
    return f"The var {name} is {shown}: {detail['msg'].removeprefix('Value error, ')}."
