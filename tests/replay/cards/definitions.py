"""Cards: definitions and vars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.oracle.random_definitions import behavior_signal, fit_signal, milestone
from tests.replay.files import Row
from tests.replay.product import DAY, FIRST_DAY, HISTORY_START, HOUR, TIMEFRAMES, TRIGGERS

if TYPE_CHECKING:
    from tests.replay.world import World


def any_milestone(world: World) -> Row:
    return world.rng.choice(world.seeds["milestones"])


def milestone_set(world: World, column: str, choices: Sequence[str]) -> str:
    row = any_milestone(world)
    before = row[column]
    row[column] = world.rng.choice([choice for choice in choices if choice != before])
    return f"{column} of milestone {row['milestone_id']}: {before} becomes {row[column]}"


def milestone_added(world: World) -> str:
    number = world.number("milestone") + 10
    row = milestone(
        f"m{number}",
        "0.15",
        world.rng.choice(TIMEFRAMES),
        world.rng.choice(TRIGGERS),
        number,
        "default",
        world.rng.choice(("true", "false")),
        world.rng.choice(("true", "false")),
        world.rng.choice(("1", "2")),
    )
    world.seeds["milestones"].append(row)
    return f"milestone {row['milestone_id']} added, {row['triggered_by_event']}"


def milestone_removed(world: World) -> str | None:
    rows = world.seeds["milestones"]
    optional = [row for row in rows if row["is_first_value"] != "true"]
    if len(rows) < 3 or not optional:
        return None
    row = world.rng.choice(optional)
    rows.remove(row)
    return f"milestone {row['milestone_id']} removed"


def milestone_weight(world: World) -> str:
    return milestone_set(world, "weight", ("0.05", "0.2", "0.35", "0.7"))


def milestone_timeframe(world: World) -> str:
    return milestone_set(world, "timeframe", TIMEFRAMES)


def milestone_min_count(world: World) -> str:
    row = any_milestone(world)
    row |= {"min_days": "", "within_days": "", "min_count": world.rng.choice(("1", "2", "3"))}
    return f"milestone {row['milestone_id']} takes {row['min_count']} events"


def milestone_min_days(world: World) -> str:
    row = any_milestone(world)
    min_days, within_days = world.rng.choice((("1", "1"), ("2", ""), ("2", "2"), ("2", "5")))
    row |= {"min_count": "", "min_days": min_days, "within_days": within_days}
    return f"milestone {row['milestone_id']} takes {min_days} dates of {within_days or 'all'}"


def milestone_trigger(world: World) -> str:
    return milestone_set(world, "triggered_by_event", TRIGGERS)


def milestone_requirement(world: World) -> str:
    return milestone_set(world, "is_required", ("true", "false"))


def milestone_path(world: World) -> str:
    return milestone_set(world, "path", ("default", "other"))


def event_made_passive(world: World) -> str:
    catalog = {row["event_name"]: row for row in world.seeds["event_catalog"]}
    name = world.rng.choice(("page_viewed", "user_login", "invite_sent"))
    if name in catalog:
        catalog[name]["is_meaningful"] = "false"
    else:
        row = {"event_name": name, "is_meaningful": "false", "is_friction": "true"}
        world.seeds["event_catalog"].append(row)

    def make_active() -> str:
        for row in world.seeds["event_catalog"]:
            if row["event_name"] == name:
                row["is_meaningful"] = "true"
        return f"event {name} is meaningful again"

    world.later(make_active)
    return f"event {name} is passive"


def passive_event_made_meaningful(world: World) -> str:
    for row in world.seeds["event_catalog"]:
        if row["event_name"] == "email_opened":
            row["is_meaningful"] = "true"
    return "event email_opened is meaningful"


def funnel_window(world: World) -> str:
    rows = world.seeds["funnels"]
    funnel = world.rng.choice(sorted({row["funnel_id"] for row in rows}))
    window = world.rng.choice(TIMEFRAMES)
    for row in rows:
        if row["funnel_id"] == funnel:
            row["timeframe"] = window
    return f"the window of funnel {funnel} is {window}"


def funnel_added(world: World) -> str:
    """Two steps take two events of one name, an option and the exclusion look at a property."""
    funnel = f"extra_{world.number('funnel')}"
    first, second = world.rng.sample(TRIGGERS, 2)
    asked = {"property_key": "label", "property_operator": "is_not", "property_value": "a"}
    steps = [
        {"event_name": world.rng.choice(("", first))},
        {"event_name": second, "is_optional": "true", **asked},
        {"event_name": first},
        {"event_name": second},
    ]
    window = world.rng.choice(TIMEFRAMES)
    world.seeds["funnels"] += [
        {
            "funnel_id": funnel,
            "step_number": str(number),
            "step_name": f"Step {number}",
            "timeframe": window,
            **step,
        }
        for number, step in enumerate(steps, start=1)
    ]
    world.seeds["funnel_exclusions"].append(
        {
            "funnel_id": funnel,
            "event_name": "page_viewed",
            "property_key": "label",
            "property_operator": "exists",
            "from_step": world.rng.choice(("", "3")),
        }
    )
    return f"funnel {funnel} added, {first} and {second}"


def exclusion_removed(world: World) -> str | None:
    rows = world.seeds["funnel_exclusions"]
    if not rows:
        return None
    row = rows.pop(world.rng.randrange(len(rows)))
    return f"{row['event_name']} no longer excludes from funnel {row['funnel_id']}"


def signal_added(world: World) -> str:
    number = world.number("signal")
    world.seeds["pql_signals"] += [
        behavior_signal(f"extra_{number}", world.rng.choice(TRIGGERS), "7.5", "3"),
        fit_signal(f"fit_{number}", "install_source", "search", "4"),
    ]
    return "two signals added"


def signal_changed(world: World) -> str:
    row = world.rng.choice(world.seeds["pql_signals"])
    row["points"] = str(world.rng.randint(1, 60))
    return f"signal {row['signal_id']} gives {row['points']} points"


def band_changed(world: World) -> str:
    row = world.rng.choice([r for r in world.seeds["pql_bands"] if int(r["lower_bound"]) > 12])
    row["lower_bound"] = str(int(row["lower_bound"]) + world.rng.choice((-12, 9, 14)))
    for lowest in world.seeds["pql_bands"]:
        if lowest["lower_bound"] == "0":
            lowest["recommended_action"] = "wait"
    return f"band {row['band']} starts at {row['lower_bound']}, the lowest bands say wait"


def target_changed(world: World) -> str:
    row = world.rng.choice(world.seeds["kpi_targets"])
    row["target_value"] = world.rng.choice(("0.1", "0.9", "1"))
    return f"target of {row['metric_id']} is {row['target_value']}"


def observed_until_for_a_day(world: World) -> str:
    instant = world.now - world.rng.randint(2, 25) * DAY - world.rng.random() * DAY
    if world.form == "arrivals":
        # By then, something has to have arrived.
        instant = world.moment(FIRST_DAY + HOUR, world.now)
    world.variables["observed_until"] = instant.isoformat()

    def move() -> str:
        world.variables["observed_until"] = world.now.isoformat()
        world.later(unset, longest=1)
        return f"the var observed_until is {world.now}"

    def unset() -> str:
        del world.variables["observed_until"]
        return "the var observed_until is unset"

    world.later(move, longest=1)
    return f"the var observed_until is {instant}"


def observed_from_for_days(world: World) -> str:
    """Set, then moved, then unset; always before any observed_until."""
    variables = world.variables

    def some_instant() -> str:
        return world.moment(HISTORY_START + DAY, HISTORY_START + 35 * DAY).isoformat()

    def move() -> str:
        variables["observed_from"] = some_instant()
        world.later(unset, longest=2)
        return f"the var observed_from is {variables['observed_from']}"

    def unset() -> str:
        return f"the var observed_from {variables.pop('observed_from')} is unset"

    variables["observed_from"] = some_instant()
    world.later(move, longest=2)
    return f"the var observed_from is {variables['observed_from']}"


def another_tolerance(world: World) -> str:
    """Two events before a signup: one counts but by a small tolerance, one only by a large one."""
    user = world.any_user()
    for early in (HOUR / 2, 20 * HOUR):
        world.arriving.append(world.event(user["user_id"], user["created_at"] - early))
    world.variables["signup_tolerance"] = world.rng.choice((0, 0.25, 30))

    def unset() -> str:
        return f"the var signup_tolerance {world.variables.pop('signup_tolerance')} is unset"

    world.later(unset, longest=2)
    return f"the var signup_tolerance is {world.variables['signup_tolerance']}"


def another_activation_window(world: World) -> str:
    world.variables["activation_windows_days"] = [2, 7, 30]
    return "the var activation_windows_days is [2, 7, 30]"


def another_invitation_event(world: World) -> str:
    world.variables["invitation_event"] = "file_uploaded"
    return "the var invitation_event is file_uploaded"


def another_freshness(world: World) -> str:
    world.seeds["pql_decay"] = [
        {"older_than_days": "7", "factor": "0.25"},
        {"older_than_days": "3", "factor": "0.8"},
    ]
    return "signals fade after 3 days, and more after 7"
