"""Checks the definition CSVs before a build: each cell's type, and what rows say together.

What each column means stands in models/definitions/*.yml and in the README.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ValidationError, WrapValidator

Rows = list[tuple[int, BaseModel]]

# Digits of a milestone's weight, and of points and bounds, behind the decimal point: what the
# warehouse columns hold. More would be rounded, and a rounded weight can miss a band.
WEIGHT_DECIMALS = 12
POINTS_DECIMALS = 4
# The metrics of the scorecard, and their units.
UNITS = {
    "activation_rate": "rate",
    "time_to_first_value": "days",
    "milestone_completion_rate": "rate",
    "milestone_velocity": "days",
    "milestone_cohort_conversion": "rate",
    "viral_coefficient": "ratio",
    "retention_d7": "rate",
    "pql_conversion_rate": "rate",
}
# The scorecard's rates, and those that only have benchmarks.
RATES = {name for name, unit in UNITS.items() if unit == "rate"} | {
    "freemium_conversion_rate",
    "retention_d30",
}
# Problems shown of one file: a column that is wrong throughout must not bury the other files.
MOST_SHOWN = 10


def _matching(pattern: str, remedy: str) -> BeforeValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(remedy)
        return value

    return BeforeValidator(check)


def _number(decimals: int, *, whole: int = 6, negative: bool = False) -> type:
    sign = "-?" if negative else ""
    kind = "a number" if negative else "a number, zero or more,"
    return Annotated[
        Decimal,
        _matching(
            rf"{sign}([0-9]{{1,{whole}}}(\.[0-9]{{0,{decimals}}})?|\.[0-9]{{1,{decimals}}})",
            f"write {kind} with at most {whole} digits before and {decimals} behind the decimal point, "
            "such as 0.25",
        ),
    ]


def _or_blank(kind: type, default: object) -> type:
    """`kind`, where a blank cell stands for `default`."""
    return Annotated[
        kind, WrapValidator(lambda value, check: default if value == "" else check(value))
    ]


ONE_LINE = _matching(r"[^\n]*", "delete the line end in it")
# Of several validators the last is the first to see the cell.
Text = Annotated[str, _matching(r"(\S(.*\S)?)?", "delete the space before or after it"), ONE_LINE]
Key = Annotated[
    str, _matching(r"\S(.*\S)?", "write a name, with no space before or after it"), ONE_LINE
]
Flag = Annotated[
    bool,
    _matching(r"(?i)true|false|t|f|yes|no|y|n|1|0", "write true or false"),
]
Timeframe = Annotated[
    str,
    _matching(
        r"0*[1-9][0-9]{0,4}[hdw]",
        "write a whole number and h, d or w (hours, days, weeks), such as 12h, 7d or 2w",
    ),
]
Whole = Annotated[int, _matching(r"-?[0-9]{1,9}", "write a whole number, such as 1")]
Positive = Annotated[int, _matching(r"0*[1-9][0-9]{0,8}", "write a whole number, 1 or more")]


def _one_of(*names: str) -> type:
    return Annotated[str, _matching("|".join(names), f"write one of: {', '.join(names)}")]


class Milestone(BaseModel):
    milestone_id: Key
    definition: str
    weight: _number(WEIGHT_DECIMALS, whole=3)
    timeframe: Timeframe
    triggered_by_event: Key
    milestone_order: Whole
    path: _or_blank(Key, "default")
    is_required: _or_blank(Flag, True)
    is_first_value: _or_blank(Flag, False)
    min_count: _or_blank(Positive, 1)


class CatalogEvent(BaseModel):
    event_name: Key
    is_meaningful: _or_blank(Flag, False)


class ExcludedUser(BaseModel):
    user_id: Annotated[
        str,
        _matching(
            r"(?s)\S(.*\S)?",
            "write the user's id, with no space before or after it, or delete the row",
        ),
    ]
    reason: str


class Signal(BaseModel):
    signal_id: Key
    triggered_by_event: Text
    user_column: _or_blank(_one_of("plan_tier", "install_source"), "")
    user_value: Text
    points: _number(POINTS_DECIMALS, negative=True)
    max_count: _or_blank(Positive, 1)


class Band(BaseModel):
    scheme: _one_of("milestone_share", "points")
    band: Key
    lower_bound: _number(POINTS_DECIMALS, negative=True)
    recommended_action: str
    is_qualified: _or_blank(Flag, False)


class Target(BaseModel):
    metric_id: Key
    metric_name: str
    unit: _one_of("rate", "days", "ratio")
    is_higher_better: _or_blank(Flag, False)
    target_value: _or_blank(_number(9, negative=True), None)
    tolerance: _or_blank(_number(9), Decimal(0))


class Benchmark(BaseModel):
    metric_id: Key
    category: Key
    segment: _one_of("smb", "enterprise", "all")
    low: _or_blank(_number(9, negative=True), None)
    high: _or_blank(_number(9, negative=True), None)
    source: str


def _repeated(rows: Rows, *columns: str) -> Iterator[str]:
    """One sentence for each value that the key `columns` has in several rows."""
    places: dict[tuple, list[str]] = {}
    for number, row in rows:
        key = tuple(getattr(row, column) for column in columns)
        places.setdefault(key, []).append(str(number))
    for key, numbers in places.items():
        if len(numbers) > 1:
            shown = " / ".join(str(part) for part in key)
            yield (
                f"rows {', '.join(numbers[:5])}, column {' + '.join(columns)}: {shown!r} stands "
                f"{len(numbers)} times; keep one row for each"
            )


def _milestones(rows: Rows) -> Iterator[str]:
    yield from _repeated(rows, "milestone_id")
    yield from _repeated(rows, "path", "milestone_order")
    if rows and not any(row.is_first_value for _, row in rows):
        yield (
            "column is_first_value: no milestone is a first value; write true for the milestone "
            "(or several) at which a user first gets value"
        )


def _signals(rows: Rows) -> Iterator[str]:
    yield from _repeated(rows, "signal_id")
    for line, row in rows:
        is_fit = bool(row.user_column or row.user_value)
        if is_fit == bool(row.triggered_by_event):
            yield (
                f"row {line} ({row.signal_id}), columns triggered_by_event and user_column: "
                f"{'both are' if is_fit else 'neither is'} filled; name an event (behavioural "
                "signal) or a users column with its value (fit signal), not both"
            )
        elif is_fit and not (row.user_column and row.user_value):
            missing = "user_value" if row.user_column else "user_column"
            yield (
                f"row {line} ({row.signal_id}), column {missing}: blank; a fit signal names a "
                "users column (plan_tier, install_source) and the value that scores"
            )


def _bands(rows: Rows) -> Iterator[str]:
    yield from _repeated(rows, "scheme", "band")
    yield from _repeated(rows, "scheme", "lower_bound")
    for scheme in sorted({row.scheme for _, row in rows}):
        bands = [row for _, row in rows if row.scheme == scheme]
        lowest = min(row.lower_bound for row in bands)
        if lowest != 0:
            yield (
                f"column lower_bound: the lowest band of scheme {scheme!r} starts at {lowest}; "
                "one band of each scheme has to start at 0, and none below"
            )
        if scheme == "milestone_share" and not any(row.is_qualified for row in bands):
            yield (
                f"column is_qualified: no band of scheme {scheme!r} is qualified; write true for "
                "the band from which a user is a product-qualified lead"
            )


def _above_one(line: int, row: BaseModel, *columns: str) -> Iterator[str]:
    """One sentence for each of the columns that holds a percentage where a rate belongs."""
    for column in columns:
        value = getattr(row, column)
        if value is not None and abs(value) > 1:
            yield (
                f"row {line} ({row.metric_id}), column {column}: {value}; rates are fractions, "
                "1 at most: write 0.40 for 40 %"
            )


def _targets(rows: Rows) -> Iterator[str]:
    yield from _repeated(rows, "metric_id")
    for line, row in rows:
        unit = UNITS.get(row.metric_id, row.unit)
        if row.unit != unit:
            yield (
                f"row {line} ({row.metric_id}), column unit: {row.unit!r}; the metric is computed "
                f"as {unit}: write {unit}"
            )
        elif unit == "rate":
            yield from _above_one(line, row, "target_value", "tolerance")


def _benchmarks(rows: Rows) -> Iterator[str]:
    yield from _repeated(rows, "metric_id", "category", "segment")
    for line, row in rows:
        if row.metric_id in RATES:
            yield from _above_one(line, row, "low", "high")
        if (row.low is None) != (row.high is None):
            yield (
                f"row {line} ({row.metric_id}), columns low and high: one of them is blank; write both, "
                "or none"
            )
        elif row.low is not None and row.low > row.high:
            yield (
                f"row {line} ({row.metric_id}), columns low and high: {row.low} is above "
                f"{row.high}; exchange them"
            )


# The seven files: the model of a row, and the check of the rows together.
FILES: dict[str, tuple[type[BaseModel], Callable[[Rows], Iterator[str]]]] = {
    "milestones": (Milestone, _milestones),
    "event_catalog": (CatalogEvent, lambda rows: _repeated(rows, "event_name")),
    "excluded_users": (ExcludedUser, lambda rows: _repeated(rows, "user_id")),
    "pql_signals": (Signal, _signals),
    "pql_bands": (Band, _bands),
    "kpi_targets": (Target, _targets),
    "benchmarks": (Benchmark, _benchmarks),
}


def _read(path: Path, model: type[BaseModel]) -> Iterator[str | tuple[int, BaseModel]]:
    """The file's rows as (row number, checked row), the header being row 1; problems as text."""
    try:
        is_there = path.is_file()
    except OSError as error:
        yield f"it can't be opened ({error.strerror}); give the right to read the folder"
        return
    if not is_there:
        yield "the file is missing; copy it from the project's seeds folder and edit the copy"
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *records = list(csv.reader(file, strict=True)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        yield (
            f"it can't be read as CSV ({error}); save it as 'CSV UTF-8', with each double quote "
            "closed, and doubled inside a cell"
        )
        return
    named = [column.lower() for column in header]
    repeated = sorted({column for column in named if column and named.count(column) > 1})
    if repeated:
        yield f"row 1, column {', '.join(repeated)}: it stands there more than once; keep one"
        return
    missing = [column for column in model.model_fields if column not in header]
    if missing:
        yield (
            f"column {', '.join(missing)} is missing; row 1 has to name the columns "
            f"{','.join(model.model_fields)}, just so, separated by commas"
        )
        return
    for number, record in enumerate(records, start=2):
        if not record:
            continue
        if len(record) != len(header):
            yield (
                f"row {number}: it has {len(record)} cells, the header {len(header)}; write one "
                'for each column, and a cell that holds a comma between double quotes: "a, b"'
            )
            continue
        cells = dict(zip(header, record, strict=True))
        if not any(cells.values()):
            yield f"row {number}: it is blank; delete it"
            continue
        try:
            yield number, model.model_validate(cells)
        except ValidationError as error:
            for detail in error.errors():
                column = detail["loc"][0]
                remedy = detail["msg"].removeprefix("Value error, ")
                yield f"row {number}, column {column}: {cells[column]!r}; {remedy}"


def _strays(folder: Path) -> Iterator[str]:
    """The CSVs that are none of the seven: dbt looks for tables in the whole folder."""
    seven = [folder / f"{name}.csv" for name in FILES]
    for path in sorted(folder.rglob("*")):
        if path.name.lower().endswith(".csv") and path not in seven and not path.is_dir():
            yield (
                f"{path}: it is none of the seven definition files, and dbt would load it as a "
                "table; move it out of the folder"
            )


def _doubts(rows: dict[str, list[BaseModel]]) -> Iterator[tuple[str, str]]:
    """File and sentence of what can be built and is hardly meant, in the files without problems."""
    total = sum(row.weight for row in rows.get("milestones", []))
    if rows.get("milestones") and total != 1:
        yield (
            "milestones",
            f"column weight: the weights sum to {total}, not to 1; scores stay comparable only if "
            "they do",
        )
    bands = [
        row
        for row in rows.get("pql_bands", [])
        if row.scheme == "milestone_share" and row.lower_bound > 0
    ]
    if bands and all(row.lower_bound <= 1 for row in bands):
        yield (
            "pql_bands",
            "column lower_bound: no band of scheme 'milestone_share' starts above 1; bounds are "
            "percent of the weights: 31, not 0.31",
        )
    for row in bands if rows.get("milestones") else []:
        if row.lower_bound > 100 * total:
            yield (
                "pql_bands",
                f"column lower_bound: band {row.band!r} of scheme 'milestone_share' starts at "
                f"{row.lower_bound}, and nobody can reach it: the weights in milestones.csv sum to "
                f"{total}",
            )
    if rows.get("milestones") and not any(row.is_required for row in rows["milestones"]):
        yield (
            "milestones",
            "column is_required: no milestone is required, so nobody can activate; mark those that "
            "activation needs",
        )
    spellings: dict[str, set[str]] = {}
    for row in rows.get("milestones", []):
        spellings.setdefault(row.path.casefold(), set()).add(row.path)
    for alike in spellings.values():
        if len(alike) > 1:
            yield (
                "milestones",
                f"column path: {' and '.join(sorted(alike))} differ in capitals only, and are paths of "
                "their own; spell them in one way",
            )
    targets = rows.get("kpi_targets", [])
    for row in targets:
        unit = UNITS.get(row.metric_id)
        if unit and row.target_value is not None and row.is_higher_better == (unit == "days"):
            better = "fewer days are" if unit == "days" else "more is"
            yield (
                "kpi_targets",
                f"column is_higher_better of {row.metric_id}: {better} better, and its status would "
                f"say the opposite; write {str(unit != 'days').lower()}",
            )
    unknown = [row.metric_id for row in targets if row.metric_id not in UNITS]
    if unknown:
        yield (
            "kpi_targets",
            f"column metric_id: the scorecard has no metric {', '.join(unknown[:MOST_SHOWN])}, so "
            f"nothing is held to its target; the metrics are {', '.join(UNITS)}",
        )


def unmatched_benchmarks(folder: Path, category: str, segment: str) -> list[str]:
    """A warning where the benchmarks, which are sound, have no row of category and segment."""
    path = folder / "benchmarks.csv"
    rows = [row for _, row in _read(path, Benchmark)]
    if not rows or any((row.category, row.segment) == (category, segment) for row in rows):
        return []
    return [
        f"{path}: no row has category {category!r} and segment {segment!r}, so the scorecard shows "
        "no benchmark; mend the vars benchmark_category and benchmark_segment, or add rows."
    ]


def late_activations(folder: Path, windows_days: list[int]) -> list[str]:
    """A warning where a user can activate later than the longest window, by sound milestones."""
    path = folder / "milestones.csv"
    hours = {"h": 1, "d": 24, "w": 168}
    required = [row for _, row in _read(path, Milestone) if row.is_required]
    longest = max(
        (int(row.timeframe[:-1]) * hours[row.timeframe[-1]] for row in required), default=0
    )
    if longest <= 24 * max(windows_days):
        return []
    return [
        f"{path}: a required milestone may take {longest / 24:g} days, and activation_by_cohort looks "
        f"{max(windows_days)} days ahead at most: who activates later counts as activated in "
        "pql_conversion_by_cohort, and not there; add the days to the var activation_windows_days."
    ]


def check_definitions(folder: Path) -> tuple[list[str], list[str]]:
    """Reads the seven definition CSVs and finds what can't work.

    Args:
        folder: the folder that PLG_DEFINITIONS_DIR names.

    Returns:
        Two lists of sentences, each naming file, row, column and remedy: problems that have to
        stop a build, and warnings.
    """
    problems: list[str] = []
    sound: dict[str, list[BaseModel]] = {}
    for name, (model, check_together) in FILES.items():
        path = folder / f"{name}.csv"
        found = list(_read(path, model))
        rows = [row for row in found if not isinstance(row, str)]
        sentences = [sentence for sentence in found if isinstance(sentence, str)]
        # Rows are compared only where each could be read: else a sentence would follow a sentence.
        sentences = sentences or list(check_together(rows))
        problems += [f"{path}: {sentence}." for sentence in sentences[:MOST_SHOWN]]
        if len(sentences) > MOST_SHOWN:
            rest = len(sentences) - MOST_SHOWN
            problems.append(f"{path}: {rest} more problems; mend these first.")
        if not sentences:
            sound[name] = [row for _, row in rows]
    strays = list(_strays(folder))
    problems += [f"{sentence}." for sentence in strays[:MOST_SHOWN]]
    if len(strays) > MOST_SHOWN:
        problems.append(f"{folder}: {len(strays) - MOST_SHOWN} more such files.")
    return problems, [f"{folder / name}.csv: {sentence}." for name, sentence in _doubts(sound)]
