"""Which rows of subscriptions count, and which rule takes each other row away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tests.oracle.cleaning import Limits, Outcome, Resolve, earliest_first, in_byte_order
from tests.oracle.raw_files import RawSubscription, RawUser


@dataclass(frozen=True)
class Subscription:
    """A row that counts.

    Attributes:
        account: its account_id, else that of its user; of a user without one, `user:` and the id.
    """

    account: str
    started_at: datetime
    monthly_amount: Decimal


def account_of_user(user: RawUser) -> str:
    return f"user:{user.user_id}" if user.account_id is None else user.account_id


def subscriptions_that_count(
    subscriptions: Iterable[RawSubscription],
    users: Mapping[str, RawUser],
    excluded_accounts: Collection[str | None],
    limits: Limits,
    resolve: Resolve,
) -> tuple[list[Subscription], list[Outcome]]:
    """The periods, and what became of every row.

    Args:
        subscriptions: as delivered.
        users: those that count, by user_id.
        excluded_accounts: the accounts that excluded users alone have.
        limits: what decides whether a row is credible.
        resolve: from any id to that of the person.
    """
    outcomes = []
    copies_by_key = defaultdict(list)
    for delivered in subscriptions:
        row = delivered._replace(user_id=resolve(delivered.user_id))
        rule = rule_of_subscription(row, users, excluded_accounts, limits)
        if rule:
            outcomes.append(Outcome(row.file, row, rule, row.started_at))
            continue
        account = row.account_id
        if account is None:
            account = account_of_user(users[row.user_id])
        copies_by_key[row.subscription_id, row.started_at].append((row, account))

    counted = []
    for copies in copies_by_key.values():
        (kept, account), *repeats = sorted(
            copies,
            key=lambda copy: (
                earliest_first(copy[0].ended_at),
                copy[0].monthly_amount,
                in_byte_order(copy[1], copy[0].account_id),
            ),
        )
        counted.append(Subscription(account, kept.started_at, kept.monthly_amount))
        outcomes.append(Outcome(kept.file, kept, None, kept.started_at))
        outcomes += [
            Outcome(repeat.file, repeat, "duplicate_subscription", repeat.started_at)
            for repeat, _ in repeats
        ]
    return counted, outcomes


def rule_of_subscription(
    row: RawSubscription,
    users: Mapping[str, RawUser],
    excluded_accounts: Collection[str | None],
    limits: Limits,
) -> str | None:
    """The rule that takes the row, of those that look at no other row."""
    if None in (row.subscription_id, row.started_at, row.monthly_amount):
        return "missing_key"
    if row.account_id is None and row.user_id is None:
        return "missing_key"
    if row.started_at > limits.latest_credible_at:
        return "future_event"
    if row.account_id is None:
        if row.user_id in limits.excluded_user_ids:
            return "excluded_user"
        if row.user_id not in users:
            return "unknown_user"
    elif row.account_id in excluded_accounts:
        return "excluded_user"
    if row.monthly_amount < 0:
        return "bad_value"
    is_empty = row.ended_at is not None and row.ended_at <= row.started_at
    return "empty_period" if is_empty else None
