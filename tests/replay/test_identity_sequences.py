"""Sequences in which ids become those of another person, or stop to be.

As in test_sequences.py: each sequence has ids, files and a month of its own, all are delivered
together, state by state, and after each a build on the same database equals one from nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.harness import PROJECT
from tests.replay.builds import Warehouse, build_differences

USERS = "user_id,account_id,created_at,plan_tier,install_source,invited_by,updated_at\n"
EVENTS = (
    "event_id,user_id,anonymous_id,event_name,timestamp,properties,raw_event_name,received_at\n"
)
ALIASES = "alias_id,user_id,aliased_at\n"


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


def aliases_change(
    users: Sequence[str], files: Mapping[str, Sequence[str]], *aliases: Sequence[str]
) -> list[State]:
    """The same users and files, and other aliases in each state."""
    return [State(users, rows, files) for rows in aliases]


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
    "a device is identified after its visits, then by an earlier event of somebody else": [
        State(
            ["dan {}-04", "dot {}-04"],
            (),
            {"dan1": ["- - dev search_run {}-05", "d2 - dev x {}-03"]},
        ),
        State(
            ["dan {}-04", "dot {}-04"],
            (),
            {
                "dan1": ["- - dev search_run {}-05", "d2 - dev x {}-03"],
                "dan2": ["d3 dan dev task_completed {}-07"],
            },
        ),
        State(
            ["dan {}-04", "dot {}-04"],
            (),
            {
                "dan1": ["- - dev search_run {}-05", "d2 - dev x {}-03"],
                "dan2": ["d3 dan dev task_completed {}-07"],
                "dan3": ["d4 dot dev task_completed {}-06"],
            },
        ),
        State(
            ["dan {}-04", "dot {}-04"],
            ["dev dan {}-06"],
            {
                "dan1": ["- - dev search_run {}-05", "d2 - dev x {}-03"],
                "dan2": ["d3 dan dev task_completed {}-07"],
                "dan3": ["d4 dot dev task_completed {}-06T00:00:01"],
            },
        ),
        State(
            ["dan {}-04", "dot {}-04"],
            (),
            {"dan1": ["- - dev search_run {}-05", "d2 - dev x {}-03"]},
        ),
    ],
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
    "of copies alike the one that arrived first stays, and goes": [
        State(
            ["fay {}-01"],
            (),
            {
                "fay1": ["f1 fay - task_completed {}-03 - - {}-05"],
                "fay2": ["f1 fay - task_completed {}-03 - - {}-04"],
                "fay0": ["f1 fay - task_completed {}-03 - -"],
            },
        ),
        State(
            ["fay {}-01"],
            (),
            {
                "fay1": ["f1 fay - task_completed {}-03 - - {}-05"],
                "fay0": ["f1 fay - task_completed {}-03 - -"],
            },
        ),
        State(["fay {}-01"], (), {"fay0": ["f1 fay - task_completed {}-03 - -"]}),
        State(["fay {}-01"], (), {"fay0": ["f1 fay - task_completed {}-03 - -"]}),
        State(["fay {}-01"], (), {"fay3": ["f1 fay - task_completed {}-03 - -"]}),
    ],
    "an old id is excluded, while it is the person's and while it is not": [
        State(
            ["gil {}-02"],
            (),
            {"gil": ["g1 gil - task_completed {}-03", "g2 goe - x {}-03"]},
            ["goe"],
        ),
        State(
            ["gil {}-02"],
            ["goe gil -"],
            {"gil": ["g1 gil - task_completed {}-03", "g2 goe - x {}-03"]},
            ["goe"],
        ),
        State(
            ["gil {}-02"],
            ["goe gil -"],
            {"gil": ["g1 gil - task_completed {}-03", "g2 goe - x {}-03"]},
        ),
        State(
            ["gil {}-02", "goe {}-01"],
            (),
            {"gil": ["g1 gil - task_completed {}-03", "g2 goe - x {}-03"]},
            ["gdev"],
        ),
        State(
            ["gil {}-02", "goe {}-01"],
            ["gdev gil -"],
            {"gil": ["g1 gil - task_completed {}-03", "g2 goe - x {}-03"]},
            ["gdev"],
        ),
    ],
    "the person behind an alias is nobody, then somebody": [
        State([], ["hal hans -"], {"hal": ["h1 hal - task_completed {}-03", "h2 - hdev x {}-04"]}),
        State(
            ["hal {}-02"],
            ["hal hans -", "hdev hal -"],
            {"hal": ["h1 hal - task_completed {}-03", "h2 - hdev x {}-04"]},
        ),
        State(
            ["hans {}-02", "hal {}-01"],
            ["hal hans -", "hdev hal -"],
            {"hal": ["h1 hal - task_completed {}-03", "h2 - hdev x {}-04"]},
        ),
        State(
            ["hans {}-02"],
            ["hal hip -", "hdev hal -"],
            {"hal": ["h1 hal - task_completed {}-03", "h2 - hdev x {}-04"]},
        ),
        State(["hans {}-02"], (), {"hal": ["h1 hal - task_completed {}-03", "h2 - hdev x {}-04"]}),
    ],
    "a person's signup moves over midnight as an id joins, and names change": [
        State(
            ["ivo {}-10T00:20", "ida {}-10T00:05"],
            (),
            {"ivo": ["i1 ivo - task_completed {}-09T23:50", "i2 - idev search_run {}-09T23:55"]},
        ),
        State(
            ["ivo {}-10T00:20", "ida {}-10T00:05"],
            ["ida ivo -", "idev ida -"],
            {"ivo": ["i1 ivo - task_completed {}-09T23:50", "i2 - idev search_run {}-09T23:55"]},
        ),
        State(
            ["ivo {}-10T00:20", "ida {}-09T23:40"],
            ["ida ivo -", "idev ida -"],
            {"ivo": ["i1 ivo - task_completed {}-09T23:50", "i2 - idev search_run {}-09T23:55"]},
        ),
        State(
            ["ivo {}-10T00:20", "ida {}-09T23:40"],
            ["ida ivo -", "idev ida -"],
            {
                "ivo": [
                    "i1 ivo - task_completed {}-09T23:50 - TaskCompleted",
                    "i2 - idev search_run {}-09T23:55 - search_run",
                ]
            },
        ),
        State(
            ["ivo {}-10T00:20", "ida {}-09T23:40"],
            (),
            {
                "ivo": [
                    "i1 ivo Anonymous task_completed {}-09T23:50",
                    "i2 - 0 search_run {}-09T23:55",
                ]
            },
        ),
    ],
}


def csv_line(cells: Sequence[str], count: int) -> str:
    padded = [*cells, *["-"] * count][:count]
    quoted = ['"' + cell.replace('"', '""') + '"' if cell != "-" else "" for cell in padded]
    return ",".join(quoted) + "\n"


class Source:
    """Where one state of each sequence is delivered."""

    def __init__(self, folder: Path) -> None:
        self.raw_dir, self.definitions_dir = folder / "raw", folder / "definitions"
        shutil.copytree(PROJECT / "seeds", self.definitions_dir)
        (self.raw_dir / "events").mkdir(parents=True)

    def deliver(self, states: Sequence[State]) -> None:
        """Writes what changed; a file that stays the same is not touched."""
        # A user of all sequences, so that there is always one.
        users = f"{USERS}all,,2021-12-31,,,,\n"
        aliases, excluded, files = ALIASES, "user_id,reason\n", {}
        for number, state in enumerate(states):
            month = f"2022-{number + 1:02}"
            for line in state.users:
                user_id, created_at, plan, invited_by = [*line.format(month).split(), "-", "-"][:4]
                users += csv_line([user_id, "-", created_at, plan, "-", invited_by], 7)
            for line in state.aliases:
                aliases += csv_line(line.format(month).split(), 3)
            excluded += "".join(f"{user_id},test\n" for user_id in state.excluded)
            for name, lines in state.files.items():
                rows = (csv_line(line.format(*[month] * 2).split(), 8) for line in lines)
                files[name] = EVENTS + "".join(rows)
        (self.raw_dir / "users.csv").write_text(users)
        (self.raw_dir / "aliases.csv").write_text(aliases)
        (self.definitions_dir / "excluded_users.csv").write_text(excluded)
        there = {path.stem: path for path in (self.raw_dir / "events").glob("*.csv")}
        for name in there.keys() - files.keys():
            there[name].unlink()
        for name, content in files.items():
            path = self.raw_dir / "events" / f"{name}.csv"
            if name not in there or path.read_text() != content:
                path.write_text(content)


@pytest.mark.long
@pytest.mark.parametrize("anonymous_users", ["false", "true"])
def test_each_state_equals_a_build_from_nothing(tmp_path: Path, anonymous_users: str) -> None:
    environment = {"PLG_ANONYMOUS_USERS": anonymous_users}
    source = Source(tmp_path)
    incremental, full = (
        Warehouse(tmp_path, name, source.raw_dir, source.definitions_dir)
        for name in ("incremental", "full")
    )
    for number, states in enumerate(zip(*SEQUENCES.values(), strict=True)):
        source.deliver(states)
        incremental.build({}, environment=environment)
        if number:
            full.empty()
            full.build({}, environment=environment)
            found = build_differences(incremental.database, full.database)
            assert not found, f"state {number}:\n" + "\n".join(found)
