"""Writes what lists the marts, from the register: README's table, docs/marts, exposures; and the macro of the
shipped definitions, from seeds.

`plg catalogue` writes the files again; `plg catalogue --check` says which of them differ, and is
part of scripts/test. Nothing here starts dbt.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import click
import yaml

from plg.marts import FAMILIES, PROJECT, Mart, read_marts

BEGIN = "<!-- begin of the catalogue: `plg catalogue` writes it -->\n"
END = "<!-- end of the catalogue -->\n"
GENERATED = "`plg catalogue` writes this page from the marts' yml; edit the yml, not the page."


def by_family(marts: Iterable[Mart]) -> list[tuple[str, list[Mart]]]:
    """The marts of each family, in the order of the families and of the names."""
    places = {family: place for place, family in enumerate(FAMILIES)}
    ordered = sorted(marts, key=lambda mart: (places[mart.family], mart.name))
    return [(family, list(group)) for family, group in groupby(ordered, lambda mart: mart.family)]


def readme_table(marts: Iterable[Mart]) -> str:
    """The README's table: one row per mart, with a link to its page."""
    lines = ["| family | mart | question |\n", "|---|---|---|\n"]
    for family, members in by_family(marts):
        for mart in members:
            link = f"[`{mart.name}`](docs/marts/{family}.md#{mart.name})"
            lines.append(f"| {family} | {link} | {mart.question} |\n")
    return "".join(lines)


def family_page(family: str, members: list[Mart]) -> str:
    """The page docs/marts/<family>.md: what each mart of the family says, column by column."""
    parts = [f"# {FAMILIES[family]}\n", f"{GENERATED}\n"]
    for mart in members:
        _, _, rest = mart.description.partition("\n")
        parts.append(f"## {mart.name}\n\n**{mart.question}**\n\n{' '.join(rest.split())}\n")
        key = ", ".join(f"`{column}`" for column in mart.key)
        needs = ", ".join(f"`{table}`" for table in mart.inputs)
        parts.append(f"Key: {key}. Needs the tables {needs}.\n")
        rows = ["| column | type | what it is |", "|---|---|---|"]
        for name, data_type in mart.columns.items():
            rows.append(f"| `{name}` | {data_type} | {mart.descriptions[name]} |")
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


def exposures(marts: Iterable[Mart]) -> str:
    """models/marts/exposures.yml: what shows every mart."""
    refs = "".join(f"      - ref('plg_analytics', '{mart.name}')\n" for mart in marts)
    shown = [
        (
            "growth_report",
            "Growth report",
            "dashboard",
            "The page that `plg build` writes: every mart, with what it means and what is open.",
        ),
        (
            "published_marts",
            "Published marts",
            "application",
            "The files that `plg publish` writes for BI tools, once every test has passed.",
        ),
    ]
    lines = ["# `plg catalogue` writes this file from the marts' yml.\n", "exposures:\n"]
    for name, label, kind, description in shown:
        lines += [
            f"  - name: {name}\n",
            f"    label: {label}\n",
            f"    type: {kind}\n",
            "    maturity: high\n",
            f"    description: >\n      {description}\n",
            "    owner:\n      name: Growth analytics\n",
            "    depends_on:\n",
            refs,
        ]
    return "".join(lines)


def shipped_definitions(project: Path = PROJECT) -> str:
    """The macro that knows the shipped rows of the seeds that int_named_values looks at.

    A build may read its definitions from another folder, and says nothing of rows that nobody has
    edited. Of milestones.csv it says everything.

    Raises:
        ValueError: a shipped cell can't be written as a literal for all engines.
    """
    model = project / "models" / "intermediate" / "quality" / "int_named_values.sql"
    named = set(re.findall(r"named_values\(\s*ref\('\w+'\), '(\w+)'", model.read_text("utf-8")))
    lines = [
        "{#- The rows of the definitions that are shipped, for definition_matches_nothing: each column as a\n",
        "    literal, none where it is blank. `plg catalogue` writes this file from seeds/. -#}\n",
        "{% macro shipped_definitions() -%}\n",
        "    {{ return({\n",
    ]
    for seed in sorted(named - {"milestones"}):
        described = yaml.safe_load(
            (project / "models" / "definitions" / f"{seed}.yml").read_text("utf-8")
        )
        types = described["seeds"][0]["config"]["column_types"]
        with (project / "seeds" / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        lines.append(f"        '{seed}': [\n")
        for row in rows:
            cells = (f"'{name}': {_literal(row[name], types[name])}" for name in types)
            lines.append(f"            {{{', '.join(cells)}}},\n")
        lines.append("        ],\n")
    return "".join([*lines, "    }) }}\n", "{%- endmacro %}\n"])


def _literal(cell: str, data_type: str) -> str:
    """A cell as the SQL literal of its type, in Jinja."""
    if not cell:
        return "none"
    if set(cell) & set("'\"\\"):
        raise ValueError(f"{cell}: a shipped definition may hold no quote and no backslash.")
    return f"\"'{cell}'\"" if data_type == "string" else f"'{cell.lower()}'"


def files(project: Path = PROJECT) -> dict[Path, str]:
    """Each generated file and the text that belongs in it.

    Args:
        project: the checkout.

    Raises:
        ValueError: README.md lacks the two marks between which the table goes.
    """
    marts = read_marts(project)
    readme = project / "README.md"
    before, begin, rest = readme.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{readme}: put the lines {BEGIN.strip()} and {END.strip()} in.")
    wanted = {readme: before + BEGIN + readme_table(marts.values()) + END + after}
    for family, members in by_family(marts.values()):
        wanted[project / "docs" / "marts" / f"{family}.md"] = family_page(family, members)
    wanted[project / "models" / "marts" / "exposures.yml"] = exposures(marts.values())
    wanted[project / "macros" / "warnings" / "shipped_definitions.sql"] = shipped_definitions(
        project
    )
    return wanted


def stale(project: Path = PROJECT) -> list[Path]:
    """The generated files that are absent, differ from the register, or belong to no family."""
    wanted = files(project)
    differing = [
        path
        for path, text in wanted.items()
        if not path.is_file() or path.read_text("utf-8") != text
    ]
    surplus = [p for p in (project / "docs" / "marts").glob("*.md") if p not in wanted]
    return differing + surplus


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if a file is out of date.")
def command(check: bool) -> None:
    """Write the README's table of marts, docs/marts and the exposures from the marts' yml.

    Also the macro of the shipped definitions, from seeds.
    """
    outdated = stale()
    for path in outdated:
        name = path.relative_to(PROJECT)
        if check:
            click.echo(f"{name} is out of date; run plg catalogue and commit what it writes.")
            continue
        text = files().get(path)
        if text is None:
            path.unlink()
            click.echo(f"Removed {name}.")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            click.echo(f"Wrote {name}.")
    if not outdated:
        click.echo("The catalogue is up to date.")
    sys.exit(bool(check and outdated))


if __name__ == "__main__":
    command()
