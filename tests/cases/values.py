"""Values that only look like other ones: ids, nulls, times, text, properties."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from tests.cases.case import ACTIVATED, EVENTS, INVITED, PLANS, REMOVED, Case
from tests.cases.world import World, each, world, write_parquet, write_rows, write_world

ALL_WELL = {ACTIVATED: [(20, 40)], EVENTS: [(162,)], REMOVED: []}


def _invited(number: int) -> str | None:
    """Every third user, from the third, was invited by the one before."""
    return f"{number - 1}" if number % 3 == 2 else None


def _numbered() -> World:
    """The product with whole numbers from 1 as ids, and 13 users who were invited."""
    made = world()
    for number, user in enumerate(made.users):
        user["user_id"] = f"{number + 1}"
        user["invited_by"] = _invited(number + 1)
    each(made.events, "user_id", lambda user: f"{int(user[1:]) + 1}")
    return made


def _invited_as_float(folder: Path) -> None:
    made = _numbered()
    each(made.users, "invited_by", lambda user: f"{user}.0")
    write_world(folder, made)


def _float_in_lines(folder: Path) -> None:
    made = _numbered()
    write_rows(folder / "users.csv", made.users)
    each(made.events, "user_id", float)
    write_rows(folder / "events.jsonl", made.events)


def _float_in_parquet(folder: Path) -> None:
    made = _numbered()
    write_parquet(folder / "users.parquet", made.users, invited_by="invited_by::double")
    each(made.events, "user_id", lambda user: f"{int(user) / 10:.1f}e1")
    write_rows(folder / "events.csv", made.events)


def _null_words(folder: Path) -> None:
    made = world()
    words = ("NULL", "null", "None", "nan", "N/A", "#N/A", "\\N", "NaN")
    for number, user in enumerate(made.users):
        user |= dict.fromkeys(("account_id", "plan_tier", "invited_by"), words[number % 8])
    for number, event in enumerate(made.events):
        event["event_id"] = words[number % 8]
    write_world(folder, made)


def _null_words_in_lines(folder: Path) -> None:
    made = world()
    each(made.users, "plan_tier", lambda _: " None\u00a0")
    for user in made.users:
        user["invited_by"] = "\\N"
    write_rows(folder / "users.jsonl", made.users)
    write_rows(folder / "events.csv", made.events)


def _null_words_that_are_text(folder: Path) -> None:
    made = world()
    each(made.users, "plan_tier", lambda _: "none")
    each(made.events, "event_name", lambda name: "None" if name == "user_login" else name)
    write_world(folder, made)


def _padded(folder: Path) -> None:
    made = world()
    each(made.users, "user_id", lambda user: f"{user}\u00a0  ")
    each(made.events, "user_id", lambda user: f"\ufeff{user}\u200b")
    each(made.events, "event_name", lambda name: f"{name}\u2060\t")
    write_world(folder, made)


def _capitals(folder: Path) -> None:
    made = world()
    each(made.users, "user_id", lambda user: f"{user.upper()}   ")
    write_world(folder, made)


def _leading_zeros(folder: Path) -> None:
    made = world()
    each(made.users, "user_id", lambda user: f"00{int(user[1:]) + 1:03}")
    each(made.events, "user_id", lambda user: f"{int(user[1:]) + 1}")
    write_world(folder, made)


def _prefixed(folder: Path) -> None:
    made = world()
    each(made.users, "user_id", lambda user: f"auth0|{user}")
    write_parquet(folder / "users.parquet", made.users)
    write_rows(folder / "events.jsonl", made.events)


def _seconds(time: str) -> int:
    return int(datetime.fromisoformat(time).replace(tzinfo=timezone.utc).timestamp())


def _one_day_in_milliseconds(folder: Path) -> None:
    made = world()
    for day in sorted({event["timestamp"][:10] for event in made.events}):
        rows = [event for event in made.events if event["timestamp"].startswith(day)]
        if day == "2024-01-31":
            each(rows, "timestamp", lambda time: f"{_seconds(time)}000")
        write_rows(folder / "events" / f"{day}.csv", rows)
    write_rows(folder / "users.csv", made.users)


def _seconds_in_lines(folder: Path) -> None:
    made = world()
    each(made.events, "timestamp", _seconds)
    each(made.users, "created_at", lambda time: f"{_seconds(time)}.0")
    write_rows(folder / "events.jsonl", made.events)
    write_rows(folder / "users.csv", made.users)


def _microseconds_in_parquet(folder: Path) -> None:
    made = world()
    each(made.events, "timestamp", lambda time: f"{_seconds(time)}000000")
    write_parquet(folder / "events.parquet", made.events, timestamp="timestamp::bigint")
    write_rows(folder / "users.csv", made.users)


def _with_lone_signup(time: str) -> World:
    made = world()
    made.users.append(made.users[0] | {"user_id": "early", "created_at": time})
    return made


def _epoch_0(folder: Path) -> None:
    write_world(folder, _with_lone_signup("1970-01-01 00:00:00"))


def _year_1(folder: Path) -> None:
    made = _with_lone_signup("0001-01-01")
    write_rows(folder / "users.jsonl", made.users)
    write_rows(folder / "events.csv", made.events)


def _year_1900(folder: Path) -> None:
    made = _with_lone_signup("1900-01-01 00:00:00")
    write_parquet(folder / "users.parquet", made.users, created_at="created_at::timestamp")
    write_rows(folder / "events.csv", made.events)


LONE_SIGNUP = {
    ACTIVATED: [(20, 40)],
    REMOVED: [("users", "missing_key", 1)],
    "select min(activity_date)::varchar from marts.active_users_by_day": [("2024-01-01",)],
}


def _zoned(folder: Path) -> None:
    """The right instants, each with its zone: nine o'clock UTC is ten in Berlin in winter."""
    made = world()
    each(made.events, "timestamp", lambda time: f"{time[:11]}{int(time[11:13]) + 1}{time[13:]}")
    each(made.events, "timestamp", lambda time: f"{time} Europe/Berlin")
    write_world(folder, made)


def _offset(folder: Path) -> None:
    made = world()
    each(
        made.events,
        "timestamp",
        lambda time: f"{time[:10]}T0{int(time[11:13]) - 8}{time[13:]}-0800",
    )
    write_rows(folder / "events.jsonl", made.events)
    write_rows(folder / "users.csv", made.users)


def _dictionaries(folder: Path) -> None:
    made = world()
    each(made.events, "properties", lambda _: "{'count': 5, 'ref': None}")
    write_world(folder, made)


def _lists(folder: Path) -> None:
    made = world()
    each(made.events, "properties", lambda _: '[{"count": 5}]')
    write_rows(folder / "events.jsonl", made.events)
    write_rows(folder / "users.csv", made.users)


def _cut_objects(folder: Path) -> None:
    made = world()
    each(made.events, "properties", lambda _: '{"count": 5, "message": "Hel')
    write_parquet(folder / "events.parquet", made.events)
    write_rows(folder / "users.csv", made.users)


NO_OBJECT = {
    "numbers": {INVITED: [(9, None, 17)]},
    "warnings": {("properties_no_object", "invite_sent")},
    "said": ("20", "JSON"),
}
UNKNOWN = {
    # No event counts, so the last signup is the end: seven days before it, 33 had signed up.
    "numbers": {ACTIVATED: [(0, 33)]},
    "warnings": {
        ("unknown_users", "user_id"),
        ("rule_took_much", "unknown_user"),
        ("file_lost", "file"),
    },
}

CASES = [
    Case(
        "an inviter's id written as a float",
        _invited_as_float,
        numbers=ALL_WELL | {INVITED: [(18, 6, 17)]},
    ),
    Case("users of events as floats in JSON", _float_in_lines, numbers=ALL_WELL),
    Case("floats in parquet, exponents in CSV", _float_in_parquet, numbers=ALL_WELL),
    Case(
        "null as a word",
        _null_words,
        numbers=ALL_WELL | {PLANS: [("unknown", 40)], INVITED: [(18, None, 17)]},
    ),
    Case(
        "null as a word in JSON",
        _null_words_in_lines,
        numbers=ALL_WELL | {PLANS: [("unknown", 40)]},
    ),
    Case(
        "words that are no null",
        _null_words_that_are_text,
        numbers=ALL_WELL | {PLANS: [("none", 40)]},
    ),
    Case("padded and invisible", _padded, numbers=ALL_WELL),
    Case("ids in capitals", _capitals, **UNKNOWN, said=("U000", "u000")),
    Case("leading zeros lost", _leading_zeros, **UNKNOWN),
    Case("ids with a prefix", _prefixed, **UNKNOWN),
    Case("a day in milliseconds", _one_day_in_milliseconds, numbers=ALL_WELL),
    Case("seconds in JSON", _seconds_in_lines, numbers=ALL_WELL),
    Case("microseconds in parquet", _microseconds_in_parquet, numbers=ALL_WELL),
    Case("a signup of 1970", _epoch_0, numbers=LONE_SIGNUP),
    Case("a signup of the year 1", _year_1, numbers=LONE_SIGNUP),
    Case("a signup of 1900 in parquet", _year_1900, numbers=LONE_SIGNUP),
    Case("times with the name of a zone", _zoned, numbers=ALL_WELL),
    Case("times with an offset", _offset, numbers=ALL_WELL),
    Case("Python's dictionaries", _dictionaries, **NO_OBJECT),
    Case("lists as properties", _lists, **NO_OBJECT),
    Case("properties cut off", _cut_objects, **NO_OBJECT),
]
