"""Puts data, charts and words together to one page that needs nothing else."""

from __future__ import annotations

import base64
import gzip
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from plg.marts import FAMILIES, Mart, read_marts
from plg.report import library
from plg.report.cards import CLOSED, OPEN, OWN_KINDS, Table, Waiting
from plg.report.charts import specification
from plg.report.charts.scorecard import scorecard_weeks
from plg.report.data import read_report
from plg.report.derive import SEGMENT_COLUMNS, Shown, field
from plg.report.sayings import read_sayings
from plg.report.sources import Query

HERE = Path(__file__).resolve().parent
# The parts of the page's script, in the order in which they use each other.
SCRIPTS = ("tables", "words", "elements", "rows", "flow", "charts", "own", "cards", "filters")


def shown_cards(marts: Iterable[Mart]) -> list[Shown]:
    """The cards of these marts, by family and order; a mart without a card is left out.

    Raises:
        ValueError: a card is wrong.
    """
    families = list(FAMILIES)

    def place(shown: Shown) -> tuple:
        family = shown.mart.family
        known = families.index(family) if family in families else len(families)
        return known, family, shown.card.order, shown.mart.name

    return sorted((Shown.of(mart) for mart in marts if mart.card), key=place)


def _sections(cards: list[dict]) -> list[dict[str, Any]]:
    sections: dict[str, list] = {}
    for card in cards:
        sections.setdefault(card["family"], []).append(card)
    return [
        {
            "id": f"section-{family}",
            "title": FAMILIES.get(family, family.capitalize()),
            "cards": of_family,
        }
        for family, of_family in sections.items()
    ]


def _figure_id(shown: Shown, place: int) -> str:
    return f"{shown.mart.name}.{place + 1}"


def _html_card(shown: Shown, description: str, sayings: list[str]) -> dict[str, Any]:
    """What the template says of a card."""
    question, _, definition = description.strip().partition("\n")
    figures = [
        {
            "id": _figure_id(shown, place),
            "title": shown.title(figure),
            "is_drawn": not isinstance(figure, (Table, *OWN_KINDS)),
            "scrolls": figure.kind == "grid",
        }
        for place, figure in enumerate(shown.card.figures)
    ]
    return {
        "id": shown.mart.name,
        "family": shown.mart.family,
        "question": shown.card.title or question.strip(),
        "definition": definition.strip(),
        "remark": shown.card.remark,
        "sayings": sayings,
        "columns": shown.card.side_by_side,
        "figures": figures,
    }


def _script_figure(shown: Shown, place: int) -> dict[str, Any]:
    """What the script has to know to make a figure's rows."""
    figure = shown.card.figures[place]
    said: dict[str, Any] = {
        "id": _figure_id(shown, place),
        "kind": figure.kind,
        "title": shown.title(figure),
        "together": shown.is_together[place],
        "onlyWhere": figure.only_where,
        "tips": shown.tips(figure),
        "by": list(getattr(figure, "by", ())),
        "consumed": sorted(name for name in shown.consumed(figure) if name),
    }
    columns = dict(getattr(figure, "columns", {}))
    if getattr(figure, "value", None):
        columns = {figure.value: ""}
    said["columns"] = [_column(shown, name, label) for name, label in columns.items()]
    below = getattr(figure, "below", {})
    said["below"] = [_column(shown, name, label) for name, label in below.items()]
    said["interval"] = shown.interval(figure)
    if getattr(figure, "interval", None) == "count":
        rate = shown.mart.rates[figure.value]
        said["countInterval"] = [rate.numerator, rate.denominator]
    for name in ("x", "source", "target", "sort"):
        said[name] = getattr(figure, name, None)
    if isinstance(figure, Table):
        name = figure.row_name or next(iter(figure.by), None)
        said["rowLabel"] = shown.label(name) if name else ""
        said["rowName"] = figure.row_name
    return said


def _column(shown: Shown, name: str, label: str) -> dict[str, str]:
    return {"name": field(name), "label": label or shown.label(name), "unit": shown.unit(name)}


def _script_card(shown: Shown) -> dict[str, Any]:
    """What the script has to know of a card."""
    mart = shown.mart
    by_segment, by_grain = "segment_type" in mart.key, mart.has_cohorts
    by_segment = by_segment or isinstance(shown.card.figures[0], Waiting)
    always = shown.card.always
    if not always and not by_grain:
        always = f"always by {shown.grain}" if shown.date else ""
        if not by_segment:
            always = "The filters don't apply"
    return {
        "id": mart.name,
        "bySegment": by_segment,
        "byGrain": by_grain,
        "always": always,
        "date": shown.date,
        "grain": shown.grain,
        "open": shown.open and {"all": shown.open.all, "closed": shown.open.closed},
        "choices": shown.choices,
        "population": shown.population,
        "window": shown.window,
        "everyone": shown.everyone,
        "nothing": dict(shown.card.nothing),
        "notMeasured": shown.card.not_measured and dict(shown.card.not_measured),
        "emptyUnless": shown.card.empty_unless,
        "needs": list(mart.inputs),
        "units": {
            field(name): shown.unit(name)
            for name in [*mart.columns, *shown.base_columns, OPEN, CLOSED, "signups"]
            if name not in SEGMENT_COLUMNS
        },
        "figures": [_script_figure(shown, place) for place in range(len(shown.card.figures))],
    }


def _specifications(shown: list[Shown]) -> dict[str, Any]:
    found = {"scorecard_weeks": scorecard_weeks()}
    for one in shown:
        for place, figure in enumerate(one.card.figures):
            drawn = specification(one, figure)
            if drawn:
                found[_figure_id(one, place)] = drawn
    return found


def _packed(text: str) -> str:
    # The same data give the same page, so no time of packing is in it.
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def write_report(
    query: Query,
    describe: Callable[[str], str],
    file: Path,
    docs: str | None = None,
    marts: Iterable[Mart] | None = None,
) -> None:
    """Writes the page; one that is there is replaced as a whole.

    Args:
        query: gives the rows of a query on a finished build.
        describe: gives the description of a mart: its question, a line break, the rest.
        file: where the page goes; its folder is made.
        docs: where, seen from the page, the site with all definitions is; None for no link.
        marts: whose cards are shown; those of the project where None.

    Raises:
        OSError: the page can't be written there.
        ValueError: the card of a mart is wrong.
    """
    shown = shown_cards(read_marts().values() if marts is None else marts)
    data = read_report(query, shown)
    sayings = read_sayings(query)
    data["cards"] = [_script_card(one) for one in shown]
    data["specs"] = _specifications(shown)
    # A value of a segment is anybody's text; the page knows it by its place.
    segments: dict[str, list] = {}
    for place, (kind, value, count) in enumerate(data["segments"]):
        segments.setdefault(kind, []).append((place, value, count))
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    script = "\n".join((HERE / "script" / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    page = environment.get_template("page.html").render(
        data=data,
        sections=_sections(
            [
                _html_card(one, describe(one.mart.name), sayings.get(one.mart.name, []))
                for one in shown
            ]
        ),
        segments=segments,
        docs=docs,
        style=(HERE / "page.css").read_text("utf-8"),
        script=script,
        library=base64.b64encode(library.packed()).decode(),
        packed=_packed(json.dumps(data, separators=(",", ":"))),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_whole(file, lambda unfinished: unfinished.write_text(page, "utf-8"))


def replace_whole(file: Path, write: Callable[[Path], object]) -> None:
    """Writes a file beside its place and moves it there, so that nobody opens half of it."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        write(unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
