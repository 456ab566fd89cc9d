"""Macros and vars: each is used, each difference between engines has one place, no clock is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlfluff.core.dialects import dialect_selector

from plg.marts import shipped_vars
from tests.architecture.tree import Manifest, code_of, files, sql_files
from tests.harness import PLACES_OF_RAW_TABLES, PROJECT

# The vars that say where the raw tables are: the harness refuses them (tests/harness.py).
READS_A_VAR = re.compile(rf"\bvar\((?!'({'|'.join(PLACES_OF_RAW_TABLES)})')")
# dbt and you call these by their names; no file of ours does.
CALLED_FROM_OUTSIDE = {
    "create_raw_views",
    *(path.stem for path in (PROJECT / "macros" / "dbt_overrides").glob("*.sql")),
    "create_csv_table",
    "load_csv_rows",
    "reset_csv_table",
    "materialization_incremental_spark",
    "get_assert_columns_equivalent",
    "get_table_columns_and_constraints",
    "dbt_bigquery_validate_get_incremental_strategy",
    "bq_generate_incremental_build_sql",
}


def own_macros(manifest: Manifest) -> list[dict[str, Any]]:
    return [m for m in manifest["macros"].values() if m["package_name"] == "plg_analytics"]


def test_every_macro_file_opens_with_a_comment(manifest: Manifest) -> None:
    for macro in own_macros(manifest):
        text = (PROJECT / macro["original_file_path"]).read_text()
        assert text.startswith("{#-"), f"{macro['name']}: its file opens without a comment"


def test_no_model_reads_a_clock() -> None:
    clock = re.compile(
        r"current_date|current_timestamp|now\(\)|getdate|sysdate|today\(", re.IGNORECASE
    )
    assert not [str(path) for path in sql_files() if clock.search(path.read_text())]
    readers = [path.name for path in sql_files() if "run_started_at" in path.read_text()]
    # The second one writes the date into a proposed row of definition_log.csv.
    assert sorted(readers) == ["credible_until.sql", "definitions_version.sql"]


def test_engines_differ_in_one_folder_only() -> None:
    outside = [path for path in sql_files() if "engine" not in path.parts]
    engines = "duckdb|spark|postgres|redshift|snowflake|bigquery|databricks"
    branch = re.compile(rf"target\.(type|name)|adapter\.type\(|\b({engines})__")
    assert not [str(path) for path in outside if branch.search(path.read_text())]


def test_two_macros_take_the_dates_of_instants() -> None:
    """What else is cast to a date is one: a date and some days, a week's first date, a literal."""
    wrong = []
    for path in sql_files():
        if "engine" not in path.parts and path.name != "dates.sql":
            code = code_of(path)
            wrong += [
                f"{path.name}: {inner}" for inner in cast_to_dates(code) if not is_date(inner)
            ]
            wrong += [f"{path.name}: {found[0]}" for found in TAKES_A_DATE.finditer(code)]
    assert not wrong
    reports = "".join(path.read_text() for path in (PROJECT / "plg").rglob("*.py"))
    assert not re.search(r"_at as date\)|_at\.date\(\)", reports)


# Other ways to a date, or from a date to an instant of UTC that is then compared with one.
TAKES_A_DATE = re.compile(
    r"::\s*date\b|\bdate\(|\bto_date\(|\bextract\(|\bdate_part\("
    r"|dbt\.date_trunc\('\w+', '[\w.]*(?<!_date)'\)"
    r"|_date'\) \}\}\s*[<>]=?\s*[\w.]*_at\b|_at\s*[<>]=?\s*\{\{ dbt\.dateadd\([^{}]*_date'\)"
)


def cast_to_dates(code: str) -> Iterator[str]:
    """What stands in each `cast(... as date)`."""
    for end in re.finditer(r"\s+as date\s*\)", code):
        depth, place = 1, end.start()
        while depth:
            place -= 1
            depth += {")": 1, "(": -1}.get(code[place], 0)
        yield code[place + 1 : end.start()].strip()


def is_date(inner: str) -> bool:
    """Whether an expression is a date already: a null, a literal, or made of a column of dates."""
    if inner == "null" or re.fullmatch(r"'[\d-]+'", inner) or "utc_date(" in inner:
        return True
    return re.findall(r"\w+", inner)[-1].endswith("_date")


@pytest.mark.parametrize(
    "code",
    [
        "cast(signed_up_at as date)",
        "cast(cast(events.occurred_at as date) as text)",
        "cast({{ dbt.dateadd('day', 1, 'signed_up_at') }} as date)",
        "cast(coalesce(stamped_at, occurred_at) as date)",
        "cast(min(events.first_event_at) as date)",
        "cast({{ hours_start }} as date)",
    ],
)
def test_a_cast_of_an_instant_is_found(code: str) -> None:
    assert [inner for inner in cast_to_dates(code) if not is_date(inner)]


@pytest.mark.parametrize(
    "code",
    [
        "occurred_at::date",
        "date(occurred_at)",
        "{{ dbt.date_trunc('week', 'anchored_at') }}",
        "where {{ dbt.dateadd('day', 7, 'weeks.week_start_date') }} <= observation.observed_until_at",
        "where observed_until_at >= {{ dbt.dateadd('hour', 'x', 'weeks.week_start_date') }}",
    ],
)
def test_another_way_to_a_date_is_found(code: str) -> None:
    assert TAKES_A_DATE.search(code)


def test_every_engine_macro_is_tested_over_literal_rows() -> None:
    code = "\n".join(path.read_text() for path in (PROJECT / "tests/dbt/engine").glob("*.sql"))
    # Statements, types and names: `plg compare` and `plg compile` prove them.
    proven_by_building = {"contract_types", "incremental", "load_csv_rows", "raw_column"}
    # They say which tables are there, in no value.
    proven_by_building |= {"delivered_by_vendor", "detected_source", "vendor_tables_are_files"}
    # tests/input/test_reading.py reads each name.
    proven_by_building.add("known_zones")
    # Of a file of several macros those that use the others.
    entries = {
        "regular_expressions": ("regex_matches", "regex_group", "regex_rest"),
        "read_values": ("read_time", "read_word", "without_point"),
        "read_values_by_engine": ("trimmed_text", "read_time"),
        "json_values": ("json_key", "json_object_of"),
    }
    for path in (PROJECT / "macros" / "engine").glob("*.sql"):
        if path.stem not in proven_by_building:
            for name in entries.get(path.stem, (path.stem,)):
                assert re.search(rf"\b{name}\(", code), f"{name} is not tested"


def test_sql_is_portable() -> None:
    words = re.compile(
        r"^\s*qualify\b|\b(arg_min|arg_max|group by all|filter \(|datediff)\b", re.MULTILINE
    )
    for path in sql_files():
        if "engine" not in path.parts:
            assert not words.search(code_of(path)), path


@pytest.mark.parametrize("engine", ["bigquery", "redshift", "snowflake", "postgres", "sparksql"])
def test_no_cte_has_a_reserved_name(engine: str) -> None:
    """Lint knows the words of DuckDB alone."""
    reserved = dialect_selector(engine).sets("reserved_keywords")
    for path in sql_files():
        for name in re.findall(r"^ *(\w+) as \($", code_of(path), re.MULTILINE):
            assert name.upper() not in reserved, f"{path}: {name}"


def test_a_column_is_called_timestamp_by_raw_column_alone() -> None:
    """Redshift reserves the word."""
    bare = re.compile(r"(?<!as )(?<!')\btimestamp\b(?! *')")
    for path in files(".sql", folders=["models"]):
        assert not bare.search(code_of(path)), path


def test_every_macro_and_var_is_used(manifest: Manifest) -> None:
    paths = [*sql_files(), *files(".yml", folders=["models"]), PROJECT / "dbt_project.yml"]
    code = {path: code_of(path) for path in paths}
    words = {path.relative_to(PROJECT): set(re.findall(r"\w+", code[path])) for path in code}
    names = {macro["name"] for macro in own_macros(manifest)}
    for macro in own_macros(manifest):
        name = macro["name"].split("__")[-1].removeprefix("test_")
        if name not in CALLED_FROM_OUTSIDE:
            uses = {path: name in found for path, found in words.items()}
            # Neither a macro's tests nor its own definition use it; another macro of its file may,
            # which dispatches where no macro has the name without the engine's.
            own = Path(macro["original_file_path"])
            call = rf"(?<!macro )\b{name}\("
            if name not in names:
                call += rf"|dispatch\('{name}'\)"
            uses[own] = bool(re.search(call, code[PROJECT / own]))
            used = any(used and path.parts[0] != "tests" for path, used in uses.items())
            assert used, f"nothing uses the macro {name}"
    # What checks the raw files reads its vars in Python.
    checks = "\n".join(path.read_text() for path in (PROJECT / "plg" / "input").glob("*.py"))
    for var in shipped_vars():
        used = any(re.search(rf"var\(['\"]{var}['\"]", text) for text in code.values())
        assert used or f'["{var}"]' in checks, f"nothing uses the var {var}"


# A config, a ref or an argument of a test is fixed when dbt parses. Were one to depend on a var, the
# tests would have to parse for each build (tests/harness.py), and a changed var would be a changed
# project: `state:modified` would not see it.


def test_no_config_depends_on_a_var(manifest: Manifest) -> None:
    assert not READS_A_VAR.search(str(project_file() | {"vars": {}}))
    reading = {
        macro["name"] for macro in own_macros(manifest) if READS_A_VAR.search(macro["macro_sql"])
    }
    called = re.compile(rf"\b({'|'.join(sorted(reading)) or 'none'})\(")
    for path in files(".sql", folders=["models", "tests/dbt", "macros"]):
        for config in re.findall(r"\{\{-?\s*config\((.*?)\)\s*-?\}\}", code_of(path), re.DOTALL):
            assert not READS_A_VAR.search(config), path
            assert not called.search(config), path


def test_no_ref_depends_on_a_var() -> None:
    opening = re.compile(r"\{%-?\s*(if|for|elif|set)\b([^%]*)%\}")
    for path in files(".sql", folders=["models", "tests/dbt"]):
        code = code_of(path)
        for statement in opening.finditer(code):
            if READS_A_VAR.search(statement[2]):
                block = code[statement.start() : end_of_block(code, statement)]
                assert not re.search(r"\b(ref|source)\(", block), f"{path}: {statement[0]}"
        for call in re.finditer(r"\b(ref|source)\(([^)]*)", code):
            assert not READS_A_VAR.search(call[2]), path


def end_of_block(code: str, opening: re.Match[str]) -> int:
    """Where the block of an `if` or `for` ends; the statement itself for a `set`."""
    depth = 0
    for tag in re.finditer(r"\{%-?\s*(end)?(if|for)\b", code[opening.start() :]):
        depth += -1 if tag[1] else 1
        if depth <= 0:
            return opening.start() + tag.end()
    return opening.end()


def test_no_test_argument_depends_on_a_var() -> None:
    for path in files(".yml", folders=["models"]):
        for place, text in strings_of(yaml.safe_load(path.read_text())):
            if READS_A_VAR.search(text):
                # A unit test may give its rows and vars; the rest only says what is.
                assert place[-1] == "description", f"{path}: {'.'.join(place)}"


def strings_of(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text of a yml, with the keys that lead to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from strings_of(inner, (*place, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from strings_of(inner, place)
    elif isinstance(value, str):
        yield place, value


def project_file() -> dict[str, Any]:
    return yaml.safe_load((PROJECT / "dbt_project.yml").read_text())


@pytest.mark.parametrize(
    ("code", "ends_with"),
    [
        ("{% for day in var('days') %}a{% if x %}b{% endif %}c{% endfor %}d", "endfor"),
        ("{% if var('x') %}a{% endif %}{% if y %}b{% endif %}", "endif"),
    ],
)
def test_a_block_ends_where_it_is_closed(code: str, ends_with: str) -> None:
    opening = re.search(r"\{%-?\s*(if|for|elif|set)\b([^%]*)%\}", code)
    block = code[: end_of_block(code, opening)]
    assert block.endswith(ends_with) and block.count("end" + opening[1]) == 1
