"""Puts data, charts and words together to one page that needs nothing else."""

from __future__ import annotations

import base64
import gzip
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from plg.report.charts import CHARTS
from plg.report.data import Query, read_report

HERE = Path(__file__).resolve().parent
BOTH, SEGMENT_ONLY, NEITHER = (True, True), (True, False), (False, False)


@dataclass(frozen=True)
class Figure:
    """A chart of a card, by its name in `CHARTS`; one that scrolls may be taller than its place."""

    name: str
    title: str
    scrolls: bool = False


@dataclass(frozen=True)
class Card:
    """What the page shows of one mart; its words come from the mart's description.

    Attributes:
        id: names it in the page and in page.js.
        mart: where its numbers and its definition come from.
        applies: whether the filters for segment and for cohort grain apply.
        always: what it shows whatever the filters say.
        figures: its charts.
        remark: what its reader has to know beside the mart's description.
        columns: how many of its charts stand side by side; None for a card of half the width.
    """

    id: str
    mart: str
    applies: tuple[bool, bool]
    always: str = ""
    figures: tuple[Figure, ...] = ()
    remark: str = ""
    columns: int | None = None


SECTIONS = {
    "Scorecard": (
        Card(
            "scorecard",
            "kpi_scorecard",
            NEITHER,
            "Always all users, by week: the filters don't apply to the scorecard",
            columns=1,
        ),
    ),
    "Activation": (
        Card(
            "activation",
            "activation_by_cohort",
            BOTH,
            figures=(
                Figure("activation_rate", "Activation rate by signup cohort, with 95 % interval"),
                Figure("cohort_sizes", "Signups of each cohort: window closed, or still open"),
            ),
            columns=1,
        ),
    ),
    "Milestones": (
        Card(
            "milestones",
            "milestone_completion_by_cohort",
            BOTH,
            figures=(
                Figure("milestone_ladder", "Completion of each milestone, all cohorts together"),
                Figure("milestone_completion", "Completion by signup cohort"),
            ),
            columns=2,
        ),
        Card(
            "velocity",
            "milestone_velocity_by_cohort",
            BOTH,
            figures=(
                Figure("milestone_velocity", "Median days to the next milestone, by signup cohort"),
            ),
            columns=1,
        ),
    ),
    "Time to first value": (
        Card(
            "first_value_curve",
            "time_to_first_value_curve",
            SEGMENT_ONLY,
            "all cohorts together; each value of the chosen segment's type has its curve",
            figures=(
                Figure("first_value_curve", "Share still without first value, with 95 % interval"),
            ),
        ),
        Card(
            "first_value_times",
            "time_to_first_value_by_cohort",
            BOTH,
            figures=(
                Figure("first_value_times", "Days to first value of those who got there in time"),
            ),
        ),
    ),
    "Retention": (
        Card(
            "retention",
            "retention_by_cohort",
            BOTH,
            figures=(
                Figure("retention_cells", "Share of each cohort that came back", scrolls=True),
                Figure("retention_curves", "All cohorts together, with 95 % interval"),
            ),
            columns=1,
        ),
    ),
    "Usage": (
        Card(
            "growth_accounting",
            "growth_accounting_by_week",
            SEGMENT_ONLY,
            "always by week",
            figures=(Figure("growth_accounting", "Active users of each week, and those lost"),),
        ),
        Card(
            "active_users",
            "active_users_by_day",
            SEGMENT_ONLY,
            "always by day",
            figures=(
                Figure("active_users", "Active users of 1 (dau), 7 (wau) and 30 days (mau)"),
                Figure("stickiness", "Stickiness: dau / mau"),
            ),
        ),
    ),
    "Referral": (
        Card(
            "referral",
            "viral_coefficient_by_cohort",
            BOTH,
            figures=(
                Figure("viral_coefficient", "k by signup cohort of the inviter, with interval"),
                Figure("viral_parts", "Its two factors"),
                Figure("viral_cycle", "Median days from the inviter's signup to the invited one's"),
            ),
            remark=(
                "The interval of k is the 95 % score interval of a count: "
                "(x + z²/2 ± z √(x + z²/4)) / users, where x is invited_signup_count. It takes "
                "invited signups to come one by one; where few users bring many, the truth may lie "
                "further off."
            ),
            columns=3,
        ),
    ),
    "Leads": (
        Card(
            "pql_conversion",
            "pql_conversion_by_cohort",
            BOTH,
            figures=(Figure("pql_conversion", "Qualified of the activated users, by cohort"),),
            columns=1,
        ),
        Card(
            "leads",
            "pql_scores",
            NEITHER,
            "One row a user: the filters don't apply",
            columns=1,
        ),
    ),
    "Removed rows": (
        Card(
            "removed_rows",
            "data_quality_by_rule",
            NEITHER,
            "Removed rows belong to no segment or cohort: the filters don't apply",
            columns=1,
        ),
    ),
}


def _described(card: Card, description: str) -> dict:
    question, _, definition = description.strip().partition("\n")
    return {
        **vars(card),
        "question": question.strip(),
        "definition": definition.strip(),
    }


def _packed(text: str) -> str:
    # The same data give the same page, so no time of packing is in it.
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def write_report(
    query: Query, describe: Callable[[str], str], file: Path, docs: str | None = None
) -> None:
    """Writes the page; one that is there is replaced as a whole.

    Args:
        query: gives the rows of a query on a finished build.
        describe: gives the description of a mart: its question, a line break, the rest.
        file: where the page goes; its folder is made.
        docs: where, seen from the page, the site with all definitions is; None for no link.

    Raises:
        OSError: the page can't be written there.
    """
    data = read_report(query)
    sections = [
        {
            "id": f"section-{number}" if title != "Scorecard" else "scores",
            "title": title,
            "cards": [_described(card, describe(card.mart)) for card in cards],
        }
        for number, (title, cards) in enumerate(SECTIONS.items())
    ]
    data["applies"] = {
        card.id: {"segment": card.applies[0], "grain": card.applies[1], "always": card.always}
        for cards in SECTIONS.values()
        for card in cards
    }
    data["specs"] = {name: chart() for name, chart in CHARTS.items()}
    # A value of a segment is anybody's text; the page knows it by its place.
    segments: dict[str, list] = {}
    for place, (kind, value, count) in enumerate(data["segments"]):
        segments.setdefault(kind, []).append((place, value, count))
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("page.html").render(
        data=data,
        sections=sections,
        segments=segments,
        docs=docs,
        style=(HERE / "page.css").read_text("utf-8"),
        script=(HERE / "page.js").read_text("utf-8"),
        library=_packed(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")),
        packed=_packed(json.dumps(data, separators=(",", ":"))),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_whole(file, lambda unfinished: unfinished.write_text(page, "utf-8"))


def replace_whole(file: Path, write: Callable[[Path], object]) -> None:
    """Writes a file beside its place and moves it there: who opens it finds it whole."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        write(unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
