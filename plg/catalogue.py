"""Writes what lists the marts, from the register: README's table, docs/marts, exposures.

`plg catalogue` writes the files again; `plg catalogue --check` says which of them differ, and is
part of scripts/test. Nothing here starts dbt.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import click

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
    """Write the README's table of marts, docs/marts and the exposures from the marts' yml."""
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
