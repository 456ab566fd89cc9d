"""The core marts in Polars: what an analyst would write instead of the project.

    python polars_core.py RAW_DIR DEFINITIONS_DIR OUT_DIR CREDIBLE_UNTIL

Reads RAW_DIR/users.parquet and RAW_DIR/events/*.parquet, whose times are UTC, and the definition
CSVs, and writes OUT_DIR/<mart>.parquet. CREDIBLE_UNTIL is the latest time that a record may bear,
an ISO timestamp. Left out of what the project has: intervals, survival, points, the names of bands,
PQL conversion and the scorecard. Of a key that stands twice in a JSON object, the last counts.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import polars as pl
import polars_activation as activation
import polars_usage as usage
from polars import col

RULES = {
    "users": ("unreadable_row", "missing_key", "future_event", "duplicate_user", "excluded_user"),
    "events": (
        *("unreadable_row", "missing_key", "future_event", "excluded_user", "unknown_user"),
        *("before_signup", "duplicate_event"),
    ),
}
SCORE = pl.Decimal(18, 12)


@dataclass(frozen=True)
class Definitions:
    """The CSVs that the core marts read; `bands` are those of the share of milestones."""

    milestones: pl.DataFrame
    meaningless_events: list[str]
    excluded_users: list[str]
    bands: pl.DataFrame


def read_definitions(folder: Path) -> Definitions:
    """Raises what Polars raises where a file is missing or a value is not of its type."""

    def read(name: str) -> pl.DataFrame:
        # A column without any text comes as null, whatever it holds elsewhere.
        return pl.read_csv(folder / f"{name}.csv", infer_schema=False)

    def boolean(name: str, blank: bool) -> pl.Expr:
        return (col(name).str.to_lowercase() == "true").fill_null(blank)

    unit_hours = col("timeframe").str.slice(-1).replace_strict({"h": 1, "d": 24, "w": 168})
    step = {"partition_by": "path", "order_by": "milestone_order"}
    milestones = (
        read("milestones")
        .with_columns(
            col("milestone_order").cast(pl.Int32),
            col("weight").cast(SCORE),
            col("path").fill_null("default"),
            col("min_count").cast(pl.Int64).fill_null(1),
            is_required=boolean("is_required", blank=True),
            is_first_value=boolean("is_first_value", blank=False),
            timeframe=pl.duration(hours=col("timeframe").str.head(-1).cast(pl.Int64) * unit_hours),
        )
        .with_columns(
            previous_id=col("milestone_id").shift(1).over(**step),
            next_id=col("milestone_id").shift(-1).over(**step),
            longer_timeframe=pl.max_horizontal("timeframe", col("timeframe").shift(1).over(**step)),
        )
    )
    catalog = read("event_catalog").filter(~boolean("is_meaningful", blank=False))
    bands = (
        read("pql_bands")
        .filter(col("scheme") == "milestone_share")
        .select(
            col("lower_bound").cast(pl.Decimal(18, 4)),
            is_qualified=boolean("is_qualified", blank=False),
        )
        .sort("lower_bound")
    )
    return Definitions(
        milestones,
        catalog["event_name"].to_list(),
        read("excluded_users")["user_id"].to_list(),
        bands,
    )


# -------------------------------------------------------------------------------------------------
# What counts
# -------------------------------------------------------------------------------------------------


def first_failure(*checks: tuple[pl.Expr, str]) -> pl.Expr:
    """The name of the first rule whose condition holds, null where none does."""
    return pl.coalesce(pl.when(condition).then(pl.lit(rule)) for condition, rule in checks)


def classify_users(raw_dir: Path, excluded: list[str], credible_until: datetime) -> pl.DataFrame:
    """Every row of users, with the rule that removes it; sound rows are in order of user_id."""
    users = (
        pl.read_parquet(
            raw_dir / "users.parquet",
            columns=[
                "user_id",
                "account_id",
                "created_at",
                "plan_tier",
                "install_source",
                "invited_by",
            ],
        )
        .with_columns(col(pl.String).replace("", None))
        .rename({"created_at": "signed_up_at"})
    )
    order = ["user_id", "signed_up_at", "account_id", "plan_tier", "install_source", "invited_by"]
    checked = users.with_columns(
        removed_by=first_failure(
            (col("user_id").is_null() | col("signed_up_at").is_null(), "missing_key"),
            (col("signed_up_at") > credible_until, "future_event"),
        )
    )
    sound = (
        checked.filter(col("removed_by").is_null())
        .sort(order, nulls_last=True)
        .with_columns(
            removed_by=first_failure(
                (~col("user_id").is_first_distinct(), "duplicate_user"),
                (col("user_id").is_in(excluded), "excluded_user"),
            )
        )
    )
    return pl.concat([sound, checked.filter(col("removed_by").is_not_null())])


def describe_users(classified: pl.DataFrame) -> pl.DataFrame:
    """The users that count, numbered in order of user_id, with segments and cohort dates."""
    users = classified.filter(col("removed_by").is_null())
    return users.select(
        "user_id",
        "account_id",
        "signed_up_at",
        "invited_by",
        pl.lit("all", dtype=pl.Categorical).alias("all"),
        pl.when(col("invited_by") != col("user_id"))
        .then(pl.lit("invited"))
        .otherwise(pl.lit("new"))
        .cast(pl.Categorical)
        .alias("acquisition_type"),
        col("install_source", "plan_tier").fill_null("unknown").cast(pl.Categorical),
    ).with_row_index("user_no")


def classify_events(
    raw_dir: Path, users: pl.DataFrame, excluded: list[str], credible_until: datetime
) -> pl.DataFrame:
    """Every event, with the rule that removes it; `duplicate_event` aside.

    Users are numbers from here on. Properties are kept where an answer depends on them.
    """
    known_users = users.lazy().select("user_id", "user_no", "signed_up_at")
    names = ("event_id", "user_id", "event_name", "properties")
    events = pl.scan_parquet(raw_dir / "events" / "*.parquet").select(
        "timestamp", *(pl.when(col(name) != "").then(col(name)).alias(name) for name in names)
    )
    return (
        events.join(known_users, on="user_id", how="left")
        .select(
            "event_id",
            "user_no",
            "timestamp",
            "signed_up_at",
            col("event_name").cast(pl.Categorical),
            pl.when(col("event_id").is_null() | (col("event_name") == "invite_sent"))
            .then("properties")
            .alias("properties"),
            first_failure(
                (
                    pl.any_horizontal(col("user_id", "event_name", "timestamp").is_null()),
                    "missing_key",
                ),
                (col("timestamp") > credible_until, "future_event"),
                (col("user_id").is_in(excluded), "excluded_user"),
                (col("user_no").is_null(), "unknown_user"),
                (
                    (col("timestamp") < col("signed_up_at") - timedelta(hours=1))
                    & (col("timestamp") != col("signed_up_at").dt.truncate("1d")),
                    "before_signup",
                ),
            )
            .cast(pl.Categorical)
            .alias("removed_by"),
        )
        .collect(engine="streaming")
    )


def settle_duplicates(events: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Events that count, each once; and the copies that fall.

    Only rows whose event_id stands more than once are sorted (null ids are all among them).
    """
    is_repeated = events["event_id"].is_duplicated()
    # A null id is compared by the whole row, and properties break ties of invitations.
    identity = ["event_id", "user_no", "event_name", "own_time", "own_properties"]
    own = ("timestamp", "properties")
    repeated = (
        events.filter(is_repeated)
        .with_columns(col("event_name").cast(pl.String))
        .sort("timestamp", "user_no", "event_name", "properties", nulls_last=True)
        .with_columns(
            pl.when(col("event_id").is_null()).then(name).alias(key)
            for name, key in zip(own, identity[3:], strict=True)
        )
    )
    is_first = repeated.select(pl.struct(identity).is_first_distinct()).to_series()
    # An event a little before the signup counts at the signup.
    columns = [
        *("user_no", "event_name", "properties"),
        pl.max_horizontal("timestamp", "signed_up_at").alias("timestamp"),
    ]
    kept = repeated.filter(is_first).with_columns(col("event_name").cast(pl.Categorical))
    once = pl.concat([events.filter(~is_repeated).select(columns), kept.select(columns)])
    return once, repeated.filter(~is_first)


def quality_by_rule(
    users: pl.DataFrame, events: pl.DataFrame, duplicates: pl.DataFrame
) -> pl.DataFrame:
    copies = pl.lit("duplicate_event").alias("removed_by")
    removed = {
        "users": [users.select("removed_by", seen_at="signed_up_at")],
        "events": [
            events.select(col("removed_by").cast(pl.String), seen_at="timestamp"),
            duplicates.select(copies, seen_at="timestamp"),
        ],
    }
    sizes = {"users": users.height, "events": events.height}
    return pl.concat(
        pl.DataFrame({"table_name": table, "rule_name": RULES[table]})
        .join(
            pl.concat(parts)
            .group_by(rule_name="removed_by")
            .agg(
                row_count=pl.len(),
                first_seen_at=col("seen_at").min(),
                last_seen_at=col("seen_at").max(),
            ),
            on="rule_name",
            how="left",
        )
        .with_columns(col("row_count").fill_null(0))
        .with_columns(
            row_rate=pl.when(pl.lit(sizes[table] > 0)).then(col("row_count") / sizes[table])
        )
        for table, parts in removed.items()
    )


def core_marts(
    raw_dir: Path, definitions_dir: Path, credible_until: datetime
) -> dict[str, pl.DataFrame]:
    """The marts by name."""
    definitions = read_definitions(definitions_dir)
    milestones = definitions.milestones
    excluded = definitions.excluded_users
    classified_users = classify_users(raw_dir, excluded, credible_until)
    users = describe_users(classified_users)
    classified = classify_events(raw_dir, users, excluded, credible_until)
    events, duplicates = settle_duplicates(classified.filter(col("removed_by").is_null()))
    quality = quality_by_rule(classified_users, classified, duplicates)
    del classified, duplicates

    until = max(filter(None, [users["signed_up_at"].max(), events["timestamp"].max()]))
    first_date = users["signed_up_at"].min().date()
    active_days = (
        events.lazy()
        .filter(~col("event_name").is_in(definitions.meaningless_events))
        .select("user_no", activity_date=col("timestamp").cast(pl.Date))
        .unique()
        .collect(engine="streaming")
    )
    reached = activation.reach_milestones(events, users, milestones)
    users = users.join(activation.activate_users(reached, milestones), on="user_no", how="left")
    activation_window = milestones.filter("is_required")["timeframe"].max() or timedelta()
    seen = (first_date, until)
    return {
        "activation_by_cohort": activation.activation(users, *seen),
        "milestone_completion_by_cohort": activation.milestone_completion(
            users, reached, milestones, *seen
        ),
        "time_to_first_value_by_cohort": activation.time_to_first_value(users, reached, *seen),
        "milestone_velocity_by_cohort": activation.milestone_velocity(
            users, reached, milestones, *seen
        ),
        "retention_by_cohort": usage.retention(users, active_days, *seen),
        "active_users_by_day": usage.active_users(users, active_days, *seen),
        "growth_accounting_by_week": usage.growth_accounting(users, active_days, *seen),
        "viral_coefficient_by_cohort": usage.referral(users, events, activation_window, *seen),
        "pql_scores": usage.lead_scores(users, reached, definitions.bands, until),
        "data_quality_by_rule": quality,
    }


def main() -> int:
    if len(sys.argv) != 5:
        print(__doc__, file=sys.stderr)
        return 2
    raw_dir, definitions_dir, out_dir = map(Path, sys.argv[1:4])
    out_dir.mkdir(parents=True, exist_ok=True)
    credible_until = datetime.fromisoformat(sys.argv[4])
    if credible_until.tzinfo:
        credible_until = credible_until.astimezone(timezone.utc).replace(tzinfo=None)
    for name, mart in core_marts(raw_dir, definitions_dir, credible_until).items():
        mart.write_parquet(out_dir / f"{name}.parquet")
    return 0


if __name__ == "__main__":
    sys.exit(main())
