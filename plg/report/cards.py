"""What a mart's yml may say of its card, under config.meta.card, and the checks of it.

    card:
      figures:
        - {kind: rate_by_cohort, value: activation_rate, title: Activation rate by signup cohort}

is enough: filters, choices, tooltips, the sentence of the population and the sentence for "nothing
to show" follow from the mart's key, rates, nested counts and inputs. docs/contributing.md lists the
kinds of figure; each is a class here.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Union

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from plg.marts import Mart

# Counts that the page derives of a row of cohorts: users whose window has closed, and the others.
CLOSED, OPEN = "closed", "open"
Unit = Literal["count", "share", "points", "chance", "number", "days", "text", "words"]


def _as_labels(given: object) -> object:
    """Columns without labels, as a list, or with them, as a mapping."""
    return dict.fromkeys(given, "") if isinstance(given, list) else given


Columns = Annotated[dict[str, str], BeforeValidator(_as_labels), Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Figure(_Strict):
    """What all kinds have in common.

    Attributes:
        title: above the figure; may name choices, as in "by {period_grain}".
        tips: more columns for the tooltip and for the table of numbers.
        height: in pixels, where it is not that of the kind.
        only_where: a column; rows where it is null, or a count of 0, are left out.
    """

    title: str = ""
    tips: list[str] = []
    height: int | None = None
    only_where: str | None = None

    def named(self) -> list[str]:
        """All columns that it names, also those in expressions."""
        found: list[str] = list(self.tips)
        for name in ("value", "x", "source", "target", "only_where", "sort", "row_name"):
            found += [getattr(self, name)] if getattr(self, name, None) else []
        for name in ("columns", "below", "by"):
            found += list(getattr(self, name, ()))
        if isinstance(getattr(self, "interval", None), list):
            found += self.interval
        words = [word for expression in found for word in expression.split(" - ")]
        return [word for word in words if word not in ("1", CLOSED, OPEN)]


class RateByCohort(_Figure):
    """A number by cohort, with its interval: hollow where some users are open.

    `interval: count` lets the page compute the 95 % score interval of a count of events over users,
    for a rate that may be above 1.
    """

    kind: Literal["rate_by_cohort"]
    value: str
    interval: Literal["count"] | None = None


class Lines(_Figure):
    """A line for each column, and for each value of the columns `by`, over cohorts or time."""

    kind: Literal["lines"]
    columns: Columns
    by: list[str] = []


class StackOverTime(_Figure):
    """Counts on top of each other, over cohorts or time; those of `below` under the zero line.

    The columns may be `closed` and `open`: users whose window has closed, and the others.
    """

    kind: Literal["stack_over_time"]
    columns: Columns
    below: Columns = {}


class Curve(_Figure):
    """A number by a whole number such as a day, all cohorts together, with its interval.

    `by: [segment_value]` draws all segments of the chosen type.
    """

    kind: Literal["curve"]
    x: str
    value: str
    x_title: str = ""
    interval: list[str] | None = Field(None, min_length=2, max_length=2)
    by: list[str] = []
    is_stepped: bool = False


class Grid(_Figure):
    """A row a cohort, a column a period, as colour; what is open is not drawn."""

    kind: Literal["grid"]
    x: str
    value: str


class Bars(_Figure):
    """A bar for each value of the columns `by`, all cohorts together, with its interval.

    `sort` is a column whose largest value comes first.
    """

    kind: Literal["bars"]
    value: str
    by: list[str] = Field(min_length=1)
    sort: str | None = None


class Table(_Figure):
    """Rows as a table, all cohorts together; `1 - column` and `column - column` may be columns.

    The largest value of `sort` comes first; `1 - column` begins with the smallest. `row_name` is a
    column of text that names the row, in place of the columns `by`.
    """

    kind: Literal["table"]
    columns: Columns
    by: list[str] = []
    sort: str | None = None
    row_name: str | None = None


class Flow(_Figure):
    """From what to what users go, step by step: `x` is the number of the step."""

    kind: Literal["flow"]
    x: str
    source: str
    target: str
    value: str


class Scorecard(_Figure):
    """A tile for each metric; drawn by a script of its own."""

    kind: Literal["scorecard"]


class Leads(_Figure):
    """The list of leads to call; drawn by a script of its own."""

    kind: Literal["leads"]


class History(_Figure):
    """Each metric under this build's definitions and earlier ones; drawn by a script of its own."""

    kind: Literal["history"]


class Bands(_Figure):
    """How many users are in each band of the two current scores; drawn by a script of its own."""

    kind: Literal["bands"]


class Waiting(_Figure):
    """How many users wait for each milestone, of the chosen segment; drawn by a script of its own."""

    kind: Literal["waiting"]


Figure = Annotated[
    Union[  # noqa: UP007 (pydantic reads this on 3.10, too)
        RateByCohort, Lines, StackOverTime, Curve, Grid, Bars, Table, Flow, Scorecard, History, Leads,
        Bands, Waiting
    ],
    Field(discriminator="kind"),
]  # fmt: skip
OWN_KINDS = (Scorecard, History, Leads, Bands, Waiting)
# What a chart of these kinds draws of a mart with cohorts is all cohorts together.
TOGETHER = (Curve, Bars, Table)


class Choice(_Strict):
    """A selector of a card; its column is one of the key's.

    Attributes:
        label: before the selector.
        values: in this order; those of the data where it is empty.
        start: what is chosen first; the largest number or the first text where it is None.
    """

    label: str = ""
    values: list[Union[int, str]] = []  # noqa: UP007
    start: Union[int, str, None] = None  # noqa: UP007


class OpenCounts(_Strict):
    """Where the number of open users comes from: users in all, and those whose window closed.

    `all` is a column, or `signups`: the cohort's signups.
    """

    all: str
    closed: str


class NotMeasured(_Strict):
    """What nobody can know from the data delivered; zero would be wrong.

    Attributes:
        column: it is null in all rows where its subject is not measured.
        sentence: says which raw table or column is missing. What has no value is then not drawn.
    """

    column: str
    sentence: str


class Extra(_Strict):
    """Columns that the card shows and the mart does not have, such as how many are still open.

    Attributes:
        columns: their data types.
        query: SQL of DuckDB that gives the mart's columns and these; it may read the tables of all layers.
    """

    columns: dict[str, str] = Field(min_length=1)
    query: str


class Nothing(_Strict):
    """Sentences for a card without anything to draw, where the derived ones don't fit.

    Attributes:
        no_rows: the mart has no row for this segment.
        all_open: nobody's window has closed.
        no_values: there are rows, but no value to draw.
    """

    no_rows: str | None = None
    all_open: str | None = None
    no_values: str | None = None


class Card(_Strict):
    """A card of the report.

    Sentences may have placeholders: {column}, {first column}, {last column} and {total column} of
    the rows that the card is about, {open}, {signups}, and names of choices. Where a placeholder in
    [brackets] has no value, they are left out; in [this|that], `that` is said.

    Attributes:
        figures: in their order.
        title: of the card; the mart's question where it is empty.
        order: place among the cards of its family; then by name.
        side_by_side: figures beside each other on a card of full width; half the width where None.
        window: what users have to be through to enter the rate, such as "timeframe".
        open: where the number of open users comes from, where it doesn't follow from `nested`.
        labels: words for columns.
        units: of columns whose unit doesn't follow from name, type and rates.
        choices: of selectors that differ from the derived ones.
        population: the sentence below the figures.
        always: what the card shows whatever the filters say.
        nothing: sentences for a card without anything to draw.
        not_measured: what to say where the data can't tell.
        empty_unless: columns; where all their values are 0 or null, there is nothing to draw.
        remark: what a reader has to know beside the mart's description.
        extra: further columns.
    """

    figures: list[Figure] = Field(min_length=1)
    title: str = ""
    order: int = 99
    side_by_side: int | None = Field(None, ge=1, le=3)
    window: str = ""
    open: OpenCounts | None = None
    labels: dict[str, str] = {}
    units: dict[str, Unit] = {}
    choices: dict[str, Choice] = {}
    population: str = ""
    always: str = ""
    nothing: Nothing = Nothing()
    not_measured: NotMeasured | None = None
    empty_unless: list[str] = []
    remark: str = ""
    extra: Extra | None = None

    def sentences(self) -> list[str]:
        """All texts that may have placeholders."""
        texts = [self.population, *(figure.title for figure in self.figures)]
        texts += [self.not_measured.sentence] if self.not_measured else []
        return [text for text in [*texts, *vars(self.nothing).values()] if text]


def placeholders(text: str) -> list[str]:
    """The columns and other names in the placeholders of a sentence."""
    return [name.split()[-1] for name in re.findall(r"{([\w ]+)}", text)]


def columns_of(mart: Mart) -> dict[str, str]:
    """Each column that a card may show, and its data type."""
    return {**mart.columns, **mart.card.get("extra", {}).get("columns", {})}


def rows_of(mart: Mart) -> str:
    """What the card's rows are read from, in SQL: the mart, or its rows with further columns."""
    query = mart.card.get("extra", {}).get("query")
    return f"({query})" if query else f"marts.{mart.name}"


def read_card(mart: Mart) -> Card:
    """The card of a mart, checked.

    Raises:
        ValueError: the card is wrong; the sentence names the file, the entry and what may be there.
    """
    try:
        card = Card.model_validate(mart.card)
    except ValidationError as error:
        problems = [_problem(one) for one in error.errors()]
        raise ValueError(_sentence(mart, problems)) from None
    problems = [
        f"{entry}: {column} is no column of {mart.name}; it has {', '.join(columns_of(mart))}"
        for entry, column in _named_columns(card)
        if column not in columns_of(mart)
    ]
    problems += [
        f"choices: {name} is not in the mart's key ({', '.join(mart.key)})"
        for name in card.choices
        if name in mart.columns and name not in mart.key
    ]
    problems += [
        f"figures.{number}: {figure.kind} needs a date or a cohort in the mart's key"
        for number, figure in enumerate(card.figures, start=1)
        if (isinstance(figure, (RateByCohort, Grid)) and not mart.has_cohorts)
        or (isinstance(figure, (Lines, StackOverTime)) and not _has_dates(mart))
    ]  # fmt: skip
    if problems:
        raise ValueError(_sentence(mart, problems))
    return card


def _has_dates(mart: Mart) -> bool:
    return any(mart.columns.get(column) == "date" for column in mart.key)


def _named_columns(card: Card) -> list[tuple[str, str]]:
    named = [
        (f"figures.{number}", column)
        for number, figure in enumerate(card.figures, start=1)
        for column in figure.named()
    ]
    named += [("empty_unless", column) for column in card.empty_unless]
    named += [("not_measured", card.not_measured.column)] if card.not_measured else []
    named += [("units", column) for column in card.units]
    named += [("labels", column) for column in card.labels]
    named += [("choices", column) for column in card.choices]
    if card.open:
        named += [("open", name) for name in vars(card.open).values() if name != "signups"]
    if not any(isinstance(figure, OWN_KINDS) for figure in card.figures):
        derived = (OPEN, CLOSED, "signups")
        named += [
            ("a sentence", name)
            for text in card.sentences()
            for name in placeholders(text)
            if name not in derived
        ]
    return named


def _problem(error: dict) -> str:
    """One of pydantic's errors as a reader of the yml understands it: places count from 1."""
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in error["loc"])
    return f"{place}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _sentence(mart: Mart, problems: list[str]) -> str:
    return f"{mart.path}: config.meta.card of {mart.name}: {'; '.join(problems)}."
