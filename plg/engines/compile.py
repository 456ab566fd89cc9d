"""Compiles the project offline for the warehouses that it can't be run on here, and parses the SQL.

`plg compile` calls it. The adapter's own macros compile every model (incremental ones for the first build
and for a later one), every data test, every analysis, and the views of create_raw_views for raw tables of
each type, over a connection that answers nothing. Each text has to parse in the dialect, and may use only functions and types that the
dialect's documentation has. It proves that the project compiles there, not that it runs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import sqlglot
from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from plg.inputs import read_inputs
from plg.settings import PROJECT

# What profiles.yml asks for; the values are never used.
SETTINGS = {
    "postgres": ("HOST", "USER", "PASSWORD", "DATABASE"),
    "redshift": ("HOST", "USER", "PASSWORD", "DATABASE"),
    "snowflake": ("ACCOUNT", "USER", "PASSWORD", "ROLE", "WAREHOUSE", "DATABASE"),
    "bigquery": ("PROJECT",),
    "databricks": ("HOST", "HTTP_PATH", "TOKEN", "CATALOG"),
}
# Functions that all have, and those of each, by their documentation. The check refuses any other name.
COMMON = set(
    "abs avg cast ceil chr coalesce concat count dense_rank exp floor greatest lag lead least length ln "
    "lower max md5 min mod nullif power rank regexp_replace replace row_number round rpad sqrt substr "
    "substring sum translate".split()
)
FUNCTIONS = {
    "postgres": "btrim date_trunc extract generate_series json_array_elements json_each_text "
    "percentile_cont position string_agg to_json trunc",
    "redshift": "btrim convert_timezone date_trunc dateadd datediff farmfingerprint64 is_valid_json "
    "json_extract_path_text json_serialize percentile_cont regexp_substr split_part try_cast",
    "snowflake": "array_contains array_generate_range convert_timezone date_trunc dateadd datediff "
    "dayofweekiso flatten get get_path is_array is_object listagg md5_number_lower64 "
    "object_construct object_insert object_keys parse_json percentile_cont reduce regexp_like "
    "regexp_substr table to_json to_varchar to_variant trim try_cast try_parse_json",
    "bigquery": "array_agg date_diff datetime datetime_add div farm_fingerprint generate_array generate_date_array "
    "json_query json_query_array json_type json_value parse_json regexp_contains regexp_extract safe_cast "
    "safe_offset string_agg timestamp_add timestamp_diff timestamp_micros timestamp_sub "
    "timestamp_trunc to_hex to_json_string trim trunc unnest",
    "databricks": "array array_distinct array_join array_sort collect_list date_trunc datediff double "
    "element_at explode filter from_json from_utc_timestamp get_json_object isnan "
    "make_dt_interval make_ym_interval map named_struct percentile_cont regexp_extract sequence "
    "timestamp_micros to_json transform trim try_cast try_parse_json unix_micros xxhash64",
}
# Likewise the types that values are cast to, without their precision.
COMMON_TYPES = set("bigint boolean date decimal integer smallint timestamp".split())
TYPES = {
    "postgres": "text double\u00a0precision numeric bit json",
    "redshift": "varchar double\u00a0precision",
    "snowflake": "text double number",
    "bigquery": "string datetime float64 int64 numeric bignumeric",
    "databricks": "string double int array<date>",
}
# Types that the columns of raw tables may have, as the adapter names them.
RAW_TYPES = {
    "postgres": "text bigint double\u00a0precision numeric date timestamp\u00a0without\u00a0time\u00a0zone "
    "timestamp\u00a0with\u00a0time\u00a0zone boolean jsonb",
    "redshift": "character\u00a0varying bigint double\u00a0precision numeric date "
    "timestamp\u00a0without\u00a0time\u00a0zone timestamp\u00a0with\u00a0time\u00a0zone boolean super",
    "snowflake": "TEXT NUMBER FLOAT DATE TIMESTAMP_NTZ TIMESTAMP_TZ TIMESTAMP_LTZ BOOLEAN VARIANT",
    "bigquery": "STRING INT64 FLOAT64 NUMERIC DATE DATETIME TIMESTAMP BOOL JSON",
    "databricks": "string bigint double decimal(38,0) date timestamp timestamp_ntz boolean "
    "struct<a:bigint>",
}
# Words that stand before a parenthesis and are no functions.
GRAMMAR = set(
    "all and any as between by case cross distinct else end exists filter from group having in inner "
    "interval is join left not null on or order over partition select set then union using values when "
    "where within lateral".split()
)
TYPES_WITH_SIZE = {"decimal", "varchar", "numeric", "number", "bignumeric", "bit"}


def tokens_of(sql: str, dialect: str) -> list[Token]:
    return list(sqlglot.tokenize(sql, read=dialect))


def is_word(token: Token) -> bool:
    quoted = {
        TokenType.STRING,
        TokenType.IDENTIFIER,
        TokenType.RAW_STRING,
        TokenType.NATIONAL_STRING,
    }
    return token.token_type not in quoted and token.text.replace("_", "a").isalnum()


def casts(tokens: list[Token]) -> Iterator[str]:
    """The type that each cast names."""
    open_casts: list[int] = []
    depth = 0
    for place, token in enumerate(tokens):
        if token.token_type == TokenType.L_PAREN:
            depth += 1
            if place and tokens[place - 1].text.lower() in ("cast", "try_cast", "safe_cast"):
                open_casts.append(depth)
        elif token.token_type == TokenType.R_PAREN:
            if open_casts and open_casts[-1] == depth:
                open_casts.pop()
            depth -= 1
        elif token.text.lower() == "as" and open_casts and open_casts[-1] == depth:
            words, inner = [], 0
            for following in tokens[place + 1 :]:
                inner += (following.token_type == TokenType.L_PAREN) - (
                    following.token_type == TokenType.R_PAREN
                )
                if inner < 0:
                    break
                words.append(following.text.lower())
            yield " ".join(words)


def refused_words(sql: str, dialect: str) -> Iterator[str]:
    """Functions and types that the dialect is not known to have."""
    tokens = tokens_of(sql, dialect)
    functions = COMMON | set(FUNCTIONS[dialect].split())
    types = COMMON_TYPES | {name.replace("\u00a0", " ") for name in TYPES[dialect].split(" ")}
    for before, token, after in zip([None, *tokens], tokens, tokens[1:], strict=False):
        name = token.text.lower()
        if after.token_type != TokenType.L_PAREN or not is_word(token) or name in GRAMMAR:
            continue
        # Names of columns behind an alias, and types with a size.
        is_alias = before is not None and before.text.lower() in ("as", "into")
        if name not in functions and name not in TYPES_WITH_SIZE and not is_alias:
            yield f"the function {name} is not known there"
    for name in casts(tokens):
        if name.split(" (")[0].replace(" < ", "<").replace(" >", ">") not in types:
            yield f"the type {name} is not known there"
        if dialect == "bigquery" and name.startswith("decimal ("):
            scale = int(name.rstrip(" )").split(" , ")[1])
            if scale > 9 or int(name.split("( ")[1].split(" ")[0]) - scale > 29:
                yield f"a {name} is too wide; a bignumeric holds it"
    for token, after in pairwise(tokens):
        if token.text.lower() == "union" and after.text.lower() not in ("all", "distinct"):
            if dialect == "bigquery":
                yield "union needs all or distinct"
        if token.text.lower() == "union" and after.text.lower() == "distinct":
            if dialect == "redshift":
                yield "union distinct is not known there; union means it"


def refused_forms(tree: exp.Expression, dialect: str) -> Iterator[str]:
    """Forms that the dialect does not have, though sqlglot reads them."""
    for node in tree.walk():
        if isinstance(node, exp.Command):
            yield "sqlglot does not know the statement"
        if dialect in ("redshift", "snowflake"):
            if isinstance(node, exp.Select) and node.args.get("windows"):
                yield "named windows do not exist there"
        if dialect == "snowflake" and isinstance(node, exp.BitwiseAnd):
            yield "& does not exist there; bitand does it"
        if dialect == "redshift":
            if isinstance(node, (exp.NullSafeEQ, exp.NullSafeNEQ)):
                yield "is distinct from does not exist there"
            if isinstance(node, exp.WindowSpec) and str(node.args.get("kind")).upper() != "ROWS":
                yield "a window's frame is one of rows there"
            if isinstance(node, exp.Window) and isinstance(node.this, (exp.Sum, exp.Max, exp.Min)):
                if node.args.get("order") and not node.args.get("spec"):
                    yield "an aggregate over an order needs its frame there"
            if isinstance(node, exp.Concat) and len(node.expressions) > 2:
                yield "concat takes two texts there"
        if dialect == "bigquery" and isinstance(node, exp.Join) and node.side:
            if not any(equal_sides(condition) for condition in conjuncts(node.args.get("on"))):
                yield f"a {node.side.lower()} join needs an equality there: {node.sql()[:80]}"


def conjuncts(condition: exp.Expression | None) -> Iterator[exp.Expression]:
    if isinstance(condition, exp.And):
        yield from conjuncts(condition.left)
        yield from conjuncts(condition.right)
    elif condition is not None:
        yield condition


def equal_sides(condition: exp.Expression) -> bool:
    """Whether it is an equality of two tables' columns."""
    if not isinstance(condition, exp.EQ):
        return False
    left, right = (
        {column.table for column in side.find_all(exp.Column)}
        for side in (condition.left, condition.right)
    )
    return bool(left and right and not left & right)


def problems(sql: str, dialect: str) -> list[str]:
    """Why the SQL can't be the dialect's, as far as that is known; empty where nothing is found."""
    try:
        trees = sqlglot.parse(sql, read=dialect, error_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.errors.SqlglotError as error:
        return [f"it does not parse: {' '.join(str(error).split())[:300]}"]
    found = [text for tree in trees if tree for text in refused_forms(tree, dialect)]
    return sorted({*found, *refused_words(sql, dialect)})


def compiled_texts(engine: str, target_folder: Path) -> Iterator[tuple[str, str]]:
    """What dbt makes of the project for the engine: names and SQL."""
    from dbt.adapters.contracts.connection import AdapterResponse, ConnectionState
    from dbt.adapters.factory import get_adapter_class_by_name, load_plugin
    from dbt.cli.main import dbtRunner
    from dbt_common.clients.agate_helper import empty_table

    load_plugin(engine)
    adapter = get_adapter_class_by_name(engine)
    recorded: list[str] = []
    exists = False
    raw_type = "text"

    def execute(self: Any, sql: str, *arguments: Any, **options: Any) -> tuple[Any, Any]:
        recorded.append(sql)
        return AdapterResponse("offline"), empty_table()

    def open_nothing(cls: Any, connection: Any) -> Any:
        connection.state, connection.handle = ConnectionState.OPEN, MagicMock()
        return connection

    def get_relation(self: Any, database: str, schema: str, identifier: str) -> Any:
        path = {"database": database, "schema": schema, "identifier": identifier}
        is_there = exists or schema == "product"
        return self.Relation.create(**path, type="table") if is_there else None

    def get_columns_in_relation(self: Any, relation: Any) -> list[Any]:
        is_raw = relation.schema == "product"
        columns = [*read_inputs()[relation.identifier].columns, "loaded_at"] if is_raw else ()
        return [self.Column(name, raw_type) for name in columns]

    adapter.ConnectionManager.open = classmethod(open_nothing)
    adapter.execute = execute
    adapter.get_relation = get_relation
    adapter.get_columns_in_relation = get_columns_in_relation
    adapter.create_schema = lambda self, relation: None
    adapter.clear_transaction = lambda self: None
    adapter.commit_if_has_connection = lambda self: None
    adapter.set_relations_cache = lambda self, *arguments, **options: None
    settings = ["--quiet", "--target", engine, "--target-path", str(target_folder)]
    settings += ["--log-path", str(target_folder), "--threads", "1", "--project-dir", str(PROJECT)]
    settings += ["--profiles-dir", str(PROJECT), "--no-partial-parse"]

    def run(*command: str) -> Any:
        outcome = runner.invoke([*command, *settings])
        if not outcome.success:
            said = [result.message for result in getattr(outcome.result, "results", [])]
            said = [message for message in said if message] or [str(outcome.exception)]
            raise SystemExit(f"{engine}: dbt {command[0]} failed: " + "\n".join(said))
        return outcome.result

    runner = dbtRunner()
    runner = dbtRunner(manifest=run("parse"))
    for exists in (False, True):
        for result in run("compile", "--no-populate-cache").results:
            node = result.node
            is_incremental = node.config.materialized == "incremental"
            if node.compiled_code and (is_incremental or not exists):
                kind = f"later build of {node.name}" if exists else node.name
                yield f"{node.resource_type} {kind}", node.compiled_code
    exists = False  # No view of another is in the way.
    types = RAW_TYPES[engine].split(" ")
    for raw_type, received_at in [
        *((kind, "") for kind in types),
        (types[0], ", received_at: loaded_at"),
    ]:
        recorded.clear()
        raw_type = raw_type.replace("\u00a0", " ")
        run("run-operation", "create_raw_views", "--args", f"{{schema: product{received_at}}}")
        if len(recorded) < 3:
            raise SystemExit(f"{engine}: create_raw_views made {len(recorded)} statements, not 3")
        for sql in recorded:
            yield f"create_raw_views of {raw_type}{' by arrival' if received_at else ''}", sql


def check(engine: str) -> int:
    """Checks one engine and prints the result; 1 where something is wrong."""
    counts: dict[str, int] = {}
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, sql in compiled_texts(engine, Path(folder)):
            kind = name.split(" ")[0] if "later build" not in name else "later build"
            counts[kind] = counts.get(kind, 0) + 1
            for problem in problems(sql, engine):
                failures += 1
                print(f"{engine}: {name}: {problem}.")
    plurals = {"analysis": "analyses", "create_raw_views": "raw views"}
    said = ", ".join(f"{count} {plurals.get(kind, kind + 's')}" for kind, count in counts.items())
    print(f"{engine}: compiles {said}; {failures or 'no'} problem{'s' * (failures != 1)}.")
    return int(failures > 0)


def check_all(engines: Sequence[str]) -> bool:
    """Checks the engines, each in a process: dbt keeps one adapter's macros and settings for good.

    Returns:
        Whether nothing is wrong with any.
    """
    offline = {
        f"PLG_{name.upper()}_{setting}": "offline"
        for name, settings in SETTINGS.items()
        for setting in settings
    }
    results = [
        subprocess.run(
            [sys.executable, "-m", "plg.engines.compile", engine],
            check=False,
            cwd=PROJECT,
            env={**os.environ, **offline, "PLG_SCHEMA": "main"},
        )
        for engine in engines
    ]
    return all(result.returncode == 0 for result in results)


if __name__ == "__main__":
    sys.exit(check(sys.argv[1]))
