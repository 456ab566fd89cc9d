"""What a build accepts as input, and what it says about input that can't work.

Most tests call the checks of scripts/plg_input; the last ones run dbt, to see that the checks stop
a build, and that a build leaves the definitions folder as it was.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
import yaml
from dbt_common.exceptions import DbtRuntimeError

from plg.build import check_vars
from plg.definitions.checks import (
    FILES,
    UNITS,
    check_definitions,
    late_activations,
    unmatched_benchmarks,
)
from plg.definitions.dbt_vars import ISO, Vars, project_vars, wrong_vars
from plg.input import plugin as plg_input
from plg.input.raw_tables import TABLES, InputProblem, empty_columns, find_table
from plg.settings import RESERVED, SCHEMAS, check_database, check_memory_limit, check_names
from tests.harness import PROJECT, BuildFailed, dbt, query

SEEDS = PROJECT / "seeds"

# Definitions


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    """A copy of the shipped definitions."""
    return Path(shutil.copytree(SEEDS, tmp_path / "definitions"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replaces the first `old` in a definition file."""
    path = folder / f"{name}.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def check_says(folder: Path, name: str, *words: str) -> None:
    """The check finds one problem, in the file `name`, and says all the words about it."""
    problems, _ = check_definitions(folder)
    assert len(problems) == 1, problems
    assert problems[0].startswith(f"{folder / name}.csv: ")
    for word in words:
        assert word in problems[0]


def test_shipped_definitions_are_sound() -> None:
    assert check_definitions(SEEDS) == ([], [])


@pytest.mark.parametrize("name", FILES)
def test_missing_file_is_named(definitions: Path, name: str) -> None:
    (definitions / f"{name}.csv").unlink()
    check_says(definitions, name, "missing", "copy it from")


@pytest.mark.parametrize("name", FILES)
def test_file_with_its_header_only_is_valid(definitions: Path, name: str) -> None:
    path = definitions / f"{name}.csv"
    path.write_text(path.read_text().splitlines()[0])
    assert check_definitions(definitions) == ([], [])


@pytest.mark.parametrize("name", FILES)
def test_missing_column_is_named(definitions: Path, name: str) -> None:
    path = definitions / f"{name}.csv"
    header = path.read_text().splitlines()[0]
    column = header.split(",")[-1]
    path.write_text(header.removesuffix(f",{column}") + "\n")
    check_says(definitions, name, f"column {column} is missing", "row 1", header)


MILESTONE = "m1,User sends first invite,0.20,7d,invite_sent,1,default,true,false,1"

WRONG_CELLS = [
    ("milestones", "0.20", weight, ("row 2", "column weight", repr(weight.strip('"')), "number"))
    for weight in (
        *("", "high", "-0.1", "+1", "1e-1", "1_000", '"0,2"', "NaN", "inf", "20%", "0.2 ", "٣"),
        *("1234567", "0.1234567890123"),
    )
] + [
    ("milestones", "7d", timeframe, ("row 2", "column timeframe", repr(timeframe), "7d"))
    for timeframe in ("", "7 days", "7", "d", "0d", "-7d", "1.5d", "7D", "P7D", "7٧d", "100000d")
]
WRONG_CELLS += [
    ("milestones", "m1,", ",", ("row 2", "column milestone_id", "''", "name")),
    ("milestones", "m2,", "m2 ,", ("row 3", "column milestone_id", "'m2 '", "space")),
    ("milestones", "invite_sent", "", ("row 2", "column triggered_by_event", "name")),
    ("milestones", ",2,default", ",2.0,default", ("row 3", "column milestone_order", "'2.0'")),
    ("milestones", ",2,default", ",٢,default", ("row 3", "column milestone_order", "write a")),
    ("milestones", "true,false,1", "maybe,false,1", ("row 2", "column is_required", "'maybe'")),
    ("milestones", "false,1\n", "false,0\n", ("row 2", "column min_count", "'0'", "1 or more")),
    ("event_catalog", "false", "never", ("row 2", "column is_meaningful", "'never'", "true or")),
    ("pql_signals", ",1,1\n", ",many,1\n", ("row 2", "column points", "'many'", "number")),
    ("pql_signals", ",1,1\n", ",1,0\n", ("row 2", "column max_count", "'0'", "1 or more")),
    ("pql_signals", "plan_tier", "country", ("row 9", "column user_column", "plan_tier")),
    ("pql_bands", "points,", "share,", ("row 5", "column scheme", "'share'", "milestone_share")),
    ("pql_bands", "31", "31.00001", ("row 3", "column lower_bound", "4 behind the decimal point")),
    ("kpi_targets", ",days,", ",weeks,", ("row 3", "column unit", "'weeks'", "rate, days, ratio")),
    ("kpi_targets", "0.40,", "40%,", ("row 2", "column target_value", "'40%'", "number")),
    ("kpi_targets", "0.005", "-1", ("row 2", "column tolerance", "'-1'", "zero or more")),
    ("benchmarks", "0.35", "0.35?", ("row 2", "column high", "'0.35?'", "number")),
    ("benchmarks", ",smb,", ",SMB,", ("column segment", "'SMB'", "smb, enterprise, all")),
    ("milestones", "m2,", '"m\n2",', ("row 3", "column milestone_id", "delete the line end")),
    ("pql_signals", "user_login", '"user\nlogin"', ("row 3", "triggered_by_event", "line end")),
    *(
        ("excluded_users", "reason\n", f'reason\n"{user}",bot\n', ("row 2", "column user_id", "id"))
        for user in ("  ", " u1", "u1 ", "u1\n")
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), WRONG_CELLS)
def test_wrong_cell_is_named(
    definitions: Path, name: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    edit(definitions, name, old, new)
    check_says(definitions, name, *words)


WRONG_ROWS = [
    ("milestones", ",2,default", ",1,default", ("rows 2, 3", "path + milestone_order", "default")),
    # A blank path is `default`.
    ("milestones", ",2,default", ",1,", ("rows 2, 3", "column path + milestone_order", "default")),
    ("milestones", "true,true", "true,false", ("column is_first_value", "no milestone", "true")),
    ("milestones", "true,true", "true,", ("column is_first_value", "no milestone")),
    ("pql_signals", "user_login,", ",", ("row 3 (first_login)", "neither", "user_column", "event")),
    ("pql_signals", "enterprise,,", "enterprise,x,", ("row 9 (enterprise)", "both", "not both")),
    ("pql_signals", "plan_tier", "", ("row 9 (enterprise)", "column user_column: blank")),
    ("pql_signals", "plan_tier,enterprise", "plan_tier,", ("row 9", "column user_value: blank")),
    ("pql_bands", "engaged,31", "engaged,0.0", ("rows 2, 3", "column scheme + lower_bound")),
    ("pql_bands", "inactive,0", "inactive,1", ("column lower_bound", "'milestone_share'", "at 0")),
    ("pql_bands", "nurture,0", "nurture,-1", ("column lower_bound", "'points'", "none below")),
    ("pql_bands", "handoff,true", "handoff,", ("column is_qualified", "'milestone_share'", "true")),
    ("benchmarks", "0.20,0.35", "0.35,0.20", ("row 2", "low and high", "exchange")),
    ("benchmarks", "0.20,0.35", "0.20,", ("row 2", "low and high", "one of them is blank")),
    ("kpi_targets", "0.40", "40", ("row 2 (activation_rate)", "target_value: 40", "0.40 for 40 %")),
    ("kpi_targets", "0.40", "-1.1", ("row 2 (activation_rate)", "target_value: -1.1", "fractions")),
    ("kpi_targets", "0.005", "5", ("row 2 (activation_rate)", "tolerance: 5;", "fractions")),
    ("kpi_targets", ",days,", ",rate,", ("row 3 (time_to_first_value)", "'rate'", "write days")),
    ("kpi_targets", ",ratio,", ",rate,", ("row 7 (viral_coefficient)", "write ratio")),
    ("benchmarks", "0.20,0.35", "0.20,35", ("row 2 (activation_rate)", "high: 35", "fractions")),
    ("benchmarks", "0.05,0.12", "0.05,12", ("freemium_conversion_rate", "high: 12;", "40 %")),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), WRONG_ROWS)
def test_rows_that_contradict_each_other_are_named(
    definitions: Path, name: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    edit(definitions, name, old, new)
    check_says(definitions, name, *words)


KEYS = {
    "milestones": ("milestone_id", "m1,d,1,7d,e,{n},default,true,true,1"),
    "event_catalog": ("event_name", "user_signup,"),
    "excluded_users": ("user_id", "u1,reason {n}"),
    "pql_signals": ("signal_id", "s1,e,,,{n},1"),
    "pql_bands": ("scheme + band", "points,low,{n},act,false"),
    "kpi_targets": ("metric_id", "m,name {n},rate,true,1,0"),
    "benchmarks": ("metric_id + category + segment", "m,c,all,{n},9,source"),
}


@pytest.mark.parametrize("name", FILES)
def test_doubled_key_is_named(definitions: Path, name: str) -> None:
    columns, row = KEYS[name]
    path = definitions / f"{name}.csv"
    header = path.read_text().splitlines()[0]
    path.write_text("\n".join([header, row.format(n=0), "", row.format(n=1)]) + "\n")
    # The blank line counts: row 4 is what an editor and a spreadsheet call it.
    check_says(definitions, name, f"rows 2, 4, column {columns}: ", "2 times", "keep one")


def test_blank_cells_take_their_defaults(definitions: Path) -> None:
    edit(definitions, "milestones", MILESTONE, "m1,,0.20,7d,invite_sent,1,,,,")
    edit(definitions, "event_catalog", "user_signup,false", "user_signup,")
    edit(definitions, "pql_signals", ",1,1\n", ",1,\n")
    edit(definitions, "pql_bands", "automated_nurture,false", ",")
    edit(definitions, "kpi_targets", "true,0.40,0.005", ",,")
    edit(definitions, "benchmarks", '0.20,0.35,"reference material, unverified"', ",,")
    assert check_definitions(definitions) == ([], [])
    # A blank flag is false, which is hardly meant beside a target.
    edit(definitions, "kpi_targets", "rate,,,", "rate,,0.4,")
    problems, (warning,) = check_definitions(definitions)
    assert problems == []
    assert "column is_higher_better of activation_rate: more is better" in warning


def test_weights_that_do_not_sum_to_one_are_a_warning(definitions: Path) -> None:
    edit(definitions, "milestones", "0.20", "0.21")
    problems, warnings = check_definitions(definitions)
    assert problems == []
    assert len(warnings) == 1
    for word in (f"{definitions / 'milestones.csv'}: ", "column weight", "sum to 1.01", "not to 1"):
        assert word in warnings[0]


DOUBTFUL = [
    ("pql_bands", "pql,70", "pql,170", ("column lower_bound", "'pql'", "at 170", "sum to 1.00")),
    ("kpi_targets", "retention_d7", "Retention_D7", ("no metric Retention_D7,", ", ".join(UNITS))),
    ("kpi_targets", "days,false", "days,true", ("time_to_first_value: fewer days", "write false")),
    ("milestones", "3,default", "3,Default", ("column path: Default and default", "one way")),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), DOUBTFUL)
def test_what_is_hardly_meant_is_a_warning(
    definitions: Path, name: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    edit(definitions, name, old, new)
    problems, warnings = check_definitions(definitions)
    assert problems == []
    assert len(warnings) == 1
    for word in (f"{definitions / name}.csv: ", *words):
        assert word in warnings[0]


def test_bounds_written_as_fractions_are_a_warning(definitions: Path) -> None:
    edit(definitions, "pql_bands", "engaged,31", "engaged,0.31")
    assert check_definitions(definitions) == ([], [])
    edit(definitions, "pql_bands", "pql,70", "pql,1")
    problems, warnings = check_definitions(definitions)
    assert problems == []
    assert len(warnings) == 1
    assert "31, not 0.31" in warnings[0]


def test_milestones_of_which_none_is_required_are_a_warning(definitions: Path) -> None:
    path = definitions / "milestones.csv"
    path.write_text(
        path.read_text()
        .replace(",true,false,", ",false,false,")
        .replace(",true,true,", ",false,true,")
    )
    problems, (warning,) = check_definitions(definitions)
    assert problems == []
    assert "nobody can activate" in warning


def test_folder_that_can_not_be_opened_is_named(
    definitions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refuse)
    problems, _ = check_definitions(definitions)
    assert (
        f"{definitions / 'milestones.csv'}: it can't be opened (Permission denied)" in problems[0]
    )


def test_units_are_those_of_the_shipped_targets() -> None:
    rows = csv.DictReader((SEEDS / "kpi_targets.csv").read_text().splitlines())
    assert {row["metric_id"]: row["unit"] for row in rows} == UNITS


@pytest.mark.parametrize("place", ["more.csv", "old/milestones.csv", "Milestones.CSV", "._x.csv"])
def test_further_csv_is_named(definitions: Path, place: str) -> None:
    path = definitions / place
    path.parent.mkdir(exist_ok=True)
    (definitions / "notes.txt").write_text("no table")
    path.write_text("a\n1\n")
    problems, _ = check_definitions(definitions)
    assert len(problems) == 1, problems
    for word in (f"{path}: ", "none of the seven", "move it out"):
        assert word in problems[0]


def test_further_csvs_leave_the_other_problems_in_sight(definitions: Path) -> None:
    for number in range(12):
        (definitions / f"{number}.csv").touch()
    problems, _ = check_definitions(definitions)
    assert len(problems) == 11
    assert problems[10] == f"{definitions}: 2 more such files."


def test_benchmarks_that_the_vars_miss_are_a_warning(definitions: Path) -> None:
    assert unmatched_benchmarks(definitions, "overall", "all") == []
    for picked in (("overall", "smb"), ("Overall", "all")):
        (warning,) = unmatched_benchmarks(definitions, *picked)
        for word in (f"{definitions / 'benchmarks.csv'}: ", *map(repr, picked), "no benchmark"):
            assert word in warning
    path = definitions / "benchmarks.csv"
    path.write_text(path.read_text().splitlines()[0])
    assert unmatched_benchmarks(definitions, "overall", "all") == []


def test_activation_later_than_every_window_is_a_warning(definitions: Path) -> None:
    assert late_activations(definitions, [1, 30]) == late_activations(definitions, [14]) == []
    (warning,) = late_activations(definitions, [1, 13])
    for word in (f"{definitions / 'milestones.csv'}: ", "may take 14 days", "13 days ahead"):
        assert word in warning
    edit(definitions, "milestones", "7d", "8w")
    assert "may take 56 days" in late_activations(definitions, [30])[0]


SHIPPED = (SEEDS / "milestones.csv").read_text()
HEADER = SHIPPED.splitlines()[0]

RIGHT_FILES = {
    "byte order mark": "\ufeff" + SHIPPED,
    "CRLF": SHIPPED.replace("\n", "\r\n"),
    "no line end at the end": SHIPPED.rstrip(),
    "blank lines": SHIPPED.replace("\n", "\n\n"),
    "all quoted": "".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in SHIPPED.splitlines()
    ),
    "columns reordered": "".join(
        ",".join(reversed(line.split(","))) + "\n" for line in SHIPPED.splitlines()
    ),
    "a column more": SHIPPED.replace(HEADER, f"{HEADER},note").replace(",1\n", ",1,50%\n"),
    "a blank column more": SHIPPED.replace("\n", ",\n"),
    "booleans in capitals": SHIPPED.replace("true", "TRUE").replace("false", "False"),
    "an event named TRUE": SHIPPED.replace("invite_sent", "TRUE"),
    "quotes, a comma, a line end": SHIPPED.replace("User creates", '"A ""new"",\none').replace(
        "first document", 'new document"'
    ),
    "numbers without a digit before the point": SHIPPED.replace("0.", "."),
}


@pytest.mark.parametrize("text", RIGHT_FILES.values(), ids=RIGHT_FILES)
def test_every_way_to_write_a_csv_is_read(definitions: Path, text: str) -> None:
    assert text != SHIPPED
    (definitions / "milestones.csv").write_bytes(text.encode())
    assert check_definitions(definitions) == ([], [])


WRONG_FILES = {
    "nothing": (b"", ("column milestone_id, ", "missing", "row 1", HEADER)),
    "first line blank": (b"\n" + SHIPPED.encode(), ("missing", "row 1", HEADER)),
    "semicolons": (SHIPPED.replace(",", ";").encode(), ("missing", "separated by commas")),
    "header in capitals": (SHIPPED.replace("weight", "Weight").encode(), ("weight is missing",)),
    "column twice": (
        SHIPPED.replace("\n", ",1\n").replace("count,1", "count,Weight").encode(),
        ("row 1", "column weight", "more than once", "keep one"),
    ),
    "comma in a cell": (
        SHIPPED.replace("User sends", "User, then").encode(),
        ("row 2: it has 11 cells, the header 10", "between double quotes"),
    ),
    "line of spaces": (SHIPPED.encode() + b"  \n", ("row 6: it has 1 cells, the header 10",)),
    "blank row": (SHIPPED.encode() + b",,,,,,,,,\n", ("row 6: it is blank; delete it",)),
    "open quote": (SHIPPED.replace("User", '"User').encode(), ("double quote",)),
    "Latin-1": (SHIPPED.replace("User", "Café").encode("latin-1"), ("CSV UTF-8",)),
    "UTF-16": (SHIPPED.encode("utf-16"), ("CSV UTF-8",)),
}


@pytest.mark.parametrize(("data", "words"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_file_that_is_no_table_is_named(
    definitions: Path, data: bytes, words: tuple[str, ...]
) -> None:
    (definitions / "milestones.csv").write_bytes(data)
    problems, _ = check_definitions(definitions)
    assert problems[0].startswith(f"{definitions / 'milestones.csv'}: ")
    for word in words:
        assert word in problems[0]


def test_folder_named_like_a_file_is_a_missing_file(definitions: Path) -> None:
    (definitions / "milestones.csv").unlink()
    (definitions / "milestones.csv").mkdir()
    check_says(definitions, "milestones", "missing", "copy it from")


def test_many_problems_of_one_file_leave_those_of_others_in_sight(definitions: Path) -> None:
    path = definitions / "excluded_users.csv"
    path.write_text("user_id,reason\n" + "u1,a,b\n" * 30_000)
    edit(definitions, "pql_bands", "inactive,0", "inactive,1")
    problems, _ = check_definitions(definitions)
    assert len(problems) == 12
    assert problems[10] == f"{path}: 29990 more problems; mend these first."
    assert "pql_bands.csv" in problems[11]


# Vars

PROJECT_FILE = PROJECT / "dbt_project.yml"
SHIPPED_VARS = project_vars(PROJECT_FILE)

WINDOWS = "a list of whole numbers of days, 1 to 3650, each once, such as [1, 7, 14, 30]"
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
    *(("signal_fresh_days", value, "days, 0 to 3650") for value in (-1, 3651, "7", False)),
    *(("first_value_curve_days", value, "days, 0 to 3650") for value in (-1, 3651, "7", None)),
    *(("retention_days", value, "days, 7 to 366") for value in (6, 367, "30", None)),
    *(("retention_weeks", value, "weeks, 0 to 104") for value in (-1, 105, "12", 1.5)),
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
        ("observed_until", value, "a time from 1970 to 2999 that exists")
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
    *((name, 0) for name in ("signal_fresh_days", "first_value_curve_days", "retention_weeks")),
    *(("retention_days", value) for value in (7, 366)),
    *(("on_track_weeks", value) for value in (0.5, 1, 1000)),
    *(("invitation_event", value) for value in ("a", "Invite sent (v2)", 'a "b"', "\U0001f600")),
    *(
        ("observed_until", value)
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


def test_shipped_vars_are_sound_and_each_is_checked() -> None:
    assert wrong_vars(SHIPPED_VARS) == []
    assert list(SHIPPED_VARS) == list(Vars.model_fields)


def test_instants_are_those_of_the_macro() -> None:
    macro = (PROJECT / "macros" / "time" / "observed_until.sql").read_text()
    assert f"set iso = '{ISO}'".replace("\\", "\\\\") in macro


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
            "{retention_days: 5, retention_day: 8}",
            ["retention_days is 5: ", "no var retention_day"],
        ),
        *((f"{{observed_until: {text}}}", []) for text in ("2024-06-01", "2024-06-01T12:00:00Z")),
        ("", []),
    ],
)
def test_vars_of_the_command_line_are_checked(text: str, words: list[str]) -> None:
    problems = check_vars(["--select", "x", "--vars", text], PROJECT_FILE)
    assert bool(problems) == bool(words)
    for word in words:
        assert any(word in problem for problem in problems)


# Raw files

# The same rows in every form. A quote, a comma, a line end, an apostrophe, text that looks like a
# number, an empty string, rows without optional values.
USERS = [
    ("007", 'it\'s, "a"', "2024-01-01 10:00:00", "free", "web", None),
    ("u2", None, "2024-02-29 23:59:59.123456", None, "é\nads", "007"),
]
EVENTS = [
    ("e1", "007", "login", "2024-01-01 11:00:00", '{"count":2,"page":{"path":"/"}}'),
    (None, "u2", "invite_sent", "2024-03-01 00:00:00", None),
]
ROWS = {"users": USERS, "events": EVENTS}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as profiles.yml sets it up."""
    with duckdb.connect() as opened:
        opened.execute("set TimeZone = 'UTC'")
        yield opened


def write(path: Path, columns: Sequence[str], rows: Sequence[tuple]) -> None:
    """Writes rows of text, in the form that the file's name says."""
    form = path.name.lower().removesuffix(".gz").split(".")[-1]
    if form == "csv":
        cells = [["" if v is None else '"' + v.replace('"', '""') + '"' for v in r] for r in rows]
        write_text(path, "".join(",".join(line) + "\n" for line in [columns, *cells]))
    elif form == "jsonl":
        objects = [dict(zip(columns, row, strict=True)) for row in rows]
        write_text(path, "".join(json.dumps(each) + "\n" for each in objects))
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as opened:
            types = ", ".join(f'"{column}" varchar' for column in columns)
            opened.execute(f"create table rows ({types})")
            if rows:
                places = ", ".join("?" * len(columns))
                opened.executemany(f"insert into rows values ({places})", rows)
            opened.table("rows").write_parquet(str(path))


def write_text(path: Path, text: str | bytes) -> None:
    """Writes text in UTF-8, or bytes, packed where the name says so."""
    data = text.encode() if isinstance(text, str) else text
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data) if path.suffix.lower() == ".gz" else data)


def read(connection: duckdb.DuckDBPyConnection, folder: Path, name: str) -> list[tuple]:
    """The rows of a raw table as a build sees them, without a complaint of the checks."""
    table = find_table(connection, folder, name)
    assert list(empty_columns(connection, table, {})) == []
    columns = ", ".join(f'"{column}"' for column in TABLES[name])
    return connection.execute(f"select {columns} from ({table.query})").fetchall()


def as_text(rows: list[tuple]) -> list[tuple]:
    """The rows with times as text, sorted."""
    texts = [tuple(None if value is None else str(value) for value in row) for row in rows]
    return sorted(texts, key=lambda row: [value or "" for value in row])


FORMS = (".parquet", ".csv", ".jsonl")


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize(
    "place",
    [
        *("{}.parquet", "{}.csv", "{}.csv.gz", "{}.jsonl", "{}.jsonl.gz"),
        *("{}.PARQUET", "{}.CSV.GZ", "{}/part-0.parquet", "{}/a/b/x.csv", "{}/year=2024/x.jsonl"),
    ],
)
@pytest.mark.parametrize("folder", ["raw", "it's a [folder] *é", "plan_tier=x/event_name=y"])
def test_every_form_reads_the_same_rows(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, place: str, folder: str
) -> None:
    write(tmp_path / folder / place.format(name), TABLES[name], ROWS[name])
    assert as_text(read(connection, tmp_path / folder, name)) == as_text(ROWS[name])


@pytest.mark.parametrize("form", FORMS)
def test_columns_are_found_by_name(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    columns = ["my Note", *(column.upper() for column in reversed(TABLES["users"]))]
    rows = [("50%", *reversed(row)) for row in USERS]
    write(tmp_path / f"users{form}", columns, rows)
    assert as_text(read(connection, tmp_path, "users")) == as_text(USERS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("user_id", "\ufeffuser_id", id="byte order mark"),
        pytest.param("\n", "\r\n", id="CRLF"),
        pytest.param("\n", "\r", id="CR"),
        pytest.param("\n", "\n\n", id="blank lines"),
        pytest.param("plan_tier", " Plan_Tier ", id="spaces and capitals in the header"),
    ],
)
def test_every_way_to_write_a_raw_csv_is_read(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, old: str, new: str
) -> None:
    rows = [("#007", 'a, "b"', "2024-01-01 10:00:00", None, "", "é"), ("u2", *[None] * 5)]
    write(tmp_path / "users.csv", TABLES["users"], rows)
    text = (tmp_path / "users.csv").read_text()
    assert old in text
    write_text(tmp_path / "users.csv", text.replace(old, new))
    # In a CSV, an empty cell in quotes is a blank cell.
    blanked = [tuple(value or None for value in row) for row in rows]
    assert as_text(read(connection, tmp_path, "users")) == as_text(blanked)


def test_files_of_a_folder_may_differ_in_form_columns_and_their_order(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = tmp_path / "users"
    write(folder / "1.parquet", TABLES["users"], USERS[:1])
    write(folder / "2.csv", ("created_at", "note", "user_id"), [("2024-01-02", "x", "u2")])
    write(folder / "y=1" / "3.jsonl.gz", ("user_id", "created_at"), [("u3", "2024-01-03")])
    write(folder / "4.parquet", ("created_at", "user_id"), [("2024-01-04", "u4")])
    write(folder / "readme.csv", TABLES["users"], USERS[1:])
    no_data = ("_SUCCESS", ".6.csv", "_temporary/7.csv", ".hidden/8.csv", "Notes.md", "README.txt")
    for name in (*no_data, ".1.parquet.crc", "y=1/_committed_1", "y=1/.DS_Store"):
        write_text(folder / name, "user_id\nx\n")
    write_text(folder / "9.csv", "")
    others = [(f"u{n}", None, f"2024-01-0{n} 00:00:00", None, None, None) for n in (2, 3, 4)]
    assert as_text(read(connection, tmp_path, "users")) == as_text(USERS + others)


def test_files_of_a_folder_may_differ_in_types(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / "users").mkdir()
    rows = {
        "timestamptz": "'u1' as user_id, timestamptz '2024-01-01 12:00+02' as created_at, 'a'",
        "timestamp_ns": "7 as user_id, timestamp_ns '2024-01-01 10:00:00.123456789', 8::double",
        "null": "'no time' as user_id, null::integer as created_at, null::integer",
        "integer": "'unreadable' as user_id, 1704103200 as created_at, {'a': 1}",
    }
    for kind, row in rows.items():
        user_id, created_at, account_id = (part.split(" as ")[0] for part in row.split(", ", 2))
        connection.execute(
            f"copy (select {user_id} as user_id, {account_id} as account_id, {created_at} as "
            "created_at, null::integer as plan_tier, 'web' as install_source, null as invited_by) "
            f"to '{tmp_path}/users/{kind}.parquet' (format parquet)"
        )
    assert as_text(read(connection, tmp_path, "users")) == as_text(
        [
            ("u1", "a", "2024-01-01 10:00:00", None, "web", None),
            ("7", "8", "2024-01-01 10:00:00.123456", None, "web", None),
            ("no time", None, None, None, "web", None),
            ("unreadable", '{"a":1}', None, None, "web", None),
        ]
    )


def test_links_are_followed(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "x.csv", TABLES["users"], USERS)
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "users.csv").symlink_to(tmp_path / "elsewhere" / "x.csv")
    (tmp_path / "folder" / "users").mkdir(parents=True)
    (tmp_path / "folder" / "users" / "part").symlink_to(tmp_path / "elsewhere")
    for folder in ("file", "folder"):
        assert as_text(read(connection, tmp_path / folder, "users")) == as_text(USERS)


@pytest.mark.parametrize("form", FORMS)
def test_partitions_are_columns(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    columns = ("user_id", "account_id", "created_at", "install_source", "invited_by")
    for place in ("plan_tier=pro plus", "plan_tier=007", "plan_tier=__HIVE_DEFAULT_PARTITION__"):
        row = (place, None, "2024-01-01", None, None)
        write(tmp_path / "users" / place / f"part{form}", columns, [row])
    # Here the file has the column, too: the partition is taken.
    row = ("both", None, "2024-01-01", None, None, "free")
    write(tmp_path / "users" / "plan_tier=pro" / f"part{form}", (*columns, "plan_tier"), [row])
    tiers = {row[0]: row[3] for row in read(connection, tmp_path, "users")}
    assert tiers == {
        "plan_tier=pro plus": "pro plus",
        "plan_tier=007": "007",
        "plan_tier=__HIVE_DEFAULT_PARTITION__": None,
        "both": "pro",
    }


@pytest.mark.parametrize("form", FORMS)
def test_partitions_are_those_below_the_table(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    columns = ("user_id", "account_id", "created_at", "plan_tier", "install_source", "invited_by")
    above = tmp_path / "install_source=above" / "plan_tier=above" / "users"
    write(
        above / "plan_tier=a%20b" / f"1{form}",
        columns,
        [("u1", None, "2024-01-01", "own", "web", None)],
    )
    write(
        above / "Plan_Tier=pro" / "more=x" / f"2{form}",
        columns,
        [("u2", None, "2024-01-01", "own", "ads", None)],
    )
    rows = read(connection, above.parent, "users")
    assert {row[0]: (row[3], row[4]) for row in rows} == {
        "u1": ("a b", "web"),
        "u2": ("pro", "ads"),
    }


@pytest.mark.parametrize("form", [".parquet", ".csv"])
def test_time_of_a_file_is_more_than_that_of_its_folder(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    columns = ("event_id", "user_id", "event_name", "timestamp", "properties")
    own = ("e1", "u1", "login", "2024-01-02 13:00:00", None)
    write(tmp_path / "events" / "timestamp=2024-01-02" / f"own{form}", columns, [own])
    without = (*columns[:3], columns[4])
    write(
        tmp_path / "events" / "timestamp=2024-01-03" / f"x{form}",
        without,
        [("e2", "u1", "login", None)],
    )
    times = {row[0]: row[3] for row in read(connection, tmp_path, "events")}
    assert times == {"e1": datetime(2024, 1, 2, 13), "e2": datetime(2024, 1, 3)}


def test_parquet_column_that_stands_twice_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "users.parquet"
    write(path, (*TABLES["users"], "User_IX"), [(*row, None) for row in USERS])
    assert len(read(connection, tmp_path, "users")) == len(USERS)
    path.write_bytes(path.read_bytes().replace(b"User_IX", b"User_ID"))
    sentence = wrong(connection, tmp_path)
    for word in (f"{path}: ", "column user_id", "more than once"):
        assert word in sentence


def test_folder_without_the_right_to_read_it_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "users" / "1.csv", TABLES["users"], USERS)
    write(tmp_path / "users" / "closed" / "2.csv", TABLES["users"], USERS)
    scan = os.scandir

    def refuse(place: str | Path) -> Any:
        if Path(place).name == "closed":  # As for a user other than root.
            raise PermissionError(13, "Permission denied", str(place))
        return scan(place)

    monkeypatch.setattr(os, "scandir", refuse)
    sentence = wrong(connection, tmp_path)
    assert sentence.startswith(f"{tmp_path / 'users' / 'closed'}: this folder can't be read (Perm")


def test_link_that_leads_round_is_followed_once(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path / "users" / "more" / "1.csv", TABLES["users"], USERS)
    (tmp_path / "users" / "more" / "again").symlink_to(tmp_path / "users")
    assert len(read(connection, tmp_path, "users")) == len(USERS)


def test_file_with_a_name_that_is_no_text_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path / "users" / "1.csv", TABLES["users"], USERS)
    (tmp_path / "users" / os.fsdecode(b"caf\xe9.csv")).touch()
    assert "no UTF-8; rename it" in wrong(connection, tmp_path)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("'007'", "007"),
        ("7", "7"),
        ("12345678901234567890::ubigint", "12345678901234567890"),
        ("7::double", "7"),
        ("7.5::double", "7.5"),
        ("1e20::double", "100000000000000000000"),
        ("'nan'::double", None),
        ("7::decimal(38, 0)", "7"),
        ("7.00::decimal(10, 2)", "7"),
        ("7.50::decimal(10, 2)", "7.50"),
        ("encode('é')", "é"),
        ("'pro'::enum ('pro')", "pro"),
        ("true", "true"),
        ("null", None),
        ("{'count': 2}", '{"count":2}'),
        ("map {'count': 2}", '{"count":2}'),
        ("[1, 2]", "[1,2]"),
    ],
)
def test_every_type_becomes_text(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, value: str, text: str | None
) -> None:
    connection.execute(
        f"copy (select 'u1' as user_id, {value} as account_id, date '2024-01-01' as created_at, "
        f"null as plan_tier, null as install_source, null as invited_by) "
        f"to '{tmp_path}/users.parquet' (format parquet)"
    )
    assert read(connection, tmp_path, "users")[0][1] == text


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("date '2024-01-01'", "2024-01-01 00:00:00"),
        ("timestamp '2024-01-01 10:00:00.123456'", "2024-01-01 10:00:00.123456"),
        ("timestamp_s '2024-01-01 10:00:00'", "2024-01-01 10:00:00"),
        ("timestamp_ms '2024-01-01 10:00:00.123'", "2024-01-01 10:00:00.123000"),
        ("timestamp_ns '2024-01-01 10:00:00.123456789'", "2024-01-01 10:00:00.123456"),
        ("timestamptz '2024-01-01 12:00:00+02'", "2024-01-01 10:00:00"),
        # Parquet files of pandas have this type.
        ("timestamptz_ns '2024-01-01 12:00:00.123456789+02'", "2024-01-01 10:00:00.123456"),
        ("'2024-01-01T12:00:00+02:00'", "2024-01-01 10:00:00"),
        ("'2024-01-01'::blob", "2024-01-01 00:00:00"),
        ("1704103200", None),
        ("time '10:00'", None),
        ("timestamp 'infinity'", None),
        ("timestamp '290000-01-01'", None),
        ("date '5000000-01-01'", None),
        ("null", None),
    ],
)
def test_every_type_becomes_a_time_or_null(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, value: str, time: str | None
) -> None:
    columns = "null as account_id, null as plan_tier, null as install_source, null as invited_by"
    for user_id, created_at in (("first", "date '2024-01-01'"), ("second", value)):
        path = tmp_path / "users" / f"{user_id}.parquet"
        path.parent.mkdir(exist_ok=True)
        connection.execute(
            f"copy (select '{user_id}' as user_id, {created_at} as created_at, {columns}) "
            f"to '{path}' (format parquet)"
        )
    times = {row[0]: row[2] for row in read(connection, tmp_path, "users")}
    assert times["second"] == (None if time is None else datetime.fromisoformat(time))


@pytest.mark.parametrize("form", [".csv", ".jsonl"])
@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2024-01-01", "2024-01-01 00:00:00"),
        ("2024-01-01 10:00", "2024-01-01 10:00:00"),
        ("2024-01-01T10:00:00Z", "2024-01-01 10:00:00"),
        ("2024-01-01T10:00:00.123456789Z", "2024-01-01 10:00:00.123456"),
        ("2024-01-01T12:00:00+02:00", "2024-01-01 10:00:00"),
        ("2024-01-01T12:00:00+0200", "2024-01-01 10:00:00"),
        ("2024-01-01 12:00:00 Europe/Berlin", "2024-01-01 11:00:00"),
        ("2024-01-01 10:00:00 UTC", "2024-01-01 10:00:00"),
        ("2024-01-01 10:00:00 gmt", "2024-01-01 10:00:00"),
        (" 2024-1-1 10:00:00 ", "2024-01-01 10:00:00"),
        ("2024-01-01 12:00:00.123456 +0200", "2024-01-01 10:00:00.123456"),
        ("2024-01-01 05:30 -04:30", "2024-01-01 10:00:00"),
        ("2024-01-01T10:00:00 Z", "2024-01-01 10:00:00"),
        ("2024-01-02 00:00:00+14:00", "2024-01-01 10:00:00"),
        ("2023-12-31 20:00:00-14", "2024-01-01 10:00:00"),
        ("0001-01-01", "0001-01-01 00:00:00"),
        ("", None),
        ("2024-02-30", None),
        ("01/02/2024", None),
        ("2024/01/02", None),
        ("24-01-05 10:00", None),
        ("05-01-24", None),
        ("1-5-24", None),
        ("224-01-05", None),
        ("02024-01-05", None),
        ("  24-01-05", None),
        ("-2024-01-05", None),
        ("2024-01-01 10:00:00+14:30", None),
        ("2024-01-01 10:00:00 -15:00", None),
        ("2024-01-01 10:00:00+02:60", None),
        ("2024-01-01 10:00:00 BST", None),
        ("2024-01-01 10:00:00 EST5EDT", None),
        ("1704103200", None),
        ("infinity", None),
        ("290000-01-01", None),
        ("0044-03-15 (BC)", None),
        ("yesterday", None),
    ],
)
def test_times_in_text_become_utc_or_null(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str, text: str, time: str | None
) -> None:
    rows = [("u1", "a", text, "p", "i", "u2"), ("u2", "a", "2024-01-01", "p", "i", "u2")]
    write(tmp_path / f"users{form}", TABLES["users"], rows)
    times = {row[0]: row[2] for row in read(connection, tmp_path, "users")}
    assert times["u1"] == (None if time is None else datetime.fromisoformat(time))


def test_nested_properties_are_json_text(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    properties = [{"count": 2, "page": {"tags": ["é", None]}}, '{"count": 2}', {}, None, ""]
    rows = [(f"e{n}", "u1", "x", "2024-01-01", each) for n, each in enumerate(properties)]
    write(tmp_path / "events.jsonl", TABLES["events"], rows)
    assert [row[4] for row in sorted(read(connection, tmp_path, "events"))] == [
        '{"count":2,"page":{"tags":["é",null]}}',
        '{"count": 2}',
        "{}",
        None,
        "",
    ]


def test_json_keys_may_be_rare_and_awkward(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    number = "12345678901234567890123"
    common = f'\n{{"user_id": {number}, "created_at": "2024-01-01", "it\'s": 1, "": 2}}\n'
    last = dict(zip(TABLES["users"], USERS[0], strict=True), user_id="last")
    write_text(tmp_path / "users.jsonl", common * 25_000 + json.dumps(last))
    rows = read(connection, tmp_path, "users")
    assert len(rows) == 25_001
    found = {row[0]: row for row in rows}
    assert as_text([found["last"]]) == as_text([("last", *USERS[0][1:])])
    assert found[number][1] is None


def wrong(connection: duckdb.DuckDBPyConnection, folder: Path, name: str = "users") -> str:
    """The sentence with which the checks stop the raw table."""
    try:
        sentences = list(empty_columns(connection, find_table(connection, folder, name), {}))
    except InputProblem as problem:
        sentences = [str(problem)]
    assert len(sentences) == 1, sentences
    for internal in ("Traceback", "LINE 1:", "select ", "strict_mode", "ignore_errors"):
        assert internal not in sentences[0]
    return sentences[0]


USER_COLUMNS = ",".join(TABLES["users"]) + "\n"
USER = "u1,a,2024-01-01,free,web,\n"
MANY_USERS = USER_COLUMNS + USER * 100_000

WRONG_RAW = {
    "nothing": ("users.csv", "", ("column user_id, account_id", "missing", "first line")),
    "nothing, packed": ("users.csv.gz", "", ("column user_id, account_id", "missing")),
    "no parquet": ("users.parquet", "PAR1", ("can't be read", "mend it or export it again")),
    "no object": ("users.jsonl", "\n", ("column user_id, account_id", "missing")),
    "header only": ("users.csv", USER_COLUMNS, ("there are no users", "put at least one row")),
    "semicolons": ("users.csv", MANY_USERS.replace(",", ";"), ("missing", "separated by commas")),
    "column missing": (
        "users.csv",
        (USER_COLUMNS + USER).replace("plan_tier", "plan"),
        ("column plan_tier is missing", "may be empty, not absent"),
    ),
    "column twice": (
        "users.csv",
        USER_COLUMNS.replace("plan_tier", "User_ID") + USER,
        ("column user_id", "more than once", "keep the one"),
    ),
    "key missing": ("users.jsonl", '{"user_id": 1}\n', ("account_id, created_at", "is missing")),
    "no time": (
        "users.csv",
        MANY_USERS.replace("2024-01-01", "1704103200"),
        ("column created_at: no value can be read", "ISO timestamp"),
    ),
    "no id": (
        "users.csv",
        MANY_USERS.replace("u1", '""'),
        ("column user_id: no value can be read", "text"),
    ),
    "comma without quotes": (
        "users.csv",
        MANY_USERS + "u2,acme,2024-01-01,pro,web,ads,\n",
        ("a row that begins with u2,acme,2024-01-01 has more cells", "double quotes"),
    ),
    "comma without quotes, and line ends in them": (
        "users.csv",
        USER_COLUMNS + 'u1,"a\nb",2024-01-01,,,\n' + "u2,acme,2024-01-01,,web,ads,\n",
        ("a row that begins with u2,acme", "more cells"),
    ),
    "UTF-16": ("users.csv", MANY_USERS.encode("utf-16"), ("this is UTF-16; export it as UTF-8",)),
    "packed, and no ending of it": (
        "users.jsonl",
        gzip.compress(b"{}"),
        ("this is packed; end its name in .gz",),
    ),
    "key of another spelling, late": (
        "users.jsonl",
        (line := json.dumps(dict.fromkeys(TABLES["users"], "2024-01-01")) + "\n") * 30_000
        + line.replace("invited_by", "Invited_By"),
        ("the key Invited_By is spelled otherwise", "in one way"),
    ),
    "cell missing": ("users.csv", USER_COLUMNS + "u1,a\n" + USER, ("Line: 2", "6 Found: 2")),
    "cell too many, late": ("users.csv", MANY_USERS + ",,,,,,,x\n", ("Line: 100002", "u")),
    "open quote": ("users.csv", MANY_USERS + 'u2,"a,2024-01-01,,,\n', ("Line: 100002", "quote")),
    "backslash before a quote": (
        "users.csv",
        USER_COLUMNS + 'u1,"{\\"a\\": 1}",2024-01-01,,,\n',
        ("Line: 2", "quote", "doubled"),
    ),
    "Latin-1, late": (
        "users.csv",
        MANY_USERS.encode() + "u2,a,2024-01-01,café,,\n".encode("latin-1"),
        ("Line: 100002", "utf-8"),
    ),
    "two line ends": ("users.csv", MANY_USERS + "u2,,2024-01-01,,,u1\r\n", ("one kind of line",)),
    "broken object": (
        "users.jsonl",
        '{"user_id": \n',
        ("Malformed JSON", "line 1", "one object a"),
    ),
    "broken object, late": (
        "users.jsonl",
        '{"user_id": 1, "account_id": 1, "created_at": "2024-01-01", "plan_tier": 1, '
        '"install_source": 1, "invited_by": 1}\n' * 50_000 + '{"user_id": \n',
        ("Malformed JSON", "line", "one object a line"),
    ),
    "list of objects": ("users.jsonl", '[{"user_id": 1},\n{"user_id": 2}]\n', ("one object a",)),
}


@pytest.mark.parametrize(("place", "data", "words"), WRONG_RAW.values(), ids=WRONG_RAW)
def test_wrong_raw_file_is_named(
    connection: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    place: str,
    data: str | bytes,
    words: tuple[str, ...],
) -> None:
    write_text(tmp_path / place, data)
    sentence = wrong(connection, tmp_path)
    assert sentence.startswith(f"{tmp_path / place}: ")
    for word in words:
        assert word in sentence


def test_packed_file_that_breaks_off_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    packed = gzip.compress(MANY_USERS.encode())
    path = tmp_path / "users.csv.gz"
    for data in (b"no gzip", packed[:30], packed[:-20]):
        path.write_bytes(data)
        assert wrong(connection, tmp_path).startswith(f"{path}: it can't be read (")


def test_broken_file_of_a_folder_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for n in range(3):
        write(tmp_path / "users" / f"{n}.csv", TABLES["users"], USERS)
    broken = tmp_path / "users" / "1.csv"
    write_text(broken, USER_COLUMNS + "u1\n")
    assert wrong(connection, tmp_path).startswith(f"{broken}: it can't be read (")
    write(broken, ("user_id", "plan_tier"), [("u1", "free")])
    assert wrong(connection, tmp_path).startswith(f"{broken}: column created_at is missing; ")


def test_json_keys_of_two_spellings_are_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "lines" / "users.jsonl"
    line = json.dumps(dict(zip(TABLES["users"], USERS[1], strict=True))) + "\n"
    other = line.replace("invited_by", "Invited_By")
    for lines in (f"{line}{other}" * 3, line * 10_000 + other, f"{other}{line}"):
        write_text(path, lines)
        sentence = wrong(connection, tmp_path / "lines")
        assert sentence.startswith(f"{path}: the key ")
        for word in ("invited_by", "Invited_By", "in one way"):
            assert word in sentence
    # Files are looked at one by one, however long the first is.
    folder = tmp_path / "files" / "users"
    write_text(folder / "1.jsonl", line * 30_000)
    write_text(folder / "2.jsonl.gz", other)
    sentence = wrong(connection, tmp_path / "files")
    for word in (f"{folder / '2.jsonl.gz'}: ", f"invited_by in {folder / '1.jsonl'}; "):
        assert word in sentence
    # Another spelling in all lines is no matter, and neither is that of a key that is not read.
    write_text(path, other + other.replace("{", '{"Note": 1, "note": 2, ', 1))
    assert as_text(read(connection, tmp_path / "lines", "users")) == as_text([USERS[1]] * 2)


def test_table_that_lies_there_twice_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path / "users.parquet", TABLES["users"], USERS)
    write(tmp_path / "users.old.csv", TABLES["users"], USERS)
    assert len(read(connection, tmp_path, "users")) == 2
    write(tmp_path / "USERS.csv", TABLES["users"], USERS)
    sentence = wrong(connection, tmp_path)
    for word in (str(tmp_path), "more than once", "USERS.csv, users.parquet", "keep the one"):
        assert word in sentence


def test_folder_that_is_missing_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    sentence = wrong(connection, tmp_path / "nowhere")
    for word in (f"{tmp_path / 'nowhere'}: ", "no such folder", "PLG_RAW_DIR", "users.parquet"):
        assert word in sentence


@pytest.mark.parametrize(
    "name", ["2.ndjson", "2.json", "4.tsv", "part-00001", "d=1/part-00000", "2.csv.zip", "2.txt"]
)
def test_file_of_a_folder_that_would_not_be_read_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
) -> None:
    write(tmp_path / "users" / "1.csv", TABLES["users"], USERS)
    write_text(tmp_path / "users" / name, "x")
    sentence = wrong(connection, tmp_path)
    for word in (f"{tmp_path / 'users'}: ", f": {name}; ", ".parquet, .csv", "move away"):
        assert word in sentence


def test_link_that_leads_nowhere_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path / "users" / "1.csv", TABLES["users"], USERS)
    (tmp_path / "users" / "2.csv").symlink_to(tmp_path / "gone.csv")
    assert ": 2.csv; " in wrong(connection, tmp_path)


def test_many_files_that_would_not_be_read_are_counted(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for number in range(9):
        write_text(tmp_path / "users" / f"part-{number}", "x")
    assert ": part-0, part-1, part-2 and 6 more; " in wrong(connection, tmp_path)


@pytest.mark.parametrize("name", ["2.parquet", "2.csv.gz", "2.jsonl.gz"])
def test_file_of_a_folder_that_has_lost_its_content_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
) -> None:
    write(tmp_path / "users" / "1.csv", TABLES["users"], USERS)
    (tmp_path / "users" / name).touch()
    sentence = wrong(connection, tmp_path)
    for word in (f"{tmp_path / 'users'}: ", "empty", f": {name}; ", "deliver"):
        assert word in sentence


def test_table_that_is_missing_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_text(tmp_path / "users.json", "[]")
    sentence = wrong(connection, tmp_path)
    for word in (f"{tmp_path / 'users'}: ", "no file or folder", "users.parquet, users.csv"):
        assert word in sentence
    write_text(tmp_path / "users" / "_SUCCESS", "")
    sentence = wrong(connection, tmp_path)
    for word in (f"{tmp_path / 'users'}: ", "no data", ".parquet, .csv"):
        assert word in sentence


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("column", ["user_id", "event_name", "timestamp"])
def test_column_without_a_value_is_named(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str, column: str
) -> None:
    place = TABLES["events"].index(column)
    rows = [(*row[:place], "", *row[place + 1 :]) for row in EVENTS]
    write(tmp_path / f"events{form}", TABLES["events"], rows)
    sentence = wrong(connection, tmp_path, "events")
    assert sentence.startswith(f"{tmp_path}/events{form}: column {column}: no value can be read; ")


@pytest.mark.parametrize("form", [".parquet", ".csv"])
def test_no_users_stop_a_build_and_no_events_do_not(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    for name, columns in TABLES.items():
        write(tmp_path / f"{name}{form}", columns, [])
    assert read(connection, tmp_path, "events") == []
    sentence = wrong(connection, tmp_path, "users")
    assert sentence == f"{tmp_path}/users{form}: there are no users; put at least one row in"


# Settings


@pytest.mark.parametrize("name", ["marts.duckdb", "Semantic.x.duckdb", ".main.db", "temp", "RAW"])
def test_database_named_as_a_schema_is_refused(tmp_path: Path, name: str) -> None:
    (problem,) = check_names(tmp_path / name, "raw")
    for word in (f"PLG_DATABASE {tmp_path / name}: ", "name of a schema", "otherwise"):
        assert word in problem


def test_names_of_schemas_are_those_of_the_project() -> None:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    models = project["models"]["plg_analytics"].values()
    layers = [layer for layer in models if isinstance(layer, dict)]
    schemas = {layer["+schema"] for layer in layers if "+schema" in layer}
    assert schemas | {project["seeds"]["plg_analytics"]["+schema"]} == set(SCHEMAS)
    assert {"main", "temp", "system"} <= set(RESERVED)


def test_raw_schema_is_a_plain_name(tmp_path: Path) -> None:
    assert check_names(tmp_path / "plg.duckdb", "Raw_2") == []
    (problem,) = check_names(tmp_path / "raw_2.duckdb", "Raw_2")
    assert problem.startswith(f"PLG_DATABASE {tmp_path / 'raw_2.duckdb'}: ")
    for name in ("2raw", 'r"w', "my raw", "raw.x", "räw", "marts", "Main", "temp"):
        (problem,) = check_names(tmp_path / "plg.duckdb", name)
        assert problem.startswith(f"PLG_RAW_SCHEMA {name}: ")


@pytest.mark.parametrize("name", ["it's.duckdb", 'a"b.duckdb', "a;b.duckdb", "plg#1.duckdb"])
def test_database_with_a_name_that_dbt_can_not_quote_is_refused(tmp_path: Path, name: str) -> None:
    (problem,) = check_names(tmp_path / name, "raw")
    assert problem.startswith(f"PLG_DATABASE {tmp_path / name}: ")
    assert "name it otherwise" in problem


def test_memory_limit_is_one_that_duckdb_reads() -> None:
    for limit in ("4GB", "60%", "500 MiB"):
        assert check_memory_limit(limit) == []
    for limit in ("lots", "4", "4 apples"):
        (problem,) = check_memory_limit(limit)
        assert problem.startswith(f"PLG_MEMORY_LIMIT {limit}: DuckDB can't read it (")
        assert "4GB or 60%" in problem
    for limit, word in (("1KB", "too little"), ("0%", "too little"), ("-5GB", "negative")):
        (problem,) = check_memory_limit(limit)
        assert word in problem


def test_database_that_can_be_written_is_accepted_and_not_made(tmp_path: Path) -> None:
    file = tmp_path / "plg.duckdb"
    assert list(check_database(file)) == []
    assert not file.exists()
    duckdb.connect(str(file)).close()
    assert list(check_database(file)) == []


def test_database_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    write_text(tmp_path / "text.duckdb", "no database " * 1000)
    for place, word in (
        ("missing/plg.duckdb", f"there is no folder {tmp_path / 'missing'}"),
        ("", "this is a folder"),
        ("text.duckdb", "not a valid DuckDB database file"),
        ("text.duckdb/plg.duckdb", "there is no folder"),
    ):
        (problem,) = check_database(tmp_path / place)
        assert problem.startswith(f"PLG_DATABASE {tmp_path / place}: ")
        assert word in problem


def test_database_that_another_process_has_open_is_named_with_it(tmp_path: Path) -> None:
    file = tmp_path / "plg.duckdb"
    duckdb.connect(str(file)).close()
    opening = "c = duckdb.connect(sys.argv[1], read_only=True)"
    reader = f"import duckdb, sys; {opening}; print('open'); input()"
    with subprocess.Popen(
        [sys.executable, "-uc", reader, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        (problem,) = check_database(file)
        process.stdin.close()
    for word in (f"PLG_DATABASE {file}: ", f"PID {process.pid}", "reader", "scripts/publish"):
        assert word in problem


def test_wrong_settings_stop_scripts_build_with_a_sentence_each(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "plg.build", "duckdb", str(tmp_path)],
        cwd=PROJECT,
        env={
            **os.environ,
            "PLG_DATABASE": "missing/marts.duckdb",
            "PLG_RAW_SCHEMA": "my raw",
            "PLG_MEMORY_LIMIT": "lots",
            "DBT_TARGET_PATH": str(tmp_path / "target"),
            "DBT_LOG_PATH": str(tmp_path / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    assert "Traceback" not in finished.stdout + finished.stderr
    said = " ".join(finished.stdout.split())
    for word in ("PLG_RAW_SCHEMA my raw: ", "name of a schema", "PLG_MEMORY_LIMIT lots: "):
        assert word in said
    assert "there is no folder" in said and "Nothing was built." in said


# Builds


@pytest.fixture
def raw_dir(tmp_path: Path) -> Path:
    """A small set of raw files."""
    write(tmp_path / "raw" / "users.csv", TABLES["users"], USERS)
    write(tmp_path / "raw" / "events.jsonl", TABLES["events"], EVENTS)
    return tmp_path / "raw"


@pytest.fixture
def plugin(tmp_path: Path, raw_dir: Path, monkeypatch: pytest.MonkeyPatch) -> plg_input.Plugin:
    """The plugin, as `dbt build` calls it."""
    monkeypatch.setattr(plg_input, "get_flags", lambda: SimpleNamespace(VARS={}, WHICH="build"))
    config = {"raw_dir": raw_dir, "raw_schema": "raw", "definitions_dir": SEEDS}
    return plg_input.Plugin("plg_input", config, SimpleNamespace(path=tmp_path / "plg.duckdb"))


def test_each_run_in_a_process_looks_anew_and_what_only_reads_does_not(
    connection: duckdb.DuckDBPyConnection,
    plugin: plg_input.Plugin,
    raw_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """dbt keeps its connection from run to run, as in a notebook or a scheduler."""

    def run(invocation_id: str, command: str) -> int:
        flags = SimpleNamespace(VARS={}, WHICH=command)
        monkeypatch.setattr(plg_input, "get_flags", lambda: flags)
        monkeypatch.setattr(plg_input, "get_invocation_id", lambda: invocation_id)
        plugin.configure_cursor(connection)
        return connection.execute("select count(*) from raw.users").fetchone()[0]

    monkeypatch.setattr(plg_input, "get_invocation_id", lambda: "first")
    plugin.configure_connection(connection)
    assert run("first", "build") == len(USERS)
    (raw_dir / "users.csv").unlink()
    write(raw_dir / "users" / "1.csv", TABLES["users"], USERS * 2)
    # The view is still that of the file which is gone.
    with pytest.raises(duckdb.IOException):
        run("second", "show")
    assert run("third", "build") == 2 * len(USERS)


def test_table_in_the_place_of_a_view_is_named(
    connection: duckdb.DuckDBPyConnection, plugin: plg_input.Plugin
) -> None:
    connection.execute("create schema raw; create table raw.users as select 1 as user_id")
    with pytest.raises(DbtRuntimeError, match="holds a table raw.users, .* another PLG_RAW_SCHEMA"):
        plugin.configure_connection(connection)


def build(workdir: Path, raw_dir: Path, definitions_dir: Path, *without: str) -> str:
    """Builds all but the resource types `without`; what dbt printed."""
    workdir.mkdir(exist_ok=True)
    return dbt(
        *("build", "--exclude-resource-type", "unit_test", *without),
        workdir=workdir,
        PLG_RAW_DIR=str(raw_dir),
        PLG_DEFINITIONS_DIR=str(definitions_dir),
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the folder, byte for byte."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_wrong_input_stops_a_build_before_the_first_model(
    tmp_path: Path, raw_dir: Path, definitions: Path
) -> None:
    edit(definitions, "milestones", "7d", "7 days")
    write(raw_dir / "users.csv", ("user_id",), [("u1",)])
    with pytest.raises(BuildFailed) as failure:
        build(tmp_path / "work", raw_dir, definitions)
    said = str(failure.value)
    assert f"{definitions / 'milestones.csv'}: row 2, column timeframe: '7 days'; write" in said
    assert f"{raw_dir / 'users.csv'}: column account_id, created_at, " in said
    assert "Traceback" not in said
    assert " START " not in said  # as in "1 of 60 START seed file definitions.benchmarks"
    schemas = query(
        tmp_path / "work" / "plg.duckdb",
        "select schema_name from duckdb_schemas() where not internal",
    )
    assert schemas == []


def test_database_named_as_a_schema_stops_plain_dbt(tmp_path: Path, raw_dir: Path) -> None:
    with pytest.raises(BuildFailed) as failure:
        dbt(
            "build",
            workdir=tmp_path,
            PLG_RAW_DIR=str(raw_dir),
            PLG_DATABASE=str(tmp_path / "marts.duckdb"),
        )
    assert "marts is the name of a schema, too" in str(failure.value)
    assert "Traceback" not in str(failure.value)


def test_header_only_definitions_build_and_so_do_reordered_ones_in_the_same_database(
    tmp_path: Path, raw_dir: Path, definitions: Path
) -> None:
    folder = definitions.rename(tmp_path / "l'été")
    # No event yet, either.
    (raw_dir / "events.jsonl").unlink()
    write(raw_dir / "events.csv", TABLES["events"], [])
    full = contents(folder)
    for path in folder.iterdir():
        path.write_bytes(full[path.name].splitlines(keepends=True)[0])
    before = contents(folder)
    build(tmp_path / "work", raw_dir, folder)
    assert contents(folder) == before
    database = tmp_path / "work" / "plg.duckdb"
    assert query(database, "select * from definitions.milestones") == []
    assert query(database, "select count(*) as n from marts.pql_scores") == [{"n": 2}]

    write(raw_dir / "events.csv", TABLES["events"], EVENTS)
    # All rows, the columns turned round, with a byte order mark, CRLF and a further column.
    for path in folder.iterdir():
        header, *records = csv.reader(full[path.name].decode().splitlines())
        table = [[*header, "note"], *([*record, "50%"] for record in records)]
        lines = [",".join(f'"{cell}"' for cell in reversed(line)) + "\r\n" for line in table]
        path.write_bytes(("\ufeff" + "".join(lines)).encode())
    before = contents(folder)
    build(tmp_path / "work", raw_dir, folder, "test")
    assert contents(folder) == before
    for name, (model, _) in FILES.items():
        columns = ", ".join(model.model_fields)
        shipped = f"read_csv('{SEEDS / name}.csv', header = true)"
        for missing in (
            f"select {columns} from {shipped} except select {columns} from definitions.{name}",
            f"select {columns} from definitions.{name} except select {columns} from {shipped}",
        ):
            assert query(database, missing) == [], name


def test_build_leaves_a_relative_definitions_folder_as_it_was(
    tmp_path: Path, raw_dir: Path, definitions: Path
) -> None:
    edit(definitions, "milestones", "0.20", "0.21")
    before = contents(definitions)
    # By way of the root, so that it names the same folder from wherever dbt joins it to.
    relative = Path("../" * 30) / definitions.relative_to("/")
    for _ in range(2):
        said = build(tmp_path / "work", raw_dir, relative, "test")
        assert "column weight: the weights sum to 1.01, not to 1" in said
        assert contents(definitions) == before


def test_plain_dbt_checks_the_vars_too(tmp_path: Path) -> None:
    compile_one = ("compile", "--select", "stg_users", "--vars")
    with pytest.raises(BuildFailed) as failure:
        dbt(*compile_one, "{retention_days: 5, retention_day: 8}", workdir=tmp_path)
    said = str(failure.value)
    assert "- The var retention_days is 5: write a whole number of days, 7 to 366" in said
    assert "- There is no var retention_day; the vars are " in said
    said = dbt(*compile_one, "{benchmark_category: games}", workdir=tmp_path)
    assert "no row has category 'games' and segment 'all'" in said
