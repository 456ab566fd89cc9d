"""The core marts in pandas: what an analyst would write instead of the project.

    python pandas_core.py RAW_DIR DEFINITIONS_DIR OUT_DIR CREDIBLE_UNTIL

Reads RAW_DIR/users.parquet and RAW_DIR/events/*.parquet, whose times are UTC, and the definition
CSVs, and writes OUT_DIR/<mart>.parquet. CREDIBLE_UNTIL is the latest time that a record may bear,
an ISO timestamp. Left out of what the project has: intervals, survival, points, the names of bands,
PQL conversion and the scorecard. Of a key that stands twice in a JSON object, the last counts.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pandas_activation as activation
import pandas_usage as usage

RULES = {
    "users": ("unreadable_row", "missing_key", "future_event", "duplicate_user", "excluded_user"),
    "events": (
        *("unreadable_row", "missing_key", "future_event", "excluded_user", "unknown_user"),
        *("before_signup", "duplicate_event"),
    ),
}
USER_COLUMNS = ["user_id", "account_id", "created_at", "plan_tier", "install_source", "invited_by"]
EVENT_COLUMNS = ["event_id", "user_id", "event_name", "timestamp", "properties"]


@dataclass(frozen=True)
class Definitions:
    """The CSVs that the core marts read.

    `bands` are those of the share of milestones. Weights and bounds are whole numbers of
    10 ** -usage.SCORE_DIGITS: they add up exactly.
    """

    milestones: pd.DataFrame
    meaningless_events: pd.Series
    excluded_users: pd.Series
    bands: pd.DataFrame


def read_definitions(folder: Path) -> Definitions:
    """Raises what pandas raises where a file is missing or a value is not of its type."""

    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False, na_values="")

    def boolean(column: pd.Series, blank: bool) -> pd.Series:
        return column.str.lower().eq("true").where(column.notna(), blank)

    def units(text: str, percent: bool = False) -> int:
        return int(Decimal(text).scaleb(usage.SCORE_DIGITS - 2 * percent))

    milestones = read("milestones")
    unit_hours = milestones["timeframe"].str[-1].map({"h": 1, "d": 24, "w": 168})
    milestones["timeframe"] = pd.to_timedelta(
        milestones["timeframe"].str[:-1].astype(int) * unit_hours, unit="h"
    )
    milestones["weight"] = milestones["weight"].map(units).astype("int64")
    milestones["milestone_order"] = milestones["milestone_order"].astype("int64")
    milestones["path"] = milestones["path"].fillna("default")
    milestones["min_count"] = milestones["min_count"].fillna("1").astype("int64")
    milestones["is_required"] = boolean(milestones["is_required"], blank=True)
    milestones["is_first_value"] = boolean(milestones["is_first_value"], blank=False)
    milestones = milestones.sort_values("milestone_order", ignore_index=True)
    paths = milestones.groupby("path")
    milestones["previous_id"] = paths["milestone_id"].shift(1)
    milestones["next_id"] = paths["milestone_id"].shift(-1)
    milestones["longer_timeframe"] = np.fmax(
        milestones["timeframe"], paths["timeframe"].shift(1).fillna(pd.Timedelta(0))
    )

    catalog = read("event_catalog")
    bands = read("pql_bands")
    bands = bands[bands["scheme"] == "milestone_share"].assign(
        lower_bound=lambda rows: rows["lower_bound"].map(lambda text: units(text, percent=True)),
        is_qualified=lambda rows: boolean(rows["is_qualified"], blank=False),
    )
    return Definitions(
        milestones,
        catalog.loc[~boolean(catalog["is_meaningful"], blank=False), "event_name"],
        read("excluded_users")["user_id"],
        bands.sort_values("lower_bound"),
    )


def first_failure(checks: dict[str, pd.Series]) -> pd.Categorical:
    """The name of the first rule whose condition holds, null where none does."""
    codes = np.select(list(checks.values()), list(range(len(checks))), default=-1)
    return pd.Categorical.from_codes(codes, list(checks))


def classify_users(
    raw_dir: Path, excluded: pd.Series, credible_until: pd.Timestamp
) -> pd.DataFrame:
    """Every row of users, with the rule that removes it."""
    users = pd.read_parquet(raw_dir / "users.parquet", columns=USER_COLUMNS).replace("", None)
    users = users.rename(columns={"created_at": "signed_up_at"}).sort_values(
        ["user_id", "signed_up_at", "account_id", "plan_tier", "install_source", "invited_by"],
        na_position="last",
        ignore_index=True,
    )
    is_missing = users["user_id"].isna() | users["signed_up_at"].isna()
    is_future = users["signed_up_at"] > credible_until
    # Only rows that passed the checks compete: a copy from the future never takes the place.
    is_copy = users[~is_missing & ~is_future].duplicated("user_id").reindex(users.index)
    return users.assign(
        removed_by=first_failure(
            {
                "missing_key": is_missing,
                "future_event": is_future,
                "duplicate_user": is_copy.fillna(False).astype(bool),
                "excluded_user": users["user_id"].isin(excluded),
            }
        )
    )


def describe_users(classified: pd.DataFrame) -> pd.DataFrame:
    """The users that count, in order of user_id and numbered by the index, with their segments."""
    users = classified[classified["removed_by"].isna()].reset_index(drop=True)
    is_invited = users["invited_by"].notna() & (users["invited_by"] != users["user_id"])
    return users.assign(
        all=pd.Categorical(["all"] * len(users)),
        acquisition_type=pd.Categorical(np.where(is_invited, "invited", "new")),
        install_source=users["install_source"].fillna("unknown").astype("category"),
        plan_tier=users["plan_tier"].fillna("unknown").astype("category"),
    ).rename_axis("user_no")


def classify_events(
    raw_dir: Path, users: pd.DataFrame, excluded: pd.Series, credible_until: pd.Timestamp
) -> pd.DataFrame:
    """Every event, with the rule that removes it; `duplicate_event` aside.

    Users are numbers from here on, -1 where unknown.
    """
    events = pd.read_parquet(raw_dir / "events", columns=EVENT_COLUMNS)
    # A category of names is a tenth of the text; the other columns are read once or twice only.
    events["event_name"] = events["event_name"].replace("", None).astype("category")
    for column in ("event_id", "user_id", "properties"):
        events[column] = events[column].mask(events[column] == "")
    user_no = pd.Index(users["user_id"]).get_indexer(events["user_id"])
    signed_up_at = users["signed_up_at"].to_numpy()[user_no] if len(users) else pd.NaT
    events["removed_by"] = first_failure(
        {
            "missing_key": events[["user_id", "event_name", "timestamp"]].isna().any(axis=1),
            "future_event": events["timestamp"] > credible_until,
            "excluded_user": events["user_id"].isin(excluded),
            "unknown_user": user_no == -1,
            "before_signup": (events["timestamp"] < signed_up_at - pd.Timedelta(hours=1))
            & (events["timestamp"] != pd.Series(signed_up_at, events.index).dt.normalize()),
        }
    )
    return events.drop(columns="user_id").assign(user_no=user_no, signed_up_at=signed_up_at)


def settle_duplicates(events: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Events that count, each once; and the copies that fall.

    Only rows whose event_id stands more than once are sorted (null ids are all among them).
    """
    is_repeated = events["event_id"].duplicated(keep=False)
    own = ["user_no", "event_name", "timestamp", "properties"]
    repeated = events[is_repeated].astype({"event_name": "str"})
    repeated = repeated.sort_values(["timestamp", "user_no", "event_name", "properties"])
    # A null id is compared by the whole row.
    identity = repeated[["timestamp", "properties"]].where(repeated["event_id"].isna())
    is_copy = identity.join(repeated[["event_id", "user_no", "event_name"]]).duplicated()
    kept = repeated[~is_copy].astype({"event_name": events["event_name"].dtype})
    once = pd.concat([events[~is_repeated], kept])
    # An event a little before the signup counts at the signup.
    timestamp = once[["timestamp", "signed_up_at"]].max(axis=1)
    return once.assign(timestamp=timestamp)[own], repeated[is_copy]


def quality_by_rule(
    users: pd.DataFrame, events: pd.DataFrame, duplicates: pd.DataFrame
) -> pd.DataFrame:
    copies = pd.DataFrame({"rule_name": "duplicate_event", "seen_at": duplicates["timestamp"]})
    tables = []
    for table, rows, time in (("users", users, "signed_up_at"), ("events", events, "timestamp")):
        removed = rows.loc[rows["removed_by"].notna(), ["removed_by", time]]
        removed = removed.set_axis(["rule_name", "seen_at"], axis=1)
        if table == "events":
            removed = pd.concat([removed, copies])
        counts = removed.groupby(removed["rule_name"].astype("str"))["seen_at"].agg(
            row_count="size", first_seen_at="min", last_seen_at="max"
        )
        counts = counts.reindex(pd.Index(RULES[table], name="rule_name")).reset_index()
        counts = counts.fillna({"row_count": 0}).astype({"row_count": "int64"})
        counts.insert(0, "table_name", table)
        counts["row_rate"] = counts["row_count"] / len(rows) if len(rows) else None
        tables.append(counts)
    return pd.concat(tables, ignore_index=True)


def core_marts(
    raw_dir: Path, definitions_dir: Path, credible_until: pd.Timestamp
) -> dict[str, pd.DataFrame]:
    """The marts by name."""
    definitions = read_definitions(definitions_dir)
    milestones = definitions.milestones
    excluded = definitions.excluded_users
    classified_users = classify_users(raw_dir, excluded, credible_until)
    users = describe_users(classified_users)
    classified = classify_events(raw_dir, users, excluded, credible_until)
    events, duplicates = settle_duplicates(classified[classified["removed_by"].isna()])
    quality = quality_by_rule(classified_users, classified, duplicates)
    del classified, duplicates

    until = pd.Series([users["signed_up_at"].max(), events["timestamp"].max()]).max()
    first_date = users["signed_up_at"].min().normalize()
    is_meaningful = ~events["event_name"].isin(definitions.meaningless_events)
    active_days = (
        pd.DataFrame(
            {"user_no": events["user_no"], "activity_date": events["timestamp"].dt.normalize()}
        )[is_meaningful]
        .drop_duplicates()
        .sort_values(["user_no", "activity_date"], ignore_index=True)
    )
    reached = activation.reach_milestones(events, users, milestones)
    users["activated_at"] = activation.activate_users(reached, milestones)
    required = milestones.loc[milestones["is_required"], "timeframe"]
    activation_window = required.max() if len(required) else pd.Timedelta(0)
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
    credible_until = pd.Timestamp(sys.argv[4])
    if credible_until.tzinfo:
        credible_until = credible_until.tz_convert("UTC").tz_localize(None)
    for name, mart in core_marts(raw_dir, definitions_dir, credible_until).items():
        mart.to_parquet(out_dir / f"{name}.parquet", index=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
