"""Cards: events that arrive, in every form."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from tests.replay.files import Row
from tests.replay.product import DAY, FAR_FUTURE, HOUR, MICROSECOND

if TYPE_CHECKING:
    from tests.replay.world import World


def late_events(world: World) -> str:
    for _ in range(world.rng.randint(3, 8)):
        user = world.any_user()
        timestamp = world.now - world.rng.randint(1, 40) * DAY - world.rng.random() * DAY
        world.arriving.append(world.event(user["user_id"], max(timestamp, user["created_at"])))
    return f"{len(world.arriving)} events up to 40 days late"


def late_by_exactly_a_window(world: World) -> str:
    user = world.any_user()
    for window in (1, 7, 14, 30):
        for nudge in (-1, 0):
            timestamp = user["created_at"] + window * DAY + nudge * MICROSECOND
            if timestamp < world.now:
                name = world.rng.choice(("invite_sent", "document_created"))
                world.arriving.append(world.event(user["user_id"], timestamp, name))
    return f"events of {user['user_id']} on the boundaries of its windows"


def repeat(world: World, **changes: object) -> str:
    original = world.any_event()
    world.arriving.append({**original, **changes, "received_at": world.now})
    told = ", ".join(f"{name} {value!s}" for name, value in changes.items()) or "the same"
    return f"{original['event_id']} of {original['timestamp']} arrives again: {told}"


def exact_repeats(world: World) -> str:
    return "; ".join(repeat(world) for _ in range(3))


def earlier_repeat(world: World) -> str:
    earlier = world.any_event()["timestamp"] - world.rng.choice((MICROSECOND, DAY, 9 * DAY))
    return repeat(world, timestamp=earlier)


def much_earlier_repeat_of_newest(world: World) -> str:
    newest = max(world.sound_events(), key=lambda row: row["timestamp"])
    copy = newest | {"timestamp": newest["timestamp"] - 12 * DAY, "received_at": world.now}
    world.arriving.append(copy)
    return f"the newest event, {newest['event_id']}, arrives again, stamped 12 days earlier"


def later_repeat(world: World) -> str:
    return repeat(world, timestamp=world.now - world.rng.random() * DAY)


def twins_one_by_one(world: World) -> str:
    """Copies of one invitation in deliveries of their own: first, last, smaller, first of all."""
    user = world.any_user()
    first = world.event(user["user_id"], max(user["created_at"], world.now - 9 * DAY))
    first |= {"event_name": "invite_sent", "properties": '{"count":30}'}
    world.arriving.append(first)
    changes = [
        {"timestamp": first["timestamp"] + 3 * DAY, "properties": '{"count":2}'},
        {"properties": '{"count":20}'},
        {"timestamp": first["timestamp"] - HOUR / 2, "properties": None},
    ]

    def arrive() -> str:
        change = changes.pop(0)
        world.arriving.append({**first, **change, "received_at": world.now})
        if changes:
            world.later(arrive, longest=2)
        return f"{first['event_id']} arrives again: {change}"

    world.later(arrive, longest=2)
    return f"invitation {first['event_id']} of {user['user_id']}, whose copies will arrive"


def ids_of_several_users(world: World) -> str:
    """So many shared ids that a warning says so; a later delivery shares one of them again."""
    users = world.rng.sample(world.sound_users(), 3)
    rows = [
        world.event(user["user_id"], world.moment(user["created_at"], world.now))
        | {"event_id": f"shared{number}"}
        for user in users
        for number in range(15)
        if user["created_at"] < world.now
    ]
    world.arriving += rows

    def arrive() -> str:
        copy = world.rng.choice(rows)
        user = world.any_user()
        for user_id in (copy["user_id"], user["user_id"]):
            stamp = copy["timestamp"] - DAY
            world.arriving.append({**copy, "user_id": user_id, "timestamp": stamp})
        return f"{copy['event_id']} arrives earlier, and for {user['user_id']}"

    world.later(arrive)
    return f"15 ids of {[user['user_id'] for user in users]} each"


def repeat_of_another_user(world: World) -> str:
    return repeat(world, user_id=world.any_user()["user_id"])


def earlier_repeat_of_another_user(world: World) -> str:
    user = min(world.sound_users(), key=lambda user: user["created_at"])
    original = world.any_event()
    earlier = max(user["created_at"], original["timestamp"] - 3 * DAY)
    copy = original | {"user_id": user["user_id"], "timestamp": earlier}
    world.arriving.append(copy | {"received_at": world.now})
    return f"{original['event_id']} arrives again, earlier, for {user['user_id']}"


def repeat_of_another_name(world: World) -> str:
    return repeat(world, event_name=world.rng.choice(("a_first_of_all", "zoomed")))


def repeat_of_other_properties(world: World) -> str:
    return repeat(world, properties=world.rng.choice(('{"count":9}', '{"A":1}', None)))


def events_without_id(world: World) -> str:
    for _ in range(3):
        user = world.any_user()
        row = world.event(user["user_id"], world.moment(user["created_at"], world.now))
        world.arriving += [row | {"event_id": world.rng.choice((None, ""))} for _ in range(2)]
    return "3 events without an id, each twice"


def repeat_without_id(world: World) -> str | None:
    nameless = [row for row in world.sound_events() if not row["event_id"]]
    if not nameless:
        return None
    original = world.rng.choice(nameless)
    world.arriving.append(original | {"event_id": "", "received_at": world.now})
    world.arriving.append(original | {"properties": '{"B":2}', "received_at": world.now})
    return f"an event without id of {original['timestamp']} arrives again, same and changed"


def events_before_their_user(world: World) -> str:
    user = world.new_user(world.moment(world.now - 20 * DAY, world.now - DAY))
    world.arriving += world.life(user, user["created_at"], world.now, 8)
    world.arriving.append(world.event(user["user_id"], world.now - MICROSECOND, "invite_sent"))
    world.later(lambda: add_user(world, user), 6)
    return f"events of {user['user_id']}, who is not known yet"


def add_user(world: World, user: Row) -> str:
    world.users.append(user)
    return f"user {user['user_id']} arrives, created at {user['created_at']}"


def id_of_a_coming_user(world: World) -> str:
    """The id of a known event for another user, who arrives later: both events count then."""
    original = world.any_event()
    user = world.new_user(original["timestamp"] - 2 * DAY)
    copy = original | {"user_id": user["user_id"], "timestamp": original["timestamp"] - DAY}
    world.arriving.append(copy | {"received_at": world.now})
    world.later(lambda: add_user(world, user))
    return f"{original['event_id']} arrives earlier for {user['user_id']}, not known yet"


def broken_rows(world: World) -> str:
    user = world.any_user()
    row = world.event(user["user_id"], world.moment(user["created_at"], world.now))
    for column in ("user_id", "event_name", "timestamp"):
        world.arriving.append(row | {column: None})
        world.arriving.append(row | {column: "soon" if column == "timestamp" else ""})
    world.arriving.append(world.event("u_unknown", world.now - DAY))
    return "6 rows without a key, one of an unknown user"


def events_before_signup(world: World) -> str:
    for _ in range(3):
        user = world.any_user()
        early = user["created_at"] - world.rng.choice((MICROSECOND, DAY, 5 * DAY))
        world.arriving.append(world.event(user["user_id"], early))
    return "3 events from before the signup"


def events_a_little_early(world: World) -> str:
    """On both sides of the tolerance, and as dates without a time."""
    user = world.any_user()
    created_at = user["created_at"]
    midnight = datetime.combine(created_at.date(), time())
    stamps = [created_at - HOUR * part for part in (0.1, 0.5, 1)]
    stamps += [created_at - HOUR - MICROSECOND, midnight, midnight - DAY]
    world.arriving += [world.event(user["user_id"], stamp) for stamp in stamps]
    return f"6 events around the tolerance before the signup of {user['user_id']}"


def early_repeats(world: World) -> str:
    """Two copies that count at the same signup, of which the earlier arrives later."""
    user = world.any_user()
    first = world.event(user["user_id"], user["created_at"] - HOUR / 4, "invite_sent")
    copy = first | {"timestamp": user["created_at"] - HOUR / 2, "properties": '{"count":7}'}
    world.arriving.append(first)

    def arrive() -> str:
        world.arriving.append(copy | {"received_at": world.now})
        return f"{first['event_id']} arrives again, a quarter of an hour earlier"

    world.later(arrive)
    return f"{first['event_id']} arrives, a quarter of an hour before its signup"


def future_events(world: World) -> str:
    original = world.any_event()
    world.arriving.append(original | {"timestamp": FAR_FUTURE, "received_at": world.now})
    world.arriving.append(world.event(world.any_user()["user_id"], FAR_FUTURE + world.day * DAY))
    return "2 events stamped years ahead"


def invitations(world: World) -> str:
    for _ in range(6):
        user = world.any_user()
        last = min(user["created_at"] + 31 * DAY, world.now)
        timestamp = world.moment(user["created_at"], last)
        world.arriving.append(world.event(user["user_id"], timestamp, "invite_sent"))
    return "6 invitations, of any age"


def gap(world: World) -> str:
    """The next events are of days later: dates without anything lie between."""
    user = world.any_user()
    world.arriving.append(world.event(user["user_id"], world.now + 3 * DAY))
    return "one event, 3 days ahead of the others"
