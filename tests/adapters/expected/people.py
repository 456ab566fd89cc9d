"""Traits, signups and accounts of users: rules that all adapters share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from tests.adapters.expected.result import Settings
from tests.adapters.expected.values import (
    Row,
    as_text,
    first_element,
    legal_id,
    read_object,
    read_text,
    read_time,
)
from tests.oracle import first_seen
from tests.oracle.values import read_seat_count

CREATED_AT = ("created_at", "signed_up_at", "signup_date", "registered_at")
PLAN_TIER = ("plan_tier", "plan", "plan_name", "subscription_plan")
INSTALL_SOURCE = (
    "install_source",
    "signup_source",
    "initial_utm_source",
    "$initial_utm_source",
    "utm_source",
)
INVITED_BY = ("invited_by", "inviter_id", "referred_by")
ACCOUNT_ID = ("account_id", "company_id", "organization_id")
GROUP_TYPES = ("account", "company", "organization", "org", "workspace", "team")

T = TypeVar("T")
Order = tuple[datetime, datetime, bytes]
Keyed = tuple[Order, Mapping[str, object]]
LONG_AGO = datetime.min


def order_of(timestamp: datetime | None, received_at: datetime | None, id_: str | None) -> Order:
    """Where a row lies among others; what is null is the oldest."""
    return timestamp or LONG_AGO, received_at or LONG_AGO, (id_ or "").encode()


@dataclass
class Person:
    """What an export says of a user.

    Attributes:
        user_id: the user.
        states: where traits are looked up, name by name, the first state first. Each has rows with
            their order; of a trait the newest row counts in which it is not null.
        vendor_times: what the vendor calls the first time of this user.
        events: canonical rows that are events of this user.
        seen: further times at which the user was there.
        groups: accounts that rows of this user name, with the rows' order.
    """

    user_id: str
    states: list[list[Keyed]] = field(default_factory=list)
    vendor_times: list[datetime | None] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    seen: list[datetime | None] = field(default_factory=list)
    groups: list[tuple[Order, str | None]] = field(default_factory=list)

    def trait(self, names: Iterable[str], read: Callable[[object], T | None]) -> T | None:
        """The first of the names that has a value which can be read."""
        for name in names:
            for state in self.states:
                for _, traits in sorted(state, key=lambda keyed: keyed[0], reverse=True):
                    value = read(traits.get(name))
                    if value is not None:
                        return value
        return None

    def group(self) -> str | None:
        """The account of the newest row that names one."""
        named = [(order, group) for order, group in self.groups if group is not None]
        return max(named, key=lambda keyed: keyed[0])[1] if named else None


def begin_of_export(events: Sequence[Row]) -> datetime | None:
    """When the events begin that have a time, a name and an id; None without one."""
    times = [
        event["timestamp"]
        for event in events
        if (event["user_id"] is not None or event["anonymous_id"] is not None)
        and event["event_name"] is not None
        and event["timestamp"] is not None
    ]
    return first_seen.begin_of_export(times) if times else None


def find_signup(
    person: Person, begin: datetime | None, settings: Settings
) -> tuple[datetime | None, str]:
    """When somebody signed up, and what says so."""
    trait = person.trait(CREATED_AT, read_time)
    if trait is not None:
        return trait, "trait"
    signups = [e["timestamp"] for e in person.events if e["event_name"] in settings.signup_events]
    found = earliest(signups)
    if found is not None:
        return found, "signup_event"
    found = earliest(person.vendor_times)
    if found is not None:
        return found, "vendor"
    found = earliest([*(event["timestamp"] for event in person.events), *person.seen])
    if found is not None and begin is not None:
        found = first_seen.signup_of_first_seen(found, begin, settings.unknown_signup_days)
        return found, "first_seen" if found else "unknown"
    return None, "unknown"


def earliest(times: Iterable[datetime | None]) -> datetime | None:
    return min((time for time in times if time is not None), default=None)


def user_of(
    person: Person,
    begin: datetime | None,
    settings: Settings,
    *,
    last_source: Callable[[], str | None] = lambda: None,
) -> Row:
    """The row of users.

    Args:
        person: what is known of the user.
        begin: when the export begins.
        settings: of the build.
        last_source: gives install_source where no trait does.
    """
    created_at, found_by = find_signup(person, begin, settings)
    return {
        "user_id": person.user_id,
        "account_id": person.trait(ACCOUNT_ID, legal_id) or person.group(),
        "created_at": created_at,
        "plan_tier": person.trait(PLAN_TIER, read_text),
        "install_source": person.trait(INSTALL_SOURCE, read_text) or last_source(),
        "invited_by": person.trait(INVITED_BY, legal_id),
        "signup_found_by": found_by,
    }


def group_type(settings: Settings, groups: Iterable[object]) -> str | None:
    """The type of group that is an account: the setting, else the first that any row names."""
    if settings.account_group:
        return settings.account_group
    present = {
        key
        for group in groups
        for key, value in read_object(group).items()
        if legal_id(first_element(value)) is not None
    }
    return next((name for name in GROUP_TYPES if name in present), None)


def account_of(account_id: str, traits: Callable[[str], object]) -> Row:
    """The row of accounts; `traits` gives the value of a name."""
    return {
        "account_id": account_id,
        "created_at": read_time(traits("created_at")),
        "account_name": read_text(traits("account_name")) or read_text(traits("name")),
        "seat_count": read_seat_count(as_text(traits("seat_count"))),
        "trial_started_at": read_time(traits("trial_started_at")),
        "trial_ends_at": read_time(traits("trial_ends_at")),
        # Every other trait is a column of its own name; these are columns that accounts may have.
        "plan_tier": read_text(traits("plan_tier")),
        "install_source": read_text(traits("install_source")),
        "acquisition_type": read_text(traits("acquisition_type")),
    }
