"""The planted law as tables and macros of DuckDB."""

from __future__ import annotations

import math

import duckdb

from simulator.law import (
    CHANNELS,
    CLASSES,
    DELAYS,
    EARLY_DOCUMENT_DAYS,
    EMAIL_DAYS,
    EMAIL_SHARE,
    EVENTS_PER_VISIT,
    HABIT,
    HABIT_DAY,
    MILESTONES,
    NAMED_EVENTS,
    NOTIFICATION_DAYS,
    NOTIFICATION_SHARE,
    ORDINARY_EVENTS,
    RETENTION,
    signup_weight,
)

# Random numbers are MD5 digests of (user key, purpose, number): MD5 is a standard, where DuckDB's
# hash() may change with its version, and random() depends on the threads. A digest costs about
# 0.1 µs on two cores, some 6 of the 35 seconds that ten million events take, and holds four draws
# of 32 bits. A key is 64 bits of the digest of the seed and the user's lineage, so that another
# seed shares nothing.
MACROS = """
create macro digest(key, purpose, number) as md5_number(concat_ws(':', key, purpose, number));
create macro upper_half(digest) as (digest >> 64::uhugeint)::ubigint;
create macro new_key(parent, purpose, number) as upper_half(digest(parent, purpose, number));
create macro word(digest, nth) as
    ((digest >> (32 * nth)::uhugeint) & 4294967295::uhugeint)::ubigint;
create macro share(digest, nth) as word(digest, nth)::double / 4294967296::double;
-- Whole seconds and drawn microseconds, so that the last bit of a logarithm never shows.
create macro seconds_and(seconds, microseconds) as
    to_microseconds(floor(seconds)::bigint * 1000000 + microseconds::bigint);
create macro truncated_exponential(share, scale, length) as
    -scale * ln(1 - share * (1 - exp(-length / scale)));
create macro habit(day_no, m2_at, created_at, if_early, if_not) as case
    when day_no < {habit_day} then 1
    when coalesce(m2_at < created_at + interval {early_days} days, false) then if_early
    else if_not
end;
create macro share_by(days, starts, ends, scale) as
    (1 - exp((starts - greatest(starts, least(ends, days))) / scale))
    / (1 - exp((starts - ends) / scale));
-- The room of a session: microseconds from the instant to the end of its day, up to a limit.
create macro room(instant, at_most) as
    least(at_most, epoch_us(date_trunc('day', instant) + interval 1 day) - epoch_us(instant));
-- After the instant, on the same date, at most so many seconds later.
create macro later(instant, word, seconds) as instant + to_microseconds(
    (1 + word % greatest(1, room(instant, seconds::bigint * 1000000) - 1)::ubigint)::bigint
);
-- The login with which a visit begins.
create macro login_at(key, day_no, starts_at) as starts_at + to_microseconds((
    upper_half(digest(key, 'event', day_no * 64)) % room(starts_at, 60000000)::ubigint
)::bigint);
"""


def cumulative(digest_word: str, shares: dict[str | None, float], rest: str = "") -> str:
    """The branches of a `case` that picks a label by its share of [0, 1)."""
    upper, branches = 0.0, []
    for label, probability in shares.items():
        upper += probability
        value = "null" if label is None else repr(label)
        branches.append(f"when {digest_word} < {upper:.12f} then {value}")
    return "\n        ".join(branches) + rest


def create_law_tables(connection: duckdb.DuckDBPyConnection, days: int) -> None:
    """The planted law as small tables."""
    connection.execute(MACROS.format(habit_day=HABIT_DAY, early_days=EARLY_DOCUMENT_DAYS))

    def create(name: str, rows: list[tuple], columns: dict[str, str]) -> None:
        connection.execute(
            f"create table {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})"
        )
        lists = [list(column) for column in zip(*rows, strict=True)]
        values = ", ".join(f"unnest(?::{t}[])" for t in columns.values())
        connection.execute(f"insert into {name} select {values}", lists)

    channels = []
    for number, channel in enumerate(CHANNELS):
        both, invite, document, _ = channel.class_shares
        channels.append(
            (
                number,
                channel.name,
                channel.pace,
                channel.acceptance,
                both,
                both + invite,
                both + invite + document,
            )
        )
    create(
        "channels",
        channels,
        {"channel_no": "int", "name": "varchar"}
        | dict.fromkeys(
            ("pace", "acceptance", "both_up_to", "invite_up_to", "document_up_to"), "double"
        ),
    )
    create(
        "classes",
        [
            (
                number,
                EVENTS_PER_VISIT[name],
                *RETENTION[name],
                *HABIT[name],
                *(
                    v
                    for d in DELAYS[name]
                    for v in (d.probability, d.start_days, d.end_days, d.scale_days)
                ),
            )
            for number, name in enumerate(CLASSES)
        ],
        {"class_no": "int"}
        | dict.fromkeys(("events_per_visit", "day_zero", "day_one", "decay"), "double")
        | dict.fromkeys(("habit_if_early", "habit_if_not"), "double")
        | {
            f"{m}_{part}": "double"
            for m in MILESTONES
            for part in ("probability", "start", "end", "scale")
        },
    )
    cells = [
        (day, number, signup_weight(channel, day, days))
        for day in range(days)
        for number, channel in enumerate(CHANNELS)
    ]
    total = math.fsum(weight for *_, weight in cells)
    lower, calendar = 0.0, []
    for day, number, weight in cells:
        if weight:
            calendar.append((day, number, lower / total))
        lower += weight
    create("calendar", calendar, {"day": "int", "channel_no": "int", "lower_bound": "double"})
    ordinary = [
        (name, options[n % len(options)])
        for name, percent, options in ORDINARY_EVENTS
        for n in range(percent)
    ]
    create(
        "vocabulary",
        [("ordinary", slot, *row) for slot, row in enumerate(ordinary)]
        + [
            (name, slot, name, options[slot % len(options)])
            for name, options in (NAMED_EVENTS | {"invite_sent": ("{}",)}).items()
            for slot in range(100)
        ],
        {"context": "varchar", "slot": "int", "event_name": "varchar", "properties": "varchar"},
    )
    create(
        "message_plan",
        [("email_opened", 2, day, EMAIL_SHARE) for day in EMAIL_DAYS]
        + [("notification_received", 3, day, NOTIFICATION_SHARE) for day in NOTIFICATION_DAYS],
        {
            "context": "varchar",
            "message_plan_no": "int",
            "planned_day": "int",
            "probability": "double",
        },
    )
