"""Random exports of Segment: event tables beside tracks, traits in two tables, groups, aliases."""

from __future__ import annotations

from datetime import timedelta

from tests.adapters.expected.values import Row
from tests.adapters.random_base import FIRST_SEEN, Dice, Export, settings_of

# Name of the table, and how the event was sent.
EVENT_TABLES = (
    ("signed_up", "Signed Up"),
    ("user_signup", "user signup"),
    ("api_call_success", "APICallSuccess"),
    ("order_completed", "Order Completed"),
)
WITHOUT_TABLE = (
    ("button_clicked", "Button Clicked"),
    ("_x", "$x"),
    ("uber_signup", "\u00dcberSignup"),
    ("button_clicked", "ButtonClicked"),
)


def random_export(seed: int) -> Export:
    dice = Dice(seed)
    tracks: list[Row] = []
    tables: dict[str, list[Row]] = {"tracks": tracks}
    for name, text in EVENT_TABLES:
        rows = [event(dice, name, text) for _ in range(400 if seed % 3 == 1 else 60)]
        rows += [dict(row) for row in dice.sample(rows, 3)]
        tracks += [dict(row) for row in rows if dice.chance(0.9)]
        tables[name] = [row | own_properties(dice, name) for row in rows]
    for _ in range(120):
        tracks.append(event(dice, *dice.choice(WITHOUT_TABLE)))
    tracks.append(event(dice, None, None))
    tracks.append(event(dice, None, "Sent Without Slug"))
    if seed % 3 == 1:
        dice.choice(tables["order_completed"])["timestamp"] = "1995-05-05 05:05:05"
    for user_id, instant in FIRST_SEEN.items():
        row = event(dice, "button_clicked", "Button Clicked") | {"user_id": user_id}
        tracks.append(row | {"timestamp": dice.time(instant)})
    dice.shuffle(tracks)
    tables |= {
        "users": [user(dice, user_id) for user_id in dice.users for _ in range(dice.randrange(3))],
        "identifies": identifies(dice),
        "groups": groups(dice),
        "aliases": [alias(dice) for _ in range(25)],
        "pages": [seen(dice) | {"url": "https://example.com/", "name": "Home"} for _ in range(9)],
        "screens": [seen(dice) | {"name": "Home"} for _ in range(4)],
    }
    if seed % 3 != 2:
        tables["accounts"] = [account(dice) for _ in range(8)]
    return Export("segment", tables, settings_of(dice), has_capitals=seed % 3 == 0)


def seen(dice: Dice) -> Row:
    """What every row of a call has."""
    instant = dice.instant()
    delay = timedelta(seconds=dice.randrange(90), microseconds=dice.randrange(1000))
    return {
        "id": dice.choice(("null", None)) if dice.chance(0.03) else f"ajs-{dice.uuid()}",
        "anonymous_id": dice.id_of(dice.devices),
        "user_id": dice.id_of(dice.users, missing=0.35),
        "received_at": dice.maybe_time(instant + delay, share=0.02),
        "sent_at": dice.time(instant),
        "original_timestamp": dice.time(instant),
        "timestamp": dice.maybe_time(instant),
        "context_ip": "192.0.2.1",
        "context_campaign_source": dice.choice(("ads", None)),
        "uuid_ts": dice.time(instant),
        "loaded_at": dice.time(instant),
        "channel": dice.choice(("client", None)),
    }


def event(dice: Dice, name: str | None, text: str | None) -> Row:
    row = seen(dice) | {"event": name, "event_text": text if dice.chance(0.9) else None}
    return row | {"timestamp": None, "received_at": None} if dice.chance(0.02) else row


def own_properties(dice: Dice, table: str) -> Row:
    """Columns of an event table, each with one type."""
    return {
        "price": dice.choice((1.5, 20.25, None)),
        "count": dice.choice((1, 2, 3, None)),
        "is_trial": dice.choice((True, False, None)),
        "plan": dice.choice(("free", "007", 'a, "b"', None)),
        "due_date": dice.choice(("2024-01-05T10:00:00Z", "20240105", None)),
        f"{table}_note": dice.choice(("\u00fc \U0001f600", None)),
    }


def user(dice: Dice, user_id: str) -> Row:
    row = dice.traits() | {
        "id": dice.choice(("anonymous", None)) if dice.chance(0.04) else dice.spelled(user_id),
        "received_at": dice.instant(),
        "email": "person@example.com",
    }
    return {**row, "uuid_ts": dice.time()}


def identifies(dice: Dice) -> list[Row]:
    rows = []
    for _ in range(70):
        row = seen(dice) | dice.traits()
        row["user_id"] = dice.id_of(dice.users, missing=0.05)
        settle_time(dice, row)
        rows.append(row)
        if dice.chance(0.2):
            # Of the same instant: the larger id is the newer row.
            rows.append(row | {"id": f"ajs-{dice.uuid()}"} | dice.traits(0.8))
    return rows


def settle_time(dice: Dice, row: Row) -> None:
    """A row of traits has both times or none; an id, too, which decides ties."""
    row["id"] = f"ajs-{dice.uuid()}"
    has_time = dice.chance(0.93)
    instant = dice.instant()
    row["timestamp"] = dice.time(instant) if has_time else None
    row["received_at"] = dice.time(instant + timedelta(seconds=3)) if has_time else None


def groups(dice: Dice) -> list[Row]:
    rows = []
    for _ in range(40):
        row = seen(dice)
        row["user_id"] = dice.id_of(dice.users, missing=0.05)
        row["group_id"] = dice.id_of(dice.accounts, missing=0.1)
        settle_time(dice, row)
        rows.append(row | account_traits(dice))
        if dice.chance(0.2):
            other = {"id": f"ajs-{dice.uuid()}", "group_id": dice.choice(dice.accounts)}
            rows.append(row | other | account_traits(dice))
    return rows


def account(dice: Dice) -> Row:
    return {
        "id": dice.spelled(dice.choice(dice.accounts)),
        "received_at": dice.instant(),
        **account_traits(dice),
    }


def account_traits(dice: Dice) -> Row:
    return {
        "name": dice.choice(("Acme Inc", "", None)),
        "account_name": dice.choice(("Acme", None)),
        "created_at": dice.maybe_time(share=0.3),
        "seat_count": dice.choice((1, 20, None)),
        "trial_started_at": dice.maybe_time(share=0.4),
        "plan_tier": dice.choice(("pro", "N/A", None)),
        "industry": dice.choice(("tools", None)),
    }


def alias(dice: Dice) -> Row:
    row = seen(dice)
    settle_time(dice, row)
    return row | {
        "previous_id": dice.id_of(dice.devices, missing=0.1),
        "user_id": dice.id_of(dice.users, missing=0.1),
    }
