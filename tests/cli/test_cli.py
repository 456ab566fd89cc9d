"""The command line: help for people, mistakes answered at once and once, any folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from plg.cli import COMMANDS, GROUPS, group
from plg.dbt_options import ELSEWHERE, DbtCommand, DbtOption, dbt_options
from plg.settings import bare_environment
from tests.harness import PROJECT

# What makes a start slow: each of these takes a quarter of a second to five seconds.
HEAVY = ("dbt", "duckdb", "pydantic", "rich", "vl_convert", "altair", "pyspark")
# A quick build: one mart, what it needs, and the tests that need no more.
PART = ("--select", "+data_quality_by_rule", "--indirect-selection", "cautious")
OURS = ("build", "check", "report", "publish", "replay")


def plg(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs `plg` in a folder, with its own outputs there."""
    return subprocess.run(
        [sys.executable, "-m", "plg", *arguments],
        cwd=folder,
        env={
            **bare_environment(),
            "PYTHONPATH": str(PROJECT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PLG_OUTPUT_DIR": str(folder),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def imported(*arguments: str, folder: Path) -> list[str]:
    """The modules that a call of `plg` imports."""
    finished = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "plg", *arguments],
        cwd=PROJECT,
        env={**bare_environment(), "PLG_OUTPUT_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return [line.rpartition("|")[2].strip() for line in finished.stderr.splitlines()]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("buidl",),
        ("build", "--selct", "x"),
        ("build", "--target", "postgres"),
        *((name, "--help") for name in OURS),
    ],
    ids=" ".join,
)
def test_help_and_mistakes_are_answered_without_heavy_imports(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    modules = imported(*arguments, folder=tmp_path)
    assert "click" in modules
    assert not {name.partition(".")[0] for name in modules} & set(HEAVY)


def test_help_shows_every_command_in_a_line() -> None:
    said = CliRunner().invoke(group, ["--help"]).output
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(COMMANDS)
    for name, (_, line) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(line)}$", said, re.MULTILINE), name


@pytest.mark.parametrize("name", OURS)
def test_each_help_is_a_text_with_every_option_explained(name: str) -> None:
    result = CliRunner().invoke(group, [name, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: plg {name}") or "Usage: " in result.output
    command = group.get_command(click.Context(group), name)
    assert len(command.help.splitlines()) > 1
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert option.help, option.name


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("buidl",), ("no command buidl", "Did you mean build?")),
        (("xyzzy",), ("no command xyzzy", "plg --help")),
        (("build", "--selct", "x"), ("No such option", "--selct", "--select")),
        (("build", "--engine", "sparc"), ("sparc", "duckdb", "spark")),
        (("build", "-t", "postgres"), ("--target postgres", "--engine", ".venv/bin/dbt build")),
        (("build", "--select", "a", "b", "--nope"), ("No such option", "--nope")),
        (("build", "pql_scores"), ("unexpected extra argument", "pql_scores")),
        (("report", "--select", "x"), ("No such option", "--select")),
    ],
)
def test_a_mistake_is_named_with_its_remedy(
    arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    result = CliRunner().invoke(group, arguments)
    assert result.exit_code == 2
    for word in words:
        assert word in result.output


def test_the_options_of_dbt_build_are_those_of_the_installed_dbt() -> None:
    from dbt.cli.main import build

    refused = {name for names in ELSEWHERE for name in names}
    theirs = {option.name: option for option in build.params if option.name != "version"}
    names = {name for option in theirs.values() for name in (*option.opts, *option.secondary_opts)}
    ours = [option for option in dbt_options() if isinstance(option, DbtOption)]
    known = {name for option in ours for name in (*option.opts, *option.secondary_opts)}
    assert known | refused == names
    kinds = {name: option.kind for option in ours for name in option.opts}
    for option in theirs.values():
        kind = kinds.get(option.opts[0])
        if kind:
            assert (kind == "flag") == option.is_flag, option.name
            assert (kind == "words") == option.multiple, option.name


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ((), []),
        (("--full-refresh",), ["--full-refresh"]),
        (("-s", "a", "b+", "-f"), ["--select", "a", "b+", "--full-refresh"]),
        (("--select=a", "b", "--select", "c"), ["--select", "a", "b", "c"]),
        (("--no-write-json", "-x"), ["--fail-fast", "--no-write-json"]),
        (("--vars", "{a: b}"), ["--vars", "{a: b}"]),
        (("--target-path", "t"), ["--target-path", "/here/t"]),
        (("--exclude", "a", "--resource-type", "model", "seed"),
         ["--exclude", "a", "--resource-type", "model", "seed"]),
    ],
)  # fmt: skip
def test_dbt_gets_its_options_as_they_were_given(given: tuple[str, ...], passed: list[str]) -> None:
    command = DbtCommand("build", params=[])
    with command.make_context("build", list(given)) as ctx:
        assert command.words_for_dbt(ctx, Path("/here")) == passed


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        ((), {"PLG_RAW_DIR": "no/raw"}, "{folder}/no/raw: there is no such folder; set PLG_RAW_DIR"),
        ((), {"PLG_DEFINITIONS_DIR": "nowhere"}, "PLG_DEFINITIONS_DIR {folder}/nowhere: there is no such folder"),
        (("--vars", "{observed_unti: 2024-01-01}"), {}, "There is no var observed_unti;"),
        (("--vars", "observed_until"), {}, "--vars observed_until: these are no names"),
        ((), {"PLG_DATABASE": "no/plg.duckdb"}, "PLG_DATABASE {folder}/no/plg.duckdb: there is no"),
        ((), {"PLG_MEMORY_LIMIT": "lots"}, "PLG_MEMORY_LIMIT lots: DuckDB can't read it"),
    ],
)  # fmt: skip
def test_wrong_input_is_said_once_and_before_dbt_starts(
    arguments: tuple[str, ...], environment: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    finished = plg("build", *arguments, folder=tmp_path, **environment)
    assert finished.returncode == 1
    lines = [line for line in finished.stdout.splitlines() if line.startswith("- ")]
    said = [line for line in lines if sentence.format(folder=tmp_path) in line]
    # A missing folder lacks the users and the events: a sentence for each.
    assert said and len(set(lines)) == len(lines)
    assert finished.stdout.count("Nothing was built.") == 1
    assert not finished.stderr
    assert not (tmp_path / "logs").exists(), "dbt was started"


def test_check_says_what_it_found_and_builds_nothing(tmp_path: Path) -> None:
    finished = plg("check", folder=tmp_path)
    assert finished.returncode == 0, finished.stdout
    assert re.search(r"^users: [\d,]+ rows in .*/users\.parquet$", finished.stdout, re.MULTILINE)
    assert "No mistake found" in finished.stdout
    assert not list(tmp_path.iterdir())
    finished = plg("check", folder=tmp_path, PLG_RAW_DIR="raw")
    assert finished.returncode == 1
    assert finished.stdout.count("users.parquet") == 1 and "Fix the above" in finished.stdout


def test_report_without_a_build_says_what_to_run(tmp_path: Path) -> None:
    finished = plg("report", folder=tmp_path)
    assert finished.returncode == 1
    assert f"There is no {tmp_path}/plg.duckdb to report on; run plg build" in finished.stdout


# No mode stops root, unless it gives up this right.
WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user can read, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name).resolve()


@pytest.fixture
def checkout(place: Path) -> Iterator[Path]:
    """The project in a folder with a space in its name, which can't be written to."""
    project = place / "read only"
    project.mkdir()
    for name in ("macros", "models", "seeds", "sample", "plg", "analyses", "tests"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / name, project / name, ignore=ignore)
    for path in PROJECT.glob("*.yml"):
        shutil.copy(path, project)
    add_scripts(project)
    folders = [project, *(path for path in project.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    yield project
    for folder in folders:
        folder.chmod(0o755)


def add_scripts(project: Path) -> None:
    """Adds scripts/build, and a set-up that says that the environment of these tests is ready."""
    programs = project / "an environment" / "bin"
    programs.mkdir(parents=True)
    (project / "scripts").mkdir()
    shutil.copy(PROJECT / "scripts" / "build", project / "scripts")
    (programs / "start.py").write_text(
        f"import sys\nsys.path.insert(0, {str(project)!r})\nfrom plg.cli import main\nmain()\n"
    )
    for path, command in (
        (programs / "plg", f'exec "{sys.executable}" "{programs}/start.py" "$@"'),
        (project / "scripts" / "setup", f'echo "{programs.parent}"'),
    ):
        path.write_text(f"#!/bin/sh\n{command}\n")
        path.chmod(0o755)


@pytest.mark.long
def test_build_in_a_read_only_checkout_with_spaces_writes_where_you_are(
    checkout: Path, place: Path
) -> None:
    here = place / "my data"
    here.mkdir()
    here.chmod(0o777)
    finished = subprocess.run(
        [*WITHOUT_RIGHTS, str(checkout / "scripts" / "build"), *PART],
        cwd=here,
        env={**bare_environment(), "HOME": str(here)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "A part was built" in finished.stdout
    assert {path.name for path in here.iterdir()} == {"plg.duckdb", "target", "logs"}
    assert not (checkout / "logs").exists() and not (checkout / "target").exists()
