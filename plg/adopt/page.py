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
    yield "`plg adopt` wrote this folder from your data. Nothing here is final: change a CSV and build again."
    yield "The same data give the same proposal."
    yield ""
    if not found.users or found.observed_until_at is None:
        yield "**No user counts, so there was nothing to learn from.** See the removed rows in the report."
        return
    yield (
        f"The data: {_many(found.users, 'user')} since {found.first_date}, "
        f"{_many(sum(event.events for event in proposal.events), 'event')}, "
        f"{_number(len(proposal.events))} different ones, until {found.observed_until_at:%Y-%m-%d %H:%M} UTC."
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
            "first get value? Users who did it came back more often; that does not prove that it made them "
            "come back."
        )
    elif proposal.milestones:
        yield (
            "**Milestones.** The data could not tell which events keep users (not_enough_data, below). The "
            "proposed ones are only those that most users do: replace them by your own."
        )
    else:
        yield "**Milestones.** No event shows use of the product: milestones.csv is empty. Write yours."
    if proposal.signup is None:
        yield "**Signup event.** None of the usual names fits: add yours to event_catalog.csv, see below."
    if not proposal.invitations:
        yield "**Invitations.** No event looks like one: the viral coefficient stays empty, see below."
    yield "**Targets.** kpi_targets.csv has the metrics without targets. Write in what you want to reach."


def _source(proposal: Proposal) -> Iterator[str]:
    yield "## Source"
    yield ""
    if proposal.source == "canonical":
        yield "The files are tables of users and events as docs/data.md describes them."
    else:
        yield f"The files are an export of {proposal.source}."
    yield ""
    yield "Rule: PLG_SOURCE, or else the one source whose columns are all there."
    if proposal.decisions:
        yield ""
        yield "What was decided in reading it (the mart input_by_decision):"
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
            "It is in event_catalog.csv as no use of the product."
        )
    else:
        named = [event for event in proposal.events if event.name in SIGNUPS]
        yield "None was found."
        if named:
            yield (
                "Of the usual names there is "
                + ", ".join(f"{_code(e.name)} ({_share(e.users, users)} of users)" for e in named)
                + "."
            )
        yield (
            "If an event of yours says that somebody signed up, write it into event_catalog.csv with "
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
            f"None was found; the var invitation_event keeps its default, `{DEFAULT_INVITATION}`. If users "
            "invite others in your product, write the event into vars.txt: `invitation_event: your_event`."
        )
    yield ""
    yield (
        f"Rule: of the names with the word {_listed(sorted(INVITATION_WORDS))}, and without "
        f"{_listed(sorted(ANSWER_WORDS))}, that of most users."
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
        f"All others, {_number(len(proposal.events) - len(proposal.passive))} of "
        f"{_number(len(proposal.events))}, count as use: a user is active on a day with one of them. Those of "
        "most users:"
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
        "Rule: no use are signups, what the tracking tool sends by itself, views of pages and screens, starts of "
        "sessions and apps, and names with a word such as hover, scroll, error, notification or email."
    )


def _milestones(proposal: Proposal) -> Iterator[str]:
    found = proposal.overview
    yield "## Milestones (milestones.csv)"
    yield ""
    if not proposal.is_enough:
        yield (
            f"**not_enough_data**: {_number(found.eligible)} users were observed through their week 4, and no "
            f"event splits them as the rule asks. The proposed milestones are the "
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
        f"Rule: who did something {_listed(COUNTS)} times within {ADOPTED_WITHIN_DAYS} days of the signup "
        f"(adopters) is compared with all others by who was active again in week {WEEK} (days {FIRST_DAY} to "
        f"{LAST_DAY}). The older half of the users (signed up by the median signup) chooses: at least "
        f"{rules.LEAST_USERS} adopters and {rules.LEAST_USERS} others, adopters {percent(rules.LEAST_SHARE)} to "
        f"{percent(rules.MOST_SHARE)} of users, and of each event the count of highest phi, which is 0 for no "
        "relation and 1 for a perfect one. An event stays if its adopters come back more often in the newer half, "
        f"too. The best {rules.MOST_MILESTONES} by phi become milestones, in the order in which users get there "
        f"(median within {TIMEFRAME_DAYS[-1]} days); the best {rules.REQUIRED} are required, the best one is the "
        f"first value. The timeframe is the shortest of {_listed(TIMEFRAME_DAYS, 'and')} days that holds "
        f"{percent(rules.TIMEFRAME_SHARE)} of those who do it within {TIMEFRAME_DAYS[-1]} days. Weights are equal."
    )


def _candidates(proposal: Proposal) -> Iterator[str]:
    chosen = {(one.event.name, one.k) for one in proposal.milestones if one.candidate}
    half = proposal.candidates[0].older.half
    newer = proposal.candidates[0].newer.half
    yield (
        f"What was compared: {_number(half.users)} users of the older half, of whom "
        f"{_number(half.retained)} were active in week 4, and {_number(newer.users)} of the newer half "
        f"({_number(newer.retained)}). Each event with its best count:"
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
        yield f"{len(best) - MOST_SHOWN} more events were looked at."
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
        return "not in the newer half"
    return "others are better"


def _segments(proposal: Proposal) -> Iterator[str]:
    yield "## Segments (segments.csv)"
    yield ""
    yield "As shipped: install_source and plan_tier, beside acquisition_type."
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
        yield "Traits that come with events were not looked at: name those that you want in segments.csv."
    yield ""
    yield (
        f"Rule: words and yes/no columns with {LEAST_VALUES} to {MOST_VALUES} values, filled in at least "
        f"{percent(LEAST_FILLED)} of the rows, no value in more than {percent(MOST_OF_ONE_VALUE)} of the filled "
        f"rows, no more values than {percent(MOST_DISTINCT)} of the rows, no personal data, no name that ends in "
        f"{_listed(NO_SEGMENT_ENDINGS)}; numbers named with {_listed(sorted(SIZE_WORDS))} and more than "
        f"{MOST_SIZES_AS_WORDS} values get the bounds {BOUNDS}. The {MOST_SEGMENTS} that are filled best."
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
        "Rule: each milestone, with 100 times its weight; the plan enterprise where users have it. The bands "
        "(pql_bands.csv) are as shipped."
    )


def _rest(proposal: Proposal) -> Iterator[str]:
    percentile, users, most = proposal.heavy_users
    yield "## Targets and excluded users"
    yield ""
    yield "kpi_targets.csv has every metric, without a target. excluded_users.csv is empty."
    if users:
        yield (
            f"{_number(users)} users have more than 20 times as many events as 99 of 100 users "
            f"({percentile:,.0f}); the most is {_number(most)}. Robots, staff or tests? Write their ids into "
            "excluded_users.csv."
        )
    else:
        yield (
            f"No user has more than 20 times as many events as 99 of 100 users ({percentile:,.0f}); the most "
            f"is {_number(most)}."
        )


def _absent(proposal: Proposal) -> Iterator[str]:
    yield "## What more tables would give"
    yield ""
    if not proposal.absent:
        yield "All tables that a build can read are there."
    for name in proposal.absent:
        marts = [mart.name for mart in read_marts().values() if name in mart.inputs]
        given = f"the marts {', '.join(marts)}" if marts else _given(name)
        yield f"- `{name}`: {given}"


def _given(name: str) -> str:
    found = {
        "accounts": "segments by columns of accounts",
        "aliases": "people with several ids as one user",
    }
    return found.get(name, f"see docs/data.md ({', '.join(read_inputs()[name].columns)})")


def _what(one: Milestone) -> str:
    return _code(one.event.name) + (f" {TIMES.get(one.k, f'{one.k} times')}" if one.k > 1 else "")


def _code(text: str) -> str:
    """Text from the data, as it is: dbt reads this file, too, and takes {{ and {% for its own."""
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
