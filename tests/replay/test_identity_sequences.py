"""Sequences in which ids become those of another person, or stop to be.

As in test_sequences.py: each sequence has ids, files and a month of its own, all are delivered
together, state by state, and after each a build on the same database equals one from nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.replay.sequences import (
    Delivery,
    assert_each_state_equals_a_build_from_nothing,
    quoted_line,
)

EVENTS = (
    "event_id,user_id,anonymous_id,event_name,timestamp,properties,raw_event_name,received_at\n"
)


@dataclass(frozen=True)
class State:
    """What of one sequence is there on one day; `-` is empty.

    Attributes:
        users: `user_id created_at`, and `plan_tier invited_by` where these are known.
        aliases: `alias_id user_id aliased_at`.
        files: of each, lines of `event_id user_id anonymous_id event_name timestamp`, and `properties
            raw_event_name received_at` where these are known.
        excluded: user_ids.
    """

    users: Sequence[str] = ()
    aliases: Sequence[str] = ()
    files: Mapping[str, Sequence[str]] = field(default_factory=dict)
    excluded: Sequence[str] = ()


def changed(first: State, *changes: Mapping[str, object]) -> list[State]:
    """A state, and what each of the changes makes of it."""
    return [first, *(replace(first, **change) for change in changes)]


def aliases_change(
    users: Sequence[str], files: Mapping[str, Sequence[str]], *aliases: Sequence[str]
) -> list[State]:
    """The same users and files, and other aliases in each state."""
    return [State(users, rows, files) for rows in aliases]


DAN1 = {"dan1": ["- - dev search_run {}-05", "d2 - dev x {}-03"]}
DAN2 = DAN1 | {"dan2": ["d3 dan dev task_completed {}-07"]}
FAY0 = {"fay0": ["f1 fay - task_completed {}-03 - -"]}
FAY1 = {"fay1": ["f1 fay - task_completed {}-03 - - {}-05"]}
GIL = {"gil": ["g1 gil - task_completed {}-03", "g2 goe - x {}-03"]}
HAL = {"hal": ["h1 hal - task_completed {}-03", "h2 - hdev x {}-04"]}

# {} is the month.
SEQUENCES: dict[str, Sequence[State]] = {
    "an alias comes late, goes, and comes again for another user": aliases_change(
        ["ann {}-10 pro", "bea {}-05 free", "old {}-02T00:20 free ann"],
        {
            "ann1": ["a1 old - task_completed {}-03 -", "a2 old - invite_sent {}-01T23:50 -"],
            "ann2": ["a3 ann - task_completed {}-12 -", "a4 bea - invite_sent {}-06 -"],
        },
        [],
        ["old ann {}-11"],
        [],
        ["old bea {}-11"],
        ["bea ann {}-11", "old bea {}-12"],
    ),
    "a device is identified after its visits, then by an earlier event of somebody else": changed(
        State(["dan {}-04", "dot {}-04"], files=DAN1),
        {"files": DAN2},
        {"files": DAN2 | {"dan3": ["d4 dot dev task_completed {}-06"]}},
        {
            "aliases": ["dev dan {}-06"],
            "files": DAN2 | {"dan3": ["d4 dot dev task_completed {}-06T00:00:01"]},
        },
        {},
    ),
    "copies of two ids become one person's, and two persons' again": aliases_change(
        ["eli {}-01", "eva {}-02"],
        {
            "eli": ["e1 eli - invite_sent {}-05 -", "- eli - task_completed {}-06 {{}}"],
            "eva": ["e1 eva - invite_sent {}-04 -", "- eva - task_completed {}-06 {{}}"],
        },
        [],
        ["eva eli {}-03"],
        [],
        ["eli eva {}-03"],
        ["eli eva {}-03", "eva eli {}-02"],
    ),
    "of copies alike the one that arrived first stays, and goes": changed(
        State(
            ["fay {}-01"],
            files=FAY1 | FAY0 | {"fay2": ["f1 fay - task_completed {}-03 - - {}-04"]},
        ),
        {"files": FAY1 | FAY0},
        {"files": FAY0},
        {"files": FAY0},
        {"files": {"fay3": FAY0["fay0"]}},
    ),
    "an old id is excluded, while it is the person's and while it is not": changed(
        State(["gil {}-02"], files=GIL, excluded=["goe"]),
        {"aliases": ["goe gil -"]},
        {"aliases": ["goe gil -"], "excluded": ()},
        {"users": ["gil {}-02", "goe {}-01"], "excluded": ["gdev"]},
        {
            "users": ["gil {}-02", "goe {}-01"],
            "aliases": ["gdev gil -"],
            "excluded": ["gdev"],
        },
    ),
    "the person behind an alias is nobody, then somebody": changed(
        State([], ["hal hans -"], HAL),
        {"users": ["hal {}-02"], "aliases": ["hal hans -", "hdev hal -"]},
        {"users": ["hans {}-02", "hal {}-01"], "aliases": ["hal hans -", "hdev hal -"]},
        {"users": ["hans {}-02"], "aliases": ["hal hip -", "hdev hal -"]},
        {"users": ["hans {}-02"], "aliases": ()},
    ),
    "a person's signup moves over midnight as an id joins, and names change": changed(
        State(
            ["ivo {}-10T00:20", "ida {}-10T00:05"],
            files={
                "ivo": ["i1 ivo - task_completed {}-09T23:50", "i2 - idev search_run {}-09T23:55"]
            },
        ),
        {"aliases": ["ida ivo -", "idev ida -"]},
        {
            "users": ["ivo {}-10T00:20", "ida {}-09T23:40"],
            "aliases": ["ida ivo -", "idev ida -"],
        },
        {
            "users": ["ivo {}-10T00:20", "ida {}-09T23:40"],
            "aliases": ["ida ivo -", "idev ida -"],
            "files": {
                "ivo": [
                    "i1 ivo - task_completed {}-09T23:50 - TaskCompleted",
                    "i2 - idev search_run {}-09T23:55 - search_run",
                ]
            },
        },
        {
            "users": ["ivo {}-10T00:20", "ida {}-09T23:40"],
            "files": {
                "ivo": [
                    "i1 ivo Anonymous task_completed {}-09T23:50",
                    "i2 - 0 search_run {}-09T23:55",
                ]
            },
        },
    ),
}


def padded(cells: Sequence[str], count: int) -> str:
    """A line of so many cells; the last ones are empty where they are not said."""
    return quoted_line([*cells, *["-"] * count][:count])


def delivery_of(states: Sequence[State]) -> Delivery:
    """What all sequences deliver, each in its month."""
    users, aliases, excluded, files = [], [], [], {}
    for number, state in enumerate(states):
        month = f"2022-{number + 1:02}"
        for line in state.users:
            user_id, created_at, plan, invited_by = [*line.format(month).split(), "-", "-"][:4]
            users.append(padded([user_id, "-", created_at, plan, "-", invited_by], 7))
        aliases += [padded(line.format(month).split(), 3) for line in state.aliases]
        excluded += state.excluded
        for name, lines in state.files.items():
            rows = (padded(line.format(*[month] * 2).split(), 8) for line in lines)
            files[name] = EVENTS + "".join(rows)
    return Delivery({"users": users, "aliases": aliases}, files, excluded)


@pytest.mark.long
@pytest.mark.parametrize("anonymous_users", ["false", "true"])
def test_each_state_equals_a_build_from_nothing(tmp_path: Path, anonymous_users: str) -> None:
    environment = {"PLG_ANONYMOUS_USERS": anonymous_users}
    assert_each_state_equals_a_build_from_nothing(tmp_path, SEQUENCES, delivery_of, {}, environment)
