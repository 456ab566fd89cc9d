"""Random exports of Snowplow: three times, structured events, several columns of own events."""

from __future__ import annotations

from datetime import timedelta

from tests.adapters.expected.values import Row
from tests.adapters.random_base import FIRST_SEEN, Dice, Export, settings_of

COLUMNS = (
    "unstruct_event_com_acme_action_1_0_0",
    "unstruct_event_com_acme_action_1_0_1",
    "unstruct_event_com_acme_zoom_2_0_0",
)


def random_export(seed: int) -> Export:
    dice = Dice(seed)
    rows = [event(dice) for _ in range(1600 if seed % 3 == 1 else 400)]
    rows += [dict(row) for row in dice.sample(rows, 8)]
    if seed % 3 == 1:
        wrong = {"derived_tstamp": "1995-05-05 05:05:05", "user_id": "u1"}
        rows[0] |= wrong | {"event": "unstruct", "event_name": "Signed Up"}
    for user_id, instant in FIRST_SEEN.items():
        row = event(dice) | {"event": "unstruct", "event_name": "Clicked", "user_id": user_id}
        rows.append(row | {"derived_tstamp": dice.time(instant)})
    dice.shuffle(rows)
    return Export("snowplow", {"events": rows}, settings_of(dice), has_capitals=seed % 3 == 2)


def event(dice: Dice) -> Row:
    instant = dice.instant()
    kind = dice.choice(("page_view", "page_ping", "struct", "unstruct", "unstruct", "unstruct"))
    name = dice.name() if kind == "unstruct" else kind
    has_domain = dice.chance(0.7)
    row: Row = {
        "event_id": dice.uuid(),
        "event": kind,
        "event_name": "event" if kind == "struct" else name,
        "user_id": dice.id_of(dice.users, missing=0.4),
        "domain_userid": dice.choice(dice.devices) if has_domain else None,
        "network_userid": dice.choice(dice.devices) if has_domain else dice.id_of(dice.devices),
        "derived_tstamp": dice.maybe_time(instant, share=0.15),
        "collector_tstamp": dice.maybe_time(instant + timedelta(seconds=2)),
        "se_category": None,
        "se_action": None,
        "se_label": None,
        "se_property": None,
        "se_value": None,
        **dict.fromkeys(COLUMNS),
    }
    if not has_domain and dice.chance(0.2):
        row["domain_userid"] = "undefined"
    if dice.number % 2 == 0:
        row["load_tstamp"] = dice.maybe_time(instant + timedelta(seconds=9), share=0.3)
    if kind == "struct":
        row |= {
            "se_category": dice.choice(("Sign", "user")),
            "se_action": dice.choice(("Up", "signup")),
            "se_label": dice.choice(("a label", None)),
            "se_property": dice.choice(("007", None)),
            "se_value": dice.choice((1.5, 20.25, None)),
        }
    if kind == "unstruct":
        for column in dice.sample(COLUMNS, dice.choice((0, 1, 1, 1, 2, 3))):
            row[column] = dice.choice(([1, "b"],)) if dice.chance(0.1) else dice.object()
    return row
