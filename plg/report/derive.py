"""Derives what a card leaves unsaid: units, words, choices, titles, sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from plg.marts import COHORT_COLUMNS, Mart
from plg.report.cards import (
    CLOSED,
    OPEN,
    OWN_KINDS,
    TOGETHER,
    Card,
    Curve,
    Grid,
    Lines,
    OpenCounts,
    RateByCohort,
    StackOverTime,
    Table,
    columns_of,
    placeholders,
    read_card,
)

SEGMENT_COLUMNS = ("segment_type", "segment_value")
# Words for columns whose name says it worse.
LABELS = {
    "cohort_date": "cohort",
    "cohort_user_count": "users",
    "milestone_id": "milestone",
    "from_milestone_id": "step",
    "eligible_user_count": "eligible",
    "cohort_anchor": "since",
    "segment_value": "segment",
    CLOSED: "window closed",
    OPEN: "still open",
}
CHOICE_LABELS = {"window_days": "Window", "cohort_anchor": "Since", "period_grain": "By"}
# The day, week or month that a date begins, by the start of the date's name.
GRAINS = {"week": "week", "month": "month"}
HOLLOW = "A hollow point has open users; where all are open, the ground is shaded."


def field(column: str) -> str:
    """The name of a column in the rows that a chart draws: seconds are drawn as days."""
    return re.sub("_seconds(?=_|$)", "_days", column)


def _label_of(column: str) -> str:
    if column in LABELS:
        return LABELS[column]
    for ending, plural in (("_user_count", ""), ("_count", "s"), ("_rate", " rate"), ("_id", "")):
        if column.endswith(ending):
            return column.removesuffix(ending).replace("_", " ") + plural
    for start, label in (("week_", "week of"), ("month_", "month of")):
        if column.startswith(start) and column.endswith("_date"):
            return label
    return "date" if column.endswith("_date") else field(column).replace("_", " ")


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Shown:
    """A card, and what the page needs to know of its mart to draw it."""

    mart: Mart
    card: Card

    @classmethod
    def of(cls, mart: Mart) -> Shown:
        """The mart's card, checked.

        Raises:
            ValueError: the card is wrong.
        """
        return cls(mart, read_card(mart))

    @property
    def is_own(self) -> bool:
        """Whether a script of its own draws it."""
        return any(isinstance(figure, OWN_KINDS) for figure in self.card.figures)

    @cached_property
    def date(self) -> str | None:
        """The date in the key that its lines and stacks go along."""
        if self.mart.has_cohorts:
            return "cohort_date"
        return next((name for name in self.mart.key if self.mart.columns[name] == "date"), None)

    @property
    def grain(self) -> str:
        """What one date begins: cohort, week, month or day."""
        if self.mart.has_cohorts:
            return "cohort"
        return GRAINS.get((self.date or "").partition("_")[0], "day")

    @cached_property
    def open(self) -> OpenCounts | None:
        """Where the number of open users comes from; None where the mart has no cohorts."""
        if self.card.open or not self.mart.has_cohorts:
            return self.card.open
        chain = self._chain
        if "eligible_user_count" in chain[1:]:
            return OpenCounts(all=chain[0], closed="eligible_user_count")
        return OpenCounts(all="signups", closed=chain[0]) if chain else None

    @property
    def _chain(self) -> tuple[str, ...]:
        """The first chain of nested counts, of plain columns."""
        plain = (one for one in self.mart.nested if set(one) <= set(self.mart.counts))
        return next(plain, ())

    def label(self, column: str) -> str:
        """A few words for a column."""
        if column.startswith("1 - "):
            return f"all but {self.label(column.removeprefix('1 - '))}"
        return self.card.labels.get(column) or _label_of(column)

    def unit(self, column: str) -> str:
        """How a column's values are written: count, share, points (of a difference of shares), chance
        (a p-value), number, days, text, or words (a text with blanks for underscores)."""
        base = column.rpartition("_ci_")[0]
        rate = self.mart.rates.get(base or column)
        data_type = columns_of(self.mart).get(column, "bigint")
        if column in self.card.units:
            return self.card.units[column]
        if column.startswith("1 - "):
            return self.unit(column.removeprefix("1 - "))
        if rate:
            return "number" if rate.may_pass_one else "share"
        if column.endswith("_probability"):
            return "share"
        if (base or column).endswith("_difference"):
            return "points"
        if column.endswith(("p_value", "q_value")):
            return "chance"
        if data_type in ("bigint", "integer") or column.endswith("_days"):
            return "count"
        if data_type == "double" or data_type.startswith("decimal"):
            return "days" if field(column) != column else "number"
        return "words" if column == "verdict" else "text"

    def title(self, figure: Any) -> str:
        """What stands above a figure."""
        if figure.title or isinstance(figure, OWN_KINDS):
            return figure.title
        columns = getattr(figure, "columns", None) or {figure.value: ""}
        what = ", ".join(label or self.label(name) for name, label in columns.items())
        by = [self.label(name) for name in getattr(figure, "by", ())]
        if figure.kind in ("rate_by_cohort", "lines", "stack_over_time", "grid"):
            by.insert(0, self.grain)
        if figure.kind in ("grid", "curve"):
            by.insert(1, self.label(figure.x))
        if figure.kind == "flow":
            by = [self.label(figure.x)]
        if isinstance(figure, Table):
            return f"By {' and '.join(by)}" if by else ""
        interval = ", with 95 % interval" if self.interval(figure) else ""
        return f"{_sentence_case(what)} by {' and '.join(by)}{interval}"

    def consumed(self, figure: Any) -> set[str]:
        """Columns of the key that a figure spreads out, so that none of their values is chosen."""
        names = {getattr(figure, name, None) for name in ("x", "source", "target")}
        return names | set(getattr(figure, "by", ()))

    @cached_property
    def choices(self) -> dict[str, dict[str, Any]]:
        """Its selectors: the columns of the key that not every figure spreads out."""
        fixed = {*COHORT_COLUMNS, *SEGMENT_COLUMNS, self.date}
        found = {}
        # Those that the card names come first, in its order.
        for name in dict.fromkeys([*self.card.choices, *self.mart.key]):
            if self.is_own or name in fixed:
                continue
            if all(name in self.consumed(figure) for figure in self.card.figures):
                continue
            given = self.card.choices.get(name)
            found[name] = {
                "label": (given and given.label)
                or CHOICE_LABELS.get(name, _sentence_case(_label_of(name))),
                "values": given.values if given else [],
                "start": given.start if given else None,
            }
        return found

    def interval(self, figure: Any) -> tuple[str, str] | None:
        """The columns of a figure's interval, where the mart has them."""
        if isinstance(getattr(figure, "interval", None), list):
            return tuple(figure.interval)
        if isinstance(figure, Grid):
            return None
        rate = self.mart.rates.get(getattr(figure, "value", ""))
        if rate and rate.has_interval:
            return f"{rate.name}_ci_lower", f"{rate.name}_ci_upper"
        return None

    def columns_used(self, figure: Any) -> set[str]:
        """The mart's columns that a figure draws or says in its tooltip, without the key."""
        used = {*figure.named(), *(self.interval(figure) or ()), *self.counts_behind(figure)}
        if self.open and OPEN in [*getattr(figure, "columns", ()), *figure.tips]:
            used |= self._open_columns
        return used - set(self.mart.key)

    @property
    def _open_columns(self) -> set[str]:
        return {*vars(self.open).values()} - {"signups"} if self.open else set()

    def counts_behind(self, figure: Any) -> list[str]:
        """The counts that the only rate of a figure is the quotient of, and the users in all."""
        columns = [*getattr(figure, "columns", [getattr(figure, "value", None)])]
        rate = self.mart.rates.get(columns[0]) if len(columns) == 1 else None
        counts = [rate.numerator, rate.denominator] if rate else []
        return [*counts, *(name for name in sorted(self._open_columns) if rate)]

    @cached_property
    def base_columns(self) -> set[str]:
        """The mart's columns that its sentences name, and that say who is open."""
        named = {name for text in self.sentences for name in placeholders(text)}
        named |= {*self.card.empty_unless, *self._open_columns}
        named |= {self.card.not_measured.column} if self.card.not_measured else set()
        return (named & set(columns_of(self.mart))) - set(self.mart.key)

    @property
    def sentences(self) -> list[str]:
        """All texts with placeholders, the derived population among them."""
        return [*self.card.sentences(), self.population]

    @property
    def is_together(self) -> dict[int, bool]:
        """Whether each figure, by its place, draws all cohorts together."""
        return {
            place: self.mart.has_cohorts and isinstance(figure, TOGETHER)
            for place, figure in enumerate(self.card.figures)
        }

    @cached_property
    def window(self) -> str:
        """What users have to be through to enter the numbers."""
        return self.card.window or ("{window_days}" if "window_days" in self.choices else "window")

    @cached_property
    def population(self) -> str:
        """The sentence below the figures, with placeholders."""
        if self.card.population or self.is_own:
            return self.card.population
        if self.open:
            return self._cohort_population()
        if self.date:
            return self._dated_population()
        counts = [name for name in self._drawn_columns if self.unit(name) == "count"]
        return f"{', '.join(f'{{total {name}}} {self.label(name)}' for name in counts)}."

    @property
    def _drawn_columns(self) -> list[str]:
        """Of the first figure, without the derived ones."""
        figure = self.card.figures[0]
        columns = [*getattr(figure, "columns", [getattr(figure, "value", None)])]
        columns += list(getattr(figure, "below", ()))
        return [name for name in columns if name in columns_of(self.mart)]

    @property
    def everyone(self) -> str:
        """Words for the users in all, open or not."""
        column = self.open.all if self.open else "signups"
        return "signups" if column in ("signups", "signup_count") else self.label(column)

    def _cohort_population(self) -> str:
        # Of periods, the last is the one that fewest users have come to.
        numbers = {getattr(figure, "x", None) for figure in self.card.figures} & set(self.mart.key)
        last = "last " if numbers else ""
        everyone = self.open.all
        chain = self._chain[self._chain.index(self.open.closed) :] if self._chain else ()
        text = f"{{{last}{everyone}}} {self.everyone}. "
        text += f"Open: {{{last}open}} are still inside their {self.window} "
        text += f"and in no {'rate' if self.mart.rates else 'number'}."
        for place, (whole, part) in enumerate(pairwise(chain)):
            rates = [
                r for r in self.mart.rates.values() if (r.numerator, r.denominator) == (part, whole)
            ]
            share = f"[, {{{last}{rates[0].name}}}]" if rates else ""
            if place == 0:
                text += (
                    f" Of the {{{last}{whole}}} others {{{last}{part}}} {self.label(part)}{share}."
                )
            else:
                text += f" {{{last}{part}}} of them {self.label(part)}{share}."
        hollow = any(isinstance(figure, (RateByCohort, Lines)) for figure in self.card.figures)
        return f"{text} {HOLLOW}" if hollow else text

    def _dated_population(self) -> str:
        said = [f"{{last {name}}} {self.label(name)}" for name in self._drawn_columns]
        return (
            f"{{last {self.date}}}, the last {self.grain} that has ended: {', '.join(said)}. "
            f"Open: the {self.grain} under way is left out."
        )

    def tips(self, figure: Any) -> list[tuple[str, str, str]]:
        """The tooltip, and the table of numbers: (field, words, unit) of each."""
        if isinstance(figure, Table):
            return []
        start = self._tips_of_place(figure)
        columns = list(getattr(figure, "columns", [getattr(figure, "value", "")]))
        if isinstance(figure, StackOverTime):
            users = all(name in (OPEN, CLOSED) or name.endswith("user_count") for name in columns)
            value = "users" if users else "count"
        else:
            own = getattr(figure, "columns", {}).get(columns[0], "")
            several = {"count": "count", "days": "days", "share": "share"}
            value = own or self.label(columns[0])
            if len(columns) > 1:
                value = several.get(self.unit(columns[0]), "value")
        found = [*start, ("value", value, self.unit(columns[0]))]
        if self.interval(figure) or getattr(figure, "interval", None):
            unit = self.unit(columns[0])
            found += [("lower", "interval from", unit), ("upper", "interval to", unit)]
        more = dict.fromkeys([*self.counts_behind(figure), *figure.tips])
        return found + [(field(name), self.label(name), self.unit(name)) for name in more]

    def _tips_of_place(self, figure: Any) -> list[tuple[str, str, str]]:
        """What says which row it is: its date or number, and its series."""
        found = []
        if figure.kind == "flow":
            return [(figure.x, self.label(figure.x), "count"), ("series", "from and to", "text")]
        if figure.kind in ("rate_by_cohort", "lines", "stack_over_time"):
            found.append(("begins", self.label(self.date), "date"))
        if figure.kind == "grid":
            found.append(("row_label", "cohort", "text"))
        by = list(getattr(figure, "by", ()))
        if isinstance(figure, StackOverTime):
            found.append(("series", "kind", "text"))
        elif by or len(getattr(figure, "columns", ())) > 1:
            found.append(("series", self.label(by[0]) if by else "line", "text"))
        if isinstance(figure, Curve) or figure.kind == "grid":
            found.append((figure.x, self.label(figure.x), "count"))
        return found
