"""Which cells and rows of the definitions are right, wrong or doubtful."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from plg.definitions.checks import (
    DEFINITIONS,
    check_definitions,
    late_activations,
    unmatched_benchmarks,
)
from plg.definitions.scorecard import UNITS
from tests.input.files import SEEDS, check_says, edit

MILESTONE = "m1,User sends first invite,0.20,7d,invite_sent,1,default,true,false,1,,"

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
    ("milestones", "false,1,", "false,0,", ("row 2", "column min_count", "'0'", "1 or more")),
    ("milestones", "false,1,,", "false,1,0,7", ("row 2", "column min_days", "'0'", "1 or more")),
    ("milestones", "false,1,,", "false,1,3,7d", ("row 2", "column within_days", "'7d'", "whole")),
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
        (
            "segments",
            "plan_tier,users",
            f"{name},users",
            ("row 3", "column segment_type", "small letters"),
        )
        for name in ("", "Country", "company size", "2nd")
    ),
    ("segments", "plan_tier,users", "plan_tier,user", ("row 3", "source_table", "users, accounts")),
    ("segments", "plan_tier,users", "plan_tier,", ("row 3", "source_table", "users, accounts")),
    ("segments", "plan_tier,1000", ",1000", ("row 3", "column source_column", "name of a column")),
    *(
        ("segments", ",1000,", f",{number},", ("row 2", "column max_values", "from 1 to 1000"))
        for number in ("0", "1001", "many", "-1", "2.5")
    ),
    ("input_columns", "source_column", "source_column\nusers,user_id,", ("row 2", "source_column")),
    ("metric_registry", ",leading,", ",early,", ("row 2", "column indicator_type", "leading, lag")),
    ("metric_registry", ",activation,", ",growth,", ("row 2", "column layer", "acquisition, act")),
    (
        "metric_registry",
        ",activation_by_cohort,activation_rate,",
        ",activation_by_cohort,activation_rat,",
        ("metric_registry.csv: activation_by_cohort has no column activation_rat", "row 2"),
    ),
    (
        "metric_registry",
        ",activation_by_cohort,",
        ",activations,",
        ("metric_registry.csv: there is no mart activations", "row 2", "column mart"),
    ),
    *(
        ("definition_log", "\n", f"\n{row}\n", ("row 2", *said))
        for row, said in {
            "C575BE4C913D,2026-12-01,o,c,r": ("definitions_version", "12 digits"),
            "c575be4c913,2026-12-01,o,c,r": ("definitions_version", "12 digits"),
            "c575be4c913d,2026-02-30,o,c,r": ("valid_from_date", "2026-01-31"),
            "c575be4c913d,1 Dec 2026,o,c,r": ("valid_from_date", "2026-01-31"),
            "c575be4c913d,2026-12-01,,c,r": ("owner", "name"),
            "c575be4c913d,2026-12-01,o,,r": ("change", "name"),
            "c575be4c913d,2026-12-01,o,c,": ("reason", "name"),
        }.items()
    ),
    ("funnels", "activation,1", ",1", ("row 2", "column funnel_id", "name")),
    ("funnels", "activation,1", "activation,one", ("row 2", "column step_number", "whole number")),
    ("funnels", "Signed up", "", ("row 2", "column step_name", "name")),
    (
        "funnels",
        "user_login,,,",
        "user_login,plan,like,x",
        ("row 3", "'like'", "is, is_not, exists"),
    ),
    *(
        ("funnels", "user_login,,,", f"user_login,{key},,x", ("row 3", "property_key", "quotes"))
        for key in ("it's", '"a""b"', "a\\b", "*")
    ),
    *(
        ("funnels", "user_login,,,", f"user_login,{key},,x", ("row 3", "property_key", "invisible"))
        for key in (" plan", "plan ", "plan\u200b", "\ufeffplan")
    ),
    (
        "event_catalog",
        "email_opened,",
        "user_signup\u200b,",
        ("event_name", "user_signup"),
    ),
    *(
        (
            "funnels",
            "user_login,,,",
            f"user_login,plan,,{value}",
            ("row 3", "property_value", words),
        )
        for value, words in (("NULL", "null"), (" null ", "null"), ("  ", "blanks"))
    ),
    (
        "funnels",
        "true,14d",
        "maybe,14d",
        ("row 4", "column is_optional", "'maybe'", "true or false"),
    ),
    ("funnels", ",14d", ",14", ("row 2", "column timeframe", "'14'", "7d")),
    ("funnel_exclusions", "sales_contacted", "", ("row 2", "column event_name", "name")),
    ("funnel_exclusions", ",,\n", ",first,\n", ("row 2", "column from_step", "whole number")),
    ("event_catalog", "false,true", "false,yes!", ("row 7", "column is_friction", "'yes!'")),
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
    (
        "milestones",
        "1,,\n",
        "2,3,7\n",
        ("row 2 (m1)", "min_count and min_days: 2 and 3", "keep one"),
    ),
    ("milestones", "1,,\n", "1,,7\n", ("row 2 (m1)", "within_days: 7", "min_days is blank")),
    ("milestones", "1,,\n", "3,,7\n", ("row 2 (m1)", "within_days: 7", "min_days is blank")),
    ("milestones", "1,,\n", ",4,3\n", ("row 2 (m1)", "within_days: 3 days", "no 4", "write 4 or")),
    ("pql_signals", "user_login,", ",", ("row 3 (first_login)", "neither", "user_column", "event")),
    ("pql_signals", "enterprise,,", "enterprise,x,", ("row 9 (enterprise)", "both", "not both")),
    (
        "pql_signals",
        ",50,1\n",
        ",50,2000000\n",
        ("row 7 (paid_feature)", "max_count", "99,999,999"),
    ),
    ("pql_signals", "plan_tier", "", ("row 9 (enterprise)", "column user_column: blank")),
    ("pql_signals", "plan_tier,enterprise", "plan_tier,", ("row 9", "column user_value: blank")),
    ("pql_bands", "engaged,31", "engaged,0.0", ("rows 2, 3", "column scheme + lower_bound")),
    ("pql_bands", "inactive,0", "inactive,1", ("column lower_bound", "'milestone_share'", "at 0")),
    ("pql_bands", "nurture,0", "nurture,-1", ("column lower_bound", "'points'", "none below")),
    ("benchmarks", "0.20,0.35", "0.35,0.20", ("row 2", "low and high", "exchange")),
    ("benchmarks", "0.20,0.35", "0.20,", ("row 2", "low and high", "one of them is blank")),
    ("kpi_targets", "0.40", "40", ("row 2 (activation_rate)", "target_value: 40", "0.40 for 40 %")),
    ("kpi_targets", "0.40", "-1.1", ("row 2 (activation_rate)", "target_value: -1.1", "fractions")),
    ("kpi_targets", "0.005", "5", ("row 2 (activation_rate)", "tolerance: 5;", "fractions")),
    ("kpi_targets", ",days,", ",rate,", ("row 3 (time_to_first_value)", "'rate'", "write days")),
    ("kpi_targets", ",ratio,", ",rate,", ("row 7 (viral_coefficient)", "write ratio")),
    ("benchmarks", "0.20,0.35", "0.20,35", ("row 2 (activation_rate)", "high: 35", "fractions")),
    ("benchmarks", "0.05,0.12", "0.05,12", ("freemium_conversion_rate", "high: 12;", "40 %")),
    ("segments", "plan_tier,", "all,", ("row 3", "column segment_type: 'all'", "always exists")),
    (
        "segments",
        "plan_tier,",
        "acquisition_type,",
        ("row 3", "'acquisition_type'", "always exists"),
    ),
    ("segments", "plan_tier,", "user_id,", ("row 3", "'user_id'", "column of the mart users")),
    *(
        (
            "segments",
            "1000,\n",
            f"1000,{bounds}\n",
            ("row 2", "column bounds", repr(bounds), "1;11;51"),
        )
        for bounds in ("51;11", "11;11", "11;x", "11;;51", "1_000", "NaN", "1;1e0", "٣")
    ),
    (
        "input_columns",
        "source_column",
        "source_column\nuser,user_id,id",
        ("row 2", "'user'", "users"),
    ),
    (
        "input_columns",
        "source_column",
        "source_column\nusers,id,id",
        ("row 2", "'id'", "user_id, "),
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), WRONG_ROWS)
def test_rows_that_contradict_each_other_are_named(
    definitions: Path, name: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    edit(definitions, name, old, new)
    check_says(definitions, name, *words)


KEYS = {
    "milestones": ("milestone_id", "m1,d,1,7d,e,{n},default,true,true,1,,"),
    "event_catalog": ("event_name", "user_signup,,"),
    "funnels": ("funnel_id + step_number", "f,1,Step {n},e,,,,,7d"),
    "funnel_exclusions": (
        "funnel_id + event_name + property_key + property_operator + property_value + from_step + to_step",
        "upgrade,e,,,,,",
    ),
    "excluded_users": ("user_id", "u1,reason {n}"),
    "pql_signals": ("signal_id", "s1,e,,,{n},1"),
    "pql_bands": ("scheme + band", "points,low,{n},,act,false"),
    "pql_decay": ("older_than_days", "7,0.{n}"),
    "playbooks": (
        "playbook_id + kpi_id",
        "p,k,Name,Persona,,,owner,KPI {n},1,milestone,e,1,1d,,",
    ),
    "metric_registry": ("metric_id", "m,Name {n},activation,leading,users,,,,,,,,growth"),
    "definition_log": ("definitions_version", "0123456789ab,2024-01-1{n},growth,change,reason"),
    "propensity_behaviors": ("behavior_id", "invited,Text {n},invite_sent,,"),
    "kpi_targets": ("metric_id", "m,name {n},rate,true,1,0"),
    "benchmarks": ("metric_id + category + segment", "m,c,all,{n},9,source"),
    "segments": ("segment_type", "country,users,c{n},,"),
    "input_columns": ("table_name + column_name", "users,user_id,id{n}"),
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_doubled_key_is_named(definitions: Path, name: str) -> None:
    columns, row = KEYS[name]
    path = definitions / f"{name}.csv"
    header = path.read_text().splitlines()[0]
    path.write_text("\n".join([header, row.format(n=0), "", row.format(n=1)]) + "\n")
    # The blank line counts: row 4 is what an editor and a spreadsheet call it.
    check_says(definitions, name, f"rows 2, 4, column {columns}: ", "2 times", "keep one")


def test_blank_cells_take_their_defaults(definitions: Path) -> None:
    edit(definitions, "milestones", MILESTONE, "m1,,0.20,7d,invite_sent,1,,,,,,")
    edit(definitions, "event_catalog", "user_signup,false,", "user_signup,,")
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


@pytest.mark.parametrize("often", [",3,7", "1,3,7", "1,3,3", ",1,", "1,1,1", "3,,"])
def test_a_milestone_takes_a_number_of_events_or_of_dates(definitions: Path, often: str) -> None:
    edit(definitions, "milestones", "false,1,,", f"false,{often}")
    assert check_definitions(definitions) == ([], [])


DOUBTFUL = [
    ("funnels", "user_login,,,", "user_login,a,exists,x", ("activation, step 2", "exists", "'x'")),
    ("pql_bands", "pql,70", "pql,170", ("column lower_bound", "'pql'", "at 170", "sum to 1.00")),
    (
        "pql_bands",
        "handoff,51,21,ae_handoff,true",
        "handoff,51,,ae_handoff,",
        ("points has no qualified band: nobody can be handed off",),
    ),
    (
        "pql_bands",
        "70,31,sales_handoff,true",
        "70,,sales_handoff,false",
        ("milestone_share has no qualified band: nobody can be handed off",),
    ),
    ("kpi_targets", "retention_d7", "Retention_D7", ("no metric Retention_D7,", ", ".join(UNITS))),
    ("kpi_targets", "days,false", "days,true", ("time_to_first_value: fewer days", "write false")),
    (
        "metric_registry",
        "\nretention_d30,",
        "\nd30,",
        ("retention_d30 has no row in metric_regis",),
    ),
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
    edit(definitions, "pql_bands", "pql,70,31", "pql,1,")
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


def test_units_are_those_of_the_shipped_targets() -> None:
    rows = csv.DictReader((SEEDS / "kpi_targets.csv").read_text().splitlines())
    assert {row["metric_id"]: row["unit"] for row in rows} == UNITS


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


def test_bounds_may_be_any_numbers_that_ascend(definitions: Path) -> None:
    edit(definitions, "segments", "1000,\n", "1000,-2.5; .5 ;1e2;100.01\n")
    assert check_definitions(definitions) == ([], [])


def test_more_than_twelve_segment_types_are_too_many(definitions: Path) -> None:
    path = definitions / "segments.csv"
    header = path.read_text().splitlines()[0]
    rows = [f"type_{number},users,column_{number},," for number in range(12)]
    path.write_text("\n".join([header, *rows]) + "\n")
    assert check_definitions(definitions) == ([], [])
    path.write_text("\n".join([header, *rows, "more,users,more,,"]) + "\n")
    check_says(definitions, "segments", "13 segment types", "keep 12")
