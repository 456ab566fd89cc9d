"""What dbt does with the input of a build: it stops at what can't work, and leaves the files alone."""

from __future__ import annotations

import csv
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from dbt_common.exceptions import DbtRuntimeError

from plg.definitions.checks import DEFINITIONS
from plg.input import plugin as plg_input
from plg.input.raw_tables import find_table
from tests.harness import BuildFailed, dbt, query
from tests.input.files import EVENT_COLUMNS, EVENTS, SEEDS, USER_COLUMNS, USERS, edit, write


def test_each_run_in_a_process_looks_again_and_what_only_reads_does_not(
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
    write(raw_dir / "users" / "1.csv", USER_COLUMNS, USERS * 2)
    # The view is still that of the file which is gone.
    with pytest.raises(duckdb.IOException):
        run("second", "show")
    assert run("third", "build") == 2 * len(USERS)


@pytest.mark.parametrize(
    ("kind", "name"), [("table", "users"), ("view", "events"), ("view", "event_parts")]
)
def test_what_the_project_has_not_made_is_left_as_it_is(
    connection: duckdb.DuckDBPyConnection, plugin: plg_input.Plugin, kind: str, name: str
) -> None:
    connection.execute(f"create schema raw; create {kind} raw.{name} as select 'own' as mine")
    said = f"holds a {kind} raw.{name} that no build has made, .* another PLG_RAW_SCHEMA"
    with pytest.raises(DbtRuntimeError, match=said):
        plugin.configure_connection(connection)
    assert connection.execute(f"from raw.{name}").fetchall() == [("own",)]
    views = "select view_name from duckdb_views() where schema_name = 'raw'"
    assert connection.execute(views).fetchall() == [(name,)] * (kind == "view")


def test_views_of_an_earlier_version_are_replaced(
    connection: duckdb.DuckDBPyConnection, plugin: plg_input.Plugin, raw_dir: Path
) -> None:
    """Its views have no mark: they name the column of file names, or are the parts."""
    source = f"read_csv('{raw_dir / 'users.csv'}', filename = 'plg_file_name')"
    connection.execute(
        f"create schema raw; create view raw.users as select user_id from {source}; "
        "create view raw.event_parts as "
        "select part, fingerprint from (values ('x', 'y')) as parts (part, fingerprint)"
    )
    for _ in range(2):  # The second time, they have the mark.
        plugin.configure_connection(connection)
        assert len(connection.execute("select account_id from raw.users").fetchall()) == len(USERS)
        ((part,),) = connection.execute("select min(part) from raw.event_parts").fetchall()
        assert part == "2024-01-01"


def test_vars_are_checked_with_the_definitions(
    connection: duckdb.DuckDBPyConnection,
    plugin: plg_input.Plugin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run(**given: object) -> list[str]:
        said: list[str] = []
        flags = SimpleNamespace(VARS=given, WHICH="build")
        monkeypatch.setattr(plg_input, "get_flags", lambda: flags)
        monkeypatch.setattr(plg_input, "warn_or_error", lambda event: said.append(event.msg))
        plugin.configure_connection(connection)
        return said

    (warning,) = run(benchmark_category="games")
    assert "no row has category 'games' and segment 'all'" in warning
    (warning,) = run(activation_windows_days=[1])
    assert "may take 14 days" in warning
    assert run() == []
    with pytest.raises(DbtRuntimeError, match="The var retention_days is -5: write a whole number"):
        run(retention_days=-5)


@pytest.mark.parametrize(
    ("target", "schema"), [("main", "intermediate"), ("dev", "dev_intermediate")]
)
def test_events_that_a_build_knows_are_not_read_again(
    connection: duckdb.DuckDBPyConnection,
    plugin: plg_input.Plugin,
    raw_dir: Path,
    target: str,
    schema: str,
) -> None:
    """The parts are those of the target's own build."""
    plugin.creds.schema = target
    plugin.configure_connection(connection)
    (raw_dir / "events.jsonl").unlink()
    write(raw_dir / "events" / "1.csv", EVENT_COLUMNS, EVENTS)
    (raw_dir / "events" / "broken.csv").write_text(",".join(EVENT_COLUMNS) + '\n"e1\n')
    table = find_table(connection, raw_dir, "events")
    connection.execute(f"create schema {schema}")
    connection.execute(f"create table {schema}.int_event_parts as {table.parts_query}")
    plugin.configure_connection(connection)
    connection.execute(f"delete from {schema}.int_event_parts where part like '%broken%'")
    with pytest.raises(DbtRuntimeError, match=r"broken.csv: line 2 can't be read"):
        plugin.configure_connection(connection)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the folder, byte for byte."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.long
def test_wrong_input_stops_dbt_before_the_first_model(
    tmp_path: Path, raw_dir: Path, definitions: Path
) -> None:
    """All problems are told at once: of definitions, raw files, vars and the name of the database."""
    edit(definitions, "milestones", "7d", "7 days")
    write(raw_dir / "users.csv", ("user_id",), [("u1",)])
    database = tmp_path / "marts.duckdb"
    with pytest.raises(BuildFailed) as failure:
        dbt(
            *("build", "--vars", "{retention_days: -5, retention_day: 8}"),
            workdir=tmp_path,
            PLG_RAW_DIR=str(raw_dir),
            PLG_DEFINITIONS_DIR=str(definitions),
            PLG_DATABASE=str(database),
        )
    said = str(failure.value)
    for sentence in (
        f"- {definitions / 'milestones.csv'}: row 2, column timeframe: '7 days'; write",
        f"- {raw_dir / 'users.csv'}: column account_id, created_at, ",
        "- The var retention_days is -5: write a whole number of days, -1 to 366",
        "- There is no var retention_day; the vars are ",
        "marts is the name of a schema, too",
    ):
        assert sentence in said
    assert "Traceback" not in said
    assert " START " not in said  # as in "1 of 60 START seed file definitions.benchmarks"
    assert query(database, "select * from duckdb_schemas() where not internal") == []


@pytest.mark.long
def test_definitions_load_in_every_form_and_stay_as_they_were(
    tmp_path: Path, raw_dir: Path, definitions: Path
) -> None:
    """Three runs on one database, in a folder named by a relative path with an apostrophe.

    First the header lines alone, without an event; then all rows, the columns in reverse order, with a
    byte order mark, CRLF and a further column; then without the columns that may be absent.
    """
    folder = definitions.rename(tmp_path / "l'été")
    # By way of the root, so that it names the same folder from wherever dbt joins it to.
    relative = Path("../" * 30) / folder.relative_to("/")
    database = tmp_path / "plg.duckdb"

    def run(*command: str) -> str:
        before = contents(folder)
        said = dbt(
            *command,
            workdir=tmp_path,
            PLG_RAW_DIR=str(raw_dir),
            PLG_DEFINITIONS_DIR=str(relative),
        )
        assert contents(folder) == before
        return said

    full = contents(folder)
    for path in folder.iterdir():
        path.write_bytes(full[path.name].splitlines(keepends=True)[0])
    (raw_dir / "events.jsonl").unlink()
    write(raw_dir / "events.csv", EVENT_COLUMNS, [])
    run("build", "--exclude-resource-type", "unit_test")
    assert query(database, "select * from definitions.milestones") == []
    assert query(database, "select count(*) as n from marts.pql_scores") == [{"n": len(USERS)}]

    write(raw_dir / "events.csv", EVENT_COLUMNS, EVENTS)
    for path in folder.iterdir():
        header, *records = csv.reader(full[path.name].decode().splitlines())
        table = [[*header, "note"], *([*record, "50%"] for record in records)]
        lines = [",".join(f'"{cell}"' for cell in reversed(line)) + "\r\n" for line in table]
        path.write_bytes(("\ufeff" + "".join(lines)).encode())
    run("seed")
    for name, definition in DEFINITIONS.items():
        columns = ", ".join(definition.columns)
        shipped = f"read_csv('{SEEDS / name}.csv', header = true)"
        for missing in (
            f"select {columns} from {shipped} except select {columns} from definitions.{name}",
            f"select {columns} from definitions.{name} except select {columns} from {shipped}",
        ):
            assert query(database, missing) == [], name

    # A file from before the two columns of days, without them; and two paths that differ in capitals.
    milestones = SEEDS / "milestones.csv"
    lines = milestones.read_text().replace("2,default", "2,Default").replace(",,\n", "\n")
    (folder / "milestones.csv").write_text(lines.replace(",min_days,within_days", ""))
    assert "column path: Default and default differ in capitals only" in run("seed")
    rows = "select path, min_days, within_days from definitions.milestones where path <> 'default'"
    assert query(database, rows) == [{"path": "Default", "min_days": None, "within_days": None}]
