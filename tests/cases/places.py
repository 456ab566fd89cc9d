"""Files, folders and definitions: what is there twice, contradicts, or matches nothing."""

from __future__ import annotations

from pathlib import Path

from tests.cases.case import ACTIVATED, NOTHING, PLANS, Case
from tests.cases.values import ALL_WELL
from tests.cases.world import world, write_parquet, write_rows, write_world


def _world(folder: Path) -> None:
    write_world(folder, world())


def _other_types_in_files(folder: Path) -> None:
    made = world()
    for user in made.users:
        user["user_id"] = f"{int(user['user_id'][1:]) + 1}"
    for event in made.events:
        event["user_id"] = f"{int(event['user_id'][1:]) + 1}"
    types = [
        {"user_id": "user_id::bigint", "timestamp": "timestamp::timestamp"},
        {"user_id": "user_id::double", "timestamp": "timestamp || '+00:00'"},
        {"user_id": "user_id::ubigint", "timestamp": "epoch_ms(timestamp::timestamp)"},
        {"user_id": "user_id || '.0'", "timestamp": "timestamp::timestamp_ns"},
        {"user_id": "user_id::decimal(9, 2)", "timestamp": "timestamp::timestamptz"},
    ]
    for number, types_of_file in enumerate(types):
        rows = made.events[number :: len(types)]
        write_parquet(folder / "events" / f"{number}.parquet", rows, **types_of_file)
    write_rows(folder / "users.csv", made.users)


def _twice(folder: Path) -> None:
    _world(folder)
    write_parquet(folder / "users.parquet", world().users)


def _lake(folder: Path) -> None:
    _world(folder)
    (folder / "events.csv").rename(folder / "kept.csv")
    write_parquet(folder / "events" / "part-0.parquet", world().events)
    (folder / "events" / "_delta_log").mkdir()
    (folder / "events" / "_delta_log" / "00000000000000000000.json").write_text("{}")


def _cut_parquet(folder: Path) -> None:
    _world(folder)
    write_parquet(folder / "whole.parquet", world().events)
    data = (folder / "whole.parquet").read_bytes()
    (folder / "events.csv").unlink()
    (folder / "events.parquet").write_bytes(data[: len(data) // 2])


def _broken_text_in_parquet(folder: Path) -> None:
    made = world()
    write_rows(folder / "events.csv", made.events)
    write_parquet(
        folder / "users.parquet",
        made.users,
        user_id="case when user_id = 'u003' then '\\xFF\\xFE'::blob else user_id::blob end",
    )


def _wide_decimals(folder: Path) -> None:
    made = world()
    each_id = {"user_id": "(9007199254740993 + right(user_id, 3)::int)::double"}
    write_parquet(folder / "users.parquet", made.users, **each_id)
    write_rows(folder / "events.csv", made.events)


def _plan_in_folder(folder: Path) -> None:
    """The files have no column plan_tier: the folder says it."""
    made = world()
    for plan in ("pro", "free"):
        rows = [dict(user) for user in made.users if user["plan_tier"] == plan]
        for row in rows:
            del row["plan_tier"]
        write_rows(folder / "users" / f"plan_tier={plan}" / "users.csv", rows)
    write_rows(folder / "events.csv", made.events)


CASES = [
    Case(
        "an invisible character behind a name",
        _world,
        {"milestones": {",document_created,": ",document_created\u200b,"}},
        numbers=ALL_WELL,
    ),
    Case(
        "an invisible character within a name",
        _world,
        {"milestones": {",document_created,": ",document\u00ad_created,"}},
        warnings={(NOTHING, "document\u00ad_created")},
        said=("document_created", "U+00AD"),
    ),
    Case(
        "definitions that match nothing",
        _world,
        {
            "event_catalog": {"user_signup,": "User Signup,"},
            "excluded_users": {"reason": "reason\nbot@example.org,staff\nqa@example.org,tests"},
            "pql_signals": {"plan_tier,enterprise": "plan_tier,Pro"},
            "milestones": {",task_completed,": ",tasks_completed,"},
        },
        warnings={
            (NOTHING, "User Signup"),
            (NOTHING, "bot@example.org"),
            (NOTHING, "qa@example.org"),
            (NOTHING, "plan_tier = Pro"),
            (NOTHING, "tasks_completed"),
        },
        said=("user_signup", "pro", "task_completed"),
    ),
    Case("files of other types", _other_types_in_files, numbers=ALL_WELL),
    Case(
        "a folder that names the plan",
        _plan_in_folder,
        numbers={PLANS: [("free", 30), ("pro", 10)]},
    ),
    Case("a table that is there twice", _twice, stops=("users.csv", "users.parquet")),
    Case("a lake's folder", _lake, stops=("events", "Delta")),
    Case("a parquet file cut off", _cut_parquet, stops=("events.parquet",)),
    Case(
        "broken text in parquet", _broken_text_in_parquet, stops=("users.parquet", "user_id", "4")
    ),
    Case("ids that lost digits", _wide_decimals, stops=("users.parquet", "user_id", "digits")),
    Case(
        "weights that don't sum to one",
        _world,
        {"milestones": {"0.20,7d": "0.30,7d"}},
        numbers={ACTIVATED: [(20, 40)]},
        warnings={("weights_not_one", "weight")},
    ),
    Case(
        "leads by construction",
        _world,
        {"pql_bands": {"pql,70": "pql,50"}},
        warnings={("pql_is_activation", "default")},
    ),
]
