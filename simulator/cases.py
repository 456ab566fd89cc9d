"""A few users whose hand-off to sales is known to the day: those on a boundary.

They are rows beside the law's: no planted share knows them, and each is one of thousands. Their days count
from their signup, at CASES_FROM, 10:00. Points, decay and bands are the shipped ones, but for the exit bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import cycle

import duckdb

CASES_FROM = date(2024, 1, 15)
CHANNELS_OF_USERS = ("organic", "paid_search", "content")  # in turn, so that none gets many
LEAST_DAYS = 120  # of a sample with these users: all their windows have closed

# Exit bounds of the qualified band of the scheme points: the shipped one, and others.
SHIPPED_EXIT = 21


@dataclass(frozen=True)
class Case:
    """A user or an account, and what a correct project says about it."""

    name: str
    says: str
    # Per user: (event, day after the signup, time). A user signs up at the first event.
    events: dict[str, tuple[tuple[str, int, str], ...]]
    # By exit bound: the days on which the unit becomes a lead and stops being one (None: never).
    leads: dict[float, tuple[tuple[int, int | None], ...]]
    account_id: str | None = None
    pays_at: tuple[int, str] | None = None
    status: str | None = None  # of the newest hand-off, with the shipped exit bound
    scores: dict[int, float] = field(default_factory=dict)  # points on some days
    # Of the first snapshot, on day 8: whether the unit is at risk, and converted.
    is_at_risk: bool = True
    is_converted: bool = False

    @property
    def unit_type(self) -> str:
        return "account" if self.account_id else "user"

    @property
    def unit_id(self) -> str:
        return self.account_id or next(iter(self.events))


_BEGIN = (("user_signup", 0, "10:00"), ("user_login", 0, "10:05"))

CASES = (
    Case(
        "re_entering",
        "Leaves when the score decays below the exit bound, and is a lead again with the next use.",
        {
            "case_re_entering": (
                *_BEGIN,
                ("invite_sent", 1, "12:00"),
                ("paid_feature_used", 3, "12:00"),
                ("user_login", 5, "12:00"),
                ("paid_feature_used", 19, "12:00"),
            )
        },
        leads={SHIPPED_EXIT: ((4, None),), 32.5: ((4, 13), (20, 27)), 41: ((4, 11), (20, 27))},
        status="expired",
        scores={1: 3, 2: 13, 4: 63, 8: 62.5, 9: 57.5, 11: 32.5, 13: 31.5, 20: 56.5, 27: 31.5},
    ),
    Case(
        "on_the_exit_bound",
        "Has 41 points on days 9 to 12: at an exit bound of 41 still a lead, on day 13 no more.",
        {
            "case_on_the_exit_bound": (
                *_BEGIN,
                ("onboarding_completed", 0, "10:06"),
                ("paid_feature_used", 1, "12:00"),
                ("invite_sent", 5, "12:00"),
                ("email_opened", 5, "12:01"),
            )
        },
        leads={SHIPPED_EXIT: ((2, None),), 41: ((2, 13),)},
        status="expired",
        scores={2: 58, 8: 66, 9: 41, 12: 41, 13: 35},
    ),
    Case(
        "qualifies_on_day_29",
        "The midnight of day 29 lies in the 30 days after the signup.",
        {
            "case_qualifies_on_day_29": (
                *_BEGIN,
                ("user_login", 28, "12:00"),
                ("paid_feature_used", 28, "12:01"),
            )
        },
        leads={SHIPPED_EXIT: ((29, None),)},
        status="expired",
        scores={28: 1.5, 29: 52.5},
    ),
    Case(
        "qualifies_on_day_31",
        "The midnight of day 31 lies after the 30 days: it is a lead, but no hand-off.",
        {
            "case_qualifies_on_day_31": (
                *_BEGIN,
                ("user_login", 30, "12:00"),
                ("paid_feature_used", 30, "12:01"),
            )
        },
        leads={SHIPPED_EXIT: ((31, None),)},
        scores={30: 1.5, 31: 52.5},
    ),
    Case(
        "converts_at_midnight",
        "Pays at the very midnight of its snapshot: at risk, and converted.",
        {"case_converts_at_midnight": _BEGIN},
        leads={SHIPPED_EXIT: ()},
        pays_at=(8, "00:00"),
        is_converted=True,
    ),
    Case(
        "converts_before_midnight",
        "Pays a minute before: not at risk.",
        {"case_converts_before_midnight": _BEGIN},
        leads={SHIPPED_EXIT: ()},
        pays_at=(7, "23:59"),
        is_at_risk=False,
    ),
    Case(
        "qualified_together",
        "Neither user qualifies, the account does.",
        {
            "case_together_premium": (
                ("user_signup", 0, "10:00"),
                ("paid_feature_used", 9, "12:00"),
            ),
            "case_together_active": (
                ("user_signup", 12, "10:00"),
                ("user_login", 12, "10:05"),
                ("onboarding_completed", 12, "10:06"),
                ("invite_sent", 12, "12:00"),
            ),
        },
        leads={SHIPPED_EXIT: ((13, None),)},
        account_id="case_qualified_together",
        status="expired",
        scores={10: 50.5, 13: 68},
    ),
    Case(
        "expired",
        "Handed off on day 1, does not pay within the 30 days that sales has.",
        {"case_expired": (*_BEGIN, ("paid_feature_used", 0, "11:00"))},
        leads={SHIPPED_EXIT: ((1, None),)},
        status="expired",
        scores={1: 53, 8: 26.5},
    ),
    Case(
        "converts_as_a_lead",
        "Handed off on day 1, pays on day 12.",
        {"case_converts_as_a_lead": (*_BEGIN, ("paid_feature_used", 0, "11:00"))},
        leads={SHIPPED_EXIT: ((1, None),)},
        pays_at=(12, "09:00"),
        status="converted",
        scores={1: 53, 8: 26.5},
        is_converted=True,
    ),
)


def instant(day: int, time: str) -> datetime:
    """The instant of a case's day, which counts from CASES_FROM, at a time hh:mm."""
    return datetime.fromisoformat(f"{CASES_FROM + timedelta(days=day)} {time}")


def create_cases(connection: duckdb.DuckDBPyConnection, days: int, subscriptions: bool) -> None:
    """Adds the cases to the raw tables, where the sample is long enough.

    Args:
        connection: holds the raw tables.
        days: length of the sample.
        subscriptions: whether payments are rows of the table; else they are events.
    """
    connection.execute("create table case_users (user_id varchar)")
    if days < LEAST_DAYS:
        return
    channels = cycle(CHANNELS_OF_USERS)
    for case in CASES:
        for user_id, events in case.events.items():
            signed_up_at = instant(*events[0][1:])
            connection.execute("insert into case_users values (?)", [user_id])
            connection.execute(
                "insert into users (user_id, account_id, created_at, plan_tier, install_source) "
                "values (?, ?, ?, 'free', ?)",
                [user_id, case.account_id, signed_up_at, next(channels)],
            )
            for number, (name, day, time) in enumerate(events):
                _add_event(connection, f"{user_id}-{number}", user_id, name, instant(day, time))
        if case.pays_at:
            paid_at = instant(*case.pays_at)
            if subscriptions:
                connection.execute(
                    "insert into subscriptions (subscription_id, started_at, monthly_amount, user_id) "
                    "values (?, ?, 29, ?)",
                    [f"sub_{case.name}", paid_at, case.unit_id],
                )
            else:
                _add_event(
                    connection,
                    f"paid-{case.name}",
                    case.unit_id,
                    "subscription_started",
                    paid_at,
                )


def _add_event(
    connection: duckdb.DuckDBPyConnection,
    event_id: str,
    user_id: str,
    event_name: str,
    happened_at: datetime,
) -> None:
    connection.execute(
        'insert into events (event_id, user_id, event_name, "timestamp", properties) '
        "values (?, ?, ?, ?, '{}')",
        [event_id, user_id, event_name, happened_at],
    )
