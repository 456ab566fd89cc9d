"""PROPOSAL.md: each proposal with its numbers and its rule, for people who decide about the product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from plg.adopt import rules
from plg.adopt.columns import (
    BOUNDS,
    LEAST_FILLED,
    LEAST_VALUES,
    MOST_DISTINCT,
    MOST_OF_ONE_VALUE,
    MOST_SEGMENTS,
    MOST_SIZES_AS_WORDS,
    MOST_VALUES,
    TRAIT_TABLES,
    percent,
)
from plg.adopt.facts import (
    ADOPTED_WITHIN_DAYS,
    COUNTS,
    FIRST_DAY,
    LAST_DAY,
    TIMEFRAME_DAYS,
    WEEK,
    Adopters,
    Candidate,
)
from plg.adopt.names import (
    ANSWER_WORDS,
    INVITATION_WORDS,
    NO_SEGMENT_ENDINGS,
    SIGNUPS,
    SIZE_WORDS,
)
from plg.adopt.proposal import DEFAULT_INVITATION, Proposal
from plg.adopt.rules import Milestone
from plg.inputs import read_inputs
from plg.marts import read_marts

# Candidates that are shown beside the chosen ones.
MOST_SHOWN = 15
TIMES = {1: "once", 2: "twice"}


def page(proposal: Proposal) -> str:
    """The text of PROPOSAL.md; the same data give the same bytes."""
    sections = (
        _head(proposal),
        _source(proposal),
        _signup(proposal),
        _invitation(proposal),
        _catalogue(proposal),
        _milestones(proposal),
        _segments(proposal),
        _signals(proposal),
        _rest(proposal),
        _absent(proposal),
    )
    return "\n\n".join("\n".join(section).rstrip() for section in sections) + "\n"


def _head(proposal: Proposal) -> Iterator[str]:
    found = proposal.overview
    yield "# Proposed definitions"
    yield ""
    yield "`plg adopt` wrote these definitions from your data. They are a start: change a CSV and build again."
    yield "The same data give the same proposal."
    yield ""
    if not found.users or found.observed_until_at is None:
        yield "**No user counts, so there is no proposal.** Look at the removed rows in the report."
        return
    yield (
        f"The data have {_many(found.users, 'user')} since {found.first_date} and "
        f"{_many(sum(event.events for event in proposal.events), 'event')} of "
        f"{_many(len(proposal.events), 'kind')}, until {found.observed_until_at:%Y-%m-%d %H:%M} UTC."
    )
    yield ""
    yield "What to look at first:"
    yield ""
    for place, sentence in enumerate(_first(proposal), start=1):
        yield f"{place}. {sentence}"


def _first(proposal: Proposal) -> Iterator[str]:
    if proposal.milestones and proposal.is_enough:
        required = [_what(one) for one in proposal.milestones if one.is_required]
        yield (
            f"**Milestones.** A user is activated after {' and '.join(required)}. Is this where your users "
            "first get value? Users who did it came back more often, but that does not prove that it made "
            "them come back."
        )
    elif proposal.milestones:
        yield (
            "**Milestones.** The data don't show which events keep users (not_enough_data, below). The "
            "proposed milestones are only the events that most users do. Replace them with your own."
        )
    else:
        yield "**Milestones.** No event shows use of the product, so milestones.csv is empty. Write your own."
    if proposal.signup is None:
        yield "**Signup event.** No usual name fits. Add your event to event_catalog.csv, see below."
    if not proposal.invitations:
        yield "**Invitations.** No event looks like one, so the viral coefficient stays empty, see below."
    yield "**Targets.** kpi_targets.csv has every metric, without a target. Write what you want to reach."


def _source(proposal: Proposal) -> Iterator[str]:
    yield "## Source"
    yield ""
    if proposal.source == "canonical":
        yield "The files are tables of users and events in the form of docs/data.md."
    else:
        yield f"The files are an export of {proposal.source}."
    yield ""
    yield "Rule: PLG_SOURCE, else the one source whose columns all exist."
    if proposal.decisions:
        yield ""
        yield "What was decided in reading the files (the mart input_by_decision):"
        yield ""
        yield from _table(
            ("table", "decision", "rows"),
            ((table, decision, _number(rows)) for table, decision, rows in proposal.decisions),
        )


def _signup(proposal: Proposal) -> Iterator[str]:
    users = proposal.overview.users
    yield "## Signup event"
    yield ""
    if proposal.signup:
        yield (
            f"{_code(proposal.signup.name)}: {_share(proposal.signup.users, users)} of all users have it. "
            "event_catalog.csv says that it shows no use of the product."
        )
    else:
        named = [event for event in proposal.events if event.name in SIGNUPS]
        yield "None was found."
        if named:
            yield (
                "These events have a usual name, but too few users: "
                + ", ".join(f"{_code(e.name)} ({_share(e.users, users)} of users)" for e in named)
                + "."
            )
        yield (
            "If one of your events is the signup, write it into event_catalog.csv with "
            "`false`"
            + (
                "."
                if proposal.source == "canonical"
                else ", and into vars.txt: `signup_event: [your_event]`."
            )
        )
    yield ""
    yield ("Rule: the first of " + ", ".join(SIGNUPS) + " that at least half of all users have.")


def _invitation(proposal: Proposal) -> Iterator[str]:
    users = proposal.overview.users
    yield "## Invitation event"
    yield ""
    if proposal.invitations:
        chosen, *others = proposal.invitations
        yield f"{_code(chosen.name)}: {_share(chosen.users, users)} of all users have it."
        if others:
            yield (
                "Others: "
                + ", ".join(f"{_code(e.name)} ({_many(e.users, 'user')})" for e in others)
                + "."
            )
    else:
        yield (
            f"None was found, so the var invitation_event keeps its default, `{DEFAULT_INVITATION}`. If users "
            "invite others in your product, write the event into vars.txt: `invitation_event: your_event`."
        )
    yield ""
    yield (
        f"Rule: the name has the word {_listed(sorted(INVITATION_WORDS))}, and not "
        f"{_listed(sorted(ANSWER_WORDS))}. If several do, the event with the most users."
    )


def _catalogue(proposal: Proposal) -> Iterator[str]:
    yield "## Events that show no use (event_catalog.csv)"
    yield ""
    if proposal.passive:
        yield from _table(
            ("event", "users", "events", "why"),
            (
                (_code(p.event.name), _number(p.event.users), _number(p.event.events), p.reason)
                for p in proposal.passive
            ),
        )
        yield ""
    if not proposal.events:
        yield "No event counts."
        return
    yield (
        f"The other {_number(len(proposal.events) - len(proposal.passive))} of "
        f"{_number(len(proposal.events))} events count as use: a user is active on a day with one of them. The "
        "events with the most users:"
    )
    yield ""
    of_use = sorted(
        rules.events_of_use(proposal.events, proposal.passive),
        key=lambda event: (-event.users, event.name),
    )
    yield from _table(
        ("event", "users", "share of users", "events"),
        (
            (
                _code(e.name),
                _number(e.users),
                _share(e.users, proposal.overview.users),
                _number(e.events),
            )
            for e in of_use[:MOST_SHOWN]
        ),
    )
    yield ""
    yield (
        "Rule: these show no use: signups, events that the tracking tool sends by itself, views of pages and "
        "screens, starts of sessions and apps, and names with a word such as hover, scroll, error, notification "
        "or email."
    )


def _milestones(proposal: Proposal) -> Iterator[str]:
    found = proposal.overview
    yield "## Milestones (milestones.csv)"
    yield ""
    if not proposal.is_enough:
        yield (
            f"**not_enough_data**: {_number(found.eligible)} users were observed through their week 4, and no "
            "event separates them as the rule below requires. The proposed milestones are the "
            f"{_number(len(proposal.milestones))} events of use that most users have."
        )
        yield ""
    if proposal.milestones:
        yield from _table(
            ("", "milestone", "within", "required", "weight", "users who do", "median time to it"),
            (
                (
                    f"m{place}",
                    _what(one) + (" (first value)" if one.is_first_value else ""),
                    f"{one.timeframe_days} d",
                    "yes" if one.is_required else "no",
                    f"{one.weight:.2f}",
                    _number(one.times.users),
                    _duration(one.times.median_seconds),
                )
                for place, one in enumerate(proposal.milestones, start=1)
            ),
        )
        yield ""
    if proposal.candidates:
        yield from _candidates(proposal)
    yield (
        f"Rule: adopters of an event did it {_listed(COUNTS)} times within {ADOPTED_WITHIN_DAYS} days of the "
        f"signup. They are compared with all other users: were they active again in week {WEEK} (days {FIRST_DAY} "
        f"to {LAST_DAY})? The older half of the users (signed up by the median signup) decides. There must be at "
        f"least {rules.LEAST_USERS} adopters and {rules.LEAST_USERS} others, and adopters must be "
        f"{percent(rules.LEAST_SHARE)} to {percent(rules.MOST_SHARE)} of users. Each event gets the number of "
        "times with the highest phi, which is 0 for no relation and 1 for a perfect one. An event stays if its "
        "adopters also come back more often in the newer half. "
        f"The best {rules.MOST_MILESTONES} by phi become milestones, in the order in which users get there "
        f"(median within {TIMEFRAME_DAYS[-1]} days). The best {rules.REQUIRED} are required, and the best one is "
        f"the first value. The timeframe is the shortest of {_listed(TIMEFRAME_DAYS, 'and')} days in which "
        f"{percent(rules.TIMEFRAME_SHARE)} of the users who do it within {TIMEFRAME_DAYS[-1]} days have done it. "
        "Weights are equal."
    )


def _candidates(proposal: Proposal) -> Iterator[str]:
    chosen = {(one.event.name, one.k) for one in proposal.milestones if one.candidate}
    half = proposal.candidates[0].older.half
    newer = proposal.candidates[0].newer.half
    yield (
        f"The older half has {_number(half.users)} users, of whom {_number(half.retained)} were active in "
        f"week 4. The newer half has {_number(newer.users)} users, of whom {_number(newer.retained)} were. "
        "Each event with its best number of times:"
    )
    yield ""
    best = []
    for _, of_name in groupby(proposal.candidates, key=lambda one: one.name):
        ranked = sorted(of_name, key=lambda one: _rank(one, chosen))
        best.append(ranked[0])
    best.sort(key=lambda one: (*_rank(one, chosen)[:2], -one.older.phi, one.name))
    yield from _table(
        (
            "event",
            "times",
            "adopters",
            "came back",
            "others came back",
            "phi",
            "newer half",
            "verdict",
        ),
        (
            (
                _code(one.name),
                one.k,
                _number(one.older.users),
                _rate(one.older),
                _rate_of_others(one.older),
                f"{one.older.phi:.3f}",
                f"{_rate(one.newer)} against {_rate_of_others(one.newer)}",
                _verdict(one, chosen),
            )
            for one in best[:MOST_SHOWN]
        ),
    )
    if len(best) > MOST_SHOWN:
        yield ""
        yield f"{len(best) - MOST_SHOWN} more events were compared."
    yield ""


def _rank(one: Candidate, chosen: set[tuple[str, int]]) -> tuple[bool, bool, float, int]:
    return (one.name, one.k) not in chosen, not rules.is_enough(one), -one.older.phi, one.k


def _verdict(one: Candidate, chosen: set[tuple[str, int]]) -> str:
    older = one.older
    if (one.name, one.k) in chosen:
        return "milestone"
    if older.users < rules.LEAST_USERS:
        return "too few adopters"
    if older.others < rules.LEAST_USERS:
        return "too few others"
    if not rules.is_enough(one):
        if older.users < older.others:
            return f"fewer than {percent(rules.LEAST_SHARE)} do it"
        return f"more than {percent(rules.MOST_SHARE)} do it"
    if not older.is_better:
        return "adopters don't come back more often"
    if not one.newer.is_better:
        return "not confirmed by the newer half"
    return "others are better"


def _segments(proposal: Proposal) -> Iterator[str]:
    yield "## Segments (segments.csv)"
    yield ""
    yield "install_source, plan_tier and acquisition_type are segments as shipped."
    if proposal.segments:
        yield ""
        yield from _table(
            ("segment", "column", "values", "filled"),
            (
                (
                    _code(one.type),
                    f"{one.column.table}.{_code(one.column.name)}",
                    f"numbers, by the bounds {one.bounds}" if one.bounds else one.column.values,
                    _share(one.column.filled, one.column.rows),
                )
                for one in proposal.segments
            ),
        )
    proposed = {(one.column.table, one.column.name) for one in proposal.segments}
    others = [c for c in proposal.columns if (c.table, c.name) not in proposed]
    if others:
        yield ""
        yield "Not proposed:"
        yield ""
        yield from _table(
            ("column", "values", "filled", "why not"),
            (
                (
                    f"{c.table}.{_code(c.name)}",
                    _number(c.values),
                    _share(c.filled, c.rows),
                    c.why_not() or f"{MOST_SEGMENTS} others are filled better",
                )
                for c in others
            ),
        )
    elif not proposal.columns and proposal.source in ("canonical", *TRAIT_TABLES):
        yield "users and accounts have no further column."
    elif not proposal.columns:
        yield "This command does not look at traits in events. Name those that you want in segments.csv."
    yield ""
    yield (
        f"Rule: columns of words or yes and no, with {LEAST_VALUES} to {MOST_VALUES} values. They must be filled "
        f"in at least {percent(LEAST_FILLED)} of the rows, no value may be in more than "
        f"{percent(MOST_OF_ONE_VALUE)} of the filled rows, and there may be no more values than "
        f"{percent(MOST_DISTINCT)} of the rows. Columns of personal data and names that end in "
        f"{_listed(NO_SEGMENT_ENDINGS)} are left out. Numbers with more than {MOST_SIZES_AS_WORDS} values whose "
        f"name has the word {_listed(sorted(SIZE_WORDS))} get the bounds {BOUNDS}. If more columns fit, the "
        f"{MOST_SEGMENTS} with the most filled rows are proposed."
    )


def _signals(proposal: Proposal) -> Iterator[str]:
    yield "## Product-qualified leads (pql_signals.csv)"
    yield ""
    for one in proposal.milestones:
        yield f"- {_code(one.event.name)}: {100 * one.weight:.0f} points"
    if proposal.has_enterprise:
        yield "- plan_tier `enterprise`: 10 points"
    if not proposal.milestones and not proposal.has_enterprise:
        yield "No signal."
    yield ""
    yield (
        "Rule: each milestone gives 100 times its weight; the plan enterprise gives 10, if users have it. The "
        "bands (pql_bands.csv) are as shipped."
    )


def _rest(proposal: Proposal) -> Iterator[str]:
    percentile, users, most = proposal.heavy_users
    yield "## Targets and excluded users"
    yield ""
    yield "kpi_targets.csv has every metric, without a target. excluded_users.csv is empty."
    if users:
        yield (
            f"99 of 100 users have at most {percentile:,.0f} events. {_many(users, 'user')} have more than 20 times "
            f"as many, up to {_number(most)}. If they are robots, staff or tests, write their ids into "
            "excluded_users.csv."
        )
    else:
        yield (
            f"99 of 100 users have at most {percentile:,.0f} events. No user has more than 20 times as many; the "
            f"most is {_number(most)}."
        )


def _absent(proposal: Proposal) -> Iterator[str]:
    yield "## What more tables would give"
    yield ""
    if not proposal.absent:
        yield "Your data have every table that a build can read."
    for name in proposal.absent:
        marts = [mart.name for mart in read_marts().values() if name in mart.inputs]
        given = f"the marts {', '.join(marts)}" if marts else _given(name)
        yield f"- `{name}`: {given}"


def _given(name: str) -> str:
    found = {
        "accounts": "segments by columns of accounts",
        "aliases": "people with several ids count as one user",
    }
    return found.get(name, f"see docs/data.md ({', '.join(read_inputs()[name].columns)})")


def _what(one: Milestone) -> str:
    return _code(one.event.name) + (f" {TIMES.get(one.k, f'{one.k} times')}" if one.k > 1 else "")


def _code(text: str) -> str:
    """Text from the data, as code. dbt renders this file, too, so {{, {% and {# get a space."""
    for mark in ("{{", "{%", "{#"):
        text = text.replace(mark, mark[0] + " " + mark[1])
    fence = "``" if "`" in text else "`"
    return f"{fence}{text.replace('|', '¦')}{fence}"


def _listed(values: Iterable[object], word: str = "or") -> str:
    *first, last = map(str, values)
    return f"{', '.join(first)} {word} {last}"


def _number(number: int) -> str:
    return f"{number:,}"


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("s" if number != 1 else "")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _rate(adopters: Adopters) -> str:
    return _share(adopters.retained, adopters.users)


def _rate_of_others(adopters: Adopters) -> str:
    return _share(adopters.retained_others, adopters.others)


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    for length, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.0f} s"


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"
