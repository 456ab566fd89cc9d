"""The shipped definitions of leads as text, for tests of a few rows."""

from __future__ import annotations

from datetime import datetime

from tests.oracle.raw_files import Row
from tests.oracle.small_world import Marts, event

BANDS = (
    "milestone_share,inactive,0,re_engage,false,\n"
    "milestone_share,engaged,31,nurture,false,\n"
    "milestone_share,pql,70,sales_handoff,true,31\n"
    "points,nurture,0,automated_nurture,false,\n"
    "points,outreach,21,sdr_outreach,false,\n"
    "points,handoff,51,ae_handoff,true,21\n"
    "propensity,low,0,automated_nurture,false,\n"
    "propensity,medium,10,sdr_outreach,false,\n"
    "propensity,high,25,ae_handoff,true,10\n"
)
DECAY = "7,0.5\n"
BEHAVIORS = (
    "intercept,,,,-3.3040\n"
    "invited,Sends an invitation,invite_sent,1,0.4935\n"
    "documented,Creates a document,document_created,1,0.3353\n"
    "came_back,Logs in three times,user_login,3,0.1690\n"
    "onboarded,Completes the onboarding,onboarding_completed,1,\n"
)
SEEDS = {
    "pql_bands": BANDS,
    "pql_decay": DECAY,
    "propensity_behaviors": BEHAVIORS,
    "playbooks": "",
    "metric_registry": "",
    "definition_log": "",
}


def march(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2024, 3, day, hour, minute)


def did(user_id: str, *events: tuple[str, datetime]) -> list[Row]:
    """Events of a user, each a name and an instant."""
    return [
        event(f"{user_id} {number}", instant, user_id, event_name=name)
        for number, (name, instant) in enumerate(events)
    ]


def subscription(account_id: str | None, started_at: object, amount: object, **more: object) -> Row:
    return {
        "subscription_id": f"of {account_id}",
        "account_id": account_id,
        "started_at": started_at,
        "monthly_amount": amount,
        **more,
    }


def history(marts: Marts, unit_id: str, scheme: str = "points") -> list[Row]:
    return [
        row
        for row in marts["pql_score_history"]
        if (row["unit_id"], row["scheme"]) == (unit_id, scheme)
    ]


def leads(marts: Marts) -> dict[str, Row]:
    return {row["unit_id"]: row for row in marts["leads_to_hand_off"]}
