"""The types of cells in a definition CSV; each says what to write where a cell is wrong."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, WrapValidator

# Digits behind the decimal point of a weight, and of points and bounds: what the warehouse columns
# hold. More would be rounded, and a rounded weight can miss a band.
WEIGHT_DECIMALS = 12
POINTS_DECIMALS = 4


def matching(pattern: str, remedy: str) -> BeforeValidator:
    """Checks that a cell matches the whole pattern; else the remedy says what to write."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(remedy)
        return value

    return BeforeValidator(check)


def number(decimals: int, *, whole: int = 6, negative: bool = False) -> type:
    """A number with at most `whole` digits before and `decimals` behind the decimal point."""
    sign = "-?" if negative else ""
    kind = "a number" if negative else "a number, zero or more,"
    return Annotated[
        Decimal,
        matching(
            rf"{sign}([0-9]{{1,{whole}}}(\.[0-9]{{0,{decimals}}})?|\.[0-9]{{1,{decimals}}})",
            f"write {kind} with at most {whole} digits before and {decimals} behind the decimal point, "
            "such as 0.25",
        ),
    ]


def or_blank(kind: type, default: object) -> type:
    """`kind`; a blank cell means `default`."""
    return Annotated[
        kind, WrapValidator(lambda value, check: default if value == "" else check(value))
    ]


def one_of(*names: str) -> type:
    """One of some words."""
    return Annotated[str, matching("|".join(names), f"write one of: {', '.join(names)}")]


# Staging trims them from the ends of names, so checks do, too: two names could become one.
INVISIBLE = "\u200b\u2060\ufeff"
TRIMMED = BeforeValidator(lambda value: value.strip(INVISIBLE))
ONE_LINE = matching(r"[^\n]*", "delete the line end in it")
# dbt loads a cell that says null as a null into some warehouses, and as this text into others.
NO_NULL = matching(
    r"(?is)(?!\s*null\s*\Z).*", "null means nothing to some warehouses; write something else"
)
# Of several validators, the last one sees the cell first.
Text = Annotated[
    str,
    matching(r"(\S(.*\S)?)?", "delete the space before or after it"),
    NO_NULL,
    ONE_LINE,
    TRIMMED,
]
Key = Annotated[
    str,
    matching(r"\S(.*\S)?", "write a name, with no space before or after it"),
    NO_NULL,
    ONE_LINE,
    TRIMMED,
]
UserId = Annotated[
    str,
    matching(
        r"(?s)\S(.*\S)?",
        "write the user's id, with no space before or after it, or delete the row",
    ),
    NO_NULL,
    TRIMMED,
]
Flag = Annotated[
    bool,
    matching(r"(?i)true|false|t|f|yes|no|y|n|1|0", "write true or false"),
]
Timeframe = Annotated[
    str,
    matching(
        r"0*[1-9][0-9]{0,4}[hdw]",
        "write a whole number and h, d or w (hours, days, weeks), such as 12h, 7d or 2w",
    ),
]
Whole = Annotated[int, matching(r"-?[0-9]{1,9}", "write a whole number, such as 1")]
Positive = Annotated[int, matching(r"0*[1-9][0-9]{0,8}", "write a whole number, 1 or more")]
