"""Everything that is proposed, with the facts that it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from plg.adopt import rules
from plg.adopt.columns import Column, SegmentColumn, segments
from plg.adopt.facts import Candidate, Event, Facts, Overview
from plg.adopt.names import is_login
from plg.adopt.rules import Milestone, Passive
from plg.definitions.dbt_vars import Vars
from plg.definitions.events import CatalogEvent

DEFAULT_INVITATION = "invite_sent"
DEFAULT_SIGNUPS = ["user_signup"]


@dataclass(frozen=True)
class Proposal:
    """What is proposed.

    Attributes:
        source: where the raw data come from: canonical, or a vendor.
        overview: what the data are.
        events: every event that counts.
        signup: the signup event; None where no usual name fits.
        invitations: the events that may be invitations; the first is chosen.
        passive: the events that show no use.
        milestones: in their order.
        candidates: every event and count that was looked at.
        is_enough: whether the milestones were found in the data.
        columns: the further columns of users and accounts.
        segments: the segment types beside the shipped ones.
        has_enterprise: whether a user has the plan enterprise.
        heavy_users: the 99th percentile of events, users with 20 times as many, the most of one user.
        absent: the optional tables that are not there.
        decisions: what was decided in reading the raw data: table, decision, rows.
    """

    source: str
    overview: Overview
    events: list[Event]
    signup: Event | None
    invitations: list[Event]
    passive: list[Passive]
    milestones: list[Milestone]
    candidates: list[Candidate]
    is_enough: bool
    columns: list[Column]
    segments: list[SegmentColumn]
    has_enterprise: bool
    heavy_users: tuple[float, int, int]
    absent: tuple[str, ...] = ()
    decisions: tuple[tuple[str, str, int], ...] = ()

    @property
    def vars(self) -> dict[str, str | list[str]]:
        """The vars that differ from their defaults."""
        found: dict[str, str | list[str]] = {}
        if self.invitations and self.invitations[0].name != DEFAULT_INVITATION:
            found["invitation_event"] = self.invitations[0].name
        if self.signup and [self.signup.name] != DEFAULT_SIGNUPS:
            found["signup_event"] = [self.signup.name]
        return found


def propose(
    facts: Facts, columns: list[Column], source: str, absent: tuple[str, ...] = ()
) -> Proposal:
    """Proposes definitions.

    Args:
        facts: of a first build.
        columns: the further columns of users and accounts.
        source: canonical, or a vendor.
        absent: the optional tables that are not there.
    """
    # A name that no cell of a CSV can hold, such as one of two lines, is nobody's milestone.
    events = [event for event in facts.events if _fits_a_cell(event.name)]
    signup = rules.signup_event(events, facts.overview.users)
    passive = rules.passive_events(events, signup, source)
    meaningful = [event.name for event in rules.events_of_use(events, passive)]
    # A login says only that somebody came.
    candidates = facts.candidates(meaningful, [n for n in meaningful if not is_login(n)])
    best = rules.best_candidates(candidates)
    if best:
        milestones = rules.milestones(best, events, facts.times)
    else:
        milestones = rules.fallback_milestones(
            events, passive, lambda name, k: facts.times(name, k, eligible_only=False)
        )
    return Proposal(
        source=source,
        overview=facts.overview,
        events=events,
        signup=signup,
        invitations=[event for event in rules.invitation_events(events) if _fits_a_var(event.name)],
        passive=passive,
        milestones=milestones,
        candidates=candidates,
        is_enough=bool(best),
        columns=columns,
        segments=segments(columns),
        has_enterprise="enterprise" in facts.values_of_plan(),
        heavy_users=facts.heavy_users(),
        absent=absent,
        decisions=tuple(facts.decisions()),
    )


def _fits_a_cell(name: str) -> bool:
    try:
        CatalogEvent.model_validate({"event_name": name, "is_meaningful": "false"})
    except ValueError:
        return False
    return True


def _fits_a_var(name: str) -> bool:
    """Whether the var invitation_event may have this value."""
    try:
        Vars.__pydantic_validator__.validate_assignment(
            Vars.model_construct(), "invitation_event", name
        )
    except ValueError:
        return False
    return True
