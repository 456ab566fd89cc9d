"""Every mart, computed a second time from the raw files, in plain Python.

The project's SQL and this file are two readings of one text, the page of definitions. Neither has
seen the other: where they give the same rows, both have read it in the same way. So this file
prefers the literal reading to the fast one. Instants are datetimes with their microseconds, weights
and points are Decimals, survival and quantiles are Fractions, and a float appears only in the last
step of a rate or a duration. DuckDB decodes parquet files and computes nothing.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import duckdb

Row = dict[str, object]

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
THIRTY_DAYS = timedelta(days=30)

CLOCK_TOLERANCE = timedelta(hours=1)
ACTIVATION_WINDOW_DAYS = (1, 7, 14, 30)
LAST_CURVE_DAY = 90
# period_grain, days in a period, last period_number
RETENTION_PERIODS = (("day", 1, 30), ("week", 7, 12))
INVITE_EVENT = "invite_sent"
POINTS_FRESHNESS = timedelta(days=7)
Z_95 = 1.959963984540054

COHORT = ("cohort_grain", "cohort_date", "segment_type", "segment_value")
KEYS: dict[str, tuple[str, ...]] = {
    "activation_by_cohort": (*COHORT, "window_days"),
    "milestone_completion_by_cohort": (*COHORT, "milestone_id"),
    "time_to_first_value_by_cohort": COHORT,
    "time_to_first_value_curve": ("segment_type", "segment_value", "day_number"),
    "milestone_velocity_by_cohort": (*COHORT, "path", "from_milestone_id", "to_milestone_id"),
    "retention_by_cohort": (*COHORT, "cohort_anchor", "period_grain", "period_number"),
    "active_users_by_day": ("activity_date", "segment_type", "segment_value"),
    "growth_accounting_by_week": ("week_start_date", "segment_type", "segment_value"),
    "viral_coefficient_by_cohort": COHORT,
    "pql_scores": ("user_id",),
    "pql_conversion_by_cohort": COHORT,
    "kpi_scorecard": ("metric_id", "week_start_date"),
    "data_quality_by_rule": ("rule_name",),
}


def compute_marts(
    raw_dir: str | Path,
    definitions_dir: str | Path,
    run_started_at: datetime,
    observed_until: str | None = None,
    benchmark_category: str = "overall",
    benchmark_segment: str = "all",
) -> dict[str, list[Row]]:
    """The rows of every mart, one dict a row, by the name of the mart."""
    definitions = read_definitions(Path(definitions_dir))
    population = observe(Path(raw_dir), definitions, run_started_at, observed_until)
    marts = {
        "activation_by_cohort": activation_by_cohort(population),
        "milestone_completion_by_cohort": milestone_completion_by_cohort(population),
        "time_to_first_value_by_cohort": time_to_first_value_by_cohort(population),
        "time_to_first_value_curve": time_to_first_value_curve(population),
        "milestone_velocity_by_cohort": milestone_velocity_by_cohort(population),
        "retention_by_cohort": retention_by_cohort(population),
        "active_users_by_day": active_users_by_day(population),
        "growth_accounting_by_week": growth_accounting_by_week(population),
        "viral_coefficient_by_cohort": viral_coefficient_by_cohort(population),
        "pql_scores": pql_scores(population),
        "pql_conversion_by_cohort": pql_conversion_by_cohort(population),
        "data_quality_by_rule": data_quality_by_rule(population),
    }
    marts["kpi_scorecard"] = kpi_scorecard(marts, population, benchmark_category, benchmark_segment)
    return marts


# ---------------------------------------------------------------------------------------------
# Raw files: every value becomes text or an instant, and what can't be read becomes None
# ---------------------------------------------------------------------------------------------

USER_COLUMNS = ("user_id", "account_id", "created_at", "plan_tier", "install_source", "invited_by")
EVENT_COLUMNS = ("event_id", "user_id", "event_name", "timestamp", "properties")
INSTANT_COLUMNS = frozenset({"created_at", "timestamp"})
UNIX_EPOCH = datetime(1970, 1, 1)
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"
TIMESTAMP_TEXT = re.compile(
    r"(\d{4}-\d{2}-\d{2})"
    r"(?:[T ](\d{2}:\d{2})(?:(:\d{2})(?:\.(\d+))?)? ?(Z|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII,
)


class RawUser(NamedTuple):
    user_id: str | None
    account_id: str | None
    created_at: datetime | None
    plan_tier: str | None
    install_source: str | None
    invited_by: str | None


class RawEvent(NamedTuple):
    event_id: str | None
    user_id: str | None
    event_name: str | None
    timestamp: datetime | None
    properties: str | None


def read_raw_table(raw_dir: Path, name: str, columns: tuple[str, ...]) -> Iterator[list]:
    """The values of `columns`, row by row, from whichever form the table has."""
    for path in raw_files(raw_dir, name):
        folders = path.relative_to(raw_dir).parts[:-1]
        partition = {
            key: None if value == HIVE_NULL else unquote(value)
            for key, is_partition, value in (folder.partition("=") for folder in folders)
            if is_partition
        }
        read = read_parquet if path.suffix == ".parquet" else read_text_file
        for row in read(path, columns):
            values = {**row, **partition}
            yield [readable(values.get(column), column in INSTANT_COLUMNS) for column in columns]


def raw_files(raw_dir: Path, name: str) -> list[Path]:
    endings = (".parquet", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
    single = [raw_dir / f"{name}{ending}" for ending in endings]
    found = [path for path in single if path.is_file()]
    folder = raw_dir / name
    if folder.is_dir():
        # Sorted, so that the run is the same on every file system.
        found += sorted(path for path in folder.rglob("*") if path.name.endswith(endings))
    if not found:
        raise FileNotFoundError(f"{raw_dir} has no {name}.parquet, .csv, .jsonl or folder {name}/")
    if len(found) > 1 and any(path in single for path in found):
        raise ValueError(f"{raw_dir} has {name} in more than one form: {found}")
    return found


def read_parquet(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        source = "from read_parquet(?, hive_partitioning = false)"
        schema = connection.execute(f"describe {source}", [str(path)]).fetchall()
        types = {column: type_name for column, type_name, *_ in schema if column in columns}
        decoded = ", ".join(decode(column, type_name) for column, type_name in types.items())
        if decoded:
            result = connection.execute(f"select {decoded} {source}", [str(path)])
            for values in result.fetchall():
                yield dict(zip(types, values, strict=True))


def decode(column: str, type_name: str) -> str:
    """Integers since 1970 for a typed instant, text for all else."""
    if column in INSTANT_COLUMNS:
        if type_name == "TIMESTAMP_NS":
            # Cut, not rounded: no instant moves into the next microsecond, over a boundary.
            return f'epoch_ns("{column}") // 1000'
        if type_name == "TIMESTAMP WITH TIME ZONE":
            return f'epoch_us("{column}")'
        if type_name.startswith(("TIMESTAMP", "DATE")):
            return f'epoch_us(cast("{column}" as timestamp))'
    return f'cast("{column}" as varchar)'


def read_text_file(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    is_gzip = path.suffix == ".gz"
    with (gzip.open if is_gzip else open)(path, "rt", encoding="utf-8-sig", newline="") as lines:
        if ".csv" in path.suffixes:
            yield from csv.DictReader(lines, strict=True)
            return
        for line in lines:
            if line.strip():
                # Numbers and nested values become their JSON text, as a text column would hold.
                yield {
                    column: value
                    if value is None or isinstance(value, str)
                    else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
                    for column, value in json.loads(line).items()
                    if column in columns
                }


def readable(value: str | int | None, is_instant: bool) -> str | datetime | None:
    if value is None or value == "":
        return None
    if not is_instant:
        return value
    return read_timestamp(value) if isinstance(value, str) else UNIX_EPOCH + value * MICROSECOND


def read_timestamp(text: str) -> datetime | None:
    """An ISO timestamp as naive UTC; a date is its midnight; None where it can't be read."""
    match = TIMESTAMP_TEXT.fullmatch(text)
    if match is None:
        return None
    day, minutes, seconds, fraction, zone = match.groups()
    try:
        instant = datetime.fromisoformat(f"{day}T{minutes or '00:00'}{seconds or ':00'}")
        instant += int((fraction or "0")[:6].ljust(6, "0")) * MICROSECOND
        if zone not in (None, "Z"):
            offset = datetime.strptime(zone.ljust(5, "0"), "%z").utcoffset()
            instant -= offset
    except (ValueError, OverflowError):
        return None
    return instant


# ---------------------------------------------------------------------------------------------
# Definition seeds
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Milestone:
    milestone_id: str
    weight: Decimal
    timeframe: timedelta
    event_name: str
    order: int
    path: str
    is_required: bool
    is_first_value: bool
    min_count: int


@dataclass(frozen=True)
class Signal:
    event_name: str | None
    user_column: str | None
    user_value: str | None
    points: Decimal
    max_count: int


@dataclass(frozen=True)
class Band:
    name: str
    lower_bound: Decimal
    action: str | None
    is_qualified: bool


@dataclass(frozen=True)
class Target:
    metric_name: str | None
    unit: str | None
    is_higher_better: bool
    target_value: float | None
    tolerance: float


@dataclass(frozen=True)
class Benchmark:
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Definitions:
    milestones: list[Milestone]
    unmeaningful_events: frozenset[str]
    excluded_user_ids: frozenset[str]
    signals: list[Signal]
    # By scheme, the lowest first.
    bands: dict[str, list[Band]]
    targets: dict[str, Target]
    # By metric_id, category and segment.
    benchmarks: dict[tuple[str, str, str], Benchmark]

    @property
    def paths(self) -> dict[str, list[Milestone]]:
        """The milestones of each path, in their order."""
        paths = defaultdict(list)
        for milestone in sorted(self.milestones, key=lambda milestone: milestone.order):
            paths[milestone.path].append(milestone)
        return dict(paths)

    @property
    def activation_window(self) -> timedelta:
        required = [m.timeframe for m in self.milestones if m.is_required]
        return max(required, default=timedelta(0))

    @property
    def longest_timeframe(self) -> timedelta:
        return max(milestone.timeframe for milestone in self.milestones)


def read_definitions(folder: Path) -> Definitions:
    bands = defaultdict(list)
    for row in read_seed(folder, "pql_bands"):
        bands[row["scheme"]].append(
            Band(
                name=row["band"],
                lower_bound=Decimal(row["lower_bound"]),
                action=row["recommended_action"],
                is_qualified=read_boolean(row["is_qualified"], default=False),
            )
        )
    return Definitions(
        milestones=[
            Milestone(
                milestone_id=row["milestone_id"],
                weight=Decimal(row["weight"]),
                timeframe=read_timeframe(row["timeframe"]),
                event_name=row["triggered_by_event"],
                order=int(row["milestone_order"]),
                path=row["path"] or "default",
                is_required=read_boolean(row["is_required"], default=True),
                is_first_value=read_boolean(row["is_first_value"], default=False),
                min_count=int(row["min_count"] or 1),
            )
            for row in read_seed(folder, "milestones")
        ],
        unmeaningful_events=frozenset(
            row["event_name"]
            for row in read_seed(folder, "event_catalog")
            if not read_boolean(row["is_meaningful"], default=False)
        ),
        excluded_user_ids=frozenset(row["user_id"] for row in read_seed(folder, "excluded_users")),
        signals=[
            Signal(
                event_name=row["triggered_by_event"],
                user_column=row["user_column"],
                user_value=row["user_value"],
                points=Decimal(row["points"]),
                max_count=int(row["max_count"] or 1),
            )
            for row in read_seed(folder, "pql_signals")
        ],
        bands={
            scheme: sorted(scheme_bands, key=lambda band: band.lower_bound)
            for scheme, scheme_bands in bands.items()
        },
        targets={
            row["metric_id"]: Target(
                metric_name=row["metric_name"],
                unit=row["unit"],
                is_higher_better=read_boolean(row["is_higher_better"], default=False),
                target_value=read_float(row["target_value"]),
                tolerance=float(row["tolerance"] or 0),
            )
            for row in read_seed(folder, "kpi_targets")
        },
        benchmarks={
            (row["metric_id"], row["category"], row["segment"]): Benchmark(
                low=read_float(row["low"]), high=read_float(row["high"])
            )
            for row in read_seed(folder, "benchmarks")
        },
    )


def read_seed(folder: Path, name: str) -> list[dict[str, str | None]]:
    with open(folder / f"{name}.csv", encoding="utf-8-sig", newline="") as lines:
        return [
            {column: value or None for column, value in row.items()}
            for row in csv.DictReader(lines, strict=True)
        ]


def read_boolean(text: str | None, default: bool) -> bool:
    return default if text is None else {"true": True, "false": False}[text.lower()]


def read_float(text: str | None) -> float | None:
    return None if text is None else float(text)


def read_timeframe(text: str) -> timedelta:
    units = {"h": timedelta(hours=1), "d": DAY, "w": WEEK}
    return int(text[:-1]) * units[text[-1]]


# ---------------------------------------------------------------------------------------------
# Which rows count
# ---------------------------------------------------------------------------------------------


@dataclass
class Removal:
    """What one rule took away, of users and of events."""

    row_count: int = 0
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None

    def add(self, seen_at: datetime | None) -> None:
        self.row_count += 1
        if seen_at is not None:
            self.first_seen_at = min(seen_at, self.first_seen_at or seen_at)
            self.last_seen_at = max(seen_at, self.last_seen_at or seen_at)


RULES = (
    "missing_key",
    "future_event",
    "duplicate_user",
    "excluded_user",
    "unknown_user",
    "before_signup",
    "duplicate_event",
)


def in_byte_order(*texts: str | None) -> tuple:
    """A sort key: UTF-8 bytes, nulls last."""
    return tuple((text is None, b"" if text is None else text.encode()) for text in texts)


def users_that_count(
    users: Iterable[RawUser],
    excluded_user_ids: frozenset[str],
    latest_credible_at: datetime,
    removals: dict[str, Removal],
) -> dict[str, RawUser]:
    copies_by_user_id = defaultdict(list)
    for user in users:
        if user.user_id is None or user.created_at is None:
            removals["missing_key"].add(user.created_at)
        elif user.created_at > latest_credible_at:
            removals["future_event"].add(user.created_at)
        else:
            copies_by_user_id[user.user_id].append(user)

    counted = {}
    for user_id, copies in copies_by_user_id.items():
        kept, *repeats = sorted(
            copies,
            key=lambda user: (
                user.created_at,
                in_byte_order(
                    user.account_id, user.plan_tier, user.install_source, user.invited_by
                ),
            ),
        )
        for repeat in repeats:
            removals["duplicate_user"].add(repeat.created_at)
        if user_id in excluded_user_ids:
            removals["excluded_user"].add(kept.created_at)
        else:
            counted[user_id] = kept
    return counted


def events_that_count(
    events: Iterable[RawEvent],
    users: dict[str, RawUser],
    excluded_user_ids: frozenset[str],
    latest_credible_at: datetime,
    removals: dict[str, Removal],
) -> list[RawEvent]:
    copies_by_identity = defaultdict(list)
    for event in events:
        if event.user_id is None or event.event_name is None or event.timestamp is None:
            removals["missing_key"].add(event.timestamp)
        elif event.timestamp > latest_credible_at:
            removals["future_event"].add(event.timestamp)
        elif event.user_id in excluded_user_ids:
            removals["excluded_user"].add(event.timestamp)
        elif event.user_id not in users:
            removals["unknown_user"].add(event.timestamp)
        elif event.timestamp < users[event.user_id].created_at:
            removals["before_signup"].add(event.timestamp)
        else:
            # Without an id, an event is its content: the tuple itself, whose first field is None.
            identity = event if event.event_id is None else event.event_id
            copies_by_identity[identity].append(event)

    counted = []
    for copies in copies_by_identity.values():
        kept, *repeats = sorted(
            copies,
            key=lambda event: (
                event.timestamp,
                in_byte_order(event.user_id, event.event_name, event.properties),
            ),
        )
        counted.append(kept)
        for repeat in repeats:
            removals["duplicate_event"].add(repeat.timestamp)
    return counted


# ---------------------------------------------------------------------------------------------
# What is known of each user
# ---------------------------------------------------------------------------------------------


@dataclass
class User:
    user_id: str
    account_id: str | None
    created_at: datetime
    plan_tier: str | None
    install_source: str | None
    invited_by: str | None
    # Ascending, of the events that count.
    timestamps_by_event: dict[str, list[datetime]] = field(default_factory=dict)
    # When each invite was sent and how many people it went to.
    invites: list[tuple[datetime, int]] = field(default_factory=list)
    # Ascending, without repetition.
    active_dates: list[date] = field(default_factory=list)
    # By milestone_id; completed is the part that was reached in time.
    reached_at: dict[str, datetime] = field(default_factory=dict)
    completed_at: dict[str, datetime] = field(default_factory=dict)
    activated_at: datetime | None = None
    first_value_at: datetime | None = None

    @property
    def is_invited(self) -> bool:
        return self.invited_by not in (None, self.user_id)

    @property
    def segments(self) -> tuple[tuple[str, str], ...]:
        return (
            ("all", "all"),
            ("acquisition_type", "invited" if self.is_invited else "new"),
            ("install_source", self.install_source or "unknown"),
            ("plan_tier", self.plan_tier or "unknown"),
        )


CohortKey = tuple[str, date, str, str]


@dataclass
class Population:
    """The users that count, what they did, and how far the world was watched."""

    definitions: Definitions
    users: list[User]
    removals: dict[str, Removal]
    # None only where no row counts and no end of observation was set: no user, so no rows.
    observed_until_at: datetime | None

    def __post_init__(self) -> None:
        signups = [user.created_at.date() for user in self.users]
        self.first_signup_date = min(signups, default=None)
        self.signup_cohorts = self.cohorts(lambda user: user.created_at)
        self.activation_cohorts = self.cohorts(lambda user: user.activated_at)

    def is_closed(self, start: datetime, window: timedelta) -> bool:
        return start + window <= self.observed_until_at

    def cohorts(
        self, anchored_at: Callable[[User], datetime | None]
    ) -> dict[CohortKey, list[User]]:
        """The members of every cohort and segment, of the users that have the anchor."""
        members = defaultdict(list)
        for user in self.users:
            anchor = anchored_at(user)
            if anchor is None:
                continue
            grains = (
                ("week", week_of(anchor.date())),
                ("month", anchor.date().replace(day=1)),
                ("all", self.first_signup_date),
            )
            for grain, cohort_date in grains:
                for segment_type, segment_value in user.segments:
                    members[grain, cohort_date, segment_type, segment_value].append(user)
        return dict(sorted(members.items()))

    @property
    def segments(self) -> dict[tuple[str, str], list[User]]:
        return {
            (segment_type, segment_value): members
            for (grain, _, segment_type, segment_value), members in self.signup_cohorts.items()
            if grain == "all"
        }


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - day.weekday() * DAY


def observe(
    raw_dir: Path,
    definitions: Definitions,
    run_started_at: datetime,
    observed_until: str | None,
) -> Population:
    raw_users = [RawUser(*row) for row in read_raw_table(raw_dir, "users", USER_COLUMNS)]
    raw_events = [RawEvent(*row) for row in read_raw_table(raw_dir, "events", EVENT_COLUMNS)]

    observed_until_at = None
    if observed_until:
        observed_until_at = read_timestamp(observed_until)
        if observed_until_at is None:
            raise ValueError(f"observed_until is neither a timestamp nor a date: {observed_until}")
        # A row without a time can't be later: it stays, and missing_key counts it.
        raw_users = [u for u in raw_users if not is_later(u.created_at, observed_until_at)]
        raw_events = [e for e in raw_events if not is_later(e.timestamp, observed_until_at)]

    removals = {rule: Removal() for rule in RULES}
    latest_credible_at = run_started_at + CLOCK_TOLERANCE
    counted_users = users_that_count(
        raw_users, definitions.excluded_user_ids, latest_credible_at, removals
    )
    counted_events = events_that_count(
        raw_events, counted_users, definitions.excluded_user_ids, latest_credible_at, removals
    )
    if observed_until_at is None:
        observed_until_at = max(
            [user.created_at for user in counted_users.values()]
            + [event.timestamp for event in counted_events],
            default=None,
        )

    events_by_user = defaultdict(list)
    for event in sorted(counted_events, key=lambda event: event.timestamp):
        events_by_user[event.user_id].append(event)
    return Population(
        definitions=definitions,
        users=[
            user_with_facts(user, events_by_user[user.user_id], definitions)
            for user in counted_users.values()
        ],
        removals=removals,
        observed_until_at=observed_until_at,
    )


def is_later(instant: datetime | None, limit: datetime) -> bool:
    return instant is not None and instant > limit


def user_with_facts(raw: RawUser, events: list[RawEvent], definitions: Definitions) -> User:
    """The user and what follows from the events, which arrive in the order of their timestamps."""
    user = User(**raw._asdict())
    active_dates = set()
    for event in events:
        user.timestamps_by_event.setdefault(event.event_name, []).append(event.timestamp)
        if event.event_name not in definitions.unmeaningful_events:
            active_dates.add(event.timestamp.date())
        if event.event_name == INVITE_EVENT:
            user.invites.append((event.timestamp, invitations_in(event.properties)))
    user.active_dates = sorted(active_dates)

    for milestone in definitions.milestones:
        timestamps = user.timestamps_by_event.get(milestone.event_name, [])
        if len(timestamps) >= milestone.min_count:
            reached_at = timestamps[milestone.min_count - 1]
            user.reached_at[milestone.milestone_id] = reached_at
            if reached_at < user.created_at + milestone.timeframe:
                user.completed_at[milestone.milestone_id] = reached_at

    user.first_value_at = min(
        (
            user.reached_at[milestone.milestone_id]
            for milestone in definitions.milestones
            if milestone.is_first_value and milestone.milestone_id in user.reached_at
        ),
        default=None,
    )
    user.activated_at = activated_at(user, definitions)
    return user


def activated_at(user: User, definitions: Definitions) -> datetime | None:
    activations = []
    for milestones in definitions.paths.values():
        required_ids = [m.milestone_id for m in milestones if m.is_required]
        # Nothing required is nothing achieved: without this, an empty path would activate all.
        if required_ids and all(m in user.completed_at for m in required_ids):
            activations.append(max(user.completed_at[m] for m in required_ids))
    return min(activations, default=None)


def invitations_in(properties: str | None) -> int:
    """The `count` of an invite: a JSON integer or its digits as a string, at least 1, else 1."""
    try:
        decoded = json.loads(
            properties or "",
            # Of a key that stands twice, the first counts.
            object_pairs_hook=lambda pairs: dict(reversed(pairs)),
            parse_constant=reject_constant,
        )
        count = decoded["count"] if isinstance(decoded, dict) else None
        if isinstance(count, str) and re.fullmatch("-?[0-9]+", count):
            count = int(count)
    except (ValueError, KeyError):
        return 1
    # `type`, as a JSON boolean would pass for an integer.
    fits_bigint = type(count) is int and -(2**63) <= count < 2**63
    return max(count, 1) if fits_bigint else 1


def reject_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


# ---------------------------------------------------------------------------------------------
# Arithmetic that several marts share
# ---------------------------------------------------------------------------------------------


def rate(numerator: int, denominator: int) -> float | None:
    return numerator / denominator if denominator else None


def rate_with_interval(name: str, numerator: int, denominator: int) -> Row:
    """The rate and its 95 % Wilson interval, as the three columns that carry them."""
    lower = upper = None
    if denominator:
        share = numerator / denominator
        scale = 1 + Z_95**2 / denominator
        centre = (share + Z_95**2 / (2 * denominator)) / scale
        spread = share * (1 - share) / denominator + Z_95**2 / (4 * denominator**2)
        half_width = Z_95 / scale * math.sqrt(spread)
        lower, upper = max(centre - half_width, 0.0), min(centre + half_width, 1.0)
    return {
        name: rate(numerator, denominator),
        f"{name}_ci_lower": lower,
        f"{name}_ci_upper": upper,
    }


def mean_seconds(durations: list[timedelta]) -> float | None:
    if not durations:
        return None
    return float(Fraction(sum(microseconds(d) for d in durations), len(durations) * 10**6))


def quantile_seconds(durations: list[timedelta], share: Fraction) -> float | None:
    """Interpolates linearly between the two values around (n - 1) · share."""
    if not durations:
        return None
    ordered = sorted(microseconds(duration) for duration in durations)
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    value = ordered[below] + (ordered[above] - ordered[below]) * (position - below)
    return float(value / 10**6)


MEDIAN, P75, P90 = Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)


def microseconds(duration: timedelta) -> int:
    return duration // MICROSECOND


def cohort_columns(key: CohortKey) -> Row:
    return dict(zip(COHORT, key, strict=True))


# ---------------------------------------------------------------------------------------------
# Activation marts
# ---------------------------------------------------------------------------------------------


def activation_by_cohort(population: Population) -> list[Row]:
    rows = []
    for key, members in population.signup_cohorts.items():
        for window_days in ACTIVATION_WINDOW_DAYS:
            window = window_days * DAY
            eligible = [u for u in members if population.is_closed(u.created_at, window)]
            activated_count = sum(
                user.activated_at is not None and user.activated_at < user.created_at + window
                for user in eligible
            )
            rows.append(
                cohort_columns(key)
                | {
                    "window_days": window_days,
                    "signup_count": len(members),
                    "eligible_user_count": len(eligible),
                    "activated_user_count": activated_count,
                }
                | rate_with_interval("activation_rate", activated_count, len(eligible))
            )
    return rows


def milestone_completion_by_cohort(population: Population) -> list[Row]:
    rows = []
    for key, members in population.signup_cohorts.items():
        for milestones in population.definitions.paths.values():
            for previous, milestone in pairwise([None, *milestones]):
                eligible = [
                    u for u in members if population.is_closed(u.created_at, milestone.timeframe)
                ]
                completed_count = sum(milestone.milestone_id in u.completed_at for u in eligible)
                rows.append(
                    cohort_columns(key)
                    | {
                        "milestone_id": milestone.milestone_id,
                        "milestone_order": milestone.order,
                        "eligible_user_count": len(eligible),
                        "completed_user_count": completed_count,
                    }
                    | rate_with_interval("completion_rate", completed_count, len(eligible))
                    | conversion_from_previous(previous, milestone, eligible, population)
                )
    return rows


def conversion_from_previous(
    previous: Milestone | None,
    milestone: Milestone,
    eligible: list[User],
    population: Population,
) -> Row:
    previous_count = both_count = conversion_rate = None
    if previous is not None:
        # Both timeframes have to be closed: `eligible` has seen to the milestone's own.
        completed_previous = [
            user
            for user in eligible
            if population.is_closed(user.created_at, previous.timeframe)
            and previous.milestone_id in user.completed_at
        ]
        previous_count = len(completed_previous)
        both_count = sum(milestone.milestone_id in u.completed_at for u in completed_previous)
        conversion_rate = rate(both_count, previous_count)
    return {
        "previous_completed_user_count": previous_count,
        "completed_both_user_count": both_count,
        "conversion_from_previous_rate": conversion_rate,
    }


class Survival(NamedTuple):
    day_number: int
    at_risk_count: int
    event_count: int
    censored_count: int
    # At the end of the day.
    probability: Fraction
    greenwood_sum: float


def kaplan_meier(
    members: list[User], observed_until_at: datetime, days: Iterable[int]
) -> Iterator[Survival]:
    """Survival without first value on `days`, which ascend and name every day that has one."""
    event_days, censored_days = [], []
    for user in members:
        if user.first_value_at is not None:
            event_days.append((user.first_value_at - user.created_at) // DAY)
        else:
            censored_days.append((observed_until_at - user.created_at) // DAY)
    durations = sorted(event_days + censored_days)
    events, censored = Counter(event_days), Counter(censored_days)

    probability, greenwood_sum = Fraction(1), 0.0
    for day in days:
        at_risk = len(durations) - bisect_left(durations, day)
        if events[day]:
            probability *= Fraction(at_risk - events[day], at_risk)
        if 0 < events[day] < at_risk:
            greenwood_sum += events[day] / (at_risk * (at_risk - events[day]))
        yield Survival(day, at_risk, events[day], censored[day], probability, greenwood_sum)


def log_log_interval(survival: Survival) -> tuple[float, float]:
    # The logarithm of the logarithm has no value at 1 and at 0: nothing has been lost, or all.
    if survival.probability in (0, 1):
        return float(survival.probability), float(survival.probability)
    probability = float(survival.probability)
    log_log_error = math.sqrt(survival.greenwood_sum) / -math.log(probability)
    return (
        probability ** math.exp(Z_95 * log_log_error),
        probability ** math.exp(-Z_95 * log_log_error),
    )


def time_to_first_value_by_cohort(population: Population) -> list[Row]:
    rows = []
    for key, members in population.signup_cohorts.items():
        eligible = [u for u in members if population.is_closed(u.created_at, THIRTY_DAYS)]
        times = [
            user.first_value_at - user.created_at
            for user in eligible
            if user.first_value_at is not None
            and user.first_value_at < user.created_at + THIRTY_DAYS
        ]
        rows.append(
            cohort_columns(key)
            | {
                "signup_count": len(members),
                "eligible_user_count": len(eligible),
                "reached_user_count": len(times),
            }
            | rate_with_interval("reached_rate", len(times), len(eligible))
            | {
                "mean_time_to_first_value_seconds": mean_seconds(times),
                "median_time_to_first_value_seconds": quantile_seconds(times, MEDIAN),
                "p75_time_to_first_value_seconds": quantile_seconds(times, P75),
                "p90_time_to_first_value_seconds": quantile_seconds(times, P90),
                "km_median_time_to_first_value_days": km_median_days(
                    members, population.observed_until_at
                ),
            }
        )
    return rows


def km_median_days(members: list[User], observed_until_at: datetime) -> float | None:
    event_days = sorted(
        {(u.first_value_at - u.created_at) // DAY for u in members if u.first_value_at is not None}
    )
    half = Fraction(1, 2) + Fraction(1, 10**12)
    for survival in kaplan_meier(members, observed_until_at, event_days):
        if survival.probability <= half:
            return float(survival.day_number)
    return None


def time_to_first_value_curve(population: Population) -> list[Row]:
    rows = []
    for (segment_type, segment_value), members in population.segments.items():
        days = range(LAST_CURVE_DAY + 1)
        for survival in kaplan_meier(members, population.observed_until_at, days):
            lower, upper = log_log_interval(survival)
            rows.append(
                {
                    "segment_type": segment_type,
                    "segment_value": segment_value,
                    "day_number": survival.day_number,
                    "at_risk_count": survival.at_risk_count,
                    "event_count": survival.event_count,
                    "censored_count": survival.censored_count,
                    "survival_probability": float(survival.probability),
                    "survival_ci_lower": lower,
                    "survival_ci_upper": upper,
                    "hazard_rate": rate(survival.event_count, survival.at_risk_count),
                }
            )
    return rows


def milestone_velocity_by_cohort(population: Population) -> list[Row]:
    rows = []
    for key, members in population.signup_cohorts.items():
        for path, milestones in population.definitions.paths.items():
            for source, target in pairwise(milestones):
                rows.append(
                    cohort_columns(key)
                    | {
                        "path": path,
                        "from_milestone_id": source.milestone_id,
                        "to_milestone_id": target.milestone_id,
                    }
                    | velocity(source, target, members, population)
                )
    return rows


def velocity(
    source: Milestone, target: Milestone, members: list[User], population: Population
) -> Row:
    eligible_count = out_of_order_count = 0
    times = []
    for user in members:
        # Reached, be it too late to be completed: the clock of this mart starts at the milestone.
        from_at = user.reached_at.get(source.milestone_id)
        if from_at is None or not population.is_closed(from_at, THIRTY_DAYS):
            continue
        eligible_count += 1
        to_at = user.reached_at.get(target.milestone_id)
        if to_at is None:
            continue
        if to_at < from_at:
            out_of_order_count += 1
        elif to_at < from_at + THIRTY_DAYS:
            times.append(to_at - from_at)
    return {
        "eligible_user_count": eligible_count,
        "progressed_user_count": len(times),
        "progression_rate": rate(len(times), eligible_count),
        "out_of_order_user_count": out_of_order_count,
        "mean_seconds": mean_seconds(times),
        "median_seconds": quantile_seconds(times, MEDIAN),
        "p75_seconds": quantile_seconds(times, P75),
    }


# ---------------------------------------------------------------------------------------------
# Retention and activity marts
# ---------------------------------------------------------------------------------------------


def retention_by_cohort(population: Population) -> list[Row]:
    anchors = (
        ("signup", population.signup_cohorts, lambda user: user.created_at.date()),
        ("activation", population.activation_cohorts, lambda user: user.activated_at.date()),
    )
    return [
        cohort_columns(key) | {"cohort_anchor": anchor} | cell
        for anchor, cohorts, anchor_date in anchors
        for key, members in cohorts.items()
        for cell in retention_cells(members, anchor_date, population.observed_until_at.date())
    ]


def retention_cells(
    members: list[User], anchor_date: Callable[[User], date], observed_until_date: date
) -> Iterator[Row]:
    active_days = Counter()
    for user in members:
        start = anchor_date(user)
        days = {(active_date - start).days for active_date in user.active_dates}
        for grain, length, last_period in RETENTION_PERIODS:
            periods = {day // length for day in days}
            active_days.update(
                (grain, period)
                for period in periods
                if 0 <= period <= last_period
                and has_passed(start, length, period, observed_until_date)
            )

    starts = Counter(anchor_date(user) for user in members)
    for grain, length, last_period in RETENTION_PERIODS:
        for period in range(last_period + 1):
            eligible_count = sum(
                count
                for start, count in starts.items()
                if has_passed(start, length, period, observed_until_date)
            )
            retained_count = active_days[grain, period]
            yield {
                "period_grain": grain,
                "period_number": period,
                "cohort_user_count": len(members),
                "eligible_user_count": eligible_count,
                "retained_user_count": retained_count,
            } | rate_with_interval("retention_rate", retained_count, eligible_count)


def has_passed(start: date, length: int, period: int, observed_until_date: date) -> bool:
    """The whole period lies before the date that is still being observed."""
    return start + (length * (period + 1) - 1) * DAY < observed_until_date


def active_users_by_day(population: Population) -> list[Row]:
    if not population.users:
        return []
    first_date = population.first_signup_date
    # A day has ended with the midnight after it: the date of the last instant never has.
    day_count = (population.observed_until_at.date() - first_date).days
    rows = []
    for (segment_type, segment_value), members in population.segments.items():
        active_counts = zip(
            *(users_active_within(members, first_date, day_count, span) for span in (1, 7, 30)),
            strict=True,
        )
        for day_number, (dau, wau, mau) in enumerate(active_counts):
            rows.append(
                {
                    "activity_date": first_date + day_number * DAY,
                    "segment_type": segment_type,
                    "segment_value": segment_value,
                    "dau": dau,
                    "wau": wau,
                    "mau": mau,
                    "stickiness_rate": rate(dau, mau),
                }
            )
    return rows


def users_active_within(
    members: list[User], first_date: date, day_count: int, span: int
) -> list[int]:
    """For each day, how many were active on one of the `span` dates that end on it.

    An active date counts its user for `span` days, or until the next active date takes over: then
    nobody is counted twice, and the sum of all entries and exits so far is the number of users.
    """
    changes = [0] * day_count
    for user in members:
        offsets = [(active_date - first_date).days for active_date in user.active_dates]
        for start, next_start in pairwise([*offsets, math.inf]):
            for day, change in ((start, 1), (min(start + span, next_start), -1)):
                if day < day_count:
                    changes[day] += change
    return list(accumulate(changes))


def growth_accounting_by_week(population: Population) -> list[Row]:
    if not population.users:
        return []
    weeks = []
    week = week_of(population.first_signup_date)
    while population.is_closed(datetime.combine(week, time()), WEEK):
        weeks.append(week)
        week += WEEK

    rows = []
    for (segment_type, segment_value), members in population.segments.items():
        counts = Counter()
        for user in members:
            active_weeks = sorted({week_of(active_date) for active_date in user.active_dates})
            for previous, active_week in pairwise([None, *active_weeks]):
                if previous is None:
                    counts[active_week, "new"] += 1
                elif previous == active_week - WEEK:
                    counts[active_week, "retained"] += 1
                else:
                    counts[active_week, "resurrected"] += 1
            for active_week, following in pairwise([*active_weeks, None]):
                if following != active_week + WEEK:
                    counts[active_week + WEEK, "churned"] += 1
        for week in weeks:
            new, retained, resurrected, churned = (
                counts[week, state] for state in ("new", "retained", "resurrected", "churned")
            )
            rows.append(
                {
                    "week_start_date": week,
                    "segment_type": segment_type,
                    "segment_value": segment_value,
                    "new_user_count": new,
                    "retained_user_count": retained,
                    "resurrected_user_count": resurrected,
                    "churned_user_count": churned,
                    "active_user_count": new + retained + resurrected,
                }
            )
    return rows


# ---------------------------------------------------------------------------------------------
# Referral mart
# ---------------------------------------------------------------------------------------------


def viral_coefficient_by_cohort(population: Population) -> list[Row]:
    users_by_id = {user.user_id: user for user in population.users}
    invited_signups = defaultdict(list)
    for user in population.users:
        inviter = users_by_id.get(user.invited_by) if user.is_invited else None
        # An invitation can be answered neither before the inviter's own signup nor too late.
        if inviter and timedelta(0) <= user.created_at - inviter.created_at < THIRTY_DAYS:
            invited_signups[inviter.user_id].append(user)

    observation = THIRTY_DAYS + population.definitions.activation_window
    rows = []
    for key, members in population.signup_cohorts.items():
        eligible = [u for u in members if population.is_closed(u.created_at, THIRTY_DAYS)]
        # One list of counts for each member that sent anything in time.
        invitations = [
            [count for sent_at, count in user.invites if sent_at < user.created_at + THIRTY_DAYS]
            for user in eligible
        ]
        invitation_count = sum(map(sum, invitations))
        cycles = [
            invitee.created_at - user.created_at
            for user in eligible
            for invitee in invited_signups[user.user_id]
        ]
        fully_observed = [u for u in members if population.is_closed(u.created_at, observation)]
        invited_activated_count = sum(
            invitee.activated_at is not None
            for user in fully_observed
            for invitee in invited_signups[user.user_id]
        )
        rows.append(
            cohort_columns(key)
            | {
                "cohort_user_count": len(eligible),
                "invitation_count": invitation_count,
                "inviting_user_count": sum(bool(counts) for counts in invitations),
                "invited_signup_count": len(cycles),
                "invitations_per_user": rate(invitation_count, len(eligible)),
                "invitation_conversion_rate": rate(len(cycles), invitation_count),
                "k_factor": rate(len(cycles), len(eligible)),
                "median_viral_cycle_seconds": quantile_seconds(cycles, MEDIAN),
                "fully_observed_user_count": len(fully_observed),
                "invited_activated_count": invited_activated_count,
                "activated_k_factor": rate(invited_activated_count, len(fully_observed)),
            }
        )
    return rows


# ---------------------------------------------------------------------------------------------
# Qualification marts
# ---------------------------------------------------------------------------------------------


def band_of(score: Decimal, bands: list[Band]) -> Band | None:
    """The highest band whose bound is reached; the lowest for a score below all."""
    reached = [band for band in bands if band.lower_bound <= score]
    return reached[-1] if reached else next(iter(bands), None)


def milestone_score(user: User, definitions: Definitions) -> Decimal:
    return sum(
        (m.weight for m in definitions.milestones if m.milestone_id in user.completed_at),
        Decimal(0),
    )


def is_pql(user: User, definitions: Definitions) -> bool:
    band = band_of(
        milestone_score(user, definitions) * 100, definitions.bands.get("milestone_share", [])
    )
    return band is not None and band.is_qualified


def qualified_at(user: User, definitions: Definitions) -> datetime | None:
    bands = definitions.bands.get("milestone_share", [])
    qualified_bounds = [band.lower_bound for band in bands if band.is_qualified]
    if not qualified_bounds:
        return None
    lowest_qualified_bound = min(qualified_bounds)
    completions = sorted(
        (user.completed_at[milestone.milestone_id], milestone.weight)
        for milestone in definitions.milestones
        if milestone.milestone_id in user.completed_at
    )
    score = Decimal(0)
    # The score is 0 at signup: a bound of 0 is reached there.
    for completed_at, weight in [(user.created_at, Decimal(0)), *completions]:
        score += weight
        if score * 100 >= lowest_qualified_bound:
            return completed_at
    return None


def behavior_points(user: User, signal: Signal, scored_at: datetime) -> Decimal:
    occurrences = user.timestamps_by_event.get(signal.event_name, [])
    points = signal.points * min(len(occurrences), signal.max_count)
    is_stale = bool(occurrences) and occurrences[-1] < scored_at - POINTS_FRESHNESS
    return points / 2 if is_stale else points


def fit_points(user: User, signal: Signal) -> Decimal:
    traits = {"plan_tier": user.plan_tier, "install_source": user.install_source}
    return signal.points if traits[signal.user_column] == signal.user_value else Decimal(0)


def pql_scores(population: Population) -> list[Row]:
    definitions = population.definitions
    scored_at = population.observed_until_at
    rows = []
    for user in population.users:
        behavior = fit = Decimal(0)
        for signal in definitions.signals:
            if signal.event_name is not None:
                behavior += behavior_points(user, signal, scored_at)
            else:
                fit += fit_points(user, signal)
        score = milestone_score(user, definitions)
        milestone_band = band_of(score * 100, definitions.bands.get("milestone_share", []))
        points_band = band_of(behavior + fit, definitions.bands.get("points", []))
        rows.append(
            {
                "user_id": user.user_id,
                "account_id": user.account_id,
                "signed_up_at": user.created_at,
                "scored_at": scored_at,
                "milestone_score": score,
                "milestone_band": milestone_band and milestone_band.name,
                "milestone_action": milestone_band and milestone_band.action,
                "is_pql": is_pql(user, definitions),
                "qualified_at": qualified_at(user, definitions),
                "points_score": behavior + fit,
                "behavior_points": behavior,
                "fit_points": fit,
                "points_band": points_band and points_band.name,
                "points_action": points_band and points_band.action,
            }
        )
    return rows


def pql_conversion_by_cohort(population: Population) -> list[Row]:
    definitions = population.definitions
    pql_user_ids = {user.user_id for user in population.users if is_pql(user, definitions)}
    rows = []
    for key, members in population.signup_cohorts.items():
        eligible = [
            u for u in members if population.is_closed(u.created_at, definitions.longest_timeframe)
        ]
        activated = [user for user in eligible if user.activated_at is not None]
        pql_count = sum(user.user_id in pql_user_ids for user in activated)
        rows.append(
            cohort_columns(key)
            | {
                "eligible_user_count": len(eligible),
                "activated_user_count": len(activated),
                "pql_user_count": pql_count,
                "pql_conversion_rate": rate(pql_count, len(activated)),
                "pql_without_activation_count": sum(
                    user.user_id in pql_user_ids and user.activated_at is None for user in eligible
                ),
            }
        )
    return rows


# ---------------------------------------------------------------------------------------------
# Scorecard
# ---------------------------------------------------------------------------------------------


class Metric(NamedTuple):
    metric_id: str
    # How long after the end of a week all of its members have been seen.
    maturity: timedelta
    # By the Monday of the week, of the weeks that have a cohort.
    values: dict[date, float | None]


def scorecard_metrics(marts: dict[str, list[Row]], definitions: Definitions) -> list[Metric]:
    first_of_all = min(
        definitions.milestones, key=lambda m: (m.order, in_byte_order(m.milestone_id))
    )
    first, *rest = definitions.paths[first_of_all.path]

    def weekly(mart: str, column: str, **cell: object) -> dict[date, float | None]:
        wanted = {"cohort_grain": "week", "segment_type": "all", **cell}
        return {
            row["cohort_date"]: row[column]
            for row in marts[mart]
            if all(row[name] == value for name, value in wanted.items())
        }

    metrics = [
        Metric(
            "activation_rate",
            THIRTY_DAYS,
            weekly("activation_by_cohort", "activation_rate", window_days=30),
        ),
        Metric(
            "time_to_first_value",
            THIRTY_DAYS,
            in_days(weekly("time_to_first_value_by_cohort", "median_time_to_first_value_seconds")),
        ),
        Metric(
            "milestone_completion_rate",
            first.timeframe,
            weekly(
                "milestone_completion_by_cohort",
                "completion_rate",
                milestone_id=first.milestone_id,
            ),
        ),
        Metric("viral_coefficient", THIRTY_DAYS, weekly("viral_coefficient_by_cohort", "k_factor")),
        Metric(
            "retention_d7",
            8 * DAY,
            weekly(
                "retention_by_cohort",
                "retention_rate",
                cohort_anchor="activation",
                period_grain="day",
                period_number=7,
            ),
        ),
        Metric(
            "pql_conversion_rate",
            definitions.longest_timeframe,
            weekly("pql_conversion_by_cohort", "pql_conversion_rate"),
        ),
    ]
    if rest:
        second = rest[0]
        metrics += [
            Metric(
                "milestone_velocity",
                first.timeframe + THIRTY_DAYS,
                in_days(
                    weekly(
                        "milestone_velocity_by_cohort",
                        "median_seconds",
                        from_milestone_id=first.milestone_id,
                        to_milestone_id=second.milestone_id,
                    )
                ),
            ),
            Metric(
                "milestone_cohort_conversion",
                max(first.timeframe, second.timeframe),
                weekly(
                    "milestone_completion_by_cohort",
                    "conversion_from_previous_rate",
                    milestone_id=second.milestone_id,
                ),
            ),
        ]
    return metrics


def in_days(seconds_by_week: dict[date, float | None]) -> dict[date, float | None]:
    return {
        week: None if seconds is None else seconds / DAY.total_seconds()
        for week, seconds in seconds_by_week.items()
    }


def kpi_scorecard(
    marts: dict[str, list[Row]],
    population: Population,
    benchmark_category: str,
    benchmark_segment: str,
) -> list[Row]:
    definitions = population.definitions
    no_target = Target(None, None, is_higher_better=False, target_value=None, tolerance=0.0)
    no_benchmark = Benchmark(None, None)
    rows = []
    for metric in scorecard_metrics(marts, definitions):
        target = definitions.targets.get(metric.metric_id, no_target)
        benchmark = definitions.benchmarks.get(
            (metric.metric_id, benchmark_category, benchmark_segment), no_benchmark
        )
        closed_weeks = [
            week
            for week in metric.values
            if population.is_closed(datetime.combine(week, time()), WEEK + metric.maturity)
        ]
        for week in closed_weeks:
            current, previous = metric.values[week], metric.values.get(week - WEEK)
            change = None if current is None or previous is None else current - previous
            rows.append(
                {
                    "metric_id": metric.metric_id,
                    "week_start_date": week,
                    "metric_name": target.metric_name,
                    "unit": target.unit,
                    "is_latest": week == max(closed_weeks),
                    "current_value": current,
                    "previous_value": previous,
                    "week_over_week_change": change,
                    "target_value": target.target_value,
                    "status": status(current, change, target),
                    "benchmark_low": benchmark.low,
                    "benchmark_high": benchmark.high,
                    "benchmark_position": benchmark_position(current, benchmark),
                }
            )
    return rows


def status(current: float | None, change: float | None, target: Target) -> str:
    if current is None or target.target_value is None:
        return "unknown"
    gap = nine_decimals(target.target_value) - nine_decimals(current)
    # How far the target is still away, in the direction that is better.
    missing = gap if target.is_higher_better else -gap
    if missing <= 0:
        return "met"
    if change is None:
        return "unknown"
    step = nine_decimals(change)
    if abs(step) <= nine_decimals(target.tolerance):
        return "stable"
    if (step > 0) != target.is_higher_better:
        return "needs_attention"
    weeks_to_target = nine_decimals(abs(gap) / abs(step))
    return "on_track" if weeks_to_target <= 2 else "improving"


def nine_decimals(value: float | Decimal) -> Decimal:
    return Decimal(value).quantize(Decimal("1e-9"), rounding=ROUND_HALF_UP)


def benchmark_position(current: float | None, benchmark: Benchmark) -> str | None:
    if current is None or benchmark.low is None or benchmark.high is None:
        return None
    if current < benchmark.low:
        return "below"
    return "above" if current > benchmark.high else "within"


# ---------------------------------------------------------------------------------------------
# Data quality
# ---------------------------------------------------------------------------------------------


def data_quality_by_rule(population: Population) -> list[Row]:
    return [
        {
            "rule_name": rule,
            "row_count": removal.row_count,
            "first_seen_at": removal.first_seen_at,
            "last_seen_at": removal.last_seen_at,
        }
        for rule, removal in population.removals.items()
    ]
