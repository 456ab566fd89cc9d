"""Who is who: the oracle on the examples of the definitions, each worked out by hand."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from tests.oracle.cleaning import Limits
from tests.oracle.identity import LONGEST_CHAIN, TooLongChain, identify
from tests.oracle.raw_files import RawAlias
from tests.oracle.small_world import (
    DAY,
    HOUR,
    MOMENT,
    MONDAY,
    RUN_STARTED_AT,
    Compute,
    alias,
    decided,
    event,
    fired,
    people,
    removed,
    user,
)

LIMITS = Limits(frozenset(), datetime(2030, 1, 1), timedelta(hours=1))


def raw_alias(alias_id: str, user_id: str, days: float | None) -> RawAlias:
    return RawAlias(alias_id, user_id, None if days is None else MONDAY + days * DAY, "aliases.csv")


def rules(aliases: list[RawAlias]) -> tuple[dict[str, str], list[tuple]]:
    """Where each id leads, and what became of each row."""
    identity, outcomes = identify(aliases, [], set(), LIMITS)
    ids = {i for row in aliases for i in (row.alias_id, row.user_id)}
    fates = sorted((o.row.alias_id, o.row.user_id, o.rule or "counts") for o in outcomes)
    return {any_id: identity.resolve(any_id) for any_id in ids}, fates


def test_the_first_target_stays_and_a_cycle_loses_its_smallest_id() -> None:
    found, fates = rules(
        [
            raw_alias("d", "a", 2),
            raw_alias("d", "a", 3),
            raw_alias("d", "b", 1),
            raw_alias("b", "c", 4),
            raw_alias("c", "b", 5),
        ]
    )
    assert found == {"a": "a", "b": "b", "c": "b", "d": "b"}
    assert fates == [
        ("b", "c", "alias_cycle"),
        ("c", "b", "counts"),
        ("d", "a", "second_target"),
        ("d", "a", "second_target"),
        ("d", "b", "counts"),
    ]


def test_a_time_goes_before_none_and_bytes_decide_between_equals() -> None:
    assert rules([raw_alias("d", "a", None), raw_alias("d", "b", 9)])[0]["d"] == "b"
    assert rules([raw_alias("d", "b", None), raw_alias("d", "Z", None)])[0]["d"] == "Z"
    # U+FF5E sorts before U+1F600 in bytes, after it as UTF-16.
    low, high = "\uff5e", "\U0001f600"
    assert rules([raw_alias("d", high, 1), raw_alias("d", low, 1)])[0]["d"] == low
    _, fates = rules([raw_alias("d", "a", None), raw_alias("d", "a", 1), raw_alias("d", "a", 1)])
    assert [fate for *_, fate in fates] == ["counts", "duplicate_alias", "duplicate_alias"]


def test_a_chain_of_64_links_is_followed_and_one_more_is_not() -> None:
    chain = [raw_alias(f"i{n:03}", f"i{n + 1:03}", n) for n in range(LONGEST_CHAIN)]
    assert rules(chain)[0]["i000"] == "i064"
    with pytest.raises(TooLongChain, match=r"^h$"):
        identify([*chain, raw_alias("z", "i000", 1), raw_alias("h", "i000", 1)], [], set(), LIMITS)


def test_order_and_repetition_of_aliases_change_nothing() -> None:
    rng = random.Random(14)
    for _ in range(50):
        ids = [f"i{n}" for n in range(12)]
        rows = [
            raw_alias(*rng.sample(ids, 2), rng.choice((None, 1, 2, 3)))
            for _ in range(rng.randint(1, 20))
        ]
        found, _ = rules(rows)
        assert all(found[target] == target for target in found.values())
        shuffled = rng.sample(rows * 2, 2 * len(rows))
        assert rules(shuffled)[0] == found


def test_a_person_is_what_the_rows_of_the_person_say_together(marts_of: Compute) -> None:
    tables = {
        "users": [
            user("a", "2024-05-05", plan_tier="pro"),
            user("b", "2024-05-01", plan_tier="free", install_source="ads"),
        ],
        "events": [event(1, "2024-05-03", "b"), event(2, "2024-05-06", "a")],
        "aliases": [alias("b", "a", "2024-05-10")],
    }
    marts = marts_of(**tables, variables={"observed_until": "2024-05-20"})
    (person,) = marts["users"]
    assert (person["user_id"], person["plan_tier"], person["install_source"]) == ("a", "pro", "ads")
    assert person["signed_up_at"] == datetime(2024, 5, 1)
    assert person["active_day_count"] == 2
    assert removed(marts, "users") == {"merged_user": 1}
    assert decided(marts, "aliases") == {"delivered": 1, "counted": 1, "resolved_id": 1}

    earlier = marts_of(**tables, variables={"observed_until": "2024-05-04"})
    assert {u: row["active_day_count"] for u, row in people(earlier).items()} == {"b": 1}
    assert removed(earlier, "users") == {}
    assert decided(earlier, "aliases") == {"delivered": 0, "counted": 0, "resolved_id": 0}


def test_older_rows_of_an_id_fill_nothing(marts_of: Compute) -> None:
    marts = marts_of(
        users=[
            user("a", updated_at="2024-02-02"),
            # The rows of one id are no further own id.
            user("a", updated_at="2024-02-01", plan_tier="old", install_source="old"),
            user("b", MONDAY - DAY, updated_at="2024-02-03", plan_tier=None),
            user("b", MONDAY - 2 * DAY, updated_at="2024-02-01", plan_tier="older"),
            user("c", MONDAY + DAY, updated_at="2024-01-30", plan_tier="free"),
        ],
        aliases=[alias("b", "a"), alias("c", "b")],
    )
    (person,) = marts["users"]
    assert (person["plan_tier"], person["install_source"]) == ("free", "unknown")
    assert person["signed_up_at"] == MONDAY - 2 * DAY
    assert removed(marts, "users") == {"duplicate_user": 1, "merged_user": 3}


def test_one_own_id_under_another_name_fills_nothing(marts_of: Compute) -> None:
    marts = marts_of(
        users=[
            user("b", updated_at="2024-02-02"),
            user("b", updated_at="2024-02-01", plan_tier="pro"),
        ],
        aliases=[alias("b", "a")],
    )
    assert people(marts)["a"]["plan_tier"] == "unknown"
    assert removed(marts, "users") == {"duplicate_user": 1}


def test_a_shared_device_joins_nobody(marts_of: Compute) -> None:
    at = MONDAY.replace(hour=0)
    signup = at + 10 * HOUR
    marts = marts_of(
        users=[user("u", signup), user("v", signup), user("w", signup)],
        events=[
            event(1, at + 9 * HOUR, None, "d"),
            event(2, at + 20 * HOUR, None, "d"),
            event(3, at + 10 * HOUR, "u", "d"),
            event(4, at + 12 * HOUR, "v", "d"),
            # An hour of difference between clocks is no visit.
            event(5, at + 9 * HOUR, "u"),
            event(6, at + 21 * HOUR, "v", "u"),
            event(7, at + 22 * HOUR, "w", "w"),
            event(8, at + 23 * HOUR, None, "u"),
        ],
    )
    assert removed(marts, "events") == {"anonymous_before_signup": 1}
    assert decided(marts, "aliases")["resolved_id"] == 1
    assert decided(marts, "events") == {
        "delivered": 8,
        "counted": 7,
        "name_changed": 0,
        "name_shared": 0,
        "id_illegal": 0,
    }
    assert people(marts).keys() == {"u", "v", "w"}


def test_an_event_makes_a_link_whatever_it_falls_to(marts_of: Compute) -> None:
    stranger = event(1, MONDAY - 9 * DAY, "stranger", "d")
    marts = marts_of(
        users=[user("u")],
        events=[
            stranger,
            event(2, MONDAY, "u", "d"),
            event(3, MONDAY + HOUR, None, "d"),
            event(4, MONDAY - 9 * DAY, "u", "e"),
            event(5, MONDAY + HOUR, None, "e"),
            # No time, no name, in the future: no link.
            event(6, "soon", "x", "f"),
            event(7, MONDAY, "x", "f", event_name=None),
            event(8, RUN_STARTED_AT + HOUR + MOMENT, "x", "f"),
            event(9, MONDAY + DAY, "u", "f"),
            event(10, MONDAY + 2 * DAY, None, "f"),
        ],
    )
    assert removed(marts, "events") == {
        "missing_key": 2,
        "future_event": 1,
        "anonymous_event": 1,
        "unknown_user": 1,
        "before_signup": 1,
    }
    assert people(marts)["u"]["active_day_count"] == 3


def test_a_device_of_its_own_name_is_no_link(marts_of: Compute) -> None:
    marts = marts_of(
        users=[user("u")],
        events=[
            event(1, MONDAY - DAY, "x", "x"),
            event(2, MONDAY, "u", "x"),
            event(3, MONDAY + DAY, None, "x"),
        ],
    )
    assert removed(marts, "events") == {"before_signup": 1}
    assert people(marts)["u"]["active_day_count"] == 2


def test_an_event_id_under_two_ids_of_one_person_is_not_shared(marts_of: Compute) -> None:
    tables = {
        "users": [user("u")],
        "events": [event(1, MONDAY, "u"), event(1, MONDAY, "old", event_name="f")],
    }
    assert fired(marts_of(**tables, aliases=[alias("old", "u")]), "event_ids_shared") == []


def test_words_that_are_no_ids(marts_of: Compute) -> None:
    marts = marts_of(
        users=[user("u")],
        events=[
            event(1, MONDAY, "u", "Anonymous"),
            event(2, MONDAY, None, "[object Object]"),
            event(3, MONDAY, None, "-1"),
            event(4, MONDAY, None, "0.0"),
            event(5, MONDAY, "u", "undefined", raw_event_name="E"),
            event(6, MONDAY, "u", None, raw_event_name="e"),
            event(7, MONDAY, "u", None, event_name="f", raw_event_name="F"),
        ],
        aliases=[
            alias("guest", "u"),
            alias("u", "u"),
            alias(None, "u"),
            alias("x", None),
            alias("y", "guest", RUN_STARTED_AT + DAY),
            alias("z", "anonymous"),
        ],
    )
    assert removed(marts, "events") == {"missing_key": 3}
    assert decided(marts, "events") == {
        "delivered": 7,
        "counted": 4,
        "name_changed": 2,
        "name_shared": 6,
        "id_illegal": 5,
    }
    assert removed(marts, "aliases") == {
        "missing_key": 2,
        "future_event": 1,
        "illegal_alias": 1,
        "self_alias": 1,
    }


def test_an_old_id_excludes_and_invites(marts_of: Compute) -> None:
    marts = marts_of(
        users=[
            user("u", invited_by="old"),
            user("v", invited_by="old"),
            user("bot", MONDAY + DAY),
            user("bot2", MONDAY - DAY),
        ],
        events=[
            event(1, MONDAY, "bot"),
            event(2, MONDAY - DAY, None, "device"),
            event(3, MONDAY, "bot", "device"),
            event(4, MONDAY, "v"),
        ],
        aliases=[alias("old", "u"), alias("bot2", "bot"), alias("oldest bot", "bot2")],
        seeds={"excluded_users": "oldest bot,\ndevice,\nnobody,\n"},
    )
    found = people(marts)
    assert {u: row["acquisition_type"] for u, row in found.items()} == {"u": "new", "v": "invited"}
    assert (found["u"]["invited_signup_count"], found["v"]["invited_by"]) == (1, "u")
    assert removed(marts, "users") == {"merged_user": 1, "excluded_user": 1}
    assert removed(marts, "events") == {"excluded_user": 3}
    (seen_at,) = (
        row["first_seen_at"]
        for row in marts["data_quality_by_rule"]
        if (row["table_name"], row["rule_name"]) == ("users", "excluded_user")
    )
    assert seen_at == MONDAY - DAY
    named = [s for t, s, *_ in fired(marts, "definition_matches_nothing") if t == "excluded_users"]
    assert named == ["nobody"]


def test_duplicates_are_those_of_one_person(marts_of: Compute) -> None:
    marts = marts_of(
        users=[user("u"), user("v")],
        events=[
            event(1, MONDAY, "old", properties="{}"),
            event(1, MONDAY, "u", properties="{}"),
            event(1, MONDAY, None, "d"),
            event(1, MONDAY, "v"),
            {**event(2, MONDAY, "u"), "event_id": None},
            {**event(2, MONDAY, "old"), "event_id": None},
        ],
        aliases=[alias("old", "u"), alias("d", "u")],
    )
    assert removed(marts, "events") == {"duplicate_event": 3}
    assert fired(marts, "event_ids_shared") == [("events", "event_id", 1, 1.0)]


def test_splitting_a_user_changes_no_count(marts_of: Compute) -> None:
    users = [user(f"u{n}", MONDAY + n * DAY, plan_tier="pro") for n in range(4)]
    events = [
        event(f"{n}.{day}", MONDAY + (n + day) * DAY, f"u{n}")
        for n in range(4)
        for day in range(30)
    ]
    whole = marts_of(users=users, events=events)
    split = [e | {"user_id": "old"} if e["event_id"].startswith("1.1") else e for e in events]
    parted = marts_of(users=users, events=split, aliases=[alias("old", "u1", MONDAY + 20 * DAY)])
    for name, rows in whole.items():
        if name not in ("data_quality_by_rule", "input_by_decision"):
            assert parted[name] == rows, name


def test_a_product_without_login(marts_of: Compute) -> None:
    tables = {
        "users": [user("u", MONDAY + DAY)],
        "events": [
            event(1, MONDAY + HOUR, None, "d"),
            event(2, MONDAY, None, "d"),
            event(3, MONDAY, None, "d", event_name=None),
            event(4, MONDAY, None, "e"),
            event(5, MONDAY + DAY, "u", "e"),
            event(6, MONDAY, None, "bot"),
            event(7, MONDAY + DAY, "stranger", "f"),
            event(8, MONDAY, None, "f"),
        ],
    }
    seeds = {"excluded_users": "bot,\n"}
    assert removed(marts_of(**tables, seeds=seeds), "events") == {
        "missing_key": 1,
        "excluded_user": 1,
        "anonymous_event": 3,
        "unknown_user": 1,
        "anonymous_before_signup": 1,
    }
    marts = marts_of(**tables, seeds=seeds, settings={"PLG_ANONYMOUS_USERS": "true"})
    assert {u: row["signed_up_at"] for u, row in people(marts).items()} == {
        "u": MONDAY + DAY,
        "d": MONDAY,
        # The device f leads to the stranger, who has no row of users.
        "stranger": MONDAY,
    }
    assert removed(marts, "users") == {"excluded_user": 1}
    assert decided(marts, "users") == {"delivered": 4, "counted": 3}
    assert removed(marts, "events") == {
        "missing_key": 1,
        "excluded_user": 1,
        "anonymous_before_signup": 1,
    }


def test_every_row_has_a_fate(marts_of: Compute) -> None:
    marts = marts_of(
        users=[user("u"), user("u"), user("old"), user(None), user("bot")],
        events=[event(n, MONDAY, user_id) for n, user_id in enumerate(("u", "old", "x", None))],
        aliases=[alias("old", "u"), alias("old", "u"), alias("old", "x", None)],
        accounts=[{"account_id": "a"}, {"account_id": "b", "created_at": MONDAY}],
        seeds={"excluded_users": "bot,\n"},
    )
    for table in ("users", "events", "aliases", "accounts"):
        counts = decided(marts, table)
        assert counts["delivered"] == counts["counted"] + sum(removed(marts, table).values())


def test_the_rules_of_anonymous_events_are_no_warning(marts_of: Compute) -> None:
    marts = marts_of(
        users=[user("u")],
        events=[
            event(1, MONDAY, "u"),
            event(2, MONDAY, None, "d"),
            event(3, MONDAY - DAY, None, "u"),
            event(4, MONDAY, "x"),
            event(5, MONDAY, "y"),
        ],
        aliases=[alias("a", "b"), alias("a", "b")],
    )
    assert fired(marts, "rule_took_much") == [
        ("events", "unknown_user", 2, 0.4),
        ("aliases", "duplicate_alias", 1, 0.5),
    ]
    # Of the rows with a user_id of their own.
    assert fired(marts, "unknown_users") == [("events", "user_id", 2, 2 / 3)]
