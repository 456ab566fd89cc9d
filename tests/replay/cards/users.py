"""Cards: users."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from tests.replay.product import DAY, FAR_FUTURE, HOUR, MICROSECOND

if TYPE_CHECKING:
    from tests.replay.world import World


def earlier_signup(world: World) -> str:
    early = [r for r in world.sound_events() if world.is_before_signup(r)]
    row = world.rng.choice(early) if early else None
    user = world.user_of(row) if row else world.any_user()
    before = user["created_at"]
    user["created_at"] = (row["timestamp"] if row else before) - world.rng.random() * 9 * DAY
    return f"created_at of {user['user_id']}: {before} becomes {user['created_at']}"


def later_signup(world: World) -> str:
    row = world.rng.choice([row for row in world.sound_events() if world.user_of(row)])
    user = world.user_of(row)
    before = user["created_at"]
    user["created_at"] = max(before, row["timestamp"]) + MICROSECOND
    return f"created_at of {user['user_id']}: {before} becomes {user['created_at']}"


def other_inviter(world: World) -> str:
    told = []
    for _ in range(3):
        user = world.any_user()
        choices = (None, user["user_id"], "u_unknown", world.any_user()["user_id"])
        user["invited_by"] = world.rng.choice(choices)
        told.append(f"invited_by of {user['user_id']} becomes {user['invited_by']}")
    return "; ".join(told)


def other_plan(world: World) -> str:
    user = world.any_user()
    user["plan_tier"] = world.rng.choice(("starter", "enterprise", "", "pro"))
    return f"plan_tier of {user['user_id']} becomes {user['plan_tier']}"


def other_source(world: World) -> str:
    user = world.any_user()
    user["install_source"] = world.rng.choice(("fair", "search", None))
    user["account_id"] = str(world.number("account"))
    return f"install_source of {user['user_id']} becomes {user['install_source']}"


def vanishing_users(world: World) -> str:
    gone = {world.any_user()["user_id"] for _ in range(2)}
    rows = [user for user in world.users if user["user_id"] in gone]
    world.users = [user for user in world.users if user["user_id"] not in gone]

    def come_back() -> str:
        world.users += rows
        return f"users {sorted(gone)} come back"

    world.later(come_back)
    return f"users {sorted(gone)} vanish"


def exclude(world: World, user_id: object) -> str:
    row = {"user_id": user_id, "reason": "test"}
    if any(other["user_id"] == user_id for other in world.seeds["excluded_users"]):
        return f"user {user_id} stays excluded"
    world.seeds["excluded_users"].append(row)

    def include() -> str:
        world.seeds["excluded_users"].remove(row)
        return f"user {user_id} is excluded no more"

    world.later(include)
    return f"user {user_id} is excluded"


def excluded_user(world: World) -> str:
    return exclude(world, world.any_event()["user_id"])


def excluded_user_of_newest_event(world: World) -> str:
    newest = max(world.sound_events(), key=lambda row: row["timestamp"])
    return exclude(world, newest["user_id"]) + ", whose event was the newest"


def repeated_users(world: World) -> str:
    told = []
    for shift in (-4 * DAY, timedelta(0), 4 * DAY):
        user = world.any_user()
        changes = {"plan_tier": "aardvark", "invited_by": world.any_user()["user_id"]}
        world.users.append(user | changes | {"created_at": user["created_at"] + shift})
        told.append(f"{user['user_id']} by {shift}")
    return f"second rows of users: {', '.join(told)}"


def newer_rows_of_users(world: World) -> str:
    """Rows that are true from now on: what they say stays, but not their later created_at."""
    told = []
    for shift in (-2 * DAY, 3 * DAY):
        user = world.any_user()
        changes = {"plan_tier": "zebra", "install_source": "newer", "updated_at": world.now}
        world.users.append(user | changes | {"created_at": user["created_at"] + shift})
        told.append(f"{user['user_id']} by {shift}")
    return f"newer rows of users: {', '.join(told)}"


def late_update(world: World) -> str | None:
    """An updated_at that was not known before makes another row of the user the newest."""
    ids = Counter(user["user_id"] for user in world.sound_users())
    twice = [user for user in world.sound_users() if ids[user["user_id"]] > 1]
    older = [user for user in twice if user.get("updated_at") is None]
    if not older:
        return None
    user = world.rng.choice(older)
    user["updated_at"] = world.now + DAY
    user["created_at"] -= HOUR
    return f"a row of {user['user_id']} was updated at {user['updated_at']}"


def signup_over_midnight(world: World) -> str:
    """An event counts on the date before, then at the signup after midnight, then before again."""
    user = world.any_user()
    before = user["created_at"]
    midnight = datetime.combine(before.date(), time()) + DAY
    world.arriving.append(world.event(user["user_id"], midnight - HOUR / 3))

    def move() -> str:
        user["created_at"] = midnight + HOUR / 6
        world.later(move_back)
        return f"created_at of {user['user_id']}: {before} becomes {user['created_at']}"

    def move_back() -> str:
        user["created_at"] = before
        return f"created_at of {user['user_id']} is {before} again"

    world.later(move)
    return f"an event of {user['user_id']}, twenty minutes before the midnight after the signup"


def early_row_of_a_user(world: World) -> str:
    """A late row brings another plan and an earlier signup, before the midnight, and goes again.

    Of two events, one counts at the signup, then at its own time; the other then counts at all.
    """
    midnight = datetime.combine(world.now.date(), time()) - 3 * DAY
    user = world.new_user(midnight + HOUR / 3)
    world.users.append(user)
    for early in (HOUR / 2, 3 * HOUR):
        stamp = user["created_at"] - early
        world.arriving.append(world.event(user["user_id"], stamp, "invite_sent"))
    row = user | {"created_at": user["created_at"] - 2 * HOUR - HOUR / 2, "plan_tier": "late"}

    def come() -> str:
        world.users.append(row | {"updated_at": world.now})
        world.later(go, longest=2)
        return f"a newer row of {user['user_id']} says {row['created_at']}"

    def go() -> str:
        world.users = [
            other
            for other in world.users
            if (other["user_id"], other["plan_tier"]) != (user["user_id"], "late")
        ]
        return f"the newer row of {user['user_id']} is gone"

    world.later(come, longest=2)
    return f"user {user['user_id']}, with events from half an hour and 3 hours before the signup"


def broken_users(world: World) -> str:
    user = world.any_user()
    world.users.append(user | {"user_id": None})
    world.users.append(user | {"user_id": "u_timeless", "created_at": None})
    world.users.append(user | {"user_id": "u_future", "created_at": FAR_FUTURE})
    return "rows of users without a key, and from the future"


def lost_signup(world: World) -> str:
    user = world.any_user()
    before = user["created_at"]
    user["created_at"] = None

    def find() -> str:
        user["created_at"] = before
        return f"created_at of {user['user_id']} is back"

    world.later(find)
    return f"created_at of {user['user_id']} becomes null"


def first_user_of_all(world: World) -> str:
    first = min(user["created_at"] for user in world.sound_users())
    user = world.new_user(first - 8 * DAY)
    world.users.append(user)

    def leave() -> str:
        world.users = [other for other in world.users if other is not user]
        return f"user {user['user_id']}, the first of all, vanishes"

    world.later(leave)
    return f"user {user['user_id']} arrives, the first of all, {user['created_at']}"
