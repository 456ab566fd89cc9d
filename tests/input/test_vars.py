"""Which vars a build accepts, and what is said of the others."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import pytest
import pytz

from plg.check import given_vars
from plg.definitions.dbt_vars import Vars, project_vars, read_instant, wrong_vars
from tests.harness import PROJECT

PROJECT_FILE = PROJECT / "dbt_project.yml"
SHIPPED_VARS = project_vars(PROJECT_FILE)

WINDOWS = "a list of whole numbers of days, 1 to 3650, each once, such as [1, 7, 14, 30]"
BRACKETS = "a list of pairs of days, [first, last] with first <= last, 0 to 3650, each pair once"
WRONG_VARS = [
    *(
        ("activation_windows_days", value, WINDOWS)
        for value in ([], ["7", "30"], 7, "[7]", [7, 7], [0], [-1], [3651], [True], [7.0], None)
    ),
    *(
        (name, value, "a whole number of days, 1 to 3650, such as 30")
        for name in ("first_value_window_days", "velocity_window_days", "viral_window_days")
        for value in (0, -1, 3651, "30", True, 30.0, [30], None)
    ),
    *(
        ("discovery_windows_days", value, WINDOWS.replace("14, 30", "14"))
        for value in ([], ["7"], 7, "[7]", [7, 7], [0], [3651], [True], [7.0], None)
    ),
    *(
        ("discovery_counts", value, "a list of whole numbers, 1 to 1000, each once")
        for value in ([], ["1"], 1, [1, 1], [0], [1001], [True], [1.0], None)
    ),
    *(("discovery_outcome_week", value, "weeks, 1 to 104") for value in (0, 105, "4", 4.0, None)),
    *(("pql_history_days", value, "days, 0 to 3650") for value in (-1, 3651, "90", False)),
    *(
        ("pql_snapshot_days", value, WINDOWS.replace("[1, ", "["))
        for value in ([], ["7"], 7, [7, 7], [0], [True], None)
    ),
    *(
        (name, value, "a whole number of days, 1 to 3650, such as 30")
        for name in ("conversion_window_days", "pql_window_days", "handoff_signup_days")
        for value in (0, 3651, "30", True, None)
    ),
    *(("value_week", value, "weeks, 1 to 104") for value in (0, 105, "8", None)),
    *(
        (name, value, "a number above 0, such as ")
        for name in ("threshold_lift", "candidate_lift")
        for value in (0, -1, "2", None, float("inf"))
    ),
    *(("first_value_curve_days", value, "days, 0 to 3650") for value in (-1, 3651, "7", None)),
    *(("retention_days", value, "days, -1 to 366") for value in (-2, 367, "30", None)),
    *(("retention_weeks", value, "weeks, -1 to 104") for value in (-2, 105, "12", 1.5)),
    *(("retention_months", value, "months of 30 days, -1 to 120") for value in (-2, 121, True)),
    *(("retention_horizon_days", value, "days, 0 to 3650") for value in (-1, 3651, "90", None)),
    *(
        ("retention_brackets", value, BRACKETS)
        for value in (
            *([[7, 1]], [[1, 7], [1, 7]], [[1]], [[1, 7, 8]], [1, 7], [[-1, 7]], [[1, 3651]]),
            *([["1", "7"]], [["a", "b"]], ["17"], [[1, 7.0]], [[False, 7]], [[1, None]], "[]"),
            *(7, None, [[]], {"1": 7}),
        )
    ),
    *(
        ("retention_on_or_after_days", value, "a list of whole numbers of days, 0 to 3650, each")
        for value in ([1, 1], [-1], ["7"], [7.0], [True], [3651], 7, "[7]", None)
    ),
    *(
        ("significance_level", value, "a p-value between 0 and 1, such as 0.05")
        for value in (0, 1, -0.05, 5, "0.05", True, None, float("nan"))
    ),
    *(
        ("reporting_timezone", value, "the name of an IANA time zone, with its capitals")
        for value in ("Berlin", "america/new_york", "CET+1", "EDT", "+02:00", "", 2, None, " UTC")
    ),
    *(("minimum_group_users", value, "users, 1 to 1000000") for value in (0, "50", 50.0, None)),
    *(
        ("removed_rows_warning", value, "a share of the rows from 0 to 1, such as 0.05")
        for value in (-0.01, 1.01, 5, "0.05", True, None, float("nan"))
    ),
    *(
        (
            "fail_on_warnings",
            value,
            "write all, or a list of warnings, such as [date_lost, file_lost]",
        )
        for value in ("file-lost", ["file_lost", "lost"], [["all"]], {"all": True}, 1)
    ),
    *(
        ("signup_tolerance", value, "a number of hours, 0 or more, such as 1 or 0.5")
        for value in (-0.1, 87601, "1", True, None, float("inf"), float("nan"))
    ),
    *(
        ("on_track_weeks", value, "a number of weeks above 0")
        for value in (0, -1, "2", True, None, float("inf"), float("nan"))
    ),
    *(
        (name, value, "text in one line")
        for name in ("invitation_event", "benchmark_category", "benchmark_segment")
        for value in ("", " ", " a", "a ", "a\n", "a\nb", "it's", "a\\", "\u00a0a", 7, True, None)
    ),
    *(
        (name, value, "a time from 1970 to 2999 that exists")
        for name in ("observed_until", "observed_from")
        for value in (
            *(False, True, 0, 20240630, [], "today", "2024", "2024-6-30", "20240630"),
            *("2024-02-30", "2024-06-30T25:00", "2024-06-30T24:00", "2024-06-30T12:00+99:00"),
            *("2024-06-30\n", " 2024-06-30", "٢٠٢٤-٠٦-٣٠", "2024-06-30T12:00:00.1234567"),
            *("1969-12-31T23:59:59", "1970-01-01T01:00+02:00", "3000-01-01", "0001-01-01"),
            *("0001-01-01T00:00+14:00", "9999-12-31T23:59-01:00", date(3000, 1, 1)),
            *(date(1969, 12, 31), datetime(1, 1, 1, tzinfo=timezone.utc)),
        )
    ),
]


@pytest.mark.parametrize(("name", "value", "remedy"), WRONG_VARS)
def test_wrong_var_is_named(name: str, value: Any, remedy: str) -> None:
    (sentence,) = wrong_vars({**SHIPPED_VARS, name: value})
    shown = value if isinstance(value, date) else repr(value)
    assert sentence.startswith(f"The var {name} is {shown}: write ")
    assert remedy in sentence
    assert "Value error" not in sentence


RIGHT_VARS = [
    *(("activation_windows_days", value) for value in ([1], [3650, 1], [30, 3])),
    *(("first_value_window_days", value) for value in (1, 3650)),
    *(("discovery_windows_days", value) for value in ([1], [27], [14, 7])),
    *(("discovery_counts", value) for value in ([1], [1000, 1])),
    *(("discovery_outcome_week", value) for value in (3, 104)),
    *((name, 0) for name in ("pql_history_days", "first_value_curve_days")),
    *(("pql_snapshot_days", value) for value in ([1], [89, 55])),
    *((name, 90) for name in ("pql_window_days", "handoff_signup_days")),
    *(("conversion_event", value) for value in (None, "paid")),
    *(("handoff_scheme", value) for value in ("milestone_share", "propensity")),
    ("handoff_unit_type", "account"),
    *(("false_discovery_limit", value) for value in (0, 0.5, 1)),
    ("value_week", 2),
    *(("retention_days", value) for value in (-1, 0, 366)),
    *(("retention_weeks", value) for value in (-1, 0, 104)),
    *(("retention_months", value) for value in (-1, 0, 120)),
    *(("retention_brackets", value) for value in ([], [[0, 0]], [[1, 7], [7, 9], [1, 3650]])),
    *(("retention_on_or_after_days", value) for value in ([], [0, 90])),
    ("retention_horizon_days", 30),
    *(("on_track_weeks", value) for value in (0.5, 1, 1000)),
    *(("significance_level", value) for value in (0.001, 0.05, 0.999)),
    *(("minimum_group_users", value) for value in (1, 50, 1_000_000)),
    *(("removed_rows_warning", value) for value in (0, 0.05, 1)),
    *(
        ("fail_on_warnings", value)
        for value in (None, [], "all", ["all"], "file_lost", ["date_lost"])
    ),
    *(("signup_tolerance", value) for value in (0, 0.25, 1, 87600)),
    *(("invitation_event", value) for value in ("a", "Invite sent (v2)", 'a "b"', "\U0001f600")),
    *(
        (name, value)
        for name in ("observed_until", "observed_from")
        for value in (
            *(None, "", "2024-02-29", "2024-06-30T12:00", "2024-06-30 12:00:00.123456Z"),
            *("2024-06-30T12:00:00+0200", "1970-01-01", "2999-12-31T23:59:59.999999"),
            *(
                date(2024, 6, 30),
                datetime(2024, 6, 30, 12),
                datetime(2024, 6, 30, 12, tzinfo=timezone.utc),
            ),
        )
    ),
]


@pytest.mark.parametrize(("name", "value"), RIGHT_VARS)
def test_right_var_is_accepted(name: str, value: Any) -> None:
    assert wrong_vars({**SHIPPED_VARS, name: value}) == []


@pytest.mark.parametrize(
    ("begin", "end", "is_wrong"),
    [
        ("2024-03-01", "2024-03-01", True),
        ("2024-03-01T02:00:00+02:00", date(2024, 3, 1), True),
        ("2024-03-01T00:00:00.000001", "2024-03-01T00:00:00", True),
        ("2024-02-29T23:59:59.999999", "2024-03-01", False),
        ("2024-03-01", None, False),
        (None, "2024-03-01", False),
    ],
)
def test_observed_from_is_before_observed_until(begin: Any, end: Any, *, is_wrong: bool) -> None:
    found = wrong_vars({**SHIPPED_VARS, "observed_from": begin, "observed_until": end})
    said = (
        f"The var observed_from is '{begin}', which is not before observed_until ('{end}'); "
        "write an earlier time, or null."
    )
    assert found == ([said] if is_wrong else [])
    if is_wrong:
        with pytest.raises(ValueError, match=re.escape(said)):
            render("observed_until", "observed_from()", observed_from=begin, observed_until=end)


def test_on_or_after_ends_with_the_horizon() -> None:
    (sentence,) = wrong_vars({**SHIPPED_VARS, "retention_horizon_days": 29})
    said = (
        "The var retention_on_or_after_days has 30, a day after the var retention_horizon_days, "
        "29: write days up to 29, or a longer horizon."
    )
    assert sentence == said
    given = {**SHIPPED_VARS, "retention_horizon_days": 29}
    with pytest.raises(ValueError, match=re.escape(said)):
        render("retention_periods", "retention_spans()", **given)
    assert wrong_vars({**SHIPPED_VARS, "retention_horizon_days": 30}) == []


@pytest.mark.parametrize(("windows", "week"), [([1, 28, 40], 4), ([7], 1)])
def test_discovery_does_not_look_into_the_outcome(windows: list[int], week: int) -> None:
    given = {**SHIPPED_VARS, "discovery_windows_days": windows, "discovery_outcome_week": week}
    late = next(days for days in windows if days >= 7 * week)
    said = (
        f"The var discovery_windows_days has {late}, which looks into the outcome: week {week} (var "
        f"discovery_outcome_week) begins on day {7 * week}. Write days up to {7 * week - 1}, or a later week."
    )
    assert wrong_vars(given) == [said]
    with pytest.raises(ValueError, match=re.escape(said)):
        render("discovery_windows", "discovery_windows()", **given)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("handoff_scheme", "fit", "it may be milestone_share, points, propensity."),
        ("handoff_scheme", None, "it may be milestone_share, points, propensity."),
        ("handoff_unit_type", "team", "it may be user, account."),
        ("false_discovery_limit", 75, "it is a share of leads that don't convert; write"),
        ("false_discovery_limit", "0.75", "it is a share of leads that don't convert; write"),
        ("conversion_event", "it's", "write text in one line"),
    ],
)
def test_a_wrong_var_of_leads_is_named(name: str, value: Any, said: str) -> None:
    (sentence,) = wrong_vars({**SHIPPED_VARS, name: value})
    assert sentence.startswith(f"The var {name} is {value!r}: {said}")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"pql_snapshot_days": [7, 90]},
            "The var pql_snapshot_days holds 90; it must be below pql_history_days (90).",
        ),
        (
            {"pql_window_days": 120},
            "The var pql_window_days is 120, beyond pql_history_days (90); write at most 90, or keep a longer "
            "history.",
        ),
        (
            {"handoff_signup_days": 91},
            "The var handoff_signup_days is 91, beyond pql_history_days (90); write at most 90, or keep a "
            "longer history.",
        ),
        (
            {"value_week": 1, "pql_snapshot_days": [14, 7]},
            "The var value_week is 1: 7 days are not above the first of pql_snapshot_days (7); write a later "
            "week.",
        ),
    ],
)
def test_leads_need_a_history(given: dict[str, Any], said: str) -> None:
    given = {**SHIPPED_VARS, **given}
    assert wrong_vars(given) == [said]
    with pytest.raises(ValueError, match=re.escape(said)):
        render("snapshot_date", "snapshot_ages()", **given)


def test_without_a_history_windows_of_leads_may_be_longer() -> None:
    given = {**SHIPPED_VARS, "pql_history_days": 0, "pql_snapshot_days": [14, 7]}
    assert wrong_vars(given) == []
    assert render("snapshot_date", "snapshot_ages()", **given) == [7, 14]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("discovery_windows_days", [7, 7]),
        ("discovery_windows_days", [0, 7]),
        ("discovery_counts", [1, 1]),
        ("discovery_counts", [1, 1.5]),
    ],
)
def test_macro_stops_at_numbers_that_would_count_twice(name: str, value: list) -> None:
    with pytest.raises(Exception, match=f"The var {name} is .*different whole numbers"):
        render("discovery_windows", "discovery_windows()", **{**SHIPPED_VARS, name: value})


def test_macro_lists_discovery_windows_the_shortest_first() -> None:
    given = {**SHIPPED_VARS, "discovery_windows_days": [27, 2, 14]}
    assert render("discovery_windows", "discovery_windows()", **given) == [2, 14, 27]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("retention_brackets", [[7, 1]]),
        ("retention_brackets", [[1, 7], [1, 7]]),
        ("retention_brackets", [[1]]),
        ("retention_brackets", [[1, 7, 8]]),
        ("retention_brackets", [7]),
        ("retention_brackets", ["17"]),
        ("retention_brackets", [["1", "7"]]),
        ("retention_brackets", [[-1, 7]]),
        ("retention_on_or_after_days", [1, 1]),
        ("retention_on_or_after_days", [-1]),
        ("retention_on_or_after_days", ["7"]),
    ],
)
def test_macro_refuses_what_is_no_period(name: str, value: Any) -> None:
    """Engines other than DuckDB are told by the macro."""
    with pytest.raises(ValueError, match=f"^The var {name} has .*: write a list of "):
        render("retention_periods", "retention_spans()", **{**SHIPPED_VARS, name: value})


def test_macro_lists_periods_with_bounds_of_their_own() -> None:
    given = {
        **SHIPPED_VARS,
        "retention_brackets": [[0, 0], [0, 400]],
        "retention_on_or_after_days": [90, 0],
    }
    assert render("retention_periods", "retention_spans()", **given) == [
        ("bracket", 1, 0, 0),
        ("bracket", 2, 0, 400),
        ("on_or_after", 90, 90, 90),
        ("on_or_after", 0, 0, 90),
    ]
    assert render("retention_periods", "last_retention_day()", **given) == 400
    assert render("retention_periods", "last_retention_day()", **SHIPPED_VARS) == 389


def test_shipped_vars_are_sound_and_each_is_checked() -> None:
    assert wrong_vars(SHIPPED_VARS) == []
    assert list(SHIPPED_VARS) == list(Vars.model_fields)


INSTANTS = {
    "2024-06-30": "2024-06-30 00:00:00.000000",
    "2024-06-30 12:00": "2024-06-30 12:00:00.000000",
    "2024-06-30T12:00:30": "2024-06-30 12:00:30.000000",
    "2024-06-30T12:00:30.5": "2024-06-30 12:00:30.500000",
    "2024-06-30T12:00:30.123456Z": "2024-06-30 12:00:30.123456",
    "2024-06-30T12:00:00+02:00": "2024-06-30 10:00:00.000000",
    "2024-06-30T12:00:00-0230": "2024-06-30 14:30:00.000000",
    "2024-06-30T12:00Z": "2024-06-30 12:00:00.000000",
}


@pytest.mark.parametrize(("text", "instant"), INSTANTS.items())
def test_every_python_reads_an_instant_as_the_macro_does(text: str, instant: str) -> None:
    assert read_instant(text).strftime("%Y-%m-%d %H:%M:%S.%f") == instant
    assert observed_until(text) == instant


@pytest.mark.parametrize(
    "text", ["2024", "20240630", "2024-06-30\n", "2024-02-30", "2024-06-30T24:00"]
)
def test_macro_refuses_what_is_no_instant(text: str) -> None:
    with pytest.raises(ValueError, match=r"ISO timestamp|time data|unconverted data|out of range"):
        observed_until(text)


def observed_until(text: str) -> str:
    """What the macro makes of the var: the instant in UTC."""
    instant = render("observed_until", "observed_until()", observed_until=text)
    return instant.strftime("%Y-%m-%d %H:%M:%S.%f")


class Returned(Exception):
    """What a macro returns."""


def render(file: str, call: str, **given: Any) -> Any:
    """What a call of a macro of a file in macros/time returns, with these vars."""

    def refuse(sentence: str) -> None:
        raise ValueError(sentence)

    def end(value: Any) -> None:
        raise Returned(value)

    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals |= {
        "var": given.get,
        "modules": SimpleNamespace(re=re, datetime=SimpleNamespace(datetime=datetime), pytz=pytz),
        "exceptions": SimpleNamespace(raise_compiler_error=refuse),
        "timestamp_literal": lambda instant: instant,
        "return": end,
    }
    text = (PROJECT / "macros" / "time" / f"{file}.sql").read_text()
    # Each on its own, so that they call each other as in dbt: by way of what returns a value.
    texts = re.findall(r"{% macro .*?{% endmacro %}", text, re.DOTALL)
    macros: dict[str, Any] = {}
    for name in (found := [re.match(r"{% macro (\w+)", text)[1] for text in texts]):
        environment.globals[name] = partial(lambda name, *given: macros[name](*given), name)
    for name, text in zip(found, texts, strict=True):
        macros[name] = returning(getattr(environment.from_string(text).module, name))
    return macros[call.partition("(")[0]]()


def returning(macro: Any) -> Any:
    """A macro as dbt calls it: with the value that it returns."""

    def called(*arguments: Any) -> Any:
        try:
            macro(*arguments)
        except Returned as returned:
            return returned.args[0]
        raise AssertionError("the macro returns nothing")

    return called


def test_unknown_and_missing_vars_are_named() -> None:
    names = ", ".join(Vars.model_fields)
    for name in ("retention_day", "plg_analytics", 7):
        (sentence,) = wrong_vars({**SHIPPED_VARS, name: {}})
        assert sentence == f"There is no var {name}; the vars are {names}."
    without = {name: value for name, value in SHIPPED_VARS.items() if name != "retention_days"}
    (sentence,) = wrong_vars(without)
    assert sentence.startswith("The var retention_days is missing; ")


def test_vars_of_the_project_file_are_found_in_both_places(tmp_path: Path) -> None:
    path = tmp_path / "dbt_project.yml"
    path.write_text(
        "vars: {retention_days: 8, retention_weeks: 9, other: {a: 1}, "
        "plg_analytics: {retention_days: 10}}"
    )
    assert project_vars(path) == {"retention_days": 10, "retention_weeks": 9}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", ["can't be read"]),
        ("[1]", ["no names with values"]),
        ("{observed_until: 2024-02-30}", ["can't be read", "day"]),
        ("{observed_until: '2024-02-30'}", ["observed_until is '2024-02-30': write null"]),
        (
            "{retention_days: -5, retention_day: 8}",
            ["retention_days is -5: ", "no var retention_day"],
        ),
        *((f"{{observed_until: {text}}}", []) for text in ("2024-06-01", "2024-06-01T12:00:00Z")),
        ("", []),
    ],
)
def test_vars_of_the_command_line_are_checked(text: str, words: list[str]) -> None:
    _, problems = given_vars(text, PROJECT_FILE)
    assert bool(problems) == bool(words)
    for word in words:
        assert any(word in problem for problem in problems)
