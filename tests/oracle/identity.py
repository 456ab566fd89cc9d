"""Whose an id is: aliases and devices lead to people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from tests.oracle.cleaning import Limits, Outcome, earliest_first, in_byte_order, rule_of_bare_event
from tests.oracle.raw_files import RawAlias, RawEvent, RawUser
from tests.oracle.values import is_no_id

LONGEST_CHAIN = 64


class TooLongChain(ValueError):
    """From an id, more links lead to its person than the build follows."""


class Link(NamedTuple):
    """What an alias stands for, and since when; None: always."""

    target: str
    made_at: datetime | None


@dataclass(frozen=True)
class Identity:
    """The link of every id that has one; none leads back to its id."""

    links: Mapping[str, Link] = field(default_factory=dict)

    def resolve(self, any_id: str | None) -> str | None:
        """The id to which the links lead, which has none itself."""
        while any_id in self.links:
            any_id = self.links[any_id].target
        return any_id

    def chain_length(self, any_id: str) -> int:
        length = 0
        while any_id in self.links:
            any_id = self.links[any_id].target
            length += 1
        return length


def identify(
    aliases: Iterable[RawAlias],
    events: Iterable[RawEvent],
    user_ids: set[str | None],
    limits: Limits,
) -> tuple[Identity, list[Outcome]]:
    """The links of all ids, and what became of every row of aliases.

    Args:
        aliases: the rows of the table.
        events: the rows of the table, whose anonymous_id is an id where there is one.
        user_ids: of all rows of users: a device of such a name is none.
        limits: what makes a row credible.

    Raises:
        TooLongChain: it names the smallest id whose chain is too long.
    """
    outcomes = []
    rows_of: dict[tuple[str, str], list[RawAlias]] = defaultdict(list)
    for row in aliases:
        rule = rule_of_one_alias(row, limits)
        if rule:
            outcomes.append(Outcome(row.file, row, rule, row.aliased_at))
        else:
            rows_of[row.alias_id, row.user_id].append(row)

    times: dict[str, dict[str, list[datetime | None]]] = defaultdict(lambda: defaultdict(list))
    for (alias, target), rows in rows_of.items():
        times[alias][target] += [row.aliased_at for row in rows]
    for event in events_with_both_ids(events, user_ids, limits):
        times[event.anonymous_id][event.user_id].append(event.timestamp)

    links = {alias: first_link(targets) for alias, targets in times.items()}
    dropped = {min(cycle, key=in_byte_order) for cycle in cycles(links)}
    for (alias, target), rows in rows_of.items():
        outcomes += outcomes_of_link(rows, links[alias].target == target, alias in dropped)
    identity = Identity({alias: link for alias, link in links.items() if alias not in dropped})
    too_long = [i for i in identity.links if identity.chain_length(i) > LONGEST_CHAIN]
    if too_long:
        raise TooLongChain(min(too_long, key=in_byte_order))
    return identity, outcomes


def rule_of_one_alias(row: RawAlias, limits: Limits) -> str | None:
    """The rule that takes the row, of those that look at no other row."""
    if row.alias_id is None or row.user_id is None:
        return "missing_key"
    if row.aliased_at is not None and row.aliased_at > limits.latest_credible_at:
        return "future_event"
    if is_no_id(row.alias_id):
        return "illegal_alias"
    return "self_alias" if row.alias_id == row.user_id else None


def events_with_both_ids(
    events: Iterable[RawEvent], user_ids: set[str | None], limits: Limits
) -> Iterator[RawEvent]:
    for event in events:
        if (
            None not in (event.user_id, event.anonymous_id)
            and event.user_id != event.anonymous_id
            and event.anonymous_id not in user_ids
            and rule_of_bare_event(event, limits) is None
        ):
            yield event


def first_link(targets: Mapping[str, list[datetime | None]]) -> Link:
    """The first identification wins, for good."""
    candidates = [Link(target, min(times, key=earliest_first)) for target, times in targets.items()]
    return min(
        candidates, key=lambda link: (earliest_first(link.made_at), in_byte_order(link.target))
    )


def cycles(links: Mapping[str, Link]) -> Iterator[set[str]]:
    """The ids of each circle in which links lead."""
    walked: set[str] = set()
    for start in links:
        path: dict[str, None] = {}
        any_id = start
        while any_id in links and any_id not in walked and any_id not in path:
            path[any_id] = None
            any_id = links[any_id].target
        if any_id in path:
            ids = list(path)
            yield set(ids[ids.index(any_id) :])
        walked |= path.keys()


def outcomes_of_link(rows: list[RawAlias], is_kept: bool, is_dropped: bool) -> Iterator[Outcome]:
    """What becomes of the rows that say the same."""
    first, *repeats = sorted(rows, key=lambda row: earliest_first(row.aliased_at))
    rule = ("alias_cycle" if is_dropped else None) if is_kept else "second_target"
    yield Outcome(first.file, first, rule, first.aliased_at)
    for row in repeats:
        rule = "duplicate_alias" if is_kept else "second_target"
        yield Outcome(row.file, row, rule, row.aliased_at)


def with_legal_ids(event: RawEvent) -> RawEvent:
    """The event without an anonymous_id that is no id."""
    return event._replace(anonymous_id=None) if is_no_id(event.anonymous_id) else event


def users_without_login(
    users: Iterable[RawUser], events: Iterable[RawEvent], identity: Identity, limits: Limits
) -> Iterator[RawUser]:
    """A row of users for each device that leads to nobody of the table."""
    known = {identity.resolve(user.user_id) for user in users}
    first_seen_at: dict[str, datetime] = {}
    for event in events:
        device = event.anonymous_id
        if (
            device is not None
            and identity.resolve(device) not in known
            and rule_of_bare_event(event, limits) is None
        ):
            seen_at = first_seen_at.get(device, event.timestamp)
            first_seen_at[device] = min(seen_at, event.timestamp)
    for device, created_at in first_seen_at.items():
        yield RawUser(device, None, created_at, None, None, None, None, None, None)
