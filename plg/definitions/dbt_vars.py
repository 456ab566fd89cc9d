"""Checks the vars of a build: names and values, before anything is built.

dbt_project.yml says what each var means.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Annotated, Any, Literal

import pytz
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

from plg.marts import read_marts

# As macros/time/observed_until.sql has it.
ISO = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
# The first instant, and the one after the last: all engines can compute with what is between.
FIRST, END = datetime(1970, 1, 1, tzinfo=timezone.utc), datetime(3000, 1, 1, tzinfo=timezone.utc)
MOST_DAYS = 3650


def _or_say(remedy: str) -> WrapValidator:
    """Gives the remedy, whatever is wrong with a value."""

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


def _share(what: str, example: float) -> type:
    return Annotated[
        float,
        Field(ge=0, le=1, allow_inf_nan=False),
        _or_say(f"it is a share {what}; write a number from 0 to 1, such as {example}"),
    ]


def _word(*words: str) -> type:
    return Annotated[Literal[words], _or_say(f"it may be {', '.join(words)}")]


def _factor(example: float) -> type:
    return Annotated[
        float,
        Field(gt=0, allow_inf_nan=False),
        _or_say(f"write a number above 0, such as {example}"),
    ]


def _distinct(values: list[Any]) -> list[Any]:
    if any(value in values[:place] for place, value in enumerate(values)):
        raise ValueError
    return values


def read_instant(text: str) -> datetime:
    """Reads an ISO time as the macro observed_until does, on every Python since 3.10.

    Args:
        text: such as 2024-06-30, or 2024-06-30T12:00:00.5+0200.

    Returns:
        The instant in UTC; a time without an offset is UTC.

    Raises:
        ValueError: it is no ISO time, or one that does not exist.
        OverflowError: in UTC it is before the year 1 or after the year 9999.
    """
    found = re.match(ISO, text)
    if not found:
        raise ValueError(text)
    time, seconds, fraction, offset = found.groups()
    form = "%Y-%m-%d" + "T%H:%M" * bool(time) + ":%S" * bool(seconds)
    form += ".%f" * bool(fraction) + "%z" * bool(offset)
    instant = datetime.strptime(text.replace(" ", "T"), form)
    if not offset:
        return instant.replace(tzinfo=timezone.utc)
    return instant.astimezone(timezone.utc)


def _instant(value: Any) -> Any:
    """A value that the macro observed_until reads; the empty text becomes none."""
    if value is None or value == "":
        return None
    # YAML reads a date or a time without quotes as such; the macro reads its text.
    instant = read_instant(str(value) if isinstance(value, str | date) else "")
    if not FIRST <= instant < END:
        raise ValueError
    return value


Instant = Annotated[
    Any,
    PlainValidator(_instant),
    _or_say(
        "write null, or a time from 1970 to 2999 that exists, such as 2024-06-30, "
        "2024-06-30T12:00:00 or 2024-06-30T12:00:00+02:00"
    ),
]


def _in_order(pair: list[int]) -> list[int]:
    if pair[0] > pair[1]:
        raise ValueError
    return pair


def _whole_numbers(unit: str, highest: int, example: str) -> type:
    return Annotated[
        list[Annotated[int, Field(ge=1, le=highest)]],
        Field(min_length=1),
        AfterValidator(_distinct),
        _or_say(
            f"write a list of whole numbers{unit}, 1 to {highest}, each once, such as {example}"
        ),
    ]


Day = Annotated[int, Field(ge=0, le=MOST_DAYS)]
Bracket = Annotated[list[Day], Field(min_length=2, max_length=2), AfterValidator(_in_order)]


def _warning_ids(value: Any) -> list[str]:
    """The ids of warnings, or `all`; the mart's yml knows them."""
    given = [value] if isinstance(value, str) else value or []
    known = read_marts()["build_warnings"].accepted_values["warning_id"] if given else ()
    if not isinstance(given, list) or not all(name in ("all", *known) for name in given):
        raise ValueError(
            "write all, or a list of warnings, such as [date_lost, file_lost], or [] for none; the "
            f"warnings are {', '.join(sorted(known))}"
        )
    return given


# The models write it in SQL, between apostrophes.
Text = Annotated[
    str,
    Field(pattern=r"^[^\s'\\]([^'\\\r\n]*[^\s'\\])?$"),
    _or_say(
        "write text in one line, in quotes where it is a number, without an apostrophe or a "
        "backslash, and without a space before or after it"
    ),
]


ZONE_EXAMPLES = "UTC, Europe/Berlin or America/New_York"


def is_time_zone(name: str) -> bool:
    """Whether the IANA has a zone of this name."""
    return name in pytz.all_timezones_set


def _time_zone(name: str) -> str:
    if not is_time_zone(name):
        raise ValueError
    return name


Names = Annotated[list[Text], Field(min_length=1), AfterValidator(_distinct)]


class Vars(BaseModel):
    """The vars of dbt_project.yml."""

    # A text of digits, or true, is no number.
    model_config = ConfigDict(extra="forbid", strict=True)

    observed_until: Instant
    signup_tolerance: Annotated[
        float,
        Field(ge=0, le=24 * MOST_DAYS, allow_inf_nan=False),
        _or_say("write a number of hours, 0 or more, such as 1 or 0.5"),
    ]
    observed_from: Instant
    reporting_timezone: Annotated[
        str,
        AfterValidator(_time_zone),
        _or_say(f"write the name of an IANA time zone, with its capitals, such as {ZONE_EXAMPLES}"),
    ]
    activation_windows_days: _whole_numbers(" of days", MOST_DAYS, "[1, 7, 14, 30]")
    first_value_window_days: _whole("days", 1, MOST_DAYS, 30)
    first_value_curve_days: _whole("days", 0, MOST_DAYS, 90)
    velocity_window_days: _whole("days", 1, MOST_DAYS, 30)
    # -1: no rows of this period.
    retention_days: _whole("days", -1, 366, 30)
    retention_weeks: _whole("weeks", -1, 104, 12)
    retention_months: _whole("months of 30 days", -1, 120, 12)
    retention_brackets: Annotated[
        list[Bracket],
        AfterValidator(_distinct),
        _or_say(
            f"write a list of pairs of days, [first, last] with first <= last, 0 to {MOST_DAYS}, "
            "each pair once, such as [[1, 7], [8, 14]], or [] for none"
        ),
    ]
    retention_on_or_after_days: Annotated[
        list[Day],
        AfterValidator(_distinct),
        _or_say(
            f"write a list of whole numbers of days, 0 to {MOST_DAYS}, each once, such as "
            "[1, 7, 14, 30], or [] for none"
        ),
    ]
    retention_horizon_days: _whole("days", 0, MOST_DAYS, 90)
    discovery_windows_days: _whole_numbers(" of days", MOST_DAYS, "[1, 7, 14]")
    discovery_counts: _whole_numbers("", 1000, "[1, 2, 3, 5, 10]")
    discovery_outcome_week: _whole("weeks", 1, 104, 4)
    friction_window_minutes: _whole("minutes", 1, 1440 * MOST_DAYS, 60)
    viral_window_days: _whole("days", 1, MOST_DAYS, 30)
    pql_history_days: _whole("days", 0, MOST_DAYS, 90)
    pql_snapshot_days: _whole_numbers(" of days", MOST_DAYS, "[7, 14, 30]")
    conversion_window_days: _whole("days", 1, MOST_DAYS, 30)
    conversion_event: Text | None
    pql_window_days: _whole("days", 1, MOST_DAYS, 30)
    handoff_scheme: _word("milestone_share", "points", "propensity")
    handoff_unit_type: _word("user", "account")
    handoff_signup_days: _whole("days", 1, MOST_DAYS, 30)
    false_discovery_limit: _share("of leads that don't convert", 0.75)
    threshold_lift: _factor(2)
    candidate_lift: _factor(1.2)
    value_week: _whole("weeks", 1, 104, 8)
    invitation_event: Text
    signup_event: Annotated[
        Names, _or_say("write a list of event names, such as [user_signup, signed_up]")
    ]
    unknown_signup_days: _whole("days", 0, MOST_DAYS, 30)
    traits: Annotated[
        dict[
            Literal["created_at", "account_id", "plan_tier", "install_source", "invited_by"], Names
        ],
        Field(min_length=5),
        _or_say(
            "write a list of trait names for each of created_at, account_id, plan_tier, install_source and "
            "invited_by, such as {plan_tier: [plan, plan_name], ...}"
        ),
    ]
    significance_level: Annotated[
        float,
        Field(gt=0, lt=1),
        _or_say("write a p-value between 0 and 1, such as 0.05"),
    ]
    minimum_group_users: _whole("users", 1, 1_000_000, 50)
    on_track_weeks: Annotated[
        float,
        Field(gt=0, allow_inf_nan=False),
        _or_say("write a number of weeks above 0, such as 2"),
    ]
    benchmark_category: Text
    benchmark_segment: Text
    unreadable_rows_allowed: Annotated[
        float,
        Field(ge=0, le=1, allow_inf_nan=False),
        _or_say("write the share of a file's rows that may be unreadable, 0 to 1, such as 0.001"),
    ]
    removed_rows_warning: Annotated[
        float,
        Field(ge=0, le=1, allow_inf_nan=False),
        _or_say("write a share of the rows from 0 to 1, such as 0.05"),
    ]
    fail_on_warnings: Annotated[Any, PlainValidator(_warning_ids)]
    users_model: Text | None = None
    events_model: Text | None = None
    accounts_model: Text | None = None
    subscriptions_model: Text | None = None
    events_received_at: Text | None = None


def project_vars(project_file: Path) -> dict[str, Any]:
    """Reads the vars of dbt_project.yml.

    Args:
        project_file: dbt_project.yml.

    Returns:
        The value of each var; what is said under plg_analytics wins over what is said for all.
    """
    given = yaml.safe_load(project_file.read_text(encoding="utf-8")).get("vars") or {}
    general = {name: value for name, value in given.items() if name in Vars.model_fields}
    return general | (given.get("plg_analytics") or {})


def wrong_vars(given: dict[str, Any]) -> list[str]:
    """Finds the vars that a build can't work with.

    Args:
        given: every var of the build: those of dbt_project.yml, overridden by those of --vars.

    Returns:
        A sentence for each problem, with its remedy.
    """
    try:
        found = Vars.model_validate(given)
    except ValidationError as error:
        return [_sentence(detail, given) for detail in error.errors()]
    return _wrong_together(found)


def _wrong_together(found: Vars) -> list[str]:
    """What is wrong with vars that are right one by one; the macros say the same on other engines."""
    problems = []
    begin, end = found.observed_from, found.observed_until
    if begin and end and read_instant(str(begin)) >= read_instant(str(end)):
        problems.append(
            f"The var observed_from is '{begin}', which is not before observed_until ('{end}'); "
            "write an earlier time, or null."
        )
    horizon = found.retention_horizon_days
    late = [day for day in found.retention_on_or_after_days if day > horizon]
    if late:
        problems.append(
            f"The var retention_on_or_after_days has {late[0]}, a day after the var "
            f"retention_horizon_days, {horizon}: write days up to {horizon}, or a longer horizon."
        )
    week = found.discovery_outcome_week
    late = [days for days in found.discovery_windows_days if days > 7 * week - 1]
    if late:
        problems.append(
            f"The var discovery_windows_days has {late[0]}, which looks into the outcome: week {week} "
            f"(var discovery_outcome_week) begins on day {7 * week}. Write days up to {7 * week - 1}, "
            "or a later week."
        )
    return problems + _wrong_lead_vars(found)


def _wrong_lead_vars(found: Vars) -> list[str]:
    """What scores of leads are asked for that the history does not have."""
    problems = []
    days = found.pql_history_days
    late = [age for age in found.pql_snapshot_days if days and age >= days]
    if late:
        problems.append(
            f"The var pql_snapshot_days holds {late[0]}; it must be below pql_history_days ({days})."
        )
    problems += [
        f"The var {name} is {value}, beyond pql_history_days ({days}); write at most {days}, or keep a longer "
        "history."
        for name, value in (
            ("pql_window_days", found.pql_window_days),
            ("handoff_signup_days", found.handoff_signup_days),
        )
        if days and value > days
    ]
    first = min(found.pql_snapshot_days)
    if 7 * found.value_week <= first:
        problems.append(
            f"The var value_week is {found.value_week}: {7 * found.value_week} days are not above the first of "
            f"pql_snapshot_days ({first}); write a later week."
        )
    return problems


def _sentence(detail: Any, given: dict[str, Any]) -> str:
    name = detail["loc"][0]
    if name not in Vars.model_fields:
        return f"There is no var {name}; the vars are {', '.join(Vars.model_fields)}."
    if name not in given:
        return f"The var {name} is missing; write it under vars in dbt_project.yml."
    value = given[name]
    shown = str(value) if isinstance(value, date) else repr(value)
    return f"The var {name} is {shown}: {detail['msg'].removeprefix('Value error, ')}."
