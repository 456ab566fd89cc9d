"""The register of marts: what each mart says of itself in its yml, read without dbt.

A mart is known once, by models/marts/<family>/<mart>.yml. Everything that lists marts (tests,
report, publication, comparison, catalogue, docs) asks this register.

    from plg.marts import read_marts
    read_marts()["activation_by_cohort"].key
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import yaml

from plg.settings import PROJECT

META = frozenset(
    ["key", "rates", "nested", "accepted_values", "never_null", "may_be_null", "inputs", "card"]
)
# The families and their titles, in the order of the report and of the catalogue.
FAMILIES = {
    "scorecard": "Scorecard",
    "acquisition": "Acquisition",
    "activation": "Activation",
    "discovery": "Discovery",
    "funnels": "Funnels",
    "experiments": "Experiments",
    "retention": "Retention and usage",
    "referral": "Referral",
    "qualification": "Leads",
    "users": "Users",
    "accounts": "Accounts",
    "revenue": "Revenue",
    "quality": "Data quality",
}
COHORT_COLUMNS = ("cohort_grain", "cohort_date", "segment_type", "segment_value")


@dataclass(frozen=True)
class Rate:
    """A rate and the two columns of the same row that it is the quotient of.

    Attributes:
        name: the column that holds the rate.
        numerator: column of the count above the line.
        denominator: column of the count below the line; the rate is null where it is 0.
        has_interval: whether <name>_ci_lower and <name>_ci_upper stand beside it.
        may_pass_one: whether it may be above 1, as invitations per user may.
        only_where: a condition on its row, in SQL; in other rows the rate is null.
    """

    name: str
    numerator: str
    denominator: str
    has_interval: bool = False
    may_pass_one: bool = False
    only_where: str = ""


@dataclass(frozen=True)
class Mart:
    """What a mart's yml says.

    Attributes:
        name: of the table in the schema marts.
        family: the folder that it lies in, such as activation.
        question: the first line of its description.
        grain: what one row is, as in "One row per cohort and segment".
        description: the whole description, with the values of vars.
        key: the columns that tell its rows apart; never null.
        columns: each column's data type, in the order of the table.
        descriptions: each column's description.
        rates: by the name of the column.
        nested: chains of columns, expressions of columns, or numbers, each at most the one before it.
        accepted_values: the values that a column may have besides null, by the column.
        never_null: further columns that are never null.
        may_be_null: counts that may be null.
        inputs: the raw tables that it needs.
        card: how the report shows it; empty where the report has a card made by hand.
        path: of the yml.
    """

    name: str
    family: str
    question: str
    grain: str
    description: str
    key: tuple[str, ...]
    columns: dict[str, str]
    descriptions: dict[str, str]
    rates: dict[str, Rate]
    nested: tuple[tuple[str, ...], ...]
    accepted_values: dict[str, tuple[str, ...]]
    never_null: tuple[str, ...]
    may_be_null: tuple[str, ...]
    inputs: tuple[str, ...]
    path: Path
    card: dict[str, Any] = field(default_factory=dict)

    @property
    def has_cohorts(self) -> bool:
        """Whether its rows are those of cohorts and segments."""
        return self.key[: len(COHORT_COLUMNS)] == COHORT_COLUMNS

    @property
    def counts(self) -> tuple[str, ...]:
        """The columns that count something."""
        return tuple(name for name, data_type in self.columns.items() if data_type == "bigint")


def doc_blocks(models: Path) -> dict[str, str]:
    """The texts of all `{% docs name %}` blocks below a folder, by name."""
    block = re.compile(r"{%\s*docs (\w+)\s*%}(.*?){%\s*enddocs\s*%}", re.DOTALL)
    return {
        name: " ".join(text.split())
        for path in sorted(models.rglob("*.md"))
        for name, text in block.findall(path.read_text("utf-8"))
    }


def shipped_vars(project: Path = PROJECT) -> dict[str, Any]:
    """The vars of dbt_project.yml and their values."""
    return yaml.safe_load((project / "dbt_project.yml").read_text("utf-8"))["vars"]["plg_analytics"]


@cache
def read_marts(project: Path = PROJECT) -> dict[str, Mart]:
    """Reads the register.

    Args:
        project: the checkout.

    Returns:
        Each mart by its name, in the order of families and names.

    Raises:
        ValueError: a yml lacks what every mart has to say; the sentence names file and entry.
    """
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    settings, docs = shipped_vars(project), doc_blocks(project / "models")

    def render(text: str) -> str:
        template = environment.from_string(text)
        # In a yml, a var's default is its name: for a project that uses this one as a package.
        return template.render(
            var=lambda name, default=None: settings[name], doc=docs.__getitem__
        ).strip()

    found = {}
    for path in sorted((project / "models" / "marts").glob("*/*.yml")):
        for model in (yaml.safe_load(path.read_text("utf-8")) or {}).get("models", []):
            found[model["name"]] = _mart(model, path, render)
    return found


def _mart(model: dict[str, Any], path: Path, render: Any) -> Mart:
    meta = model.get("config", {}).get("meta", {})
    for entry in ("key", "inputs"):
        if not meta.get(entry):
            raise ValueError(
                f"{path}: config.meta.{entry} is missing; docs/contributing.md says how."
            )
    if unknown := set(meta) - META:
        raise ValueError(
            f"{path}: config.meta.{min(unknown)} is not known; the entries are "
            f"{', '.join(sorted(META))}."
        )
    description = render(model["description"])
    question, _, rest = description.partition("\n")
    grain = re.search(r"One row per (.+?)(?:\.\s|\.$|; |$)", " ".join(rest.split()))
    if not grain:
        raise ValueError(f"{path}: the description does not say 'One row per ...'.")
    return Mart(
        name=model["name"],
        family=path.parent.name,
        question=question.strip(),
        grain=grain[1],
        description=description,
        key=tuple(meta["key"]),
        columns={column["name"]: column["data_type"] for column in model["columns"]},
        descriptions={
            c["name"]: " ".join(render(c["description"]).split()) for c in model["columns"]
        },
        rates={name: Rate(name, **said) for name, said in meta.get("rates", {}).items()},
        nested=tuple(tuple(map(str, chain)) for chain in meta.get("nested", [])),
        accepted_values={
            column: tuple(values) for column, values in meta.get("accepted_values", {}).items()
        },
        never_null=tuple(meta.get("never_null", [])),
        may_be_null=tuple(meta.get("may_be_null", [])),
        inputs=tuple(meta["inputs"]),
        card=meta.get("card", {}),
        path=path,
    )
