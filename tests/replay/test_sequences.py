"""Sequences of deliveries that could leave something of an earlier build behind.

Each sequence has users, files and a month of its own, so that no other one makes a build look at its
parts and dates again. All are delivered together, state by state; after each, a build on the same
database equals one from nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.replay.sequences import (
    Delivery,
    assert_each_state_equals_a_build_from_nothing,
    quoted_line,
)

EVENTS = "event_id,user_id,event_name,timestamp,properties\n"


@dataclass(frozen=True)
class State:
    """What of one sequence is there on one day.

    Attributes:
        users: `user_id created_at`, and `plan_tier updated_at` where these are known.
        files: of each, lines of `event_id user_id event_name timestamp properties`; `-` is empty.
            A line of one word can't be read.
        excluded: user_ids.
    """

    users: Sequence[str] = ()
    files: Mapping[str, Sequence[str]] = field(default_factory=dict)
    excluded: Sequence[str] = ()


def users_change(files: Mapping[str, Sequence[str]], *users: Sequence[str]) -> list[State]:
    """The same files, and other users in each state."""
    return [State(rows, files) for rows in users]


# {} is the month.
SEQUENCES: dict[str, Sequence[State]] = {
    "a signup moves over midnight, and back": users_change(
        {"mia": ["m1 mia invite_sent {}-09T23:50 -"]},
        ["mia {}-10T00:20"],
        ["mia {}-09T23:40"],
        ["mia {}-11T00:10"],
        ["mia {}-10T00:20"],
    ),
    "a user with an event that counts at the signup is excluded for a while": [
        State(["eva {}-10T00:20"], {"eva": ["e1 eva task_completed {}-09T23:50 -"]}),
        State(["eva {}-10T00:20"], {"eva": ["e1 eva task_completed {}-09T23:50 -"]}, ["eva"]),
        State([], {"eva": ["e1 eva task_completed {}-09T23:50 -"]}, ["eva"]),
        State(["eva {}-10T00:20"], {"eva": ["e1 eva task_completed {}-09T23:50 -"]}),
    ],
    "such a user vanishes, and comes back with another signup": users_change(
        {"rob": ["r1 rob user_login {}-09T23:50 -"]},
        ["rob {}-10T00:20"],
        [],
        ["rob -"],
        ["rob {}-09T23:59"],
    ),
    "a file is emptied, and one that has a copy is not": [
        State(
            ["pia {}-01"],
            {"pia1": ["p1 pia invite_sent {}-03 -"], "pia2": ["p1 pia invite_sent {}-05 -"]},
        ),
        State(["pia {}-01"], {"pia1": [], "pia2": ["p1 pia invite_sent {}-05 -"]}),
        State(["pia {}-01"], {"pia1": [], "pia2": []}),
        State(["pia {}-01"], {"pia1": ["p1 pia invite_sent {}-04 -"], "pia2": []}),
    ],
    "no line of a file can be read, then some, then none again": [
        State(["lea {}-01"], {"lea": ["broken", "broken"]}),
        State(["lea {}-01"], {"lea": ["l1 lea task_completed {}-04 -", "broken"]}),
        State(["lea {}-01"], {"lea": ["broken"]}),
        State(["lea {}-01"], {"lea": ["l1 lea task_completed {}-06 -"]}),
    ],
    "copies without an id are in two files, and the first file goes": [
        State(["sam {}-01"], {"sam1": ["- sam invite_sent {}-03 {{}}"]}),
        State(
            ["sam {}-01"],
            {
                "sam1": ["- sam invite_sent {}-03 {{}}"],
                "sam2": ["- sam invite_sent {}-03 {{}}", "- sam invite_sent {}-03 -"],
            },
        ),
        State(["sam {}-01"], {"sam2": ["- sam invite_sent {}-03 {{}}"]}),
        State(["sam {}-01"], {"sam2": ["- sam invite_sent {}-03 -"]}),
    ],
    "the earliest copy is from before a later signup, so the next one counts": users_change(
        {"tom1": ["t1 tom search_run {}-03 -"], "tom2": ["t1 tom search_run {}-08 -"]},
        ["tom {}-02"],
        ["tom {}-06"],
        ["tom {}-12"],
        ["tom {}-02"],
    ),
    "of two users of one id, one vanishes, and a copy of the other one's arrives": [
        State(
            ["kim {}-01", "kai {}-01"],
            {"kim": ["k1 kim search_run {}-03 -"], "kai": ["k1 kai search_run {}-04 -"]},
        ),
        State(
            ["kim {}-01"],
            {"kim": ["k1 kim search_run {}-03 -"], "kai": ["k1 kai search_run {}-04 -"]},
        ),
        State(
            ["kim {}-01"],
            {
                "kim": ["k1 kim search_run {}-03 -"],
                "kai": ["k1 kai search_run {}-04 -"],
                "kim2": ["k1 kim search_run {}-02 -"],
            },
        ),
        State(["kai {}-01"], {"kai": ["k1 kai search_run {}-04 -"]}),
    ],
    "the file of the copy that counts goes as another copy arrives": [
        State(
            ["uli {}-01"],
            {"uli1": ["u1 uli invite_sent {}-03 -"], "uli2": ["u1 uli invite_sent {}-05 -"]},
        ),
        State(
            ["uli {}-01"],
            {"uli2": ["u1 uli invite_sent {}-05 -"], "uli3": ["u1 uli invite_sent {}-04 -"]},
        ),
        State(["uli {}-01"], {"uli2": ["u2 uli invite_sent {}-05 -"]}),
        State(
            ["uli {}-01"], {"uli1": ["u1 uli invite_sent {}-05 -"], "uli2": ["u2 uli - {}-05 -"]}
        ),
    ],
    "two copies count at one signup, which moves between them and before them": users_change(
        {
            "ida1": ['i1 ida invite_sent {}-10T00:10 {{"count":2}}'],
            "ida2": ['i1 ida invite_sent {}-09T23:50 {{"count":3}}'],
        },
        ["ida {}-10T00:40"],
        ["ida {}-10T01:05"],
        ["ida {}-09T12:00"],
        ["ida {}-10T00:20"],
    ),
    "copies wait for their user, who is excluded first": [
        State([], {"zoe1": ["z1 zoe user_login {}-04 -"], "zoe2": ["z1 zoe user_login {}-05 -"]}),
        State(
            [],
            {"zoe1": ["z1 zoe user_login {}-04 -"], "zoe2": ["z1 zoe user_login {}-05 -"]},
            ["zoe"],
        ),
        State([], {"zoe1": ["z1 zoe user_login {}-04 -"], "zoe2": ["z1 zoe user_login {}-05 -"]}),
        State(
            ["zoe {}-04T00:30"],
            {"zoe1": ["z1 zoe user_login {}-04 -"], "zoe2": ["z1 zoe user_login {}-05 -"]},
        ),
    ],
    "the oldest row of a user goes, and with it the early signup": users_change(
        {"ben": ["b1 ben task_completed {}-03 -", "b2 ben task_completed {}-21 -"]},
        ["ben {}-02 free {}-02", "ben {}-20 pro {}-20"],
        ["ben {}-20 pro {}-20"],
        ["ben {}-02 free {}-22", "ben {}-20 pro {}-20"],
        ["ben {}-03T00:30 free", "ben {}-20 pro"],
    ),
    "a key is lost, and found": [
        State(["amy {}-01"], {"amy": ["a1 amy task_completed {}-03 -"]}),
        State(["amy {}-01"], {"amy": ["a1 - task_completed {}-03 -"]}),
        State(["amy {}-01"], {"amy": ["a1 amy task_completed soon -"]}),
        State(["amy {}-01"], {"amy": ["- amy task_completed {}-03 -", "a1 amy - {}-03 -"]}),
    ],
    "of two users, the known one becomes unknown": users_change(
        {"ned": ["n1 ned search_run {}-03 -", "n2 nobody search_run {}-03 -"]},
        ["ned {}-01"],
        [],
        ["nobody {}-01"],
        [],
    ),
}


def delivery_of(states: Sequence[State]) -> Delivery:
    """What all sequences deliver, each in its month."""
    users, excluded, files = [], [], {}
    for number, state in enumerate(states):
        month = f"{2022 + number // 12}-{number % 12 + 1:02}"
        for line in state.users:
            cells = line.format(*[month] * 2).split()
            user_id, created_at, plan_tier, updated_at = [*cells, "", ""][:4]
            users.append(f"{user_id},,{created_at.strip('-')},{plan_tier},,,{updated_at}\n")
        excluded += state.excluded
        for name, lines in state.files.items():
            files[name] = EVENTS + "".join(event_line(line.format(month)) for line in lines)
    return Delivery({"users": users}, files, excluded)


def event_line(line: str) -> str:
    cells = line.split()
    return quoted_line(cells) if len(cells) >= 5 else f"{line}\n"


@pytest.mark.long
def test_each_state_equals_a_build_from_nothing(tmp_path: Path) -> None:
    variables = {"unreadable_rows_allowed": 1.0}
    assert_each_state_equals_a_build_from_nothing(tmp_path, SEQUENCES, delivery_of, variables)
